"""Each register away, slow, in error or without a reply at its step: nothing is lost, doubled or stopped by it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.journeys.installation import wait_until
from tests.journeys.people import done, refused
from tests.journeys.standins import once_each
from tests.journeys.town import Town

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey
KINDS = ("down", "error", "lost_reply", "slow")


def test_register_down_at_filing_is_waited_for_without_a_bill(town: Town) -> None:
    """Of two who file meanwhile one gives up, and one goes on when the register is back."""
    applicants = [town.applicant(), town.applicant()]
    with town.standins["population"].failing("down"):
        with ThreadPoolExecutor(2) as pool:
            case, other = pool.map(town.files, applicants)
        ended = other.owner.does(other.path("/withdrawal"))
        assert (ended["stage"], ended["ending"]) == ("ended", "withdrawn")
        filed = case.shown()
        assert (filed["stage"], filed["next_step"]["who"]) == ("filed", "system")
        assert "bill" not in filed
        refused(case.owner.asks("GET", case.path("/bill")), 404, "not_found")
        slot = case.slots()[0]["id"]
        refused(case.takes(slot), 409, "not_your_turn")
        assert town.standins["billing"].log(case.number) == []
    case.waits_until(lambda now: now["next_step"]["who"] == "applicant", "the register's answer", 30.0)
    case.goes_to("paid")
    once_each(town, case, "population", "billing")


def test_passport_database_down_at_filing_is_waited_for(town: Town) -> None:
    with town.standins["passports"].failing("down"):
        case = town.files()
        assert case.shown()["next_step"]["who"] == "system"
    case.waits_until(lambda now: now["next_step"]["who"] == "applicant", "the database's answer", 30.0)


@pytest.mark.parametrize("kind", ["error", "lost_reply"])
def test_register_troubled_at_filing(town: Town, kind: str) -> None:
    with town.standins["population"].failing(kind, rate=0.5), town.standins["passports"].failing(kind, rate=0.5):
        case = town.files()
        case.waits_until(lambda now: now["next_step"]["who"] == "applicant", "the registers' answers", 20.0)
    once_each(town, case, "population")


@pytest.mark.parametrize("kind", KINDS)
def test_billing_troubled_when_the_bill_is_made(town: Town, kind: str) -> None:
    case, billing = town.files(), town.standins["billing"]
    with billing.failing(kind, seconds=1.0):
        case.books()
        wait_until(lambda: billing.log(f"{case.number}/bill"), "the question for a bill", 10.0)
    case.pays()
    once_each(town, case, "billing")
    assert len([line for line in case.shown()["timeline"] if line["what"] == "bill.made"]) == 1


@pytest.mark.parametrize("kind", ["down", "lost_reply"])
def test_billing_troubled_when_the_bill_is_voided(town: Town, kind: str) -> None:
    case, billing = town.case_at("booked"), town.standins["billing"]
    code = case.billed()["code"]
    with billing.failing(kind):
        assert case.owner.does(case.path("/withdrawal"))["ending"] == "withdrawn"
        assert case.shown()["bill"]["state"] == "lapsed"
        wait_until(lambda: billing.log(f"{case.number}/bill/void"), "the question for the void", 10.0)
    wait_until(lambda: town_bill(town, code)["state"] == "void", "the void bill", 20.0)
    once_each(town, case, "billing")


def town_bill(town: Town, code: str) -> dict[str, str]:
    """The bill in the treasury's books."""
    address = town.installation.addresses["standins"]["billing"]
    found: dict[str, str] = done(town.nobody.http.get(f"{address}/bills/{code}"))
    return found


@pytest.mark.parametrize("kind", ["down", "error", "lost_reply"])
def test_watchlist_troubled_before_the_interview_is_waited_for(town: Town, kind: str) -> None:
    case = town.case_at("checked_in")
    with town.standins["watchlist"].failing(kind):
        case.decides("documents", outcome="complete")
        wait_until(lambda: town.standins["watchlist"].log(case.number), "the question", 10.0)
        assert case.shown()["next_step"] == {"who": "system", "what": "check_exit_ban"}
    case.task("interview")
    once_each(town, case, "watchlist")


def test_watchlist_down_at_handover_is_503_and_works_then_with_the_same_task(town: Town) -> None:
    case = town.case_at("ready")
    lease = case.lease("handover")
    collector = {"relation": "self", "id_kind": "id_card", "id_number": case.citizen.nik}
    act: dict[str, Any] = {
        "lease": lease,
        "outcome": "collected",
        "booklet_number": case.booklet,
        "collector": collector,
    }
    with town.standins["watchlist"].failing("down"):
        answer = case.tries("handover", **act)
        refused(answer, 503, "partner_away")
        assert int(answer.headers["Retry-After"]) >= 1
        assert (case.shown()["stage"], case.shown()["passport"]["state"]) == ("ready", "ready")
    assert case.decides("handover", **act)["ending"] == "collected"
    once_each(town, case, "watchlist", "passports")


def test_passport_database_without_a_reply_records_an_issue_once(town: Town) -> None:
    case, passports = town.case_at("ready"), town.standins["passports"]
    with passports.failing("lost_reply"):
        done(case.handed())
        wait_until(lambda: passports.log(f"{case.number}/issue"), "the entry", 10.0)
    address = town.installation.addresses["standins"]["passports"]

    def held() -> list[dict[str, str]]:
        found: list[dict[str, str]] = done(
            town.nobody.http.post(f"{address}/holdings", json={"nik": case.citizen.nik})
        )["passports"]
        return found

    wait_until(lambda: [one["number"] for one in held()] == [case.booklet], "the passport on record", 20.0)
    wait_until(lambda: len(passports.log(f"{case.number}/issue")) >= 2, "the second question", 20.0)
    once_each(town, case, "passports")


def test_everything_troubled_at_once_still_ends_with_one_passport(town: Town) -> None:
    for name in ("population", "passports", "watchlist", "billing", "abis", "capture"):
        town.standins[name].plants("faults", kind="lost_reply", rate=0.34)
    case = town.files()
    case.waits_until(lambda now: now["next_step"]["who"] == "applicant", "the registers' answers", 30.0)
    case.goes_to("documents_examined")
    case.task("interview")
    case.goes_to("interviewed")
    done(case.captures())
    case.goes_to("ready")
    lease = case.lease("handover")

    def handed() -> bool:
        collector = {"relation": "self", "id_kind": "id_card", "id_number": case.citizen.nik}
        act: dict[str, Any] = {
            "lease": lease,
            "outcome": "collected",
            "booklet_number": case.booklet,
            "collector": collector,
        }
        return case.tries("handover", **act).is_success

    wait_until(handed, "the handover", 30.0)
    once_each(town, case, "population", "watchlist", "billing", "abis", "printer")
    wait_until(lambda: town.standins["passports"].effects(f"{case.number}/issue"), "the entry", 20.0)
    once_each(town, case, "passports")
