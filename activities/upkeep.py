"""Upkeep of our own database, as the engine's schedules ask for it."""

from datetime import date

from sqlalchemy import Engine
from temporalio import activity

from activities.storage import reads, slots
from activities.storage import upkeep as storage
from workflows.partners.upkeep import Forgotten, RecordCount, Upkeep


class DatabaseUpkeep(Upkeep):
    """Carries out `Upkeep`: one transaction a request, and one a day of the record."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @activity.defn(name="upkeep.slots_ahead")
    def slots_ahead(self) -> int:
        """Make the slots of the days ahead by each office's dated rule; how many are new."""
        with self._engine.begin() as conn:
            return storage.slots_ahead(conn)

    @activity.defn(name="upkeep.forget_old")
    def forget_old(self) -> Forgotten:
        """Remove sessions, answers, drafts and counted requests whose time is over; how many of each."""
        with self._engine.begin() as conn:
            return Forgotten(**storage.forget_old(conn))

    @activity.defn(name="upkeep.miscounted_slots")
    def miscounted_slots(self) -> tuple[str, ...]:
        """Slots whose counter is not the number of their bookings."""
        with self._engine.begin() as conn:
            return slots.miscounted(conn)

    @activity.defn(name="upkeep.count_record")
    def count_record(self) -> RecordCount:
        """Count the whole record again, day by day: the chains of all cases, and the seals over them."""
        with self._engine.begin() as conn:
            days = list(storage.recorded_days(conn))
        cases: set[str] = set()
        seals: list[str] = []
        for day in days:
            # A day at a time, so that no statement runs into its limit; a worker that dies is noticed between two.
            activity.heartbeat(day.isoformat())
            found = self._counted(day)
            cases |= {broken.number for broken in found.broken}
            seals += [day.isoformat() for root in found.roots if not root.holds]
        return RecordCount(days=len(days), broken_cases=tuple(sorted(cases)), broken_seals=tuple(sorted(set(seals))))

    def _counted(self, day: date) -> reads.Verification:
        with self._engine.begin() as conn:
            return reads.verification(conn, day, day)
