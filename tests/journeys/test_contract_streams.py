"""The contract of streams: an application's events with resumption, and the board's calls."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.town import Town

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey


def whats(events: Iterator[dict[str, Any]], last: str) -> list[dict[str, Any]]:
    """Events until the one of an action, which is among them."""
    found = []
    for event in events:
        found.append(event)
        if event["data"].get("what") == last:
            return found
    raise AssertionError(f"{last} did not come")


def test_an_application_tells_what_happens_and_goes_on_where_it_was_left(town: Town) -> None:
    case = town.files()
    with case.owner.listens(case.path("/events")) as events:
        first = next(events)
        assert (first["event"], first["data"]) == ("stage", {"stage": "filed", "what": "choose_appointment"})
        case.goes_to("booked")
        heard = whats(events, "seat.held")
        assert {"stage", "what", "at"} <= set(heard[-1]["data"])
    case.goes_to("checked_in")
    with case.owner.listens(case.path("/events"), last=heard[-1]["id"]) as events:
        missed = whats(events, "applicant.checked_in")
    assert [one["data"]["what"] for one in missed] == ["bill.made", "bill.paid", "applicant.checked_in"]
    numbers = [int(one["id"]) for one in (first, *heard, *missed)]
    assert numbers == sorted(numbers)
    assert numbers[1:] == list(range(numbers[0] + 1, numbers[0] + len(numbers)))


def test_the_collection_date_is_told_as_a_promise(town: Town) -> None:
    case = town.case_at("enrolled")
    with case.owner.listens(case.path("/events"), last="0") as events:
        promised = next(one for one in events if one["event"] == "promise")
    assert promised["data"]["collect_on"] == case.shown()["promise"]["collect_on"]
    assert {"since", "rule", "reason", "history"} <= set(promised["data"])


def test_a_stream_tells_an_applicant_nothing_that_is_the_offices(town: Town) -> None:
    case = town.case_at("approved")
    with case.owner.listens(case.path("/events"), last="0") as events:
        for event in events:
            assert set(event["data"]) <= {"stage", "what", "at", "collect_on", "since", "rule", "reason", "history"}
            if event["data"].get("what") == "application.approved":
                return


def test_the_board_tells_each_call_and_misses_none(town: Town) -> None:
    office = town.office("siaran")
    examiner, path = town.person("examiner", office), f"/v1/offices/{office}/counters/1"
    for _ in range(2):
        town.case_at("checked_in", office=office)
    with town.nobody.listens(f"/v1/offices/{office}/queue/events") as events:
        opening = next(events)
        assert opening["event"] == "estimate"
        assert opening["data"]["waiting"] == 2
        called = examiner.does(f"{path}/next", {"step": "documents"})
        call = next(one for one in events if one["event"] == "call")
        assert (call["data"]["ticket"], call["data"]["counter"]) == (called["ticket"], "1")
        assert set(call["data"]) == {"ticket", "counter", "at"}
    examiner.does(f"{path}/next", {"step": "documents"})
    examiner.does(f"{path}/recall", {"ticket": called["ticket"]})
    with town.nobody.listens(f"/v1/offices/{office}/queue/events", last=call["id"]) as events:
        calls = (one for one in events if one["event"] == "call")
        missed = [next(calls), next(calls)]
    assert missed[0]["data"]["ticket"] != called["ticket"]
    assert missed[1]["data"]["ticket"] == called["ticket"]
