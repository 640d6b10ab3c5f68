"""The printer stand-in by itself: queues, faults, records, and what it says to requests that make no sense."""

import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from activities.clients.ipp import IppPrinter
from activities.clients.ipp_wire import Answer, Attribute, Group, Tag, answer, request
from tests.running_standin import DIRECT, RunningStandin, until

PDF = b"%PDF-1.4\n% a page\n%%EOF\n"
OPENING = [
    Attribute(Tag.CHARSET, "attributes-charset", ["utf-8"]),
    Attribute(Tag.LANGUAGE, "attributes-natural-language", ["en"]),
    Attribute(Tag.URI, "printer-uri", ["ipp://127.0.0.1/ipp/print/raw"]),
]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStandin]:
    standin = RunningStandin("printer", tmp_path_factory.mktemp("printer"), PASPOR_PRINT_SECONDS="0.1")
    yield standin
    standin.stop()


@pytest.fixture
def standin(running: RunningStandin) -> Iterator[RunningStandin]:
    yield running
    running.heal()


def post(standin: RunningStandin, content: bytes, printer: str = "raw") -> bytes:
    url = f"http://127.0.0.1:{standin.port}/ipp/print/{printer}"
    with DIRECT.open(urllib.request.Request(url, content), timeout=5) as response:
        told: bytes = response.read()
        return told


def ask(standin: RunningStandin, operation: int, *attributes: Attribute, document: bytes = b"") -> Answer:
    return answer(post(standin, request(operation, 1, [(Group.OPERATION, [*OPENING, *attributes])]) + document))


def printed(standin: RunningStandin, printer: str) -> list[str]:
    return [item["job_name"] for item in standin.ask("GET", f"printed?printer={printer}")["items"]]


def test_each_name_is_a_printer_of_its_own(standin: RunningStandin) -> None:
    standin.fault("stall", printer="one")
    one, two = (IppPrinter(f"ipp://127.0.0.1:{standin.port}/ipp/print/{name}", 5) for name in ("one", "two"))
    assert one.submit("page-1", PDF).job_id == 1
    assert two.submit("page-2", PDF).job_id == 1
    assert until(lambda: printed(standin, "two")) == ["page-2"]
    assert printed(standin, "one") == []
    standin.heal()
    assert until(lambda: printed(standin, "one")) == ["page-1"]


def test_one_name_twice_is_two_booklets(standin: RunningStandin) -> None:
    printer = IppPrinter(f"ipp://127.0.0.1:{standin.port}/ipp/print/twice", 5)
    for number in (1, 2):
        printer.submit("same", PDF)
        until(lambda wanted=number: len(printed(standin, "twice")) == wanted)
    assert standin.effects("same") == 2


def test_print_job_takes_both_in_one(standin: RunningStandin) -> None:
    told = ask(standin, 0x02, Attribute(Tag.NAME, "job-name", ["whole"]), document=PDF)
    assert told.status == 0
    until(lambda: "whole" in printed(standin, "raw"))


def test_only_what_was_asked_for_is_told(standin: RunningStandin) -> None:
    (told,) = ask(standin, 0x0B, Attribute(Tag.KEYWORD, "requested-attributes", ["printer-state"])).of(Group.PRINTER)
    assert list(told.values) == ["printer-state"]


@pytest.mark.parametrize(
    ("operation", "attributes", "status"),
    [
        (0x0012, [], 0x0501),
        (0x09, [Attribute(Tag.INTEGER, "job-id", [4711])], 0x0406),
        (0x09, [], 0x0406),
        (0x04, [Attribute(Tag.MIME, "document-format", ["text/plain"])], 0x040A),
        (0x04, [Attribute(Tag.MIME, "document-format", ["application/pdf"])], 0),
        (0x02, [], 0x0411),
    ],
)
def test_requests_out_of_place(
    standin: RunningStandin, operation: int, attributes: list[Attribute], status: int
) -> None:
    assert ask(standin, operation, *attributes).status == status


@pytest.mark.parametrize(
    ("message", "status"),
    [
        (request(0x0B, 1, [(Group.OPERATION, OPENING[1:])]), 0x0400),
        (request(0x0B, 1, [(Group.OPERATION, OPENING[:2])]), 0x0400),
        (request(0x0B, 0, [(Group.OPERATION, OPENING)]), 0x0400),
        (b"\7" + request(0x0B, 1, [(Group.OPERATION, OPENING)])[1:], 0x0503),
    ],
)
def test_requests_against_the_protocol(standin: RunningStandin, message: bytes, status: int) -> None:
    assert answer(post(standin, message)).status == status


@pytest.mark.parametrize("noise", [b"", b"{}", b"\2\0\0\2\0\0\0\1", b"\2\0\0\2\0\0\0\1\1\x42\xff\xff"])
def test_what_is_no_ipp_is_refused(standin: RunningStandin, noise: bytes) -> None:
    with pytest.raises(urllib.error.HTTPError) as raised:
        post(standin, noise)
    assert raised.value.code == 400
    raised.value.close()


def test_faults_are_listed_until_cleared(standin: RunningStandin) -> None:
    standin.fault("jam", printer="one")
    standin.fault("slow", seconds=0.1)
    kinds: list[dict[str, Any]] = standin.ask("GET", "faults")["items"]
    assert {(fault["kind"], fault.get("printer")) for fault in kinds} == {("jam", "one"), ("slow", None)}
    standin.heal()
    assert standin.ask("GET", "faults")["items"] == []


@pytest.mark.parametrize(
    "fault", [{"kind": "fire"}, {"kind": "duplicate"}, {"kind": "error", "printer": "one"}, {"printer": "one"}]
)
def test_a_fault_that_a_printer_cannot_have_is_refused(standin: RunningStandin, fault: dict[str, str]) -> None:
    with pytest.raises(urllib.error.HTTPError) as raised:
        standin.ask("POST", "faults", fault)
    assert raised.value.code == 422
    raised.value.close()
