"""Decisions by pages: under a lease, with a reason where it is due, once; and whose data are shown to whom."""

import re
from typing import Any

import pytest
from sqlalchemy import text

from activities.storage import ledger, searches
from api.installation import Installation
from tests.activities.storage.cases import a_task, entry, noted, opening, view
from tests.api.pages.conftest import Browser, SignedIn
from tests.api.running import NUMBER, Known, picture
from workflows.case.facts import PaperKind, Passport, Role
from workflows.case.papers import Paper
from workflows.case.record import TaskStep
from workflows.partners.ledger import Note

CASE = f"/desk/applications/{NUMBER}"
WORK = f"{CASE}/documents"
LEASE = re.compile(r'name="lease" value="([^"]+)"')
SECOND = "4000000000000002"


async def officer(signed_in: SignedIn, role: str = "examiner", sub: str = "") -> Browser:
    return await signed_in(kind="officer", sub=sub or role, roles=[role], office="denpasar")


async def holding(signed_in: SignedIn, role: str = "examiner", step: str = "documents", sub: str = "") -> Browser:
    browser = await officer(signed_in, role, sub)
    await browser.opens("/desk")
    taken = await browser.sends("/desk/next", step=step)
    assert taken.headers["location"] == f"{CASE}/{step}"
    assert (await browser.opens(f"{CASE}/{step}")).status_code == 200
    return browser


async def sends(browser: Browser, step: str = "documents", files: Any = None, **fields: str) -> Any:
    """The form as the open page has it, with its lease."""
    lease = LEASE.search(browser.page)
    return await browser.sends(f"{CASE}/{step}", files, **{"lease": lease[1] if lease else "", **fields})


def waits(case: Known, step: TaskStep, version: int = 5, **changes: Any) -> None:
    task = {name: changes.pop(name) for name in ("role", "barred") if name in changes}
    with case.engine.begin() as connection:
        noted(connection, NUMBER, version, a_task(NUMBER, step, "denpasar", **task), office="denpasar", **changes)


async def test_a_decision_is_told_once_and_shown(case: Known, signed_in: SignedIn) -> None:
    browser = await holding(signed_in)
    form = browser.page
    for _ in range(2):
        browser.page = form
        answer = await sends(browser, outcome="complete")
        assert (answer.status_code, answer.headers["location"]) == (303, f"{WORK}/done")
    assert await case.told() == 1


async def test_the_page_after_it_is_for_who_decided(case: Known, signed_in: SignedIn) -> None:
    browser = await officer(signed_in)
    assert (await browser.opens(f"{WORK}/done")).headers["location"] == "/desk"
    with case.engine.begin() as connection:
        made = entry(NUMBER, 3, "documents.examined", outcome="complete", actor="examiner", role=Role.EXAMINER)
        ledger.note(connection, Note(entry=made, view=view(NUMBER, 3, office="denpasar")))
    page = (await browser.opens(f"{WORK}/done")).text
    assert "Tercatat" in page
    assert "Lengkap dan sesuai" in page


@pytest.mark.parametrize(
    ("fields", "anchor"),
    [
        ({}, "outcome"),
        ({"outcome": "refuse"}, "reason"),
        ({"outcome": "refuse", "reason": "  "}, "reason"),
        ({"outcome": "burn"}, "outcome"),
        ({"outcome": "complete", "reason": "\u202e"}, "reason"),
        ({"outcome": "return", "missing": "diary"}, "missing"),
    ],
)
async def test_what_is_missing_is_said_at_its_field_and_nothing_is_told(
    case: Known, signed_in: SignedIn, fields: dict[str, str], anchor: str
) -> None:
    paper = Paper(kind=PaperKind.ID_CARD, required=True)
    waits(case, TaskStep.DOCUMENTS, papers=(paper,))
    browser = await holding(signed_in)
    answer = await sends(browser, **fields)
    assert answer.status_code == 422
    assert f'<a href="#{anchor}">' in answer.text
    assert f'id="{anchor}"' in answer.text
    assert await case.told() == 0


async def test_what_was_written_is_kept(case: Known, signed_in: SignedIn) -> None:
    browser = await holding(signed_in)
    answer = await sends(browser, reason="tanda tangan <beda>")
    assert "tanda tangan &lt;beda&gt;</textarea>" in answer.text


