"""How the service keeps its word, for everybody to see: counted from the record and the queue, an office at a time."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

# The span that a figure is counted over.
SPAN_DAYS = 90
# The first date that was given, and whether the passport was ready by it; who still may become ready in time waits.
PROMISES = """
    SELECT a.office, (r.ready IS NOT NULL AND r.ready <= p.day)::int::float AS value
      FROM paspor.application a JOIN paspor.office o ON o.id = a.office
      JOIN LATERAL (
          SELECT coalesce(a.view -> 'promise' -> 'history' -> 0 ->> 'collect_on',
                          a.view -> 'promise' ->> 'collect_on')::date AS day) p ON p.day IS NOT NULL
      LEFT JOIN LATERAL (
          SELECT (min(e.at) AT TIME ZONE o.time_zone)::date AS ready FROM paspor.case_event e
           WHERE e.number = a.number AND e.action = 'passport.ready') r ON true
     WHERE a.created_at >= clock_timestamp() - make_interval(days => :span)
       AND (r.ready IS NOT NULL OR (a.ending IS NULL AND p.day < (clock_timestamp() AT TIME ZONE o.time_zone)::date))"""
# Of those that were accepted: who found a seat, and who left or lapsed without one.
BOOKINGS = """
    SELECT a.office, (s.held IS NOT NULL)::int::float AS value
      FROM paspor.application a
      JOIN paspor.case_event v ON v.number = a.number AND v.action = 'claims.verified'
      LEFT JOIN LATERAL (
          SELECT 1 AS held FROM paspor.case_event e
           WHERE e.number = a.number AND e.action = 'seat.held' LIMIT 1) s ON true
     WHERE a.created_at >= clock_timestamp() - make_interval(days => :span)
       AND (s.held IS NOT NULL OR a.ending IS NOT NULL)"""
# Working days from the day of the interview, as the promise counts them.
DAYS = """
    SELECT a.office, d.days::float AS value
      FROM paspor.application a JOIN paspor.office o ON o.id = a.office
      JOIN LATERAL (
          SELECT (min(e.at) FILTER (WHERE e.action = 'passport.ready') AT TIME ZONE o.time_zone)::date AS ready,
                 (max(e.at) FILTER (WHERE e.action = 'interview.held') AT TIME ZONE o.time_zone)::date AS interview
            FROM paspor.case_event e WHERE e.number = a.number) w ON w.ready IS NOT NULL AND w.interview IS NOT NULL
      JOIN LATERAL (
          SELECT count(*) AS days FROM generate_series(w.interview + 1, w.ready, interval '1 day') AS passing
           WHERE extract(isodow FROM passing) < 6
             AND NOT EXISTS (SELECT FROM paspor.calendar_day c WHERE c.day = passing::date)
             AND NOT EXISTS (
                 SELECT FROM paspor.closure c WHERE c.office = a.office AND c.day = passing::date)) d ON true
     WHERE a.created_at >= clock_timestamp() - make_interval(days => :span)"""
# Minutes from arrival, or from the first minute at which one may be called, to the first call.
WAITS = """
    SELECT k.office, extract(epoch FROM c.at - greatest(k.issued_at, k.callable_from)) / 60 AS value
      FROM paspor.ticket k
      JOIN LATERAL (
          SELECT min(q.at) AS at FROM paspor.queue_call q
           WHERE q.office = k.office AND q.day = k.day AND q.label = k.label AND q.what = 'call') c ON c.at IS NOT NULL
     WHERE k.issued_at >= clock_timestamp() - make_interval(days => :span)"""
COUNTED = """
    SELECT coalesce(office, '') AS office, count(*) AS cases, avg(value) AS mean,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY value) AS half,
           percentile_cont(0.9) WITHIN GROUP (ORDER BY value) AS most
      FROM ({measured}) AS measured GROUP BY GROUPING SETS ((office), ())
    HAVING count(*) > 0 ORDER BY grouping(office) DESC, office"""
MEASURES = {"promises": PROMISES, "bookings": BOOKINGS, "days": DAYS, "waits": WAITS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One measure at one office, or at all where `office` is empty; `half` and `most` are the 50 and 90 % points."""

    office: str
    cases: int
    mean: float
    half: float
    most: float


def performance(conn: Connection) -> dict[str, tuple[Measured, ...]]:
    """Each measure over the last ninety days, all offices together first; nothing where nothing was measured."""
    found = {}
    for name, measured in MEASURES.items():
        rows = conn.execute(text(COUNTED.format(measured=measured)), {"span": SPAN_DAYS})
        found[name] = tuple(Measured(**{**row._mapping, "mean": float(row.mean)}) for row in rows)
    return found
