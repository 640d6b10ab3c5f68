"""How fast desks, booths, verifiers and printers were: the median of the latest service times, kept for who asks often.

A desk's or booth's time is that of the lease on what was decided; a printer's is from the submitted job to the printed
booklet. A verifier's is the time of an adjudication, as often as one is needed for a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, text

from activities.storage import rules

# Leases that ended with a decision: one that was given back, or ran out, measures nothing.
DECIDED = """
    SELECT l.number, extract(epoch FROM l.ended_at - l.granted_at) AS seconds FROM paspor.lease l
     WHERE l.office = :office AND l.ended_at > clock_timestamp() - make_interval(days => :recent_days)
       AND l.ended_at > l.granted_at AND :step = ANY (l.steps)
       AND EXISTS (SELECT 1 FROM paspor.task t WHERE t.number = l.number AND t.step = :step AND t.state = 'done'
                      AND t.done_at BETWEEN l.granted_at AND l.ended_at)
     ORDER BY l.ended_at DESC LIMIT :latest"""
PEOPLE = """
    SELECT count(*) AS measurements, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS seconds
      FROM ({decided}) AS decided"""
# Of the people last seen at a booth: how many adjudications each needed.
OFTEN = """
    WITH people AS ({decided})
    SELECT (SELECT count(*) FROM paspor.task t WHERE t.step = 'adjudication' AND t.state = 'done'
               AND t.number IN (SELECT number FROM people))::float
           / nullif(count(DISTINCT number), 0) FROM people"""
PRINTED = text("""
    SELECT p.id AS unit, m.measurements, m.seconds FROM paspor.printer p
     CROSS JOIN LATERAL (
         SELECT count(*) AS measurements, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS seconds
           FROM (SELECT extract(epoch FROM a.changed_at - a.started_at) AS seconds FROM paspor.print_attempt a
                  WHERE a.printer = p.id AND a.state = 'printed' AND a.changed_at > a.started_at
                    AND a.changed_at > clock_timestamp() - make_interval(days => :recent_days)
                  ORDER BY a.changed_at DESC LIMIT :latest) AS printed) AS m
     WHERE p.office = :office""")
KEEP = text("""
    INSERT INTO paspor.service_rate AS r (office, resource, unit, per_hour, measurements)
    VALUES (:office, :resource, :unit, :per_hour, :measurements)
    ON CONFLICT (office, resource, unit) DO UPDATE
       SET per_hour = excluded.per_hour, measurements = excluded.measurements, measured_at = clock_timestamp()
     WHERE (r.per_hour, r.measurements) IS DISTINCT FROM (excluded.per_hour, excluded.measurements)""")
FORGET = text("DELETE FROM paspor.service_rate WHERE office = :office AND resource = :resource AND unit = :unit")
KEPT = text("SELECT resource, unit, per_hour, measurements FROM paspor.service_rate WHERE office = :office")
HOUR = 3600.0


class Resource(StrEnum):
    """What an office works with, in the order in which people meet it; of equals, the first one is named."""

    DOCUMENT_DESKS = "document_desks"
    BOOTHS = "booths"
    VERIFIERS = "verifiers"
    PRINTER = "printer"
    BOOKLETS = "booklets"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """People or booklets an hour, for one desk, booth, verifier or printer; of how many measurements."""

    per_hour: float
    measurements: int


Rates = Mapping[tuple[Resource, str], Rate]


def measure(conn: Connection, office: str) -> None:
    """Measure anew; what has no recent measurement is forgotten. Any number of processes may do it."""
    today = datetime.now(UTC).date()
    rule = rules.value(conn, "capacity", office, today)
    span = {"office": office, "recent_days": rule["recent_days"], "latest": rule["latest"]}
    for resource, step in ((Resource.DOCUMENT_DESKS, "documents"), (Resource.BOOTHS, "enrolment")):
        found = conn.execute(text(PEOPLE.format(decided=DECIDED)), {**span, "step": step}).one()
        _keep(conn, office, resource, "", found.measurements, found.seconds)
    _measure_verifiers(conn, office, span)
    for printer in conn.execute(PRINTED, span).all():
        _keep(conn, office, Resource.PRINTER, printer.unit, printer.measurements, printer.seconds)


def rates(conn: Connection, office: str) -> Rates:
    """What was measured last; nothing where nothing was."""
    rows = conn.execute(KEPT, {"office": office})
    return {
        (Resource(row.resource), row.unit): Rate(per_hour=row.per_hour, measurements=row.measurements) for row in rows
    }


def _measure_verifiers(conn: Connection, office: str, span: Mapping[str, Any]) -> None:
    found = conn.execute(text(PEOPLE.format(decided=DECIDED)), {**span, "step": "adjudication"}).one()
    often = conn.execute(text(OFTEN.format(decided=DECIDED)), {**span, "step": "enrolment"}).scalar() or 0.0
    seconds = float(found.seconds) * often if found.seconds is not None else None
    _keep(conn, office, Resource.VERIFIERS, "", found.measurements, seconds)


def _keep(
    conn: Connection, office: str, resource: Resource, unit: str, measurements: int, seconds: float | None
) -> None:
    where = {"office": office, "resource": resource.value, "unit": unit}
    if seconds:
        conn.execute(KEEP, {**where, "per_hour": HOUR / float(seconds), "measurements": measurements})
    else:
        conn.execute(FORGET, where)
