"""What an office can carry follows what was measured; what it carries least of is named, and limits the seats."""

from datetime import datetime, time, timedelta, timezone

from sqlalchemy import Connection, text

from activities.storage import booklets, capacity, printers, rates, reads, releasing, rules, slots
from activities.storage.rates import Resource
from tests.activities.storage.cases import a_case
from tests.activities.storage.working import CAPACITY, OPENING, add_done, decided, printed, today, working
from workflows.case.facts import Lane

SERIALS = [f"C{serial:07d}" for serial in range(1, 1001)]


def carried(conn: Connection, office: str, ahead: int = 1) -> capacity.Carried:
    """What a day ahead is found to carry."""
    return capacity.outlook(conn, office, today() + timedelta(days=ahead))[ahead]


def equipped(conn: Connection, office: str, printers_up: int = 1, blanks: int = 1000) -> None:
    for number in range(1, printers_up + 1):
        printers.add(conn, f"{office}-{number}", office, "ipp://127.0.0.1/1")
    booklets.receive(conn, office, SERIALS[:blanks])


def settled(conn: Connection, office: str) -> None:
    """One pass of the relay's errand."""
    rates.measure(conn, office)
    releasing.settle(conn, [office])


def seen(conn: Connection, office: str, ahead: int = 1, lane: Lane = Lane.REGULAR) -> reads.Day:
    day = today() + timedelta(days=ahead)
    found = reads.availability(conn, office, lane, day, day)
    assert found is not None
    assert found.days[0].limited_by in (found.limited_by, None)
    return found.days[0]


def test_stated_rates_by_hours_and_staff(conn: Connection) -> None:
    office = working(conn)
    found = carried(conn, office)
    assert found.hours == 8
    assert found.seats == {Resource.DOCUMENT_DESKS: 480, Resource.BOOTHS: 320, Resource.VERIFIERS: 480}
    assert (found.limited_by, found.most) == ("booths", 320)


def test_an_office_with_its_own_printer_is_limited_by_it_and_by_its_blanks(conn: Connection) -> None:
    office = working(conn)
    equipped(conn, office, printers_up=2, blanks=300)
    found = carried(conn, office)
    assert (found.seats[Resource.PRINTER], found.seats[Resource.BOOKLETS]) == (320, 300)
    assert found.limited_by == "booklets"


def test_supplied_booklets_are_named_when_there_are_none_and_take_no_seat(conn: Connection) -> None:
    office = working(conn, capacity={"booklets": "supplied"})
    equipped(conn, office, blanks=1)
    assert carried(conn, office).limited_by == "printer"
    conn.execute(text("UPDATE paspor.booklet SET state = 'spoiled', reason = 'wet'"))
    assert (carried(conn, office).limited_by, carried(conn, office).most) == ("booklets", 160)
    settled(conn, office)
    assert (seen(conn, office).limited_by, seen(conn, office).seats) == ("booklets", 120)


def test_the_measured_rate_counts_once_there_are_enough(conn: Connection) -> None:
    office = working(conn)
    equipped(conn, office)
    printed(conn, f"{office}-1", minutes=6, times=4)
    rates.measure(conn, office)
    assert carried(conn, office).seats[Resource.PRINTER] == 160
    printed(conn, f"{office}-1", minutes=6, times=1)
    rates.measure(conn, office)
    assert carried(conn, office).seats[Resource.PRINTER] == 80
    assert rates.rates(conn, office)[Resource.PRINTER, f"{office}-1"].measurements == 5


def test_only_recent_measurements_count_and_the_median_of_them(conn: Connection) -> None:
    office = working(conn)
    decided(conn, office, "documents", minutes=10, times=3)
    decided(conn, office, "documents", minutes=300, times=2)
    decided(conn, office, "documents", minutes=1, times=9, done=False)
    rates.measure(conn, office)
    assert round(rates.rates(conn, office)[Resource.DOCUMENT_DESKS, ""].per_hour, 6) == 6
    assert carried(conn, office).seats[Resource.DOCUMENT_DESKS] == 240
    conn.execute(text("UPDATE paspor.lease SET granted_at = granted_at - interval '29 days', "
                      "ended_at = ended_at - interval '29 days'"))  # fmt: skip
    conn.execute(text("UPDATE paspor.task SET done_at = done_at - interval '29 days' WHERE state = 'done'"))
    rates.measure(conn, office)
    assert rates.rates(conn, office) == {}
    assert carried(conn, office).seats[Resource.DOCUMENT_DESKS] == 480


