"""A closed day: nobody gets a seat of it any more, and each of its people gets another, in order, together, once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import OperationalError

from activities.storage import closures, outbox, rules, seats
from activities.storage.committer import SeatCommitter
from activities.storage.reseating import Passed, pass_over
from activities.storage.slots import slot_number
from tests.activities.storage.cases import a_case
from tests.activities.storage.closing import (
    HALF,
    MORNING,
    a_day,
    close,
    family_of,
    far_ahead,
    seats_now,
    sit,
    sitting,
)
from tests.activities.storage.seating import DAY, EARLY, a_slot, counted, one, people, place
from workflows.partners.seats import SeatRequest

MESSAGES = "SELECT count(*) FROM paspor.outbox WHERE topic = 'seat_moved'"
UNPAID = text("""
    UPDATE paspor.booking SET state = 'held', hold_until = clock_timestamp() + interval '1 hour'
     WHERE number = ANY (:some)""")
STATES = "SELECT string_agg(DISTINCT state, ',') FROM paspor.reseating"


@pytest.fixture(autouse=True)
def _far_ahead(office: Engine) -> None:
    far_ahead(office)


def busy_day(office: Engine) -> tuple[list[str], list[list[str]]]:
    """A Monday with 200 people in 20 slots, every fifth with a family of up to five; their numbers in order."""
    with office.begin() as conn:
        day = a_day(conn, 20, 10)
        numbers = sitting(conn, day, 200)
        families = []
        for first in range(0, 200, 25):
            # Members booked in one act: one after the other.
            families.append(numbers[first : first + 2 + first // 25 % 4])
            family_of(conn, families[-1])
        conn.execute(UNPAID, {"some": numbers[::7]})
        for ahead in (1, 2, 3, 4):  # 240 seats on the days after, some of them taken
            slots = a_day(conn, 12, 5, ahead)
            conn.execute(
                text("UPDATE paspor.slot SET seats = 3 WHERE id = ANY (:some)"),
                {"some": [slot_number(one) for one in slots[ahead::5]]},
            )
    return numbers, families


def as_a_clerk_would(office: Engine, numbers: list[str], families: list[list[str]]) -> dict[str, int]:
    """Where each goes by hand: one after the other in the order of booking, from a list of free seats."""
    with office.connect() as conn:
        rows = conn.execute(text("SELECT id, day, starts_at, ends_at, seats - taken AS free FROM paspor.slot "
                                 "WHERE day > :day ORDER BY starts_at"), {"day": DAY}).all()  # fmt: skip
    left = {row.id: row.free for row in rows}
    start = {row.id: row.starts_at for row in rows}
    was = {number: seat[3] for number, seat in seats_now(office).items()}
    placed: dict[str, int] = {}
    for number in numbers:
        if number in placed:
            continue
        group = next((family for family in families if number in family), [number])
        options = []
        for row in rows:
            run, following = [row.id], row.ends_at
            while sum(left[slot] for slot in run) < len(group):
                after = next((one.id for one in rows if one.starts_at == following and left[one.id]), None)
                if after is None:
                    break
                run.append(after)
                following = start[after] + HALF
            if left[row.id] and sum(left[slot] for slot in run) >= len(group):
                apart = abs(start[row.id].hour * 60 + start[row.id].minute - was[number].hour * 60 - was[number].minute)
                options.append((row.day, len(run), apart, start[row.id], run))
        seats_in_run = [slot for slot in min(options)[4] for _ in range(left[slot])]
        for member, slot in zip(group, seats_in_run, strict=False):
            placed[member] = slot
            left[slot] -= 1
    return placed


def test_two_hundred_people_are_moved_in_one_pass_in_order_families_together(office: Engine) -> None:
    numbers, families = busy_day(office)
    by_hand, before = as_a_clerk_would(office, numbers, families), seats_now(office)
    with office.connect() as conn:
        told = closures.foreseen(conn, "sanur", DAY)
    assert (told.people, told.unpaid, told.families, told.unplaced) == (200, len(numbers[::7]), 8, 0)
    assert close(office, DAY)
    assert pass_over(office) == Passed(200, 0)
    after = seats_now(office)
    # Nobody lost a seat, nobody sits on that day, and each sits where a clerk would have put them.
    assert set(after) == set(numbers)
    assert {number: seat[0] for number, seat in after.items()} == by_hand
    assert tuple(sorted(Counter(seat[2] for seat in after.values()).items())) == told.days
    # In order: who booked later does not come on an earlier day, but for families, who need several seats at once.
    alone = [number for number in numbers if not any(number in family for family in families)]
    assert [after[number][2] for number in alone] == sorted(after[number][2] for number in alone)
    for family in families:
        starts = sorted({after[number][3] for number in family})
        assert all(later - earlier == HALF for earlier, later in pairwise(starts)), starts
    # Paid stays paid, a hold keeps being a hold until the same moment.
    assert {number: seat[1] for number, seat in after.items()} == {number: seat[1] for number, seat in before.items()}
    assert counted(office)
    assert one(office, "SELECT count(*) FROM paspor.slot WHERE taken + kept > seats") == 0
    assert one(office, "SELECT sum(taken) FROM paspor.slot WHERE day = '2027-06-14'") == 0
    assert one(office, "SELECT max(moves) FROM paspor.booking") == 0
    # One message each; a second pass finds nothing to do.
    assert pass_over(office) == Passed(0, 0)
    assert one(office, MESSAGES) == 200
    assert one(office, "SELECT count(DISTINCT number) FROM paspor.outbox") == 200


def test_a_pass_that_dies_in_the_middle_is_gone_on_with(office: Engine) -> None:
    """Killed after the seventy-first party was moved, before that was committed."""
    numbers, families = busy_day(office)
    by_hand = as_a_clerk_would(office, numbers, families)
    close(office, DAY)
    seen = [0]

    def die(conn: Connection, clause: object, *_: object) -> None:
        seen[0] += "paspor.reseat(" in str(clause)
        if seen[0] == 71:
            seen[0] += 1
            pid = conn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
            with office.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})

    event.listen(office, "after_execute", die)
    try:
        with pytest.raises(OperationalError, match="closed"):
            pass_over(office)
    finally:
        event.remove(office, "after_execute", die)
    moved = int(str(one(office, "SELECT count(*) FROM paspor.reseating WHERE state = 'moved'")))
    assert 70 <= moved < 200
    assert counted(office)
    assert pass_over(office) == Passed(200 - moved, 0)
    assert {number: seat[0] for number, seat in seats_now(office).items()} == by_hand
    assert one(office, MESSAGES) == 200
    assert counted(office)


def test_two_relays_move_each_once(office: Engine) -> None:
    busy_day(office)
    close(office, DAY)
    with ThreadPoolExecutor(3) as pool:
        passed = list(pool.map(lambda _: pass_over(office), range(3)))
    assert sum(done.moved for done in passed) == 200
    assert one(office, MESSAGES) == 200
    assert counted(office)


async def test_nobody_gets_a_seat_of_a_closed_day_nor_moves_there(office: Engine, committer: SeatCommitter) -> None:
    with office.begin() as conn:
        closed, other, numbers = a_slot(conn, 5), a_slot(conn, 5, days=1), people(conn, 2)
    first = place(await committer.take(numbers[0], other, "a", EARLY))
    close(office, DAY)
    assert (await committer.take(numbers[1], closed, "b", EARLY)).code == "slot_gone"
    assert (await committer.take(numbers[0], closed, "c", EARLY)).code == "slot_gone"
    assert seats_now(office)[numbers[0]][0] == slot_number(first.slot_id)


def test_the_message_says_where_why_and_by_whom(office: Engine) -> None:
    with office.begin() as conn:
        was, (number,) = a_slot(conn, 1), people(conn, 1)
        sit(conn, number, was, 0)
        new = a_slot(conn, 1, days=3)
    close(office, DAY, "flood")
    pass_over(office)
    with office.begin() as conn:
        (message,) = outbox.unsent(conn, 0, 10)
    assert (message.topic, message.number, message.key.split(":")[1]) == ("seat_moved", number, "2")
    body = message.body
    assert (body["appointment"]["slot_id"], body["appointment"]["state"], body["revision"]) == (new, "confirmed", 2)
    assert body["about"] == {"cause": "closure", "reason": "flood", "by": "system", "role": "system"}
    assert datetime.fromisoformat(body["was_at"]) == MORNING + timedelta(hours=4)


def test_whole_days_lie_before_the_new_appointment(office: Engine) -> None:
    """A message on the evening before would be none."""
    today = datetime.now(UTC).astimezone(MORNING.tzinfo) + timedelta(hours=8)
    soon = today.date() + timedelta(days=1)
    with office.begin() as conn:
        start = datetime.combine(soon, MORNING.time(), tzinfo=UTC)
        was, (number,) = a_slot(conn, 1, starts_at=start), people(conn, 1)
        sit(conn, number, was, 0)
        slots = [a_slot(conn, 1, starts_at=start + timedelta(days=ahead)) for ahead in (1, 2)]
        rules.enact(conn, "reseating", EARLY.replace(year=2025), {"refusals": 2, "notice_days": 2, "horizon_days": 9},
                    "test", "sanur")  # fmt: skip
    close(office, soon)
    assert pass_over(office) == Passed(1, 0)
    assert seats_now(office)[number][0] == slot_number(slots[1])


def full_then_free(office: Engine) -> tuple[list[str], str]:
    """Three people of a closed day (the first two a family), and a later day with no seat left; a slot of it."""
    with office.begin() as conn:
        was, numbers = a_slot(conn, 3), people(conn, 6)
        for where, number in enumerate(numbers[:3]):
            sit(conn, number, was, where)
        family_of(conn, numbers[:2])
        later = a_slot(conn, 3, days=2)
        for where, number in enumerate(numbers[3:]):
            sit(conn, number, later, 10 + where)
    close(office, DAY)
    assert pass_over(office) == Passed(0, 3)
    return numbers, later


def booking_of(office: Engine, number: str) -> str:
    return str(one(office, f"SELECT id FROM paspor.booking WHERE number = '{number}'"))


async def test_who_finds_no_seat_is_told_so_once_and_comes_first(office: Engine, committer: SeatCommitter) -> None:
    numbers, later = full_then_free(office)
    assert pass_over(office) == Passed(0, 3)
    with office.connect() as conn:
        waiting = [person.number for person in closures.people_of(conn, "sanur", DAY) if person.state == "waiting"]
        (closed,) = closures.closed_days(conn, "sanur")
    assert waiting == numbers[:3]
    assert (closed.people, closed.moved, closed.waiting, closed.unplaced) == (3, 0, 3, 3)
    assert (
        one(office, "SELECT count(*) FROM paspor.outbox WHERE topic = 'news' AND body ->> 'kind' = 'seat_sought'") == 3
    )
    # A seat comes back: it is reserved for them, whoever polls. The family needs two, so the third person has it.
    with office.begin() as conn:
        seats.release(conn, SeatRequest(key="r", number=numbers[3], booking=booking_of(office, numbers[3])))
        poller = people_more(conn, 1)[0]
    assert (await committer.take(poller, later, "poll", EARLY)).code == "slot_full"
    assert pass_over(office) == Passed(1, 2)
    assert seats_now(office)[numbers[2]][0] == slot_number(later)
    # New seats for the family: reserved from the first moment on, and what is over is the public's.
    with office.begin() as conn:
        more = a_slot(conn, 3, days=3)
    assert one(office, f"SELECT kept FROM paspor.slot WHERE id = {slot_number(more)}") == 2
    assert pass_over(office) == Passed(2, 0)
    assert {seats_now(office)[number][0] for number in numbers[:2]} == {slot_number(more)}
    assert (await committer.take(poller, more, "poll again", EARLY)).code == "ok"
    assert one(office, "SELECT sum(kept) FROM paspor.slot") == 0
    assert one(office, "SELECT count(*) FROM paspor.seat_reserve") == 0
    assert counted(office)


def people_more(conn: Connection, count: int) -> list[str]:
    return [a_case(conn, f"{3 * 10**15 + place}", bookable=True) for place in range(count)]


def test_a_seat_that_is_kept_for_who_waits_goes_to_who_had_one(office: Engine) -> None:
    with office.begin() as conn:
        was, numbers = a_slot(conn, 1), people(conn, 1)
        sit(conn, numbers[0], was, 0)
        kept = a_slot(conn, 1, days=2)
        conn.execute(text("UPDATE paspor.slot SET kept = 1 WHERE id = :slot"), {"slot": slot_number(kept)})
    close(office, DAY)
    assert pass_over(office) == Passed(1, 0)
    assert seats_now(office)[numbers[0]][0] == slot_number(kept)
    assert one(office, "SELECT sum(kept) FROM paspor.slot") == 0


def test_an_offer_of_a_closed_day_ends(office: Engine) -> None:
    with office.begin() as conn:
        slot, (number,) = a_slot(conn, 1), people(conn, 1)
        offer = text("SELECT paspor.offer_seat(:number, :slot, clock_timestamp() + interval '1 hour', 'o')")
        assert conn.execute(offer, {"number": number, "slot": slot_number(slot)}).scalar()
    close(office, DAY)
    assert one(office, "SELECT state FROM paspor.booking") == "released"
    assert one(office, "SELECT count(*) FROM paspor.reseating") == 0
    assert counted(office)


def test_who_left_before_the_pass_needs_nothing(office: Engine) -> None:
    with office.begin() as conn:
        slot, numbers = a_slot(conn, 2), people(conn, 2)
        for where, number in enumerate(numbers):
            sit(conn, number, slot, where)
        a_slot(conn, 5, days=1)
    close(office, DAY)
    with office.begin() as conn:
        seats.release(conn, SeatRequest(key="r", number=numbers[0], booking=booking_of(office, numbers[0])))
    assert pass_over(office) == Passed(1, 0)
    assert one(office, STATES) == "gone,moved"
    assert set(seats_now(office)) == {numbers[1]}


async def test_a_lapsed_hold_that_was_paid_after_all_is_moved_too(office: Engine, committer: SeatCommitter) -> None:
    """`confirm_seat` takes the seat again past the closure: the next pass finds it by itself."""
    with office.begin() as conn:
        slot, (number,) = a_slot(conn, 1), people(conn, 1)
    seat = place(await committer.take(number, slot, "k", EARLY))
    with office.begin() as conn:
        conn.execute(text("UPDATE paspor.booking SET hold_until = clock_timestamp()"))
        seats.expire_lapsed(conn)
        a_slot(conn, 1, days=1)
    close(office, DAY)
    with office.begin() as conn:
        assert seats.confirm(conn, SeatRequest(key="c", number=number, booking=seat.booking))
    assert pass_over(office) == Passed(1, 0)
    assert seats_now(office)[number][2] == DAY + timedelta(days=1)


def test_a_closure_by_mistake_is_taken_back_while_nobody_was_moved(office: Engine) -> None:
    with office.begin() as conn:
        slot, (number,) = a_slot(conn, 1), people(conn, 1)
        sit(conn, number, slot, 0)
        a_slot(conn, 1, days=1)
    close(office, DAY)
    with office.begin() as conn:
        assert closures.reopen_day(conn, "sanur", DAY, "wrong month", "supervisor") == "ok"
        assert closures.reopen_day(conn, "sanur", DAY, "wrong month", "supervisor") == "not_closed"
    assert one(office, "SELECT why || ', closed for ' || reason FROM paspor.reopening") == (
        "wrong month, closed for water in the cellar"
    )
    assert pass_over(office) == Passed(0, 0)
    close(office, DAY)
    assert pass_over(office) == Passed(1, 0)
    with office.begin() as conn:
        assert closures.reopen_day(conn, "sanur", DAY, "too late", "supervisor") == "people_moved"
