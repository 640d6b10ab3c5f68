"""The contract of offices and seats: availability, the hold and the one reschedule."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.journeys.case import Case
from tests.journeys.installation import wait_until
from tests.journeys.people import done, fits, refused
from tests.journeys.town import Town, serial

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
SLOT = {"id": str, "starts_at": MOMENT, "ends_at": MOMENT, "seats": int, "left": int}
AVAILABILITY = {
    "office": str,
    "lane": {"regular", "priority", "same_day"},
    "days": [
        {
            "date": re.compile(r"\d{4}-\d\d-\d\d"),
            "seats": int,
            "left": int,
            "closed_reason?": str,
            "opens_at?": MOMENT,
            "slots": [SLOT],
        }
    ],
    "limited_by": str,
}


def today() -> date:
    """The date at the offices of these tests."""
    return (datetime.now(UTC) + timedelta(hours=8)).date()


def seen(town: Town, office: str, ahead: int = 2, lane: str = "regular", first: date | None = None) -> Any:
    """Availability as anybody reads it."""
    first = first or today()
    span = {"from": first.isoformat(), "to": (first + timedelta(days=ahead)).isoformat()}
    found = town.nobody.reads(f"/v1/offices/{office}/availability", **span, lane=lane)
    fits(found, AVAILABILITY)
    return found


def tomorrows(case: Case) -> list[str]:
    """Seats of tomorrow and later, where a reschedule may go."""
    return [slot["id"] for slot in case.slots(days=3) if datetime.fromisoformat(slot["starts_at"]).date() > today()]


def test_offices_are_listed_with_zone_and_lanes(town: Town) -> None:
    found = town.nobody.reads("/v1/offices")
    fits(found, {"items": [{"id": str, "name": str, "time_zone": str, "lanes": [str]}]})
    assert found["next"] is None
    known = {one["id"]: one for one in found["items"]}
    assert known["denpasar"]["time_zone"] == known["latihan"]["time_zone"] == "Asia/Makassar"
    assert set(known["latihan"]["lanes"]) == {"regular", "priority", "same_day"}


def test_availability_has_every_day_of_the_span_and_its_seats(town: Town) -> None:
    found = seen(town, "latihan", 2)
    assert [day["date"] for day in found["days"]] == [(today() + timedelta(days=n)).isoformat() for n in range(3)]
    whole = found["days"][1]
    assert whole["seats"] == sum(slot["seats"] for slot in whole["slots"]) == 96 * 20
    assert whole["left"] == sum(slot["left"] for slot in whole["slots"])
    assert found["limited_by"] == "booths"
    assert seen(town, "latihan", 1, lane="priority")["days"][1]["seats"] == 96 * 5


def test_a_day_without_seats_says_why_or_when(town: Town) -> None:
    saturday = today() + timedelta(days=(5 - today().weekday()) % 7 or 7)
    closed = seen(town, "denpasar", 1, first=saturday)["days"]
    assert all(day["closed_reason"] and not day["slots"] for day in closed)
    later = seen(town, "latihan", 0, first=today() + timedelta(days=20))["days"][0]
    assert "closed_reason" not in later
    assert datetime.fromisoformat(later["opens_at"]).date() == today() + timedelta(days=13)


def test_a_span_that_can_be_none_is_refused_by_its_field(town: Town) -> None:
    path = "/v1/offices/latihan/availability"
    for span in ({"from": "2026-12-02", "to": "2026-12-01"}, {"from": "2026-01-01", "to": "2027-01-01"}):
        problem = refused(town.nobody.asks("GET", path, params=span), 422, "invalid_input")
        assert problem["errors"][0]["pointer"] == "/query/to"
    wrong = refused(town.nobody.asks("GET", path, params={"from": "soon", "to": "2026-12-01"}), 422, "invalid_input")
    assert wrong["errors"][0]["pointer"] == "/query/from"
    ok = {"from": "2026-12-01", "to": "2026-12-01"}
    refused(town.nobody.asks("GET", "/v1/offices/nowhere/availability", params=ok), 404, "not_found")


def test_what_there_is_least_of_is_said(town: Town) -> None:
    office = town.office("cetak")
    assert seen(town, office)["limited_by"] == "booths"
    supervisor = town.person("supervisor", office)
    down = {"state": "down", "reason": "maintenance"}
    printer = supervisor.does(f"/v1/printers/{office}-1/state", down)
    assert printer == {"id": f"{office}-1", "office": office, **down}
    assert seen(town, office)["limited_by"] == "printer"
    supervisor.does(f"/v1/printers/{office}-1/state", {"state": "up"})
    for _ in range(3):
        town.case_at("booked", office=office)
    assert seen(town, office)["limited_by"] == "booklets"


def test_stock_is_counted_and_a_known_booklet_not_twice(town: Town) -> None:
    office = town.office("blangko")
    printer, path = town.person("printer", office), f"/v1/offices/{office}/booklets"
    before = printer.reads(path)
    fits(before, {"office": {office}, "counts": dict, "serials": [re.compile(r"[A-Z]\d{7}")]})
    assert before["counts"]["stock"] == len(before["serials"]) == 3
    serials = {"serials": [serial(), before["serials"][0]]}
    assert printer.does(path, serials) == {"received": 1}
    assert printer.reads(path)["counts"]["stock"] == 4


def test_a_closed_day_gives_no_seat_any_more(town: Town) -> None:
    office = town.office("tutup")
    supervisor, case = town.person("supervisor", office), town.files(office=office)
    slot = tomorrows(case)[0]
    day = (today() + timedelta(days=1)).isoformat()
    closed = supervisor.does(f"/v1/offices/{office}/closures", {"date": day, "reason": "water in the cellar"})
    nobody = {"people": 0, "moved": 0, "waiting": 0, "unplaced": 0}
    assert closed == {"office": office, "date": day, "reason": "water in the cellar", **nobody}
    shown = next(one for one in seen(town, office)["days"] if one["date"] == day)
    assert (shown["closed_reason"], shown["slots"]) == ("water in the cellar", [])
    refused(case.takes(slot), 409, "slot_gone")


def test_the_last_seat_goes_to_one_and_the_others_hear_where_there_are_more(town: Town) -> None:
    office = town.office("sempit", opening={"seats": {"regular": 1, "priority": 1, "same_day": 1}})
    cases = [town.files(office=office) for _ in range(4)]
    slots = cases[0].slots()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda case: case.takes(slots[0]["id"]), cases))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    for answer in answers:
        if not answer.is_success:
            problem = refused(answer, 409, "slot_full")
            assert problem["alternatives"]
            assert set(problem["alternatives"]) <= {slot["id"] for slot in slots[1:]}
    left = {slot["id"]: slot["left"] for day in seen(town, office)["days"] for slot in day["slots"]}
    assert left[slots[0]["id"]] == 0


def test_a_slot_that_is_none_is_gone(town: Town) -> None:
    case = town.files()
    refused(case.takes("s-no-such-slot"), 409, "slot_gone")
    assert "appointment" not in case.shown()


def test_before_payment_another_seat_moves_the_hold(town: Town) -> None:
    office = town.office("pindah", opening={"seats": {"regular": 1, "priority": 1, "same_day": 1}})
    case = town.case_at("booked", office=office)
    bill = case.billed()
    first, *others = [case.shown()["appointment"]["slot_id"], *(slot["id"] for slot in case.slots()[:3])]
    for other in others:
        moved = done(case.takes(other))
        assert (moved["appointment"]["slot_id"], moved["appointment"]["state"]) == (other, "held")
    assert case.billed() == bill
    left = {slot["id"]: slot["left"] for day in seen(town, office)["days"] for slot in day["slots"]}
    assert [left[first], *(left[other] for other in others)] == [1, 1, 1, 0]


def test_after_payment_there_is_one_reschedule_until_the_day_before(town: Town) -> None:
    case = town.files()
    first, second, third = tomorrows(case)[5:8]
    done(case.takes(first))
    case.pays()
    moved = done(case.takes(second))
    assert (moved["appointment"]["slot_id"], moved["appointment"]["state"]) == (second, "confirmed")
    assert moved["stage"] == "paid"
    refused(case.takes(third), 409, "reschedule_used")
    assert case.shown()["appointment"]["slot_id"] == second


def test_on_the_day_it_is_too_late_to_reschedule(town: Town) -> None:
    case = town.files()
    now = [slot["id"] for slot in case.slots(days=0)]
    if not now:
        pytest.skip("the last quarter of an hour of the office's day")
    done(case.takes(now[0]))
    case.pays()
    refused(case.takes(tomorrows(case)[0]), 409, "too_late")


def test_an_ended_case_gets_no_seat_and_gives_its_own_back(town: Town) -> None:
    office = town.office("kembali", opening={"seats": {"regular": 1, "priority": 1, "same_day": 1}})
    case = town.case_at("paid", office=office)
    slot = case.shown()["appointment"]["slot_id"]
    case.owner.does(case.path("/withdrawal"))
    free = {one["id"]: one["left"] for day in seen(town, office)["days"] for one in day["slots"]}
    assert free[slot] == 1
    refused(case.takes(slot), 409, "not_your_turn")


def test_a_hold_of_a_case_is_not_anothers(town: Town) -> None:
    """Every seat that was given is one booking of one case, and no slot has more than its seats."""
    wait_until(lambda: not town.sql("SELECT 1 FROM paspor.slot WHERE taken > seats"), "no slot above its seats", 1.0)
    counted = town.sql(
        "SELECT s.id FROM paspor.slot s LEFT JOIN paspor.booking b ON b.slot_id = s.id "
        "AND b.state IN ('offered', 'held', 'confirmed', 'used') GROUP BY s.id HAVING s.taken <> count(b.id)"
    )
    assert counted == []
