"""Families: who filed for whom in one act, and whether their seats are still to be taken together."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text

MEMBERS = text("""
    SELECT f.owner, f.state, a.number, a.workflow_id, a.run_id, a.service, a.ending IS NULL AS lives
      FROM paspor.family f JOIN paspor.application a ON a.family = f.id
     WHERE f.id = :family ORDER BY array_position(f.numbers, a.number)""")
# Until one of them has a seat, or has had one, another who lives is to be seated with this one. An offer is none.
TOGETHER = text("""
    SELECT EXISTS (SELECT 1 FROM paspor.application a JOIN paspor.application o ON o.family = a.family
                    WHERE a.number = :number AND o.number <> a.number AND o.ending IS NULL)
       AND NOT EXISTS (SELECT 1 FROM paspor.application a JOIN paspor.application o ON o.family = a.family
                         JOIN paspor.booking b ON b.number = o.number
                        WHERE a.number = :number AND (b.state IN ('held', 'confirmed', 'used') OR EXISTS (
                              SELECT 1 FROM paspor.seat_request q WHERE q.booking_id = b.id)))""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One application of a family, and where the engine has it."""

    number: str
    workflow_id: str
    run_id: str
    service: str
    lives: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FamilyRow:
    """A family, its members in the order in which they were filed for."""

    id: UUID
    owner: str
    state: str
    members: tuple[Member, ...]

    @property
    def living(self) -> tuple[Member, ...]:
        """Those whose application has not ended."""
        return tuple(member for member in self.members if member.lives)


def family(conn: Connection, family: UUID) -> FamilyRow | None:
    """A family, or None where nobody was filed for under this id."""
    rows = conn.execute(MEMBERS, {"family": family}).all()
    if not rows:
        return None
    members = tuple(
        Member(number=row.number, workflow_id=row.workflow_id, run_id=row.run_id, service=row.service, lives=row.lives)
        for row in rows
    )
    return FamilyRow(id=family, owner=rows[0].owner, state=rows[0].state, members=members)


def to_be_seated_together(conn: Connection, number: str) -> bool:
    """Whether this application's first seat is to be taken with those of its family."""
    return bool(conn.execute(TOGETHER, {"number": number}).scalar())
