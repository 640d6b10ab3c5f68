"""The record proves itself: verification is sound, and says which row was changed."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import text

from activities.storage import seal
from tests.journeys.people import fits
from tests.journeys.town import Town

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")


class Broken:
    """Rows of the record changed by a superuser, who switches the guards off; put back after the block."""

    def __init__(self, town: Town, number: str) -> None:
        self.town, self.number = town, number

    def does(self, statement: str) -> None:
        """One statement past all guards."""
        with self.town.engine.begin() as connection:
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            connection.exec_driver_sql(statement.replace(":number", f"'{self.number}'"))

    def says(self) -> list[tuple[str, int, str]]:
        """What verification says of the case."""
        found = self.town.person("auditor").reads("/v1/audit/verification")
        fits(found, {"cases": int, "events": int, "broken": [{"number": str, "seq": int, "what": str}], "roots": list})
        return [(one["number"], one["seq"], one["what"]) for one in found["broken"] if one["number"] == self.number]


@pytest.fixture
def record(town: Town) -> Iterator[Broken]:
    """The record of a paid case, whole again afterwards."""
    case = town.case_at("paid")
    broken = Broken(town, case.number)
    keep = f"kept_{case.number}"
    broken.does(f"CREATE TABLE public.{keep} AS SELECT * FROM paspor.case_event WHERE number = :number")
    with town.engine.connect() as unsealed:
        # Nothing is sealed meanwhile: a root over a broken record would not hold when it is whole again.
        unsealed.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": seal.LOCK})
        yield broken
        broken.does("DELETE FROM paspor.case_event WHERE number = :number")
        broken.does(f"INSERT INTO paspor.case_event SELECT * FROM public.{keep}; DROP TABLE public.{keep}")
        assert broken.says() == []
        unsealed.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": seal.LOCK})


def test_the_record_of_all_cases_is_sound(town: Town) -> None:
    town.case_at("paid")
    found = town.person("auditor").reads("/v1/audit/verification")
    assert found["broken"] == []
    assert found["cases"] > 0
    assert found["events"] == town.sql("SELECT count(*) FROM paspor.case_event")[0][0]
    assert all(root["holds"] for root in found["roots"])


def test_verification_and_exceptions_have_their_span(town: Town) -> None:
    auditor = town.person("auditor")
    case = town.case_at("checked_in")
    case.lease("documents")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    today = datetime.now(UTC).date().isoformat()
    later = auditor.reads("/v1/audit/verification", **{"from": tomorrow})
    assert (later["cases"], later["events"], later["broken"], later["roots"]) == (0, 0, [], [])
    assert auditor.reads("/v1/audit/verification", **{"from": today, "to": today})["cases"] > 0
    # Exceptions are by the office's own date, which is ahead of UTC for a third of the day.
    here = datetime.now(timezone(timedelta(hours=8))).date()
    assert auditor.reads("/v1/audit/exceptions", **{"from": str(here + timedelta(days=1))})["items"] == []
    found = auditor.reads("/v1/audit/exceptions", **{"from": str(here), "to": str(here)})["items"]
    chosen = next(one for one in found if one["number"] == case.number)
    assert (chosen["kind"], chosen["who"], chosen["office"]) == ("chosen_case", "examiner@latihan", "latihan")
    assert chosen["reason"]


def test_a_row_that_a_superuser_altered_is_named(record: Broken) -> None:
    assert record.says() == []
    record.does("UPDATE paspor.case_event SET outcome = 'mismatch' WHERE number = :number AND seq = 2")
    assert record.says() == [(record.number, 2, "altered")]


def test_a_row_that_a_superuser_took_out_is_missed(record: Broken) -> None:
    record.does("DELETE FROM paspor.case_event WHERE number = :number AND seq = 3")
    assert record.says()[0][:2] == (record.number, 4)


def test_the_last_row_that_a_superuser_took_out_is_missed(record: Broken) -> None:
    record.does(
        "DELETE FROM paspor.case_event WHERE number = :number AND seq = "
        "(SELECT max(seq) FROM paspor.case_event WHERE number = :number)"
    )
    assert record.says()[0][2] == "missing after"


def test_nobody_but_a_superuser_who_switches_the_guards_off_changes_the_record(town: Town) -> None:
    case = town.case_at("booked")
    for statement in (
        "UPDATE paspor.case_event SET outcome = 'x' WHERE number = :number",
        "DELETE FROM paspor.case_event WHERE number = :number",
        "TRUNCATE paspor.case_event",
        "UPDATE paspor.access_log SET actor = 'x'",
        "DELETE FROM paspor.access_log",
    ):
        values = {"number": case.number} if ":number" in statement else {}
        with pytest.raises(Exception, match=r"(?i)append|changed|never|only|record"):
            town.sql(statement, **values)
