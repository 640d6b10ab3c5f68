"""Blank booklets: received into an office's stock, bound to one case, and never back in stock."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from activities.storage.tables import Booklet
from workflows.partners.booklets import Allocation, Settlement

NOW = text("clock_timestamp()")
# What may become of a booklet in which state; a printed one is still cancelled when nobody collects it.
BEFORE = {
    "used": ("allocated",),
    "spoiled": ("allocated", "used"),
    "cancelled": ("allocated", "used"),
}


class NotThisBooklet(Exception):
    """The booklet is not bound to this case, or has met another fate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """An office's booklets: how many in each state, and the serials that are free, in order."""

    office: str
    counts: dict[str, int]
    serials: tuple[str, ...]


def receive(conn: Connection, office: str, serials: Iterable[str]) -> int:
    """Take booklets into stock; how many are new. Raises `IntegrityError` for a serial that can be none."""
    rows = [{"serial": serial, "office": office} for serial in sorted(set(serials))]
    if not rows:
        return 0
    new = insert(Booklet).values(rows).on_conflict_do_nothing(index_elements=[Booklet.serial])
    return len(conn.execute(new.returning(Booklet.serial)).all())


def stock(conn: Connection, office: str, most: int = 100) -> Stock:
    """What an office has."""
    here = Booklet.office == office
    counted = conn.execute(select(Booklet.state, func.count()).where(here).group_by(Booklet.state))
    counts = {str(state): int(number) for state, number in counted}
    free = select(Booklet.serial).where(here, Booklet.state == "stock").order_by(Booklet.serial).limit(most)
    return Stock(office=office, counts=counts, serials=tuple(conn.execute(free).scalars()))


def allocate(conn: Connection, allocation: Allocation) -> bool:
    """Bind a serial of the office's stock; False when it is not there, or bound. The same key gets the same answer."""
    bound = select(Booklet.serial).where(Booklet.allocation_key == allocation.key)
    if (serial := conn.execute(bound).scalar()) is not None:
        return serial == allocation.booklet
    free = (Booklet.serial == allocation.booklet, Booklet.office == allocation.office, Booklet.state == "stock")
    values = {
        "state": "allocated",
        "number": allocation.number,
        "attempt": allocation.attempt,
        "allocation_key": allocation.key,
        "changed_at": NOW,
    }
    return conn.execute(update(Booklet).where(*free).values(values).returning(Booklet.serial)).first() is not None


def settle(conn: Connection, settlement: Settlement) -> None:
    """Enter a booklet's fate; a repeat changes nothing. Raises `NotThisBooklet` for one that is not this case's."""
    fate = settlement.fate.value
    ours = (Booklet.serial == settlement.booklet, Booklet.number == settlement.number)
    values = {"state": fate, "settlement_key": settlement.key, "reason": settlement.reason, "changed_at": NOW}
    change = update(Booklet).where(*ours, Booklet.state.in_(BEFORE[fate])).values(values).returning(Booklet.serial)
    settled = conn.execute(change).first() is not None
    if not settled and conn.execute(select(Booklet.state).where(*ours)).scalar() != fate:
        raise NotThisBooklet("the booklet is not this case's, or has met another fate")
