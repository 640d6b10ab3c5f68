"""The form: one question a page, a draft that is sealed and outlives a process, and the API's own judgement."""

from dataclasses import replace
from datetime import UTC, datetime

import httpx2
import pytest
from fastapi import FastAPI
from temporalio.client import Client

from activities.storage import reads
from api.app import make_app
from api.cases import Cases
from api.installation import Installation
from api.pages.dates import money
from tests.api.pages.conftest import Browser, SignedIn
from workflows.case.rules import RuleName

NIK = "5171014107900001"
ANSWERS: list[tuple[str, dict[str, str]]] = [
    ("kind", {"kind": "new"}),
    ("nik", {"nik": NIK}),
    ("name", {"full_name": "Ni Made Contoh"}),
    (
        "birth",
        {"birth_date__day": "1", "birth_date__month": "7", "birth_date__year": "1990", "birth_place": "Denpasar"},
    ),
    ("sex", {"sex": "F"}),
    ("contact", {"phone": "+62 811 0000 0000", "email": "contoh@example.invalid"}),
    ("passport", {"passport": "ordinary_10"}),
    ("service", {"service": "regular"}),
]


async def fills_in(browser: Browser, **changes: dict[str, str]) -> None:
    """Answer each question; every answer leads to the next."""
    await browser.opens("/apply")
    at = (await browser.sends("/apply", how="afresh")).headers["location"]
    for name, fields in ANSWERS:
        assert at == f"/apply/{name}"
        assert (await browser.opens(at)).status_code == 200
        answer = await browser.sends(at, **changes.get(name, fields))
        assert answer.status_code == 303, answer.text
        at = answer.headers["location"]
    assert at == "/apply/check"


async def test_questions_follow_each_other_to_the_check(signed_in: SignedIn) -> None:
    browser = await signed_in()
    await fills_in(browser)
    checked = (await browser.opens("/apply/check")).text
    for said in (NIK, "Ni Made Contoh", "1 Juli 1990", "+6281100000000", "Rp650.000"):
        assert said in checked


async def test_nobody_jumps_ahead(signed_in: SignedIn) -> None:
    browser = await signed_in()
    for ahead in ("service", "check"):
        assert (await browser.opens(f"/apply/{ahead}")).headers["location"] == "/apply/kind"
    assert (await browser.opens("/apply/nonsense")).status_code == 404


@pytest.mark.parametrize(
    ("question", "fields", "anchor"),
    [
        ("kind", {}, "kind"),
        ("kind", {"kind": "stolen"}, "kind"),
        ("nik", {"nik": "123"}, "nik"),
        ("nik", {"nik": ""}, "nik"),
        ("name", {"full_name": "<b>12</b>\u202e"}, "full_name"),
        ("birth", {**ANSWERS[3][1], "birth_date__day": "31", "birth_date__month": "2"}, "birth_date-day"),
        ("birth", {**ANSWERS[3][1], "birth_date__day": "2"}, "birth_date-day"),
        ("birth", {**ANSWERS[3][1], "birth_date__year": "x"}, "birth_date-day"),
        ("birth", {**ANSWERS[3][1], "birth_place": ""}, "birth_place"),
        ("sex", {"sex": "M"}, "sex"),
        ("contact", {"phone": "+62 811 0000 0000", "email": "nobody"}, "email"),
        ("passport", {"passport": "golden_50"}, "passport"),
    ],
)
async def test_what_is_wrong_is_said_at_its_field(
    signed_in: SignedIn, question: str, fields: dict[str, str], anchor: str
) -> None:
    browser = await signed_in()
    await browser.opens("/apply")
    await browser.sends("/apply", how="afresh")
    for name, right in ANSWERS:
        await browser.opens(f"/apply/{name}")
        if name == question:
            break
        await browser.sends(f"/apply/{name}", **right)
    answer = await browser.sends(f"/apply/{question}", **fields)
    assert answer.status_code == 422
    assert f'<a href="#{anchor}">' in answer.text
    assert f'id="{anchor}"' in answer.text
    assert '<div class="summary" role="alert"' in answer.text
    assert "<b>12" not in answer.text


async def test_what_begins_at_the_office_does_not_begin_here(signed_in: SignedIn) -> None:
    browser = await signed_in()
    await browser.opens("/apply")
    await browser.sends("/apply", how="afresh")
    await browser.sends("/apply/kind", kind="replacement")
    assert (await browser.sends("/apply/reason", reason="lost")).status_code == 422
    assert (await browser.sends("/apply/reason", reason="pages_full")).headers["location"] == "/apply/previous"


async def test_a_child_is_asked_for_a_parent_and_offered_what_children_get(signed_in: SignedIn) -> None:
    browser = await signed_in()
    await browser.opens("/apply")
    await browser.sends("/apply", how="afresh")
    born = {"birth_date__day": "1", "birth_date__month": "7", "birth_date__year": "2015", "birth_place": "Denpasar"}
    for name, fields in (
        ("kind", {"kind": "new"}),
        ("nik", {"nik": "5171014107150001"}),
        ("name", {"full_name": "Ni Luh"}),
        ("birth", born),
        ("sex", {"sex": "F"}),
    ):
        answer = await browser.sends(f"/apply/{name}", **fields)
    assert answer.headers["location"] == "/apply/married"
    assert (await browser.sends("/apply/married", married="no")).headers["location"] == "/apply/guardian"
    parent = {"guardian_name": "I Made", "guardian_nik": "5171010107850001", "relation": "father"}
    await browser.sends("/apply/guardian", **parent)
    await browser.sends("/apply/contact", phone="08110000000", email="a@example.invalid")
    offered = (await browser.opens("/apply/passport")).text
    assert "ordinary_5" in offered
    assert "ordinary_10" not in offered


