"""What an operator watches in our tables: each a name, a sentence, and one question that finds its rows by an index.

Offices, steps and stages may be named here, people and cases never. Ages are in seconds, 0 where nothing waits.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, text

LIMIT = text("SET LOCAL statement_timeout = '3s'")
MOST_ENTRIES = 500_000  # counted in one step, so that each is far within its three seconds
LIVE = "FROM paspor.application a WHERE a.ending IS NULL"
# A promise names a day of the office; it is kept when the passport is ready, or the case is at its end.
PROMISED = """
    FROM paspor.application a JOIN paspor.office o ON o.id = a.office
   WHERE a.ending IS NULL AND a.stage <> 'ready' AND (a.view -> 'promise' ->> 'collect_on')::date """
TODAY = "(clock_timestamp() AT TIME ZONE o.time_zone)::date"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A gauge: its name and help text, the columns that tell its values apart, and the SQL with a column `value`."""

    name: str
    help: str
    labels: tuple[str, ...] = ()
    sql: str


Values = tuple[tuple[tuple[str, ...], float], ...]

QUESTIONS: tuple[Question, ...] = (
    Question(
        name="paspor_cases_open",
        help="Cases that have not ended, by stage and office (empty before a seat is chosen).",
        labels=("stage", "office"),
        sql=f"SELECT a.stage, coalesce(a.office, '') AS office, count(*) AS value {LIVE} GROUP BY 1, 2",
    ),
    Question(
        name="paspor_cases_overdue",
        help="Open cases whose next step was due before now.",
        labels=("stage",),
        sql=f"SELECT a.stage, count(*) AS value {LIVE} AND a.due_at < clock_timestamp() GROUP BY 1",
    ),
    Question(
        name="paspor_cases_stuck",
        help="Open cases whose next step was due more than a day ago: no deadline may be passed over for so long.",
        sql=f"SELECT count(*) AS value {LIVE} AND a.due_at < clock_timestamp() - interval '1 day'",
    ),
    Question(
        name="paspor_tasks_open",
        help="Tasks that wait for an officer or are in an officer's hands.",
        labels=("step", "office"),
        sql="SELECT step, office, count(*) AS value FROM paspor.task WHERE state = 'open' GROUP BY 1, 2",
    ),
    Question(
        name="paspor_task_oldest_age_seconds",
        help="How long the oldest open task of a step has waited.",
        labels=("step",),
        sql="""SELECT step, extract(epoch FROM clock_timestamp() - min(since)) AS value FROM paspor.task
                WHERE state = 'open' GROUP BY 1""",
    ),
    Question(
        name="paspor_tasks_overdue",
        help="Open tasks whose due time has passed.",
        labels=("step",),
        sql="""SELECT step, count(*) FILTER (WHERE due_at < clock_timestamp()) AS value FROM paspor.task
                WHERE state = 'open' GROUP BY 1""",
    ),
    Question(
        name="paspor_outbox_waiting",
        help="Messages that no case has been told yet.",
        sql="SELECT count(*) AS value FROM paspor.outbox WHERE sent_at IS NULL",
    ),
    Question(
        name="paspor_outbox_oldest_age_seconds",
        help="Age of the oldest message that no case has been told yet.",
        sql="""SELECT coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0) AS value FROM paspor.outbox
                 WHERE sent_at IS NULL""",
    ),
    Question(
        name="paspor_inbox_waiting",
        help="Messages of other systems that no case has taken; `known` says whether they lead to a case of ours.",
        labels=("sender", "known"),
        sql="""SELECT m.sender, CASE WHEN b.code IS NULL AND s.request_id IS NULL THEN 'no' ELSE 'yes' END AS known,
                      count(*) AS value
                 FROM paspor.inbox m
                 LEFT JOIN paspor.bill b ON m.sender = 'billing' AND b.code = m.body ->> 'bill_code'
                 LEFT JOIN paspor.search s ON m.sender = 'abis' AND s.request_id = m.body ->> 'request_id'
                WHERE m.delivered_at IS NULL AND m.left_over_at IS NULL GROUP BY 1, 2""",
    ),
    Question(
        name="paspor_inbox_oldest_age_seconds",
        help="Age of the oldest message of another system whose case is known and has not taken it.",
        sql="""SELECT coalesce(extract(epoch FROM clock_timestamp() - min(m.received_at)), 0) AS value
                  FROM paspor.inbox m
                  LEFT JOIN paspor.bill b ON m.sender = 'billing' AND b.code = m.body ->> 'bill_code'
                  LEFT JOIN paspor.search s ON m.sender = 'abis' AND s.request_id = m.body ->> 'request_id'
                 WHERE m.delivered_at IS NULL AND m.left_over_at IS NULL
                   AND (b.code IS NOT NULL OR s.request_id IS NOT NULL)""",
    ),
    Question(
        name="paspor_seats_left",
        help="Seats that can still be booked, from now to so many days ahead; none on a day that the office closed.",
        labels=("office", "lane", "within"),
        sql="""SELECT o.id AS office, l.lane, ahead || 'd' AS within,
                      coalesce(sum(s.seats - s.taken - s.kept), 0) AS value
                  FROM paspor.office o CROSS JOIN unnest(o.lanes) AS l (lane) CROSS JOIN unnest(ARRAY[7, 30]) AS ahead
                 CROSS JOIN LATERAL (SELECT (clock_timestamp() AT TIME ZONE o.time_zone)::date) AS now (today)
                  LEFT JOIN paspor.slot s ON s.office = o.id AND s.lane = l.lane AND s.starts_at > clock_timestamp()
                   AND s.day BETWEEN now.today AND now.today + ahead
                   AND NOT EXISTS (SELECT FROM paspor.closure c WHERE c.office = s.office AND c.day = s.day)
                 GROUP BY 1, 2, 3""",
    ),
    Question(
        name="paspor_seats_held",
        help="Seats held for a bill that is not paid yet.",
        sql="SELECT count(*) AS value FROM paspor.booking WHERE state = 'held'",
    ),
    Question(
        name="paspor_holds_lapsed",
        help="Seats held past the end of their hold, which each minute should free.",
        sql="SELECT count(*) AS value FROM paspor.booking WHERE state = 'held' AND hold_until < clock_timestamp()",
    ),
    Question(
        name="paspor_booklets_left",
        help="Blank booklets in stock.",
        labels=("office",),
        sql="""SELECT o.id AS office, count(b.serial) AS value FROM paspor.office o
                 LEFT JOIN paspor.booklet b ON b.office = o.id AND b.state = 'stock' GROUP BY 1""",
    ),
    Question(
        name="paspor_printer_up",
        help="Whether a printer may be used: 1 or 0.",
        labels=("office", "printer"),
        sql="SELECT office, id AS printer, (state = 'up')::int AS value FROM paspor.printer",
    ),
    Question(
        name="paspor_promises_at_risk",
        help="Passports promised for today or tomorrow that are not ready yet.",
        labels=("office",),
        sql=f"SELECT a.office, count(*) AS value {PROMISED} BETWEEN {TODAY} AND {TODAY} + 1 GROUP BY 1",
    ),
    Question(
        name="paspor_promises_broken",
        help="Passports promised for a day that is over and not ready yet.",
        labels=("office",),
        sql=f"SELECT a.office, count(*) AS value {PROMISED} < {TODAY} GROUP BY 1",
    ),
    Question(
        name="paspor_seal_age_seconds",
        help="Age of the last seal of the record; absent before the first.",
        sql="""SELECT extract(epoch FROM clock_timestamp() - at) AS value FROM paspor.seal
                WHERE id = (SELECT max(id) FROM paspor.seal)""",
    ),
    Question(
        name="paspor_record_unsealed_age_seconds",
        help="Age of the oldest entry of the record that no seal covers: a night without entries needs no seal.",
        # With OFFSET, since the planner would look for the least time from the very first entry on.
        sql="""SELECT coalesce(extract(epoch FROM clock_timestamp() - min(recorded_at)), 0) AS value
                  FROM (SELECT recorded_at FROM paspor.case_event
                         WHERE xact >= coalesce((SELECT upto_xact FROM paspor.seal ORDER BY id DESC LIMIT 1), 0)
                        OFFSET 0) AS unsealed""",
    ),
)
# Transactions below the snapshot's oldest are over, so that each entry is counted once.
SETTLED = text("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
STEP_END = text("""
    SELECT xact FROM paspor.case_event WHERE xact >= :since AND xact < :settled ORDER BY xact OFFSET :most LIMIT 1""")
EVENTS = text("""
    SELECT action, CASE WHEN action = 'application.ended' THEN outcome ELSE '' END AS ending, count(*) AS entries
      FROM paspor.case_event WHERE xact >= :since AND xact < :upto GROUP BY 1, 2""")
PRINTING = text("SELECT DISTINCT office FROM paspor.printer ORDER BY office")


def ask(conn: Connection, question: Question) -> Values:
    """The values of one gauge now, within three seconds. Raises `OperationalError` when that is too short."""
    conn.execute(LIMIT)
    rows = conn.execute(text(question.sql)).mappings()
    return tuple((tuple(str(row[label]) for label in question.labels), float(row["value"])) for row in rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Events:
    """How many entries of the record there are by action, and by ending where a case ended early, below `upto`.

    `whole` is false while there are more to be read from `upto` on.
    """

    upto: int = 0
    whole: bool = True
    by_action: Iterable[tuple[str, str, int]] = ()


def events_since(conn: Connection, since: int, most: int = MOST_ENTRIES) -> Events:
    """What came to the record from transaction `since` on, at most about so many entries; 0 begins with the first."""
    conn.execute(LIMIT)
    settled = int(conn.execute(SETTLED).scalar_one())
    end = conn.execute(STEP_END, {"since": since, "settled": settled, "most": most}).scalar()
    upto = settled if end is None else max(int(end), since + 1)
    rows = conn.execute(EVENTS, {"since": since, "upto": upto})
    by_action = [(row.action, row.ending, row.entries) for row in rows]
    return Events(upto=upto, whole=end is None, by_action=by_action)


def offices_that_print(conn: Connection) -> tuple[str, ...]:
    """The offices whose printers have a queue."""
    return tuple(conn.execute(PRINTING).scalars())
