"""Auditors' pages on the whole application: they say what the API says, keep what was asked, and leave a trace."""

import csv
import io
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy import text
from temporalio.client import Client

from api.access import PAGES
from api.histories import Histories
from api.installation import Installation
from api.pages import entrance
from tests.activities.storage.cases import noted
from tests.api.pages.conftest import Browser, SignedIn
from tests.api.running import NUMBER, Known
from workflows.case.facts import Role, Stage

CASE = f"/audit/applications/{NUMBER}"
SHOWN = f"{NUMBER[:4]} {NUMBER[4:8]} {NUMBER[8:12]} {NUMBER[12:]}"
Auditor = Callable[[], Awaitable[Browser]]


@pytest.fixture
def auditor(signed_in: SignedIn) -> Auditor:
    """Somebody who signs in as an auditor."""

    async def one() -> Browser:
        return await signed_in(kind="auditor", sub="auditor", then="")

    return one


@pytest.fixture
def old(case: Known, app: FastAPI, house: Installation, client: Client) -> Known:
    """A case that the engine does not keep any more: the ledger has it."""
    case.run("UPDATE paspor.application SET workflow_id = 'passport-gone', run_id = ''")
    app.state.installation = replace(house, histories=Histories(client))
    return case


def looked(case: Known) -> list[tuple[str, str | None, str]]:
    with case.engine.connect() as connection:
        rows = connection.execute(text("SELECT action, number, outcome FROM paspor.access_log ORDER BY id"))
        return [(row.action, row.number, row.outcome) for row in rows]


async def test_who_may_and_where_they_land(case: Known, auditor: Auditor, signed_in: SignedIn) -> None:
    assert {row.roles for (_, path), row in PAGES.items() if path.startswith("/audit")} == {frozenset({Role.AUDITOR})}
    browser = await signed_in(sub="applicant-9")
    assert (await browser.opens(CASE)).status_code == 403
    landed = await browser.signs_in(then="", kind="auditor", sub="auditor")
    assert landed.headers["location"] == "/audit"
    page = await (await auditor()).opens("/audit")
    assert page.status_code == 200
    assert 'href="/audit"' in page.text


async def test_a_search_shows_counts_and_keeps_its_filters(case: Known, auditor: Auditor) -> None:
    browser = await auditor()
    page = await browser.opens("/audit?number=4000+0000&office=denpasar&stage=filed", **{"accept-language": "en"})
    assert "1 application<" in page.text
    assert f'href="{CASE}">{SHOWN}</a>' in page.text
    assert 'value="4000 0000"' in page.text
    assert '<option value="denpasar" selected>' in page.text
    assert '<option value="filed" selected>' in page.text
    empty = await browser.opens("/audit?ending=collected", **{"accept-language": "en"})
    assert "Nothing matches" in empty.text
    assert NUMBER not in empty.text
    unknown = await browser.opens("/audit?number=9999999999999999")
    assert 'href="/audit/applications/9999999999999999"' in unknown.text
    assert looked(case) == [("GET /audit", None, "read")] * 3


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("number=x", "number"),
        ("from=soon", "from"),
        ("from=2026-02-01&to=2026-01-01", "to"),
        ("stage=%3Cb%3Etea", "stage"),
        ("office=No+Office", "office"),
        ("officer=a+b", "officer"),
    ],
)
async def test_what_cannot_be_asked_is_pointed_at(case: Known, auditor: Auditor, query: str, field: str) -> None:
    page = await (await auditor()).opens(f"/audit?{query}")
    assert page.status_code == 422
    assert f'<a href="#{field}">' in page.text
    assert f'id="{field}-wrong"' in page.text
    assert NUMBER not in page.text
    assert "<b>tea" not in page.text
    assert looked(case) == []


async def test_a_cursor_that_is_none_is_a_page_that_says_so(case: Known, auditor: Auditor) -> None:
    browser = await auditor()
    for path in ("/audit", "/audit/reads", "/audit/exceptions"):
        assert (await browser.opens(f"{path}?cursor=zzz")).status_code == 422


async def test_the_way_of_a_case_from_the_ledger(old: Known, auditor: Auditor) -> None:
    with old.engine.begin() as connection:
        noted(connection, NUMBER, 3, office="denpasar", stage=Stage.PAID)
    page = await (await auditor()).opens(CASE, **{"accept-language": "en"})
    assert page.status_code == 200
    for said in ("The application was filed", "our ledger", "WITA", "Record verified", "3 entries", "only the ledger"):
        assert said in page.text
    assert page.text.count('class="event ') == 3
    assert "<script" not in page.text
    assert " style=" not in page.text
    assert looked(old) == [("GET /audit/applications/{number}", NUMBER, "read")]


