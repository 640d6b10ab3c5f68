"""What must be true of seats at every moment, as questions that anybody may ask of a live database: it only reads.

The schema's constraints forbid most of it. These questions do not rely on them: they count again from the rows, so that
what was written past the functions, by a hand or by a restored backup, is found as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, Engine, text

PATIENCE = timedelta(minutes=5)  # for what puts itself right: the relay looks twice a second, the sweeper each minute
NAMED = 20  # breaches that are named; the others are counted
EACH_SECONDS = 120  # for one question


@dataclass(frozen=True, slots=True, kw_only=True)
class Invariant:
    """Something that always holds. `sql` finds what breaks it, as `what`: a slot's public id, a number or a key."""

    name: str
    sentence: str
    mend: str
    sql: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """An invariant as it was found: how many break it, and the first of them."""

    name: str
    sentence: str
    mend: str
    broken: int
    named: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing breaks it."""
        return not self.broken


BY_HAND = "somebody wrote past the schema's functions: find out who"
INVARIANTS = (
    Invariant(
        name="counted",
        sentence="The counter of a slot is the number of its bookings that are offered, held, confirmed or used.",
        mend=f"{BY_HAND}; then count the slot again: docs/operations.md, 'Checking the seats'",
        sql="""
            SELECT paspor.public_slot(s.id) AS what FROM paspor.slot s LEFT JOIN paspor.booking b
                ON b.slot_id = s.id AND b.state IN ('offered', 'held', 'confirmed', 'used')
             GROUP BY s.id HAVING s.taken <> count(b.id)""",
    ),
    Invariant(
        name="capacity",
        sentence="A slot has no more bookings than seats.",
        mend="move the people who came last, as on a closed day; docs/operations.md, 'Checking the seats'",
        sql="""
            SELECT paspor.public_slot(s.id) AS what FROM paspor.slot s LEFT JOIN paspor.booking b
                ON b.slot_id = s.id AND b.state IN ('offered', 'held', 'confirmed', 'used')
             GROUP BY s.id HAVING greatest(s.taken, count(b.id)) > s.seats OR s.taken < 0""",
    ),
    Invariant(
        name="kept",
        sentence="No more seats are kept out of the public pool than are free.",
        mend=f"{BY_HAND}; then set `kept` to what is free and promised to nobody else",
        sql="SELECT paspor.public_slot(id) AS what FROM paspor.slot WHERE kept < 0 OR kept > seats - taken",
    ),
    Invariant(
        name="one_seat",
        sentence="Nobody has two seats, whatever the accounts and offices.",
        mend="ask the person which seat is wanted, and release the other",
        sql="""
            SELECT min(number) AS what FROM paspor.booking WHERE state IN ('offered', 'held', 'confirmed')
             GROUP BY person_key HAVING count(*) > 1""",
    ),
    Invariant(
        name="own_seat",
        sentence="A seat belongs to the person whose application it is booked for.",
        mend=f"{BY_HAND}; release the booking, and let the person book again",
        sql="""
            SELECT b.number AS what FROM paspor.booking b LEFT JOIN paspor.application a ON a.number = b.number
             WHERE b.state IN ('offered', 'held', 'confirmed') AND a.person_key IS DISTINCT FROM b.person_key""",
    ),
    Invariant(
        name="live_case",
        sentence="Who has a seat has an application that has not ended.",
        mend="release the booking: its seat is lost to others until then",
        sql="""
            SELECT b.number AS what FROM paspor.booking b JOIN paspor.application a ON a.number = b.number
             WHERE b.state IN ('offered', 'held', 'confirmed') AND a.ended_at < now() - :patience""",
    ),
    Invariant(
        name="in_time",
        sentence="A hold or an offer ends when its time is over.",
        mend="the relay sweeps once a minute: see whether its worker runs, and its log",
        sql="""
            SELECT number AS what FROM paspor.booking
             WHERE state IN ('offered', 'held') AND hold_until < now() - :patience""",
    ),
    Invariant(
        name="answers",
        sentence="Every answer that somebody got to a request for a seat leads to a booking of the same application.",
        mend=f"{BY_HAND}; a backup holds what was erased",
        sql="""
            SELECT r.key AS what FROM paspor.seat_request r LEFT JOIN paspor.booking b ON b.id = r.booking_id
             WHERE b.number IS DISTINCT FROM r.number""",
    ),
    Invariant(
        name="told",
        sentence="What the database decided has been told to the case.",
        mend="the relay tells it when the engine answers: see whether its worker runs, and its log",
        sql="SELECT key AS what FROM paspor.outbox WHERE sent_at IS NULL AND created_at < now() - :patience",
    ),
    Invariant(
        name="agreed",
        sentence="The case of a held or confirmed seat shows that very seat.",
        mend="the booking is right: have the case told again; docs/operations.md, 'Checking the seats'",
        sql="""
            SELECT b.number AS what FROM paspor.booking b JOIN paspor.application a ON a.number = b.number
             WHERE b.state IN ('held', 'confirmed') AND a.ending IS NULL AND b.created_at < now() - :patience
               AND (a.view #>> '{appointment,booking}', a.view #>> '{appointment,slot_id}')
                   IS DISTINCT FROM (b.id::text, paspor.public_slot(b.slot_id))
               AND NOT EXISTS (SELECT 1 FROM paspor.seat_request r
                                WHERE r.booking_id = b.id AND r.at > now() - :patience)
               AND NOT EXISTS (SELECT 1 FROM paspor.outbox m
                                WHERE m.number = b.number AND m.created_at > now() - :patience)""",
    ),
    Invariant(
        name="offered",
        sentence="Who waits and was offered a seat has that seat, kept for them until the offer ends.",
        mend=f"{BY_HAND}; set the entry back to `waiting`, and the next seat is offered by rank",
        sql="""
            SELECT w.number AS what FROM paspor.waiting w LEFT JOIN paspor.booking b ON b.id = w.booking_id
             WHERE w.state = 'offered' AND (b.state, b.person_key) IS DISTINCT FROM ('offered', w.person_key)""",
    ),
    Invariant(
        name="offer_known",
        sentence="A seat that is offered to somebody who waits stands in their entry, as long as the offer lasts.",
        mend=f"{BY_HAND}; release the booking: nobody can take what they are not shown",
        sql="""
            SELECT b.number AS what FROM paspor.booking b JOIN paspor.waiting w ON w.booking_id = b.id
             WHERE b.state = 'offered' AND b.hold_until > now() AND w.state <> 'offered'""",
    ),
    Invariant(
        name="closed_days",
        sentence="Who has a seat of a day that the office closed is in the list of those who are given another.",
        mend="the relay lists and moves them twice a second: see whether its worker runs, and its log",
        sql="""
            SELECT b.number AS what FROM paspor.closure c
              JOIN paspor.slot s ON s.office = c.office AND s.day = c.day
              JOIN paspor.booking b ON b.slot_id = s.id AND b.state IN ('offered', 'held', 'confirmed')
             WHERE c.at < now() - :patience AND b.created_at < now() - :patience
               AND NOT EXISTS (SELECT 1 FROM paspor.reseating r
                                WHERE r.office = c.office AND r.day = c.day AND r.booking_id = b.id
                                  AND r.state = 'waiting')""",
    ),
)


def examine(engine: Engine) -> list[Examined]:
    """Ask all of it of one snapshot, so that what changes meanwhile breaks nothing. Writes and locks nothing.

    Raises SQLAlchemy's errors: the database is away, has other tables than this version, or a question took longer
    than `EACH_SECONDS`.
    """
    with engine.connect() as connection:
        frozen = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with frozen.begin():
            frozen.execute(text(f"SET LOCAL statement_timeout = '{EACH_SECONDS}s'"))
            return list(examined(frozen))


def examined(conn: Connection, invariants: tuple[Invariant, ...] = INVARIANTS) -> Iterator[Examined]:
    """Each invariant as the connection's transaction sees it."""
    for one in invariants:
        found = _broken(conn, one.sql)
        named = tuple(str(what) for what, _ in found)
        broken = found[0][1] if found else 0
        yield Examined(name=one.name, sentence=one.sentence, mend=one.mend, broken=broken, named=named)


def _broken(conn: Connection, sql: str) -> list[tuple[object, int]]:
    question = text(f"SELECT what, count(*) OVER () AS every FROM ({sql}) AS broken ORDER BY what LIMIT :most")  # noqa: S608
    values: dict[str, object] = {"most": NAMED}
    if ":patience" in sql:
        values["patience"] = PATIENCE
    return [(row.what, row.every) for row in conn.execute(question, values)]
