"""What is refused at the form: nothing is charged, nobody is written to, and the person may file again."""

from datetime import date

import pytest

from tests.workflows.conftest import Start
from tests.workflows.driving import Driven
from tests.workflows.fakes import Outside
from tests.workflows.people import adult_filing
from workflows.case.facts import (
    Ending,
    Filing,
    Kind,
    PreviousPassport,
    ReplacementReason,
    Service,
    Stage,
)
from workflows.partners.passports import HeldPassport
from workflows.partners.population import ClaimsVerdict

# The server's clock runs years ahead over a module: dates that must lie in the future lie far.
FAR = date(8000, 1, 1)


def replacing(reason: ReplacementReason, **changes: object) -> Filing:
    """A replacement."""
    previous = PreviousPassport(number="B1234567", expires_on=date(2026, 1, 1))
    return adult_filing(kind=Kind.REPLACEMENT, replacement_reason=reason, previous_passport=previous, **changes)


def holding(outside: Outside, expires_on: date, state: str = "valid") -> None:
    """Plant a passport in the register."""
    held = HeldPassport(number="B1234567", expires_on=expires_on, state=state)
    outside.answers["passports.held_by"] = lambda _: (held,)


async def assert_not_accepted(case: Driven, outside: Outside, code: str) -> None:
    """Refused at the form, nothing charged, nobody written to, and the person may file again."""
    assert await case.file_refused() == code
    outcome = await case.handle.result()
    assert (outcome.ending, outcome.reason) == (Ending.NOT_ACCEPTED, code)
    assert outside.asked["bills.create"] == []
    assert outside.asked["notices.send"] == []
    assert (outside.view.ending, outside.view.bookable) == (Ending.NOT_ACCEPTED, False)


@pytest.mark.parametrize(
    "verdict", [ClaimsVerdict(status="found", mismatches=("birth_date",)), ClaimsVerdict(status="not_found")]
)
async def test_not_accepted_for_claims(start: Start, outside: Outside, verdict: ClaimsVerdict) -> None:
    outside.answers["population.verify"] = lambda _: verdict
    await assert_not_accepted(await start(), outside, "nik_mismatch")


async def test_not_accepted_for_a_valid_passport(start: Start, outside: Outside) -> None:
    holding(outside, FAR)
    await assert_not_accepted(await start(), outside, "already_holds_passport")


async def test_a_strangers_passport_is_not_betrayed(start: Start, outside: Outside) -> None:
    """`already_holds_passport` is said only when all claims match, so that nobody can ask about another's NIK."""
    holding(outside, FAR)
    outside.answers["population.verify"] = lambda _: ClaimsVerdict(status="found", mismatches=("full_name",))
    await assert_not_accepted(await start(), outside, "nik_mismatch")


async def test_a_revoked_passport_is_no_obstacle(start: Start, outside: Outside) -> None:
    holding(outside, FAR, state="revoked")
    case = await start()
    assert (await case.file()).stage is Stage.FILED


@pytest.mark.parametrize(
    "filing",
    [
        replacing(ReplacementReason.LOST),
        replacing(ReplacementReason.PAGES_FULL, service=Service.SAME_DAY),
        adult_filing(kind=Kind.REPLACEMENT),
    ],
    ids=["lost", "same_day_pages_full", "no_reason"],
)
async def test_not_accepted_as_not_eligible(start: Start, outside: Outside, filing: Filing) -> None:
    await assert_not_accepted(await start(filing), outside, "not_eligible")
    assert outside.asked["population.verify"] == []


async def test_not_accepted_beside_a_live_application(start: Start, outside: Outside) -> None:
    outside.answers["ledger.open_case"] = lambda _: None
    await assert_not_accepted(await start(), outside, "live_application_exists")
    assert outside.asked["population.verify"] == []
