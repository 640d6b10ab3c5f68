"""The waiting list on a whole installation: who waits is offered what comes back, in order, within a second, once."""

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from activities.storage import upkeep
from tests.journeys.case import Case
from tests.journeys.installation import wait_until
from tests.journeys.people import done, fits, refused
from tests.journeys.town import Town

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey
ENTRY = {
    "state": {"waiting", "offered", "taken", "left", "dropped"},
    "office": str,
    "lane": {"regular"},
    "from": str,
    "to": str,
    "position?": int,
    "people_before?": int,
    "ahead_explained?": str,
    "refusals": int,
    "refusals_allowed": int,
    "offer?": {"slot_id": str, "starts_at": str, "ends_at": str, "until": str},
    "steps": [{"at": str, "what": str, "why?": str, "starts_at?": str}],
}
SECONDS = 1.0  # in which what was refused or has lapsed goes on; twice as many where it is measured from outside


def small_office(town: Town, **rules: Any) -> str:
    """One slot of one seat a day, at eight in the morning."""
    opening = {
        "hours": [["08:00", "08:30"]],
        "slot_minutes": 30,
        "seats": {"regular": 1, "priority": 1, "same_day": 1},
    }
    office = town.office("tunggu", opening=opening, **rules)
    with town.engine.begin() as conn:
        upkeep.seats_by_plan(conn)  # its booklets came after its days
    return office


def the_day() -> str:
    """More than a day ahead, so that an offer lasts the night."""
    return (datetime.now(UTC) + timedelta(hours=8, days=3)).date().isoformat()


def joins(case: Case, office: str) -> Any:
    wish = {"office": office, "lane": "regular", "from": the_day(), "to": the_day()}
    found = case.owner.does(case.path("/waiting"), wish)
    fits(found, ENTRY)
    return found


def offer(case: Case) -> Any:
    return case.owner.reads(case.path("/waiting")).get("offer")


def seat_of(case: Case) -> str:
    return next(str(slot["id"]) for slot in case.slots(days=3) if slot["starts_at"].startswith(the_day()))


def mails(town: Town, case: Case, words: str) -> Counter[str]:
    """Mails to the applicant that say these words, by their id."""
    address = str(case.citizen.claims()["email"])
    found = done(town.standins["mail"].http.get("messages", params={"to": address}))["items"]
    return Counter(one["message_id"] for one in found if case.number in one["subject"] and words in one["body"])


def test_a_returned_seat_goes_to_who_waits_and_on_at_once(town: Town) -> None:
    office = small_office(town)
    holder, first, second, poller = (town.files(office=office) for _ in range(4))
    slot = seat_of(holder)
    done(holder.takes(slot))
    assert joins(first, office)["position"] == 1
    entry = joins(second, office)
    assert (entry["position"], entry["people_before"]) == (2, 1)
    refused(poller.takes(slot), 409, "slot_full")

    holder.owner.does(holder.path("/withdrawal"))
    found = wait_until(lambda: offer(first), "an offer", 10.0)
    assert found["slot_id"] == slot
    refused(poller.takes(slot), 409, "slot_full")
    assert offer(second) is None

    begun = time.monotonic()
    first.owner.does(first.path("/waiting/offer"), verb="DELETE")
    wait_until(lambda: offer(second), "the offer to the next", 10.0)
    assert time.monotonic() - begun < 2 * SECONDS
    refused(first.takes(slot), 409, "slot_full")

    taken = done(second.takes(slot))
    assert (taken["appointment"]["slot_id"], taken["appointment"]["state"]) == (slot, "held")
    assert second.billed()["state"] == "open"
    assert second.owner.reads(second.path("/waiting"))["state"] == "taken"
    for case in (first, second):
        wait_until(partial(mails, town, case, office), "the mail of the offer", 30.0)
        assert list(mails(town, case, office).values()) == [1]
    assert not mails(town, poller, office)


def test_an_offer_that_is_not_answered_goes_on_by_itself_and_a_case_that_ends_waits_no_more(town: Town) -> None:
    office = small_office(town)
    holder, first, second, third = (town.files(office=office) for _ in range(4))
    slot = seat_of(holder)
    done(holder.takes(slot))
    for case in (first, second, third):
        joins(case, office)
    holder.owner.does(holder.path("/withdrawal"))
    wait_until(lambda: offer(first), "an offer", 10.0)
    town.sql(
        "UPDATE paspor.booking SET hold_until = clock_timestamp() WHERE number = :number AND state = 'offered'",
        number=first.number,
    )
    begun = time.monotonic()
    wait_until(lambda: offer(second), "the offer to the next", 10.0)
    assert time.monotonic() - begun < 2 * SECONDS
    second.owner.does(second.path("/withdrawal"))
    wait_until(lambda: offer(third), "the offer to the last", 10.0)
    assert second.owner.reads(second.path("/waiting"))["why"] == "case_ended"
    assert third.owner.reads(third.path("/waiting"))["position"] == 2  # who did not answer keeps the place
    third.owner.does(third.path("/waiting"), verb="DELETE")
    wait_until(lambda: done(first.takes(slot)) if free(town, office) else None, "the seat free for all", 10.0)


def free(town: Town, office: str) -> int:
    """Seats of the day that anybody may take."""
    span = {"from": the_day(), "to": the_day()}
    return int(town.nobody.reads(f"/v1/offices/{office}/availability", **span, lane="regular")["days"][0]["left"])