async def test_a_story_is_narrowed_by_kind_and_actor(old: Known, auditor: Auditor) -> None:
    browser = await auditor()
    page = await browser.opens(f"{CASE}?kind=office", **{"accept-language": "en"})
    assert "0 of 2 events" in page.text
    page = await browser.opens(f"{CASE}?kind=system&actor=system", **{"accept-language": "en"})
    assert "2 of 2 events" in page.text
    page = await browser.opens(f"{CASE}?kind=tea&actor=nobody")
    assert page.text.count('class="event ') == 2


async def test_a_record_that_was_changed_says_so(old: Known, auditor: Auditor) -> None:
    with old.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE paspor.case_event SET actor = 'x' WHERE seq = 2"))
    browser = await auditor()
    page = await browser.opens(CASE, **{"accept-language": "en"})
    assert "Record does NOT hold" in page.text
    assert "entry 2 of 2: it was altered" in page.text
    page = await browser.opens("/audit/verification?run=true", **{"accept-language": "en"})
    assert "The record does NOT hold" in page.text
    assert SHOWN in page.text


async def test_nothing_is_counted_before_somebody_says_so(case: Known, auditor: Auditor) -> None:
    browser = await auditor()
    page = await browser.opens("/audit/verification", **{"accept-language": "en"})
    assert "Not counted yet" in page.text
    assert looked(case) == []
    page = await browser.opens("/audit/verification?run=true", **{"accept-language": "en"})
    assert "The record holds" in page.text
    assert looked(case) == [("GET /audit/verification", None, "read")]


async def test_exports_are_whole_safe_and_recorded(old: Known, auditor: Auditor) -> None:
    with old.engine.begin() as connection:
        noted(connection, NUMBER, 3, office="denpasar", stage=Stage.PAID)
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text("UPDATE paspor.case_event SET reason = '=1+1' WHERE seq = 3"))
    browser = await auditor()
    answer = await browser.opens(f"{CASE}/history.json")
    found: dict[str, Any] = json.loads(answer.text)
    assert answer.headers["content-disposition"] == f'attachment; filename="{NUMBER}.json"'
    assert [one["action"] for one in found["items"]] == ["application.filed", "case.moved", "case.moved"]
    assert (found["source"], found["proof"]["holds"]) == ("ledger", False)
    assert found["proof"]["broken"] == [{"number": NUMBER, "seq": 3, "what": "altered"}]
    table = list(csv.DictReader(io.StringIO((await browser.opens(f"{CASE}/history.csv")).text)))
    assert [row["action"] for row in table] == [one["action"] for one in found["items"]]
    assert table[2]["reason"] == "'=1+1"
    assert table[2]["stage"] == "filed"
    assert [one[0].rpartition(".")[2] for one in looked(old)] == ["json", "csv"]


async def test_who_looked_is_listed_with_the_auditors_own_look(case: Known, auditor: Auditor) -> None:
    browser = await auditor()
    await browser.opens("/audit")
    page = await browser.opens(f"/audit/reads?application={SHOWN.replace(' ', '+')}", **{"accept-language": "en"})
    assert "GET /audit/reads" in page.text.replace("<wbr>", "")
    assert "read the list of looks" in page.text
    assert "searched applications" not in page.text
    page = await browser.opens("/audit/reads?refused=true", **{"accept-language": "en"})
    assert "Nothing matches" in page.text


async def test_exceptions_name_reason_and_person_and_go_on(case: Known, auditor: Auditor) -> None:
    lease = "INSERT INTO paspor.lease (number, office, steps, officer, reason, until) "
    for place in range(30):
        case.run(
            f"{lease} VALUES ('{NUMBER}', 'denpasar', ARRAY['documents'], 'ani-{place}', 'urgent flight',"
            " clock_timestamp() + interval '1 hour')"
        )
    browser = await auditor()
    page = await browser.opens("/audit/exceptions?office=denpasar&kind=chosen_case", **{"accept-language": "en"})
    assert (page.text.count("urgent flight"), "ani-29" in page.text, "ani-0<" in page.text) == (25, True, False)
    onward = page.text.partition('class="button second" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "kind=chosen_case" in onward
    page = await browser.opens(f"/audit/exceptions{onward}", **{"accept-language": "en"})
    assert (page.text.count("urgent flight"), "ani-0<" in page.text) == (5, True)


def test_no_stylesheet_asks_for_anything_from_elsewhere() -> None:
    assert b"url(" not in entrance.STYLE
    assert b"@import" not in entrance.STYLE
    assert all(sheet.encode() not in entrance.STYLE for sheet in entrance.SHEETS)
    assert entrance.STYLE.count(b"{") == entrance.STYLE.count(b"}")


async def test_a_case_that_is_nowhere_is_404(old: Known, auditor: Auditor) -> None:
    browser = await auditor()
    for path in ("/audit/applications/4999999999999999", "/audit/applications/4999999999999999/history.csv"):
        assert (await browser.opens(path)).status_code == 404