@pytest.mark.parametrize("how", ["run out", "given back", "none", "another's"])
async def test_a_lease_that_is_gone_says_what_to_do(
    case: Known, signed_in: SignedIn, house: Installation, how: str
) -> None:
    browser = await holding(signed_in)
    if how == "run out":
        case.run("UPDATE paspor.task SET lease_until = now() - interval '1 second'")
    if how == "given back":
        case.run("UPDATE paspor.task SET owner = NULL, lease_id = NULL, lease_until = NULL")
    lease = {"none": "", "another's": "7a9f0f4e-0000-4000-8000-000000000000"}
    answer = await sends(browser, outcome="complete", **({"lease": lease[how]} if how in lease else {}))
    assert answer.status_code == 409
    assert "Hak pengerjaan Anda sudah berakhir" in answer.text
    assert f'href="{WORK}"' in answer.text
    assert await case.told() == 0
    with house.database._engine.connect() as connection:
        noted_as = connection.execute(text("SELECT number FROM paspor.access_log WHERE outcome = 'lease_lost'")).all()
        assert noted_as == [(NUMBER,)]


async def test_a_step_that_is_over_says_so(case: Known, signed_in: SignedIn) -> None:
    browser = await holding(signed_in)
    with case.engine.begin() as connection:
        noted(connection, NUMBER, 3, office="denpasar")
    answer = await sends(browser, outcome="complete")
    assert (answer.status_code, "Langkah ini tidak menunggu keputusan" in answer.text) == (409, True)
    assert (await browser.opens(WORK)).status_code == 409
    assert await case.told() == 0


async def test_more_time_keeps_what_was_written(case: Known, signed_in: SignedIn) -> None:
    browser = await holding(signed_in)
    case.run("UPDATE paspor.task SET lease_until = now() + interval '1 minute'")
    answer = await sends(browser, do="renew", reason="menunggu salinan")
    assert answer.status_code == 200
    assert "menunggu salinan</textarea>" in answer.text
    assert "diperpanjang sampai" in answer.text
    assert case.one("SELECT lease_until > now() + interval '10 minutes' FROM paspor.task")
    assert await case.told() == 0


async def test_a_form_of_another_session_does_nothing(case: Known, signed_in: SignedIn) -> None:
    browser = await holding(signed_in)
    for path in (WORK, f"{WORK}/release", f"{WORK}/claim", "/desk/next", "/desk/check-in", "/desk/counter/3/next"):
        assert (await browser.sends(path, csrf="another", outcome="complete")).status_code == 400
    assert await case.told() == 0
    assert case.one("SELECT owner FROM paspor.task WHERE state = 'open'") == "examiner"


async def test_who_is_barred_by_four_eyes_sees_no_person(case: Known, signed_in: SignedIn) -> None:
    waits(case, TaskStep.ADJUDICATION, barred=("adjudicator",))
    browser = await officer(signed_in, "adjudicator")
    answer = await browser.opens(f"{CASE}/adjudication")
    assert (answer.status_code, "Harus dikerjakan petugas lain" in answer.text) == (409, True)
    assert "Ni Made Contoh" not in answer.text


async def test_each_look_is_recorded_and_papers_open_in_place(
    case: Known, signed_in: SignedIn, house: Installation
) -> None:
    stored = house.files.put(picture("PNG"))
    paper = Paper(kind=PaperKind.ID_CARD, required=True, state="uploaded", sha256=stored, pages=1)
    waits(case, TaskStep.DOCUMENTS, papers=(paper,))
    browser = await officer(signed_in)
    assert (await browser.opens(f"{CASE}/papers/id_card")).status_code == 403
    browser = await holding(signed_in)
    assert f'src="{CASE}/papers/id_card"' in browser.page
    answer = await browser.opens(f"{CASE}/papers/id_card")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert answer.headers["content-disposition"] == "inline"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'; img-src 'self'")
    assert answer.content == house.files.get(stored)
    with house.database._engine.connect() as connection:
        looks = connection.execute(text("SELECT action, why FROM paspor.access_log WHERE outcome = 'read' ORDER BY id"))
        assert looks.all() == [
            ("GET /desk/applications/{number}/{step}", ""),
            ("GET /desk/applications/{number}/papers/{kind}", "id_card"),
        ]


