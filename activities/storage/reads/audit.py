"""What auditors read across cases: lists with counts, exceptions from the rule, and who looked at what."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text

from activities.storage.paging import BadCursor, Page, decode, page, size
from workflows.case.facts import Ending, Stage

# Filters that were not given are null. Dates are the office's; before there is one, the capital's.
WHERE = """
      FROM paspor.application a LEFT JOIN paspor.office o ON o.id = a.office
     WHERE (CAST(:office AS text) IS NULL OR a.office = :office)
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

EXCEPTIONS = text("""
    SELECT * FROM (
        SELECT granted_at AS at, 'chosen_case' AS kind, number, office, officer AS who, reason FROM paspor.lease
         WHERE reason <> ''
        UNION ALL
        SELECT at, 'recall', number, office, officer, reason FROM paspor.queue_call WHERE what = 'recall'
        UNION ALL
        SELECT changed_at, state || '_booklet', number, office, 'system', reason FROM paspor.booklet
         WHERE state IN ('spoiled', 'cancelled')
        UNION ALL
        SELECT changed_at, 'reprint', number, office, 'system', 'attempt ' || attempt FROM paspor.booklet
         WHERE attempt > 1
        UNION ALL
        SELECT at, 'stray_payment', number, office, 'system', details::jsonb ->> 'receipt'
          FROM paspor.case_event WHERE action = 'payment.stray'
        UNION ALL
        SELECT m.received_at, 'unknown_bill', NULL, NULL, 'system', 'no bill of ours has this code'
          FROM paspor.inbox m LEFT JOIN paspor.bill b ON b.code = m.body ->> 'bill_code'
         WHERE m.sender = 'billing' AND m.delivered_at IS NULL AND m.left_over_at IS NULL AND b.code IS NULL
           AND m.received_at < clock_timestamp() - interval '1 hour'
        UNION ALL
        SELECT m.left_over_at, 'left_over_' || m.sender, b.number, a.office, 'system', m.left_over
          FROM paspor.inbox m LEFT JOIN paspor.bill b ON b.code = m.body ->> 'bill_code'
          LEFT JOIN paspor.application a ON a.number = b.number WHERE m.left_over_at IS NOT NULL) AS found
     WHERE (CAST(:first AS date) IS NULL OR at >= :first)
       AND (CAST(:last AS date) IS NULL OR at < CAST(:last AS date) + 1)
     ORDER BY at DESC LIMIT :most""")
READS = text("""
    SELECT id, at, actor, role, action, number, outcome, why FROM paspor.access_log
     WHERE (CAST(:number AS text) IS NULL OR number = :number) AND (CAST(:actor AS text) IS NULL OR actor = :actor)
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
class ExceptionRow:
    """Something out of the ordinary, with reason and person. `kind` is a code."""

    at: datetime
    kind: str
    number: str | None
    office: str | None
    who: str
    reason: str


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
    """Cases filed from `first` to `last` that meet all filters given. Raises `BadCursor`."""
    limit = size(limit)
    where = {"office": office, "stage": stage, "ending": ending, "first": first, "last": last, "officer": officer}
    values: dict[str, Any] = {**where, "overdue": overdue}
    found = conn.execute(LIST, {**values, **_before(cursor), "most": limit + 1})
    rows = [AuditRow(**row._mapping) for row in found]
    part = page(rows, limit, lambda row: [row.created_at.isoformat(), row.number])
    by_stage: dict[str, int] = {}
    by_ending: dict[str, int] = {}
    for row in conn.execute(COUNTS, values):
        by_stage[row.stage] = by_stage.get(row.stage, 0) + row.cases
        if row.ending:
            by_ending[row.ending] = by_ending.get(row.ending, 0) + row.cases
    return AuditPage(items=part.items, next=part.next, by_stage=by_stage, by_ending=by_ending)


def exceptions(
    conn: Connection, first: date | None = None, last: date | None = None, limit: int = 500
) -> tuple[ExceptionRow, ...]:
    """Cases chosen out of turn, people called again, void booklets, reprints, messages left over; newest first."""
    rows = conn.execute(EXCEPTIONS, {"first": first, "last": last, "most": limit})
    return tuple(ExceptionRow(**row._mapping) for row in rows)


def reads_of(
    conn: Connection, number: str | None = None, officer: str | None = None, limit: int = 50, cursor: str = ""
) -> Page[ReadRow]:
    """Who looked at a case, or what a person looked at, the newest first. Raises `BadCursor`."""
    limit = size(limit)
    before = decode(cursor, 1)[0] if cursor else None
    if before is not None and not before.isdigit():
        raise BadCursor("not a cursor")
    values = {"number": number, "actor": officer, "before": before and int(before), "most": limit + 1}
    rows = [ReadRow(**row._mapping) for row in conn.execute(READS, values)]
    return page(rows, limit, lambda row: [str(row.id)])


def _before(cursor: str) -> dict[str, object]:
    if not cursor:
        return {"before": None, "number": None}
    at, number = decode(cursor, 2)
    try:
        return {"before": datetime.fromisoformat(at), "number": number}
    except ValueError as error:
        raise BadCursor("not a cursor") from error
