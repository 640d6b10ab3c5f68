"""How long things took: between two lines of a story, and in each place where the case stood. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from api.auditors.chronicle import Line
from workflows.case.facts import Stage

SATURDAY = 5
# Whose turn it is while a case stands somewhere, by the procedure; `hold` is nobody's until it is decided.
TURNS = {
    Stage.FILED: "applicant",
    Stage.BOOKED: "applicant",
    Stage.PAID: "applicant",
    Stage.CHECKED_IN: "office",
    Stage.DOCUMENTS_EXAMINED: "office",
    Stage.INTERVIEWED: "office",
    Stage.ENROLLED: "system",
    Stage.VERIFIED: "system",
    Stage.ADJUDICATION: "office",
    Stage.APPROVED: "office",
    Stage.PRINTING: "office",
    Stage.QUALITY_CHECKED: "system",
    Stage.READY: "applicant",
    Stage.ON_HOLD: "hold",
}
PARTIES = ("applicant", "office", "system", "hold")


@dataclass(frozen=True, slots=True)
class Calendar:
    """The office's clock, and its days off besides weekends."""

    zone: tzinfo
    off: AbstractSet[date] = frozenset()

    def working_days(self, since: datetime, until: datetime) -> int:
        """Working days after the day of `since`, up to the day of `until`: as promises are counted."""
        day, last, count = since.astimezone(self.zone).date(), until.astimezone(self.zone).date(), 0
        while day < last:
            day += timedelta(days=1)
            count += day.weekday() < SATURDAY and day not in self.off
        return count

    def lasted(self, since: datetime, until: datetime) -> "Lasted":
        """The time between two moments."""
        days = (until.astimezone(self.zone).date() - since.astimezone(self.zone).date()).days
        whole = max(until - since, timedelta(0))
        return Lasted(time=whole, days=days, working_days=self.working_days(since, until))


@dataclass(frozen=True, slots=True, kw_only=True)
class Lasted:
    """A length of time: as the clock has it, in calendar days that began in it, and in working days."""

    time: timedelta
    days: int
    working_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """One stay of the case in one stage; `open` while it is there."""

    stage: Stage
    turn: str
    since: datetime
    until: datetime
    open: bool
    lasted: Lasted


def stays(lines: Sequence[Line], calendar: Calendar, now: datetime) -> list[Stay]:
    """Where the case stood from when until when. The end of a case is no stay."""
    moved: list[tuple[Stage, datetime]] = []
    for line in lines:
        if line.stage and (not moved or moved[-1][0] != line.stage):
            moved.append((Stage(line.stage), line.at))
    ends = [at for _, at in moved[1:]]
    found = []
    for place, (stage, since) in enumerate(moved):
        if stage in TURNS:
            is_open = place == len(ends)
            until = max(now, since) if is_open else ends[place]
            lasted = calendar.lasted(since, until)
            found.append(Stay(stage=stage, turn=TURNS[stage], since=since, until=until, open=is_open, lasted=lasted))
    return found


def shares(of: Iterable[Stay]) -> dict[str, timedelta]:
    """How long it was whose turn, in all; nobody who never had one."""
    total: Counter[str] = Counter()
    for one in of:
        total[one.turn] += int(one.lasted.time.total_seconds() * 1000)
    return {party: timedelta(milliseconds=total[party]) for party in PARTIES if party in total}
