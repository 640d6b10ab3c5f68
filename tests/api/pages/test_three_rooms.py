"""What all rooms share: where a form is found again, what a page that says no tells, and whose words are used."""

from html import unescape

import pytest
from sqlalchemy import text

from api.pages.texts import ALL, has
from tests.activities.storage.cases import noted
from tests.api.pages.conftest import Browser, SignedIn
from tests.api.running import NUMBER, Known
from workflows.case.facts import Ending, Stage

WORK = f"/desk/applications/{NUMBER}/documents"
MINE = f"/applications/{NUMBER}"


async def examiner(signed_in: SignedIn) -> Browser:
    return await signed_in(kind="officer", sub="examiner", roles=["examiner"], office="denpasar")


@pytest.mark.parametrize(
    ("sent", "found"),
    [
        (f"{WORK}/claim", WORK),
        (f"{WORK}/release", WORK),
        ("/desk/next", "/desk"),
        ("/desk/counter/3/no-show", "/desk/counter/3"),
        ("/desk/check-in", "/desk/check-in"),
        (f"{MINE}/appointment?office=denpasar", f"{MINE}/appointment?office=denpasar"),
        ("/sign-out", "/"),
    ],
)
async def test_a_form_is_found_again_after_the_door(case: Known, browser: Browser, sent: str, found: str) -> None:
    answer = await browser.sends(sent)
    expected = found if sent == "/sign-out" else f"/sign-in?next={found.replace('?', '%3F').replace('=', '%3D')}"
    assert (answer.status_code, answer.headers["location"]) == (303, expected)


async def test_another_language_keeps_the_page_of_a_form_that_was_refused(case: Known, signed_in: SignedIn) -> None:
    browser = await examiner(signed_in)
    await browser.opens(WORK)
    refused = await browser.sends(f"{WORK}/claim", reason="")
    assert refused.status_code == 422
    assert f'href="/language/en?next={WORK}"' in unescape(refused.text)
    assert (await browser.opens(WORK)).status_code == 200


async def test_a_page_that_says_no_shows_no_code(case: Known, signed_in: SignedIn) -> None:
    browser = await examiner(signed_in)
    for path, said in (("/audit", "tidak berwenang membuka"), ("/nowhere", "Alamatnya keliru")):
        page = (await browser.opens(path)).text
        assert said in page
        assert "role_not_allowed" not in page
        assert "not_found" not in page
    await browser.opens("/desk")
    assert "sesi yang sudah berakhir" in (await browser.sends("/desk/next", csrf="another")).text


def test_what_is_next_has_officers_words_wherever_applicants_have_theirs() -> None:
    steps = {key.removeprefix("next.") for key in ALL if key.startswith("next.")} - {"none"}
    assert {one for one in steps if not has(f"desk.comes.{one}")} == set()
    spoken = [said for key in ALL if key.startswith("desk.comes.") for said in ALL[key]]
    assert [said for said in spoken if "Anda" in said or "your" in said.lower().split()] == []


@pytest.mark.parametrize("path", ["documents", "documents/id_card", "appointment", "appointment?office=denpasar"])
async def test_nothing_is_asked_for_when_it_is_over(case: Known, signed_in: SignedIn, path: str) -> None:
    with case.engine.begin() as connection:
        noted(connection, NUMBER, 3, office="denpasar", stage=Stage.ENDED, ending=Ending.WITHDRAWN)
    answer = await (await signed_in()).opens(f"{MINE}/{path}")
    assert (answer.status_code, answer.headers.get("location")) == (303, MINE)


@pytest.mark.parametrize(
    ("query", "listed"),
    [
        ("from=2026-03-02&to=2026-03-02", 1),  # half past midnight in Jakarta is the evening before by UTC
        ("from=2026-03-01&to=2026-03-01", 0),
        ("to=2026-03-01", 0),
        ("from=2026-03-03&officer=ani", 0),
    ],
)
async def test_looks_are_asked_by_the_days_that_they_show(
    case: Known, signed_in: SignedIn, query: str, listed: int
) -> None:
    with case.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO paspor.access_log (at, actor, role, action, number, outcome, why) VALUES"
                " ('2026-03-01T17:30:00Z', 'ani', 'examiner', 'GET /v1/tasks', NULL, 'read', '')"
            )
        )
    browser = await signed_in(kind="auditor", sub="auditor", then="")
    page = (await browser.opens(f"/audit/reads?{query}")).text
    assert page.count('href="?officer=ani') + page.count("&amp;officer=ani") == listed
    assert page.count("00.30 WIB") == listed


async def test_errors_are_told_as_the_fields_stand(case: Known, signed_in: SignedIn) -> None:
    browser = await signed_in(kind="auditor", sub="auditor", then="")
    page = (await browser.opens("/audit/reads?from=x&application=12&officer=a+b")).text
    anchors = [page.index(f'<a href="#{name}">') for name in ("application", "officer", "from")]
    fields = [page.index(f'id="{name}"') for name in ("application", "officer", "from")]
    assert anchors == sorted(anchors)
    assert fields == sorted(fields)
