"""The waiting room in front of the seats: who may choose now, who waits, and how long that will take."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

ENTER = text("SELECT ahead FROM paspor.enter_room(:whos) ORDER BY ord")
LEAVE = text("SELECT paspor.leave_room(:whos)")
SEATED = text("""
    SELECT EXISTS (SELECT 1 FROM paspor.application a JOIN paspor.booking b
                       ON b.person_key = a.person_key AND b.state IN ('offered', 'held', 'confirmed')
                    WHERE a.number = :number)""")
# The pace is that of the time since the first of those who wait now came, at most ten minutes: what came free while
# nobody waited says little about how it goes when everybody does.
PACE = text("""
    WITH rule AS (
        SELECT paspor.rule_value('waiting_room', '', (clock_timestamp() AT TIME ZONE 'Asia/Jakarta')::date) AS value),
    since AS (
        SELECT date_bin('10 seconds', greatest(min(arrived_at), clock_timestamp() - interval '10 minutes'),
                        '2000-01-01') AS at FROM paspor.room_place WHERE admitted_at IS NULL)
    SELECT (value ->> 'places')::int AS places, (value ->> 'seconds')::int AS seconds,
           (value ->> 'again')::int AS again,
           extract(epoch FROM clock_timestamp() - coalesce(at, clock_timestamp()))::float AS span,
           coalesce((SELECT sum(freed) FROM paspor.room_pace p WHERE p.since >= at), 0)::int AS freed
      FROM rule, since""")
FORGET = text("DELETE FROM paspor.room_place WHERE seen_at < clock_timestamp() - interval '1 day'")
FORGET_PACE = text("DELETE FROM paspor.room_pace WHERE since < clock_timestamp() - interval '1 day'")

# Fewer places than these tell nothing of how fast it goes.
TELLING = 3
# Nine times of ten the wait is within what was told, as far as places come free as they did.
NINE_OF_TEN = 1.645


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """The rule (`places`, `seconds` that a place lasts without a click, `again` to look) and how many came free."""

    places: int
    seconds: int
    again: int
    span: float
    freed: int

    @property
    def measured(self) -> bool:
        """Whether enough places came free to say something."""
        return self.freed >= TELLING

    def minutes(self, ahead: int) -> tuple[int, int]:
        """From how many to how many minutes somebody waits before whom so many wait; whole minutes, outwards.

        Places come free one by one and independently, so the wait for n of them is a gamma variable whose rate is
        known from `freed` events. Before any was seen, a place is taken to last about its seconds without a click.
        """
        needed, seen = ahead + 1, self.freed + 1
        rate = seen / (self.span + self.seconds / self.places)
        spread = math.exp(NINE_OF_TEN * math.sqrt(1 / needed + 1 / seen))
        usual = needed / rate / 60
        return int(usual / spread), max(1, math.ceil(usual * spread))


def enter(conn: Connection, whos: Sequence[str]) -> list[int | None]:
    """For each, in order of arrival: None where they may choose, else how many wait before them."""
    return [None if ahead is None else int(ahead) for ahead in conn.execute(ENTER, {"whos": list(whos)}).scalars()]


def leave(conn: Connection, whos: Sequence[str]) -> None:
    """They are done, or go: their places are free at once; nothing to do is fine."""
    conn.execute(LEAVE, {"whos": list(whos)})


def is_seated(conn: Connection, number: str) -> bool:
    """Whether the person has a seat or an offer: that must not be lost by waiting, and a repeat hears what it won."""
    return bool(conn.execute(SEATED, {"number": number}).scalar())


def pace(conn: Connection) -> Pace:
    """How fast places come free."""
    return Pace(**conn.execute(PACE).mappings().one())


def forget_old(conn: Connection) -> int:
    """Remove who has not been seen for a day, and the pace of other days; how many people."""
    conn.execute(FORGET_PACE)
    return conn.execute(FORGET).rowcount
