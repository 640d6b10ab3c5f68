"""The bytes of IPP: the client's reading and writing against the stand-in's, which shares no code with it."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from activities.clients.ipp_wire import Attribute, BadMessage, Group, Tag, answer, request
from workers.local.standins import ipp_message

names = st.text(min_size=0, max_size=60)
numbers = st.integers(-(2**31), 2**31 - 1)


@given(names, numbers, st.booleans(), st.lists(names, min_size=1, max_size=4), st.binary(max_size=40))
def test_a_printer_reads_what_is_asked(name: str, number: int, flag: bool, wanted: list[str], document: bytes) -> None:
    attributes = [
        Attribute(Tag.NAME, "job-name", [name]),
        Attribute(Tag.INTEGER, "job-id", [number]),
        Attribute(Tag.BOOLEAN, "last-document", [flag]),
        Attribute(Tag.KEYWORD, "requested-attributes", wanted),
    ]
    asked = ipp_message.read(request(6, 77, [(Group.OPERATION, attributes)]) + document)
    assert (asked.operation, asked.request_id, asked.document) == (6, b"\0\0\0\x4d", document)
    assert asked.values == {
        "job-name": [name],
        "job-id": [number],
        "last-document": [flag],
        "requested-attributes": wanted,
    }


@given(names, numbers, st.booleans(), st.lists(names, min_size=1, max_size=4))
def test_what_a_printer_says_is_read(name: str, number: int, flag: bool, reasons: list[str]) -> None:
    said = [
        ipp_message.say(ipp_message.NAME, "job-name", name),
        ipp_message.say(ipp_message.INTEGER, "job-id", number),
        ipp_message.say(ipp_message.BOOLEAN, "accepting", flag),
        ipp_message.say(ipp_message.KEYWORD, "job-state-reasons", *reasons),
        ipp_message.say(ipp_message.INTEGER, "time-at-completed"),
    ]
    asked = ipp_message.Asked(b"\2\0", 9, b"\0\0\0\7")
    told = answer(ipp_message.write(asked, 0x0406, "text", [(ipp_message.JOB, said)]))
    assert (told.status, told.request_id) == (0x0406, 7)
    (job,) = told.of(Group.JOB)
    assert (job.text("job-name"), job.number("job-id"), job.flag("accepting", not flag)) == (name, number, flag)
    assert job.texts("job-state-reasons") == tuple(reason for reason in reasons if reason != "none")
    assert job.values["time-at-completed"] == [None]


@given(st.binary(max_size=200))
def test_any_bytes_are_an_answer_or_a_bad_message(noise: bytes) -> None:
    for message in (noise, b"\2\0\0\0\0\0\0\1\2" + noise):
        with contextlib.suppress(BadMessage):
            answer(message)


@given(st.data())
def test_every_shorter_message_is_bad(data: st.DataObject) -> None:
    whole = request(9, 1, [(Group.JOB, [Attribute(Tag.NAME, "job-name", ["a", "b"])])])
    assert answer(whole).of(Group.JOB)[0].texts("job-name") == ("a", "b")
    with pytest.raises(BadMessage):
        answer(whole[: data.draw(st.integers(0, len(whole) - 1))])


def test_texts_with_a_language_and_collections_are_passed_over() -> None:
    name = b"\0\2en\0\4page"
    message = b"\2\0\0\0\0\0\0\1\2" + b"\x36\0\x08job-name" + len(name).to_bytes(2, "big") + name
    message += b"\x34\0\x05media\0\0" + b"\x4a\0\0\0\4size" + b"\x37\0\0\0\0" + b"\3"
    (job,) = answer(message).of(Group.JOB)
    assert job.text("job-name") == "page"


def test_a_name_too_long_is_refused_before_it_is_sent() -> None:
    with pytest.raises(ValueError):
        Attribute(Tag.NAME, "job-name", ["x" * 256]).encoded()
