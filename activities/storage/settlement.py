"""The treasury's settlement file, a day at a time, held against what we know; days are of Jakarta's clock."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, text

from workflows.case.notifications import PaymentNotice

NOTICES = TypeAdapter(tuple[PaymentNotice, ...])

YESTERDAY = "(clock_timestamp() AT TIME ZONE 'Asia/Jakarta')::date - 1"
# From the day of the first bill on; a day that was even is not asked for again.
DUE = f"""
    SELECT due.day::date AS day
      FROM (SELECT min((at AT TIME ZONE 'Asia/Jakarta')::date) AS first FROM paspor.bill) AS bills,
           generate_series(greatest(bills.first, {YESTERDAY} - :most), {YESTERDAY}, interval '1 day') AS due (day)
     WHERE bills.first IS NOT NULL
       AND NOT EXISTS (SELECT FROM paspor.settlement_day s WHERE s.day = due.day::date AND s.even)"""  # noqa: S608
ALL_DUE = text(f"{DUE} ORDER BY due.day")
# What the night should have done by noon.
OVERDUE = text(f"""{DUE} AND clock_timestamp() > (due.day::date + 1)::timestamp AT TIME ZONE 'Asia/Jakarta'
                                               + interval '12 hours' ORDER BY due.day""")
LINES = "jsonb_to_recordset(CAST(:lines AS jsonb)) AS l (receipt_no text, bill_code text, amount bigint)"
# Neither has it an outcome, nor has anybody told us of it: from here on it is a notification like any other.
LOST = text("""
    INSERT INTO paspor.inbox (sender, message_id, body)
    SELECT 'billing', 'settlement/' || (l.line ->> 'receipt_no'), l.line
      FROM jsonb_array_elements(CAST(:lines AS jsonb)) AS l (line)
     WHERE NOT EXISTS (SELECT FROM paspor.payment_case c WHERE c.receipt_no = l.line ->> 'receipt_no')
       AND NOT EXISTS (SELECT FROM paspor.inbox m
                        WHERE m.sender = 'billing' AND m.body ->> 'receipt_no' = l.line ->> 'receipt_no')
    ON CONFLICT (sender, message_id) DO NOTHING""")
FOUND = text(f"""
    SELECT count(*) FROM {LINES} JOIN paspor.inbox m
        ON m.sender = 'billing' AND m.message_id = 'settlement/' || l.receipt_no""")  # noqa: S608
DIFFERENCES = text(f"""
    SELECT CASE WHEN c.receipt_no IS NULL THEN 'waiting' WHEN l.receipt_no IS NULL THEN 'lacking'
                WHEN c.amount <> l.amount THEN 'amount' ELSE 'bill' END AS kind,
           coalesce(c.receipt_no, l.receipt_no) AS receipt_no, coalesce(l.bill_code, c.bill_code) AS bill_code,
           c.amount AS ours, l.amount AS theirs
      FROM {LINES} FULL JOIN (
               SELECT receipt_no, bill_code, amount FROM paspor.payment_case c
                WHERE (paid_at AT TIME ZONE 'Asia/Jakarta')::date = :day
                   OR receipt_no IN (SELECT l.receipt_no FROM {LINES})) AS c ON c.receipt_no = l.receipt_no
     WHERE c.receipt_no IS NULL OR l.receipt_no IS NULL OR (c.amount, c.bill_code) <> (l.amount, l.bill_code)
     ORDER BY 2""")  # noqa: S608
STORE = text("""
    INSERT INTO paspor.settlement_day AS known (day, lines, total, found, differences)
    VALUES (:day, :many, :total, :found, CAST(:differences AS jsonb))
    ON CONFLICT (day) DO UPDATE
       SET lines = excluded.lines, total = excluded.total, found = excluded.found, differences = excluded.differences,
           checks = known.checks + 1, checked_at = clock_timestamp()""")
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('settlement ' || :day, 11))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Where file and books part: `waiting` for its outcome here, `lacking` in the file, another `amount` or `bill`."""

    kind: str
    receipt_no: str
    bill_code: str
    ours: int | None
    theirs: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What a day's comparison found; `found` are payments of which nobody had told us."""

    day: date
    lines: int
    found: int
    differences: tuple[Difference, ...]


def days_due(conn: Connection, most: int) -> tuple[date, ...]:
    """Days that are over and were not found even yet, the oldest first; at most so many back from yesterday."""
    return tuple(conn.execute(ALL_DUE, {"most": most}).scalars())


def overdue(conn: Connection, most: int) -> tuple[date, ...]:
    """Days of which the night after should have made an end, and did not."""
    return tuple(conn.execute(OVERDUE, {"most": most}).scalars())


def compare(conn: Connection, day: date, lines: Sequence[PaymentNotice]) -> Compared:
    """Hold a day of the file against what we know, and store what was found; the same day again stands in its place.

    Payments that nobody told us of are put where notifications come in, once each: the relay brings them to their case.
    """
    listed = NOTICES.dump_json(tuple(lines)).decode()
    conn.execute(ONE_AT_A_TIME, {"day": day.isoformat()})
    conn.execute(LOST, {"lines": listed})
    found = int(conn.execute(FOUND, {"lines": listed}).scalar_one())
    rows = conn.execute(DIFFERENCES, {"lines": listed, "day": day})
    differences = tuple(Difference(**row._mapping) for row in rows)
    values: dict[str, Any] = {"day": day, "many": len(lines), "found": found, "total": sum(one.amount for one in lines)}
    conn.execute(STORE, {**values, "differences": json.dumps([asdict(one) for one in differences])})
    return Compared(day=day, lines=len(lines), found=found, differences=differences)
