"""What is out of the ordinary: exceptions from the rule, with reason and person, from where each kind is kept."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

from activities.storage.paging import Page, after_moment, page, size

# `ref` names the row among those of its kind, so that the order is whole. Who acted on a booklet stands in the record.
EXCEPTIONS = text("""
    SELECT found.* FROM (
        SELECT granted_at AS at, 'chosen_case' AS kind, number, office, officer AS who, reason, id::text AS ref
          FROM paspor.lease WHERE reason <> ''
        UNION ALL
        SELECT at, 'recall', number, office, officer, reason, id::text FROM paspor.queue_call WHERE what = 'recall'
        UNION ALL
        SELECT b.changed_at, b.state || '_booklet', b.number, b.office, coalesce(e.actor, 'system'), b.reason, b.serial
          FROM paspor.booklet b
          LEFT JOIN LATERAL (
              SELECT actor FROM paspor.case_event c
               WHERE c.number = b.number AND c.role <> 'system'
                 AND CASE b.state WHEN 'cancelled' THEN c.action = 'application.ended'
                     ELSE c.details::jsonb ->> 'booklet' = b.serial
                          AND (c.action, c.outcome)
                              IN (('quality.checked', 'fail'), ('booklet.personalised', 'spoiled'))
                     END
               ORDER BY c.seq DESC LIMIT 1) e ON true
         WHERE b.state IN ('spoiled', 'cancelled')
        UNION ALL
        SELECT b.changed_at, 'reprint', b.number, b.office, coalesce(e.actor, 'system'), 'attempt ' || b.attempt,
               b.serial
          FROM paspor.booklet b
          LEFT JOIN LATERAL (
              SELECT actor FROM paspor.case_event c
               WHERE c.number = b.number AND c.action = 'booklet.allocated'
                 AND c.details::jsonb ->> 'booklet' = b.serial
               ORDER BY c.seq DESC LIMIT 1) e ON true
         WHERE b.attempt > 1
        UNION ALL
        SELECT c.recorded_at, CASE WHEN c.outcome IN ('same_seat', 'another_seat') THEN 'excess_case'
                                   ELSE c.outcome || '_case' END, c.number, a.office,
               coalesce(c.decided_by, nullif(c.proposed_by, ''), 'system'),
               concat_ws(', ', c.cause, c.receipt_no, nullif(coalesce(nullif(c.reason, ''), c.proposed_reason), '')),
               c.receipt_no
          FROM paspor.payment_case c LEFT JOIN paspor.application a ON a.number = c.number WHERE c.says IS NOT NULL
        UNION ALL
        SELECT m.received_at, 'unknown_bill', NULL, NULL, 'system', 'no bill of ours has this code', m.id::text
          FROM paspor.inbox m LEFT JOIN paspor.bill b ON b.code = m.body ->> 'bill_code'
         WHERE m.sender = 'billing' AND m.delivered_at IS NULL AND m.left_over_at IS NULL AND b.code IS NULL
           AND m.received_at < clock_timestamp() - interval '1 hour'
        UNION ALL
        SELECT m.left_over_at, 'left_over_abis', s.number, a.office, 'system', m.left_over, m.id::text
          FROM paspor.inbox m LEFT JOIN paspor.search s ON s.request_id = m.body ->> 'request_id'
          LEFT JOIN paspor.application a ON a.number = s.number
         WHERE m.sender = 'abis' AND m.left_over_at IS NOT NULL) AS found
      LEFT JOIN (SELECT id, time_zone FROM paspor.office) AS o ON o.id = office
     WHERE (CAST(:first AS date) IS NULL OR (at AT TIME ZONE coalesce(time_zone, 'Asia/Jakarta'))::date >= :first)
       AND (CAST(:last AS date) IS NULL OR (at AT TIME ZONE coalesce(time_zone, 'Asia/Jakarta'))::date <= :last)
       AND (CAST(:kind AS text) IS NULL OR kind = :kind)
       AND (CAST(:office AS text) IS NULL OR office = :office)
       AND (CAST(:before AS timestamptz) IS NULL OR (at, kind, ref) < (:before, :before_kind, :before_ref))
     ORDER BY at DESC, kind DESC, ref DESC LIMIT :most""")
EXCEPTION_KINDS = (
    "chosen_case",
    "recall",
    "spoiled_booklet",
    "cancelled_booklet",
    "reprint",
    "refund_case",
    "forfeiture_case",
    "excess_case",
    "unknown_bill",
    "left_over_abis",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExceptionRow:
    """Something out of the ordinary, with reason and person. `kind` is a code, `ref` its row."""

    at: datetime
    kind: str
    number: str | None
    office: str | None
    who: str
    reason: str
    ref: str


def exceptions(
    conn: Connection,
    first: date | None = None,
    last: date | None = None,
    *,
    kind: str | None = None,
    office: str | None = None,
    limit: int = 100,
    cursor: str = "",
) -> Page[ExceptionRow]:
    """Cases chosen out of turn, people called again, void booklets, reprints, money without a seat; newest first.

    Dates are the office's, as they are of cases; where there is none, the capital's. Raises `BadCursor`.
    """
    limit = size(limit)
    before = after_moment(cursor, "before", "before_kind", "before_ref")
    where = {"first": first, "last": last, "kind": kind, "office": office}
    rows = conn.execute(EXCEPTIONS, {**where, **before, "most": limit + 1})
    found = [ExceptionRow(**row._mapping) for row in rows]
    return page(found, limit, lambda row: [row.at.isoformat(), row.kind, row.ref])
