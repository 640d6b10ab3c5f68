"""A draw over HTTP and a real relay: committed to, entered, drawn by itself, told once, taken, and counted again."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.journeys.installation import wait_until
from tests.journeys.people import done
from tests.journeys.test_waiting import mails, the_day
from tests.journeys.town import Town
from workflows.case import lots

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey
OPENING = {"hours": [["08:00", "08:30"]], "slot_minutes": 30, "seats": {"regular": 1, "priority": 1, "same_day": 1}}
WINDOW = timedelta(seconds=20)


def test_from_the_commitment_to_the_seat(town: Town) -> None:
    office = town.office("undi", opening=OPENING, release={"kind": "draw"}, returned={"to": "draw"})
    cases = [town.files(office=office) for _ in range(3)]
    closes = (datetime.now(UTC) + WINDOW).isoformat()
    days = {"lane": "regular", "first_day": the_day(), "last_day": the_day()}
    draw = town.person("supervisor", office).does(f"/v1/offices/{office}/draws", {**days, "closes_at": closes})
    address = f"/v1/draws/{draw['id']}"
    for case in cases:
        case.owner.does(case.path("/draw"), {"draw": draw["id"]})
    shown: dict[str, Any] = wait_until(
        lambda: found if (found := cases[0].owner.reads(address))["state"] == "drawn" else None, "the draw"
    )
    assert shown["seed_hash"] == draw["seed_hash"]
    wait_until(
        lambda: all(one["outcome"] for one in cases[0].owner.reads(address)["entries"]), "what became of each entry"
    )
    shown = cases[0].owner.reads(address)
    assert list(lots.differences(shown)) == []
    own = {case.number: case.owner.reads(case.path("/draw"))["items"][0] for case in cases}
    order = sorted(cases, key=lambda case: int(own[case.number]["rank"]))
    assert [own[case.number]["outcome"] for case in order] == ["won", "not_drawn", "not_drawn"]
    winner, second, _ = order
    wait_until(lambda: all(len(mails(town, case, "undian")) == 1 for case in cases), "a mail to each")
    done(winner.takes(own[winner.number]["offer"]["slot_id"]))
    # What comes back is the next one's by rank, and nobody else's.
    winner.owner.does(winner.path("/withdrawal"))
    wait_until(lambda: second.owner.reads(second.path("/draw"))["items"][0]["offer"], "the offer to the next by rank")
    assert list(lots.differences(cases[0].owner.reads(address))) == []