async def test_a_draft_outlives_the_process_and_is_sealed(signed_in: SignedIn, house: Installation) -> None:
    browser = await signed_in()
    await fills_in(browser)
    another = make_app()
    another.state.installation = house
    browser.http._transport.app = another  # type: ignore[attr-defined]
    assert NIK in (await browser.opens("/apply/check")).text
    with house.database._engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT s::text, d::text FROM paspor.session s, paspor.draft d").all()
        raw = connection.exec_driver_sql("SELECT s.content || d.content FROM paspor.session s, paspor.draft d").scalar()
    for secret in (NIK, "Ni Made", browser.http.cookies["paspor"]):
        assert secret not in str(rows)
        assert secret.encode() not in bytes(raw)


async def test_a_changed_answer_leads_back_to_the_check(signed_in: SignedIn) -> None:
    browser = await signed_in()
    await fills_in(browser)
    await browser.opens("/apply/name")
    assert (await browser.sends("/apply/name", full_name="Ni Made Peraga")).headers["location"] == "/apply/check"
    assert "Ni Made Peraga" in (await browser.opens("/apply/check")).text


@pytest.fixture
def with_engine(app: FastAPI, http: httpx2.AsyncClient, house: Installation, client: Client) -> None:
    app.state.installation = replace(house, cases=Cases(client))


async def test_a_refusal_is_said_at_the_answer_and_another_answer_is_another_filing(
    with_engine: None, signed_in: SignedIn
) -> None:
    browser = await signed_in()
    birth = {**ANSWERS[3][1], "birth_place": "refuse"}
    await fills_in(browser, birth=birth)
    await browser.opens("/apply/check")
    answer = await browser.sends("/apply/check")
    assert answer.status_code == 422
    assert '<a href="#row-nik">' in answer.text
    assert 'id="row-nik"' in answer.text
    assert NIK in answer.text


async def test_an_engine_that_is_away_loses_no_answer(signed_in: SignedIn) -> None:
    browser = await signed_in()
    await fills_in(browser)
    await browser.opens("/apply/check")
    answer = await browser.sends("/apply/check")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert NIK in (await browser.opens("/apply/check")).text


async def test_prices_are_those_of_the_tariff(browser: Browser, house: Installation) -> None:
    today = datetime.now(UTC).date()
    rules = await house.database.run(reads.rules_in_force, (RuleName.TARIFF,), today)
    page = (await browser.opens("/")).text
    for name, price in rules[RuleName.TARIFF].value.items():
        assert (money(int(str(price))) in page) or name in ("lost", "damaged")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Apa yang Anda ajukan?"),
        ("kind=new", "masih berlaku?"),
        ("kind=new&holds=yes", "belum dapat mengajukan"),
        ("kind=new&holds=no", "Untuk siapa"),
        ("kind=new&holds=no&age=adult", "Anda dapat mengajukan"),
        ("kind=replacement&reason=lost", "kantor imigrasi"),
        ("kind=replacement&reason=expired&left=more", "Belum waktunya"),
        ("kind=replacement&reason=expired&left=less&age=child", "Paspor lama"),
        ("kind=new&asked=holds", "Pilih salah satu jawaban"),
    ],
)
async def test_eligibility_asks_and_answers(browser: Browser, query: str, said: str) -> None:
    page = await browser.opens(f"/eligibility?{query}")
    assert page.status_code == 200
    assert said in page.text


async def test_who_files_for_a_citizen_is_asked_for_the_consent_first(signed_in: SignedIn) -> None:
    browser = await signed_in(kind="officer", sub="assistant", roles=["assistant"], office="denpasar")
    assert "Hari ini: Anda 0 dari 40" in (await browser.opens("/applications")).text
    await browser.opens("/apply")
    assert (await browser.sends("/apply", how="afresh")).headers["location"] == "/apply/consent"
    await browser.opens("/apply/consent")
    day = {"consent_on__day": "20", "consent_on__month": "11", "consent_on__year": "2026"}
    wrong = await browser.sends("/apply/consent", consent="spoken", **day)
    assert wrong.status_code == 422
    assert 'href="#consent_statement"' in wrong.text
    right = await browser.sends("/apply/consent", consent="spoken", consent_statement="Saya setuju.", **day)
    assert right.headers["location"] == "/apply/kind"
    for name, fields in ANSWERS:
        await browser.opens(f"/apply/{name}")
        await browser.sends(f"/apply/{name}", **fields)
    checked = (await browser.opens("/apply/check")).text
    for said in ("Persetujuan lisan", "20 November 2026", "Saya setuju."):
        assert said in checked
