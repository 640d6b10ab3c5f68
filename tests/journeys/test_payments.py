"""Money: whatever order the notifications come in, a payment is taken once, and none is left without a word."""

import sqlite3
from typing import Any

import pytest

from tests.journeys.case import Case
from tests.journeys.installation import wait_until
from tests.journeys.notifying import PATH, entries, notice, pushed, stray
from tests.journeys.town import Town

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey


def test_paid_before_the_bill_is_known_here(town: Town) -> None:
    """The treasury makes the bill, its answer is lost, and the citizen pays by the code from elsewhere at once."""
    case, billing = town.files(), town.standins["billing"]
    with billing.failing("lost_reply"):
        case.books()
        made = wait_until(lambda: [line for line in billing.log(case.number) if line["effect"]], "the bill", 10.0)
        code = wait_until(lambda: _code_of(town, case), "the bill's code", 5.0)
        assert case.owner.asks("GET", case.path("/bill")).status_code == 404
        billing.plants("pay", bill_code=code)
        told = "SELECT message_id FROM paspor.inbox WHERE body ->> 'bill_code' = :code"
        wait_until(lambda: town.sql(told, code=code), "the notification", 5.0)
    paid = case.comes_to("paid")
    assert (paid["bill"]["code"], paid["bill"]["state"]) == (code, "paid")
    assert len(made) == 1
    assert len(entries(case, "bill.paid")) == 1
    assert set(billing.effects(f"{case.number}/bill").values()) == {1}


def _code_of(town: Town, case: Case) -> str:
    """The code by which a citizen pays, from the treasury's own books."""
    store = town.installation.folder / "standins" / "billing" / "billing.sqlite"
    books = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    try:
        row = books.execute("SELECT code FROM bills WHERE reference = ?", (case.number,)).fetchone()
    finally:
        books.close()
    return str(row[0]) if row else ""


def test_told_twice_under_one_id_is_paid_once(town: Town) -> None:
    case = town.case_at("booked")
    case.pays(notify="twice")
    heard = _deliveries(town, case, 2)
    assert len({one["webhook_id"] for one in heard}) == 1
    assert len(entries(case, "bill.paid")) == 1
    assert town.sql("SELECT count(*) FROM paspor.inbox WHERE body ->> 'bill_code' = :code", code=case.bill)[0][0] == 1


def test_told_again_under_another_id_is_paid_once(town: Town) -> None:
    case = town.case_at("booked")
    with town.standins["billing"].failing("duplicate"):
        case.pays()
        ids = "SELECT message_id FROM paspor.inbox WHERE body ->> 'bill_code' = :code AND delivered_at IS NOT NULL"
        wait_until(lambda: len(town.sql(ids, code=case.bill)) == 2, "both notifications", 10.0)
    case.goes_to("checked_in")
    assert len(entries(case, "bill.paid")) == 1
    case.owner.does(case.path("/withdrawal"))
    ended = case.ends("withdrawn")
    assert "payment.stray" not in {line["what"] for line in ended["timeline"]}
    assert stray(town, case) == []


def _deliveries(town: Town, case: Case, many: int) -> list[dict[str, Any]]:
    billing = town.standins["billing"].http

    def heard() -> list[dict[str, Any]] | None:
        items = billing.get("notifications").json()["items"]
        found = [one for one in items[-10:] if one["path"] == PATH and one["last_status"] == 204]
        return found[-many:] if len(found) >= many else None

    found: list[dict[str, Any]] = wait_until(heard, "the deliveries", 10.0)
    return found


def test_late_for_a_case_that_has_ended_is_kept_for_an_officer(town: Town) -> None:
    case = town.case_at("booked")
    case.billed()
    with town.standins["billing"].failing("down"):
        case.owner.does(case.path("/withdrawal"))
        # The bill cannot be voided while the treasury is away: the citizen pays what is still open there.
        case.town.standins["billing"].plants("pay", bill_code=case.bill)
    wait_until(lambda: stray(town, case) or entries(case, "payment.stray"), "the payment before an officer", 20.0)
    assert case.shown()["ending"] == "withdrawn"


def test_late_for_a_case_that_is_closed_is_among_the_exceptions(town: Town) -> None:
    case = town.case_at("booked")
    case.billed()
    case.owner.does(case.path("/withdrawal"))
    _closed(town, case)
    answer = pushed(town, notice(case))
    assert answer.status_code == 204
    found = wait_until(lambda: stray(town, case), "the payment among the exceptions", 10.0)
    assert (found[0]["kind"], found[0]["office"]) == ("forfeiture_case", "latihan")
    assert found[0]["reason"]
    assert case.shown()["ending"] == "withdrawn"


def test_late_for_an_earlier_case_does_not_pay_the_next_one(town: Town) -> None:
    case = town.case_at("booked")
    case.billed()
    case.owner.does(case.path("/withdrawal"))
    _closed(town, case)
    again = Case(town, case.owner)
    again.citizen = case.citizen
    again.files()
    town.cases.append(again)
    again.goes_to("booked")
    again.billed()
    assert pushed(town, notice(case)).status_code == 204
    wait_until(lambda: stray(town, case), "the payment among the exceptions", 10.0)
    assert (again.shown()["stage"], again.shown()["bill"]["state"]) == ("booked", "open")
    assert stray(town, again) == []
    again.pays()


def _closed(town: Town, case: Case) -> None:
    """Wait until the engine has closed the case."""
    auditor = town.person("auditor")

    def closed() -> bool:
        history = auditor.reads(f"/v1/audit/applications/{case.number}/history", form="engine")
        return bool(history["events"][-1]["eventType"] == "EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED")

    wait_until(closed, "the case to close", 20.0)


def test_a_wrong_amount_pays_nothing_and_is_kept_for_an_officer(town: Town) -> None:
    case = town.case_at("booked")
    case.billed()
    town.standins["billing"].plants("pay", bill_code=case.bill, amount=649_999)
    delivered = "SELECT 1 FROM paspor.inbox WHERE body ->> 'bill_code' = :code AND delivered_at IS NOT NULL"
    wait_until(lambda: town.sql(delivered, code=case.bill), "the notification", 10.0)
    assert (case.shown()["stage"], case.shown()["bill"]["state"]) == ("booked", "open")
    case.owner.does(case.path("/withdrawal"))
    case.ends("withdrawn")
    wait_until(lambda: entries(case, "payment.stray"), "the payment in the record", 20.0)
    ledger = town.person("auditor").reads(f"/v1/audit/applications/{case.number}/history")["items"]
    assert any(line["action"] == "payment.stray" and "petugas" in line["sentence"] for line in ledger)


def test_a_wrong_amount_and_then_the_right_one_is_paid(town: Town) -> None:
    case = town.case_at("booked")
    case.billed()
    assert pushed(town, notice(case, amount=1)).status_code == 204
    case.pays()
    assert case.shown()["stage"] == "paid"
