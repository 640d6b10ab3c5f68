"""How many filings an institution's operator may make for citizens on a day, and has made."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

COUNT = text("SELECT paspor.count_assisted(:numbers, :operator, :institution)")
DONE = text("""
    SELECT coalesce((SELECT filings FROM paspor.assisted_day
                      WHERE day = paspor.capital_day() AND scope = 'operator' AND who = :operator), 0) AS operator,
           coalesce((SELECT filings FROM paspor.assisted_day
                      WHERE day = paspor.capital_day() AND scope = 'institution' AND who = :institution), 0)
               AS institution,
           (r.value ->> 'operator_filings')::int AS operator_most,
           (r.value ->> 'institution_filings')::int AS institution_most
      FROM paspor.rule_value('assistance', :institution, paspor.capital_day()) AS r (value)""")
NEXT_DAY = text("""
    SELECT ceil(extract(epoch FROM
               ((paspor.capital_day() + 1)::timestamp AT TIME ZONE 'Asia/Jakarta') - clock_timestamp()))::int""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """Filings of today, by the capital's clock, and the most there may be."""

    operator: int
    operator_most: int
    institution: int
    institution_most: int


def count(conn: Connection, numbers: Sequence[str], operator: str, institution: str) -> str | None:
    """Count filings, each once; else whose limit is reached (`operator`, `institution`), and none is counted."""
    about = {"numbers": list(numbers), "operator": operator, "institution": institution}
    found: str | None = conn.execute(COUNT, about).scalar()
    return found


def seconds_to_the_next_day(conn: Connection) -> int:
    """When the limits begin anew."""
    return int(conn.execute(NEXT_DAY).scalar_one())


def today(conn: Connection, operator: str, institution: str) -> Today:
    """How many there were today."""
    row = conn.execute(DONE, {"operator": operator, "institution": institution}).one()
    return Today(**row._mapping)
