"""What an application leaves behind outside: each effect once, one booklet, one print, a record without gaps."""

from collections import Counter

from tests.journeys.application import Application
from tests.journeys.installation import Installation
from tests.journeys.outside import asked

# What our cases ask of the others by key. Mail is left to `mails_of`: it has no key, and is sent at least once.
KEYED = ("population", "passports", "watchlist", "billing", "abis", "printer")
OF_ONE_CASE = (
    "claims",
    "bill",
    "exit_ban/interview/0",
    "search/insert",
    "search",
    "exit_ban/print/1",
    "print/1",
    "issue",
)


def all_went_once(application: Application) -> None:
    """Check that a collected application had each of its effects once, mails too."""
    effects_went_once(application)
    assert set(mails_of(application).values()) == {1}


def effects_went_once(application: Application) -> None:
    """Check that a collected application had each effect once: by key, in stock, at the printer, in the record."""
    installation, number = application.installation, application.number
    effects = effects_of(installation, number)
    assert {key: count for key, count in effects.items() if count != 1} == {}
    at_the_counter = {key for key in effects if key.startswith(f"{number}/exit_ban/handover/")}
    assert len(at_the_counter) == 1
    assert set(effects) - at_the_counter == {f"{number}/{what}" for what in OF_ONE_CASE}
    printed = [one["job_name"] for one in asked(installation, "printer", "printed") if number in one["job_name"]]
    assert printed == [f"{number}/print/1"]
    booklets = installation.sql("SELECT serial, state FROM paspor.booklet WHERE number = :number", number=number)
    assert [tuple(row) for row in booklets] == [(application.booklet, "used")]
    for table in ("ticket", "booking"):
        counted = installation.sql(f"SELECT count(*) FROM paspor.{table} WHERE number = :number", number=number)
        assert [tuple(row) for row in counted] == [(1,)]
    record_is_whole(application)


def record_is_whole(application: Application) -> list[str]:
    """Check that entries are numbered without gap, each with the key of its number; what happened, in order."""
    rows = application.installation.sql(
        "SELECT seq, key, action FROM paspor.case_event WHERE number = :number ORDER BY seq", number=application.number
    )
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert [row.key for row in rows] == [f"{application.number}/{row.seq}" for row in rows]
    return [row.action for row in rows]


def effects_of(installation: Installation, number: str) -> dict[str, int]:
    """How often the work of each key of a case was really done, by the logs of all stand-ins."""
    found: dict[str, int] = {}
    for name in KEYED:
        for line in asked(installation, name, "log"):
            if (line["key"] or "").startswith(f"{number}/"):
                found[line["key"]] = found.get(line["key"], 0) + bool(line["effect"])
    return found


def mails_of(application: Application) -> Counter[tuple[str, str]]:
    """How many copies of each mail the applicant has, by message id and text."""
    to = application.person.claims()["email"]
    mails = asked(application.installation, "mail", f"messages?to={to}")
    return Counter((mail["message_id"], mail["body"]) for mail in mails if application.number in mail["subject"])
