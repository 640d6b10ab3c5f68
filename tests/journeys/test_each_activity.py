"""Each activity dies once with its worker, after its effect and before it could say so: each effect is there once."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from tests.journeys.application import OFFICE, Application, application
from tests.journeys.evidence import effects_of, effects_went_once, mails_of, record_is_whole
from tests.journeys.installation import Installation, installed, wait_until
from tests.journeys.outside import plant

DEFINED = re.compile(r'@activity\.defn\(name="([^"]+)"\)')
ACTIVITIES = {
    name
    for module in (Path(__file__).parents[2] / "activities").glob("*.py")
    for name in DEFINED.findall(module.read_text())
} - {
    # Not waited for: a question of the end of a day that an office closed, and the nightly comparison with the
    # settlement file, which belongs to no case.
    "seats.sought",
    "settlements.days_due",
    "settlements.reconcile",
}
TOLD_AFTER = 45.0  # seconds after which the matcher tells its result; the API hangs by then
RULE = """
    INSERT INTO paspor.rule (name, office, effective_from, value, source)
    VALUES (:name, :office, :day, CAST(:value AS jsonb), 'a test')"""

pytestmark = [pytest.mark.journey, pytest.mark.kill, pytest.mark.timeout(900)]


@pytest.fixture
def deaths(tmp_path: Path) -> Path:
    """Where the workers write down of what they died."""
    folder = tmp_path / "deaths"
    folder.mkdir()
    return folder


@pytest.fixture
def mortal(tmp_path: Path, deaths: Path) -> Iterator[Installation]:
    """An installation whose workers die once of each activity, and whose office does not wait as long as others."""
    with installed(tmp_path / "data", ["tests.journeys.dying_up"], {"DEATHS": str(deaths)}) as found:
        for name, value in (("payment", '{"minutes": 1}'), ("matching", '{"poll_minutes": 1}')):
            found.sql(RULE, name=name, office=OFFICE, day=date(2026, 1, 1), value=value)
        yield found


def test_each_activity_dies_after_its_effect_and_has_it_once(mortal: Installation, deaths: Path) -> None:
    with application(mortal) as left, application(mortal) as silent, application(mortal) as whole:
        left.runs(until="book")
        left.withdraws()
        silent.runs(until="book")
        silent.pays_at_the_bank(notify="never")
        whole.runs(until="interview")
        with unheard_match(mortal, whole):
            whole.captures()
        whole.comes_to("approved")
        whole.runs(since="allocate")
        silent.comes_to("paid")
        silent.withdraws()
        wait_until(lambda: {death.name for death in deaths.iterdir()} >= ACTIVITIES, "all deaths", 60.0)

        effects_went_once(whole)
        gave_all_back_once(left, {"claims", "bill", "bill/void"})
        gave_all_back_once(silent, {"claims", "bill"})
        # Mail knows no keys: who got the one of which a worker died sees by its id that both copies are the same.
        mails = mails_of(whole) + mails_of(left) + mails_of(silent)
        assert sorted(mails.values()) == [1] * (len(mails) - 1) + [2]
        assert len({message for message, _ in mails}) == len(mails)


@contextmanager
def unheard_match(installation: Installation, case: Application) -> Iterator[None]:
    """The API hangs when the matcher tells its result of the capture in the block: the case has to ask for it."""
    plant(installation, "abis", "expectations", number=case.number, candidates=[], delay_seconds=TOLD_AFTER)
    yield
    with installation.frozen("api"):
        wait_until(lambda: "duplicates.searched" in record_is_whole(case), "the result that was asked for", 150.0)


def gave_all_back_once(case: Application, effects: set[str]) -> None:
    """A withdrawn application had these effects once each, and holds nothing any more."""
    found = effects_of(case.installation, case.number)
    assert found == {f"{case.number}/{what}": 1 for what in effects}
    assert record_is_whole(case)[-1] == "application.ended"
    bookings = "SELECT state FROM paspor.booking WHERE number = :number"
    assert [row.state for row in case.installation.sql(bookings, number=case.number)] == ["released"]