def test_a_verifier_works_as_often_as_people_need_one(conn: Connection) -> None:
    office = working(conn)
    decided(conn, office, "enrolment", minutes=12, times=10)
    decided(conn, office, "adjudication", minutes=20)
    # Half of the people needed one verifier each.
    numbers = "SELECT number FROM paspor.lease WHERE 'enrolment' = ANY (steps) ORDER BY number LIMIT 5"
    for number in conn.execute(text(numbers)).scalars().all():
        add_done(conn, number, office, "adjudication")
    rates.measure(conn, office)
    found = carried(conn, office).seats
    assert (found[Resource.BOOTHS], found[Resource.VERIFIERS]) == (4 * 5 * 8, 2 * 6 * 8)


def test_halving_the_printers_rate_changes_the_limit_and_the_seats(conn: Connection) -> None:
    office = working(conn)
    equipped(conn, office, printers_up=2)
    for printer in (1, 2):
        printed(conn, f"{office}-{printer}", minutes=2.4, times=5)
    settled(conn, office)
    whole = seen(conn, office)
    assert (whole.limited_by, whole.seats, seen(conn, office, lane=Lane.PRIORITY).seats) == ("booths", 240, 80)
    conn.execute(text("UPDATE paspor.print_attempt SET started_at = changed_at - 2 * (changed_at - started_at)"))
    settled(conn, office)
    half = seen(conn, office)
    assert (half.limited_by, half.seats, half.left) == ("printer", 150, 150)
    assert seen(conn, office, lane=Lane.PRIORITY).seats == 50
    assert len({slot.seats for slot in half.slots}) <= 2
    assert max(slot.seats for slot in half.slots) - min(slot.seats for slot in half.slots) <= 1


def test_a_printer_that_is_down_limits_and_gives_back(conn: Connection) -> None:
    office = working(conn)
    equipped(conn, office, printers_up=2)
    settled(conn, office)
    assert (seen(conn, office).limited_by, seen(conn, office).seats) == ("booths", 240)
    printers.set_state(conn, f"{office}-2", "down", "laser", "supervisor")
    assert seen(conn, office).limited_by == "printer"  # at once; the seats follow within the minute
    settled(conn, office)
    assert seen(conn, office).seats == 120
    printers.set_state(conn, f"{office}-2", "up", "", "supervisor")
    settled(conn, office)
    assert (seen(conn, office).limited_by, seen(conn, office).seats) == ("booths", 240)


def test_no_seat_is_taken_from_a_person_nor_from_who_waits(conn: Connection) -> None:
    office = working(conn)
    equipped(conn, office)
    settled(conn, office)
    tomorrow = today() + timedelta(days=1)
    first = "SELECT min(starts_at) FROM paspor.slot WHERE day = :day AND lane = 'regular'"
    start = conn.execute(text(first), {"day": tomorrow}).scalar_one()
    slot = "WHERE office = 'sanur' AND lane = 'regular' AND starts_at = :start"
    conn.execute(text(f"UPDATE paspor.slot SET taken = 7, kept = 5 {slot}"), {"start": start})
    printers.set_state(conn, f"{office}-1", "down", "laser", "supervisor")
    settled(conn, office)
    found = seen(conn, office)
    assert (found.limited_by, found.seats, found.left) == ("printer", 12, 0)
    assert [one.seats for one in found.slots] == [12]


def test_what_is_promised_and_not_printed_comes_first(conn: Connection) -> None:
    office = working(conn)
    equipped(conn, office, blanks=400)
    for person in range(200):
        a_case(conn, f"{3 * 10**15 + person}")
    conn.execute(text("UPDATE paspor.application SET office = 'sanur', stage = 'approved'"))
    # 160 a day: today is full with them, and 40 of them are printed tomorrow.
    days = capacity.outlook(conn, office, today() + timedelta(days=2))
    assert [one.seats[Resource.PRINTER] for one in days] == [0, 120, 160]
    assert [one.seats[Resource.BOOKLETS] for one in days] == [200, 200, 200]
    tomorrow = today() + timedelta(days=1)
    taken = "UPDATE paspor.slot SET seats = 30, taken = 30 WHERE day = :day AND lane = 'regular'"
    conn.execute(text(taken), {"day": tomorrow})
    days = capacity.outlook(conn, office, today() + timedelta(days=2))
    assert [one.seats[Resource.PRINTER] for one in days] == [0, 120, 40]
    assert [one.seats[Resource.BOOKLETS] for one in days] == [0, 240, 0]


