"""What auditors read across cases: lists with counts, and who looked at what."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text

from activities.storage.paging import BadCursor, Page, after_moment, decode, page, size
from workflows.case.facts import Ending, Stage

# Filters that were not given are null. Dates are the office's; before there is one, the capital's.
WHERE = """
      FROM paspor.application a LEFT JOIN paspor.office o ON o.id = a.office
     WHERE (CAST(:starts AS text) IS NULL OR starts_with(a.number, :starts))
       AND (CAST(:office AS text) IS NULL OR a.office = :office)
       AND (CAST(:stage AS text) IS NULL OR a.stage = :stage)
       AND (CAST(:ending AS text) IS NULL OR a.ending = :ending)
       AND (CAST(:first AS date) IS NULL
            OR (a.created_at AT TIME ZONE coalesce(o.time_zone, 'Asia/Jakarta'))::date >= :first)
       AND (CAST(:last AS date) IS NULL
            OR (a.created_at AT TIME ZONE coalesce(o.time_zone, 'Asia/Jakarta'))::date <= :last)
       AND (CAST(:officer AS text) IS NULL
            OR EXISTS (SELECT 1 FROM paspor.case_event e WHERE e.number = a.number AND e.actor = :officer))
       AND (NOT :overdue OR (a.ending IS NULL AND a.due_at < clock_timestamp()))"""
LIST = text(f"""
    SELECT a.number, a.office, a.kind, a.service, a.stage, a.ending, a.created_at, a.due_at,
           (a.ending IS NULL AND coalesce(a.due_at < clock_timestamp(), false)) AS overdue {WHERE}
       AND (CAST(:before AS timestamptz) IS NULL OR (a.created_at, a.number) < (:before, :number))
     ORDER BY a.created_at DESC, a.number DESC LIMIT :most""")
COUNTS = text(f"SELECT a.stage, a.ending, count(*) AS cases {WHERE} GROUP BY a.stage, a.ending")

READS = text("""
    SELECT id, at, actor, role, action, number, outcome, why FROM paspor.access_log
     WHERE (CAST(:number AS text) IS NULL OR number = :number) AND (CAST(:actor AS text) IS NULL OR actor = :actor)
       AND (NOT :refused OR outcome <> 'read')
       AND (CAST(:first AS date) IS NULL OR at >= CAST(:first AS timestamp) AT TIME ZONE 'Asia/Jakarta')
       AND (CAST(:last AS date) IS NULL OR at < CAST(CAST(:last AS date) + 1 AS timestamp) AT TIME ZONE 'Asia/Jakarta')
       AND (CAST(:before AS bigint) IS NULL OR id < :before)
     ORDER BY id DESC LIMIT :most""")


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """A case in a list."""

    number: str
    office: str | None
    kind: str
    service: str
    stage: str
    ending: str | None
    created_at: datetime
    due_at: datetime | None
    overdue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """Some of the cases found, the newest first, and how many of all found stand where and ended how."""

    items: tuple[AuditRow, ...]
    next: str | None
    by_stage: dict[str, int]
    by_ending: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRow:
    """A look, or a refused attempt."""

    id: int
    at: datetime
    actor: str
    role: str
    action: str
    number: str | None
    outcome: str
    why: str


def audit_applications(
    conn: Connection,
    *,
    number: str | None = None,
    office: str | None = None,
    stage: Stage | None = None,
    ending: Ending | None = None,
    first: date | None = None,
    last: date | None = None,
    officer: str | None = None,
    overdue: bool = False,
    limit: int = 50,
    cursor: str = "",
) -> AuditPage:
    """Cases filed from `first` to `last` that meet all filters given; `number` is how theirs begins.

    Raises `BadCursor`.
    """
    limit = size(limit)
    where = {"office": office, "stage": stage, "ending": ending, "first": first, "last": last, "officer": officer}
    values: dict[str, Any] = {**where, "starts": number, "overdue": overdue}
    found = conn.execute(LIST, {**values, **after_moment(cursor, "before", "number"), "most": limit + 1})
    rows = [AuditRow(**row._mapping) for row in found]
    part = page(rows, limit, lambda row: [row.created_at.isoformat(), row.number])
    by_stage: dict[str, int] = {}
    by_ending: dict[str, int] = {}
    for row in conn.execute(COUNTS, values):
        by_stage[row.stage] = by_stage.get(row.stage, 0) + row.cases
        if row.ending:
            by_ending[row.ending] = by_ending.get(row.ending, 0) + row.cases
    return AuditPage(items=part.items, next=part.next, by_stage=by_stage, by_ending=by_ending)


def reads_of(
    conn: Connection,
    number: str | None = None,
    officer: str | None = None,
    limit: int = 50,
    cursor: str = "",
    refused: bool = False,
    first: date | None = None,
    last: date | None = None,
) -> Page[ReadRow]:
    """Who looked at a case, or what a person looked at, or only what was refused; newest first. Raises `BadCursor`.

    A look belongs to no office, so dates are the capital's.
    """
    limit = size(limit)
    before = decode(cursor, 1)[0] if cursor else None
    if before is not None and not before.isdigit():
        raise BadCursor("not a cursor")
    values = {
        "number": number,
        "actor": officer,
        "before": before and int(before),
        "most": limit + 1,
        "refused": refused,
        "first": first,
        "last": last,
    }
    rows = [ReadRow(**row._mapping) for row in conn.execute(READS, values)]
    return page(rows, limit, lambda row: [str(row.id)])