async def test_a_portrait_is_for_who_compares_and_holds_the_task(
    case: Known, signed_in: SignedIn, house: Installation
) -> None:
    mine, other = house.files.put(picture("JPEG")), house.files.put(picture("PNG"))
    waits(case, TaskStep.ADJUDICATION)
    with case.engine.begin() as connection:
        assert ledger.open_case(connection, opening(SECOND), house.keys.columns)
        searches.remember(connection, NUMBER, "one", "ref-1", mine)
        searches.remember(connection, SECOND, "two", "ref-2", other)
        named = entry(NUMBER, 6, "duplicates.searched", outcome="candidates", details={"candidates": "ref-2 a410"})
        task = a_task(NUMBER, TaskStep.ADJUDICATION, "denpasar")
        ledger.note(connection, Note(entry=named, view=view(NUMBER, 6, office="denpasar"), tasks=(task,)))
    stranger = await officer(signed_in, "adjudicator", "adjudicator-2")
    for path in ("portrait", "adjudication/doubles/0"):
        assert (await stranger.opens(f"{CASE}/{path}")).status_code in (403, 409)
    examiner = await officer(signed_in)
    assert (await examiner.opens(f"{CASE}/portrait")).status_code == 403
    browser = await holding(signed_in, "adjudicator", "adjudication")
    assert "a410" in browser.page
    assert "Bukan dari permohonan di sini" in browser.page
    assert (await browser.opens(f"{CASE}/portrait")).content == house.files.get(mine)
    assert (await browser.opens(f"{CASE}/adjudication/doubles/0")).content == house.files.get(other)
    for place in ("1", "2", "-1", "x"):
        assert (await browser.opens(f"{CASE}/adjudication/doubles/{place}")).status_code == 404
    with house.database._engine.connect() as connection:
        looks = connection.execute(text("SELECT number, why FROM paspor.access_log WHERE outcome = 'read' ORDER BY id"))
        assert looks.all() == [
            (NUMBER, ""),
            (SECOND, "named by the matcher"),
            (NUMBER, "portrait"),
            (SECOND, "portrait, named by the matcher"),
        ]


@pytest.mark.parametrize(
    ("step", "role"),
    [
        ("interview", "interviewer"),
        ("enrolment", "interviewer"),
        ("resume", "head"),
        ("allocation", "printer"),
        ("print_question", "printer"),
        ("quality", "inspector"),
        ("handover", "handover"),
    ],
)
@pytest.mark.parametrize("language", ["id", "en"])
async def test_every_step_has_its_screen_and_asks_for_what_is_missing(
    case: Known, signed_in: SignedIn, step: str, role: str, language: str
) -> None:
    waits(case, TaskStep(step), role=Role(role), passport=Passport(number="C0000001", state="printed", attempt=1))
    browser = await officer(signed_in, role)
    await browser.opens(f"/language/{language}")
    await browser.opens("/desk")
    await browser.sends("/desk/next", step=step)
    page = (await browser.opens(f"{CASE}/{step}")).text
    assert ("Ni Made Contoh" in page) is (role != "printer")
    answer = await sends(browser, step)
    assert answer.status_code == 422
    for anchor in re.findall(r'<li><a href="#([^"]+)">', answer.text):
        assert f'id="{anchor}"' in answer.text
    assert await case.told() == 0


async def test_a_capture_is_judged_finger_by_finger(case: Known, signed_in: SignedIn) -> None:
    waits(case, TaskStep.ENROLMENT, role=Role.INTERVIEWER)
    browser = await holding(signed_in, "interviewer", "enrolment")
    good = {"portrait": ("p.jpg", picture("JPEG")), "signature": ("s.png", picture("PNG"))}
    few = await sends(browser, "enrolment", files=good, without_7="perban")
    assert few.status_code == 422
    assert '<a href="#finger_1">Jari yang direkam kurang' in few.text
    assert 'value="perban"' in few.text
    bad = {**good, "finger_3": ("x.png", b"GIF89a")}
    wrong = await sends(browser, "enrolment", files=bad)
    assert (wrong.status_code, '<a href="#finger_3">Jari tengah kanan: ' in wrong.text) == (422, True)
    whole = {**good, "finger_1": ("1.png", picture("PNG"))}
    answer = await sends(browser, "enrolment", files=whole)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{CASE}/enrolment/done")
    assert await case.told() == 1
