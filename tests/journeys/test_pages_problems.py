"""Pages that say no: nothing there, another's, not one's role, nothing behind it, and a door that stays shut."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser

from tests.journeys.browsing import Visitor, chromium, needs_chromium
from tests.journeys.installation import wait_until
from tests.journeys.town import Town

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = [pytest.mark.journey, pytest.mark.pages, needs_chromium]
BOTH = pytest.mark.parametrize(("width", "language"), [("wide", "en-GB"), ("narrow", "id-ID")])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def answers_with(visitor: Visitor, path: str) -> int:
    """Open a page; its status."""
    answer = visitor.page.goto(visitor.api + path)
    assert answer is not None
    return answer.status


@contextmanager
def nobody_mends(town: Town) -> Iterator[None]:
    """What is killed stays away while the block lasts."""
    os.kill(town.installation.supervisor, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(town.installation.supervisor, signal.SIGCONT)


@BOTH
def test_what_is_not_there_or_not_ones_own(town: Town, browser: Browser, width: str, language: str) -> None:
    case = town.files(by=town.person("applicant-31"))
    visitor = Visitor(browser, town.api, width=width, language=language)
    assert answers_with(visitor, "/nowhere") == 404
    visitor.looks("problem-not-found")
    visitor.opens("/applications")
    visitor.signs_in("applicant-32")
    assert answers_with(visitor, f"/applications/{case.number}") == 404
    visitor.looks("problem-not-found-signed-in")
    assert case.number not in visitor.main()
    visitor.leaves()


@BOTH
def test_a_role_that_may_not(town: Town, browser: Browser, width: str, language: str) -> None:
    visitor = Visitor(browser, town.api, width=width, language=language)
    visitor.opens("/sign-in?next=/eligibility")
    visitor.signs_in("board")
    assert answers_with(visitor, "/apply") == 403
    visitor.looks("problem-not-allowed")
    visitor.leaves()


@BOTH
def test_the_issuer_says_no(town: Town, browser: Browser, width: str, language: str) -> None:
    visitor = Visitor(browser, town.api, width=width, language=language)
    visitor.opens("/sign-in")
    # The person said no at the issuer's (RFC 6749 4.1.2.1), or the answer is not for this browser.
    assert answers_with(visitor, "/sign-in/callback?error=access_denied&state=x") == 400
    visitor.looks("sign-in-refused")
    assert visitor.page.locator("main a[href^='/sign-in']").count() == 1
    visitor.leaves()


@pytest.mark.kill
@BOTH
def test_nothing_behind_the_page(town: Town, browser: Browser, width: str, language: str) -> None:
    visitor = Visitor(browser, town.api, width=width, language=language)
    visitor.opens("/eligibility")
    with town.installation.killing("postgres") as kill, nobody_mends(town):
        kill()
        wait_until(lambda: answers_with(visitor, "/eligibility") == 503, "a page without a database")
        visitor.looks("problem-away")
    visitor.opens("/eligibility")
    assert visitor.page.locator("main form").count() == 1
    visitor.leaves()