def test_free_seats_stay_where_the_rule_takes_none_back(conn: Connection) -> None:
    office = working(conn, release={"kind": "rolling", "take_back": False})
    before = seen(conn, office).seats
    equipped(conn, office)
    settled(conn, office)
    found = seen(conn, office)
    assert (found.limited_by, found.seats) == ("printer", before)


def test_people_past_the_plan_take_from_what_the_day_carries(conn: Connection) -> None:
    office = working(conn)
    tomorrow = today() + timedelta(days=1)
    start = datetime.combine(tomorrow, time(8, 15), tzinfo=timezone(timedelta(hours=8)))
    values = {"day": tomorrow, "start": start, "end": start + timedelta(hours=1)}
    past = ("INSERT INTO paspor.slot (office, lane, day, starts_at, ends_at, seats, taken) "
            "VALUES ('sanur', 'priority', :day, :start, :end, 40, 40)")  # fmt: skip
    conn.execute(text(past), values)
    settled(conn, office)
    assert seen(conn, office).seats == 210
    assert seen(conn, office, lane=Lane.PRIORITY).seats == 70 + 40


def test_a_new_rule_changes_the_days_from_its_date_on(conn: Connection) -> None:
    office, change = working(conn), today() + timedelta(days=3)
    more = {**CAPACITY, "staffed": {"document_desks": 5, "booths": 2, "verifiers": 2}}
    rules.enact(conn, "capacity", change, more, "head", office)
    rules.enact(conn, "opening", change, {**OPENING, "seats": {"regular": 10}}, "head", office)
    settled(conn, office)
    assert (seen(conn, office, 2).seats, seen(conn, office, 3).seats) == (240, 80)
    assert seen(conn, office, 3, Lane.PRIORITY).seats == 0
    assert carried(conn, office, 3).most == 160


def test_saturday_service_has_its_own_hours_and_seats(conn: Connection) -> None:
    conn.execute(text("DELETE FROM paspor.calendar_day"))
    saturday = {"hours": [["09:00", "12:00"]], "seats": {"regular": 4}, "slot_minutes": 90}
    office = working(conn, every_day=False, saturday=saturday)
    ahead = (5 - today().weekday()) % 7 or 7
    found = seen(conn, office, ahead)
    assert [(f"{one.starts_at:%H:%M}", one.seats) for one in found.slots] == [("09:00", 4), ("10:30", 4)]
    assert next(one for one in capacity.outlook(conn, office, found.date) if one.day == found.date).hours == 3
    assert seen(conn, office, ahead + 1).closed_reason == "closed"


def test_a_holiday_is_none_of_the_saturdays(conn: Connection) -> None:
    ahead = (5 - today().weekday()) % 7 or 7
    conn.execute(text("DELETE FROM paspor.calendar_day"))
    off = text("INSERT INTO paspor.calendar_day VALUES (:day, 'joint_leave', 'Nyepi')")
    conn.execute(off, {"day": today() + timedelta(days=ahead)})
    office = working(conn, every_day=False, saturday={"hours": [["09:00", "12:00"]], "seats": {"regular": 4}})
    assert seen(conn, office, ahead).closed_reason == "Nyepi"
    assert all(
        one.day != today() + timedelta(days=ahead)
        for one in capacity.outlook(conn, office, today() + timedelta(days=9))
    )


def test_an_office_without_rules_or_unknown_carries_nothing(conn: Connection) -> None:
    assert capacity.outlook(conn, "nowhere", today()) == ()
    office = working(conn)
    conn.execute(text("DELETE FROM paspor.rule WHERE name = 'capacity'"))
    assert capacity.outlook(conn, office, today()) == ()
    assert slots.open_days(conn, office, today()) == 0
    found = reads.availability(conn, office, Lane.REGULAR, today(), today())
    assert found is not None
    assert found.limited_by == "booths"
