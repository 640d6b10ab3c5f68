"""Payloads of a real history, opened by the codec endpoint for auditors, in the UI of the engine too; for no other."""

import asyncio
import base64
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from google.protobuf.json_format import MessageToDict
from playwright.sync_api import Browser, Page, expect

from tests.journeys.browsing import Visitor, chromium, needs_chromium
from tests.journeys.case import Case
from tests.journeys.people import Person, refused
from tests.journeys.town import Town
from workers.runtime.connection import lazy_client

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = [pytest.mark.journey, pytest.mark.timeout(300)]

DECODE = "/codec/decode"
LONG = 60_000  # milliseconds: the UI is some megabytes of script, which asks three times before it gives up


def address(town: Town, case: Case) -> tuple[str, str]:
    (row,) = town.sql("SELECT workflow_id, run_id FROM paspor.application WHERE number = :number", number=case.number)
    return row.workflow_id, row.run_id


def sealed(town: Town, case: Case) -> list[dict[str, Any]]:
    """The input of the case as somebody has it who can ask the engine, and has no key."""

    async def asked() -> list[dict[str, Any]]:
        engine = await lazy_client(town.installation.environment["PASPOR_TEMPORAL_ADDRESS"], "paspor")
        workflow_id, run_id = address(town, case)
        async for event in engine.get_workflow_handle(workflow_id, run_id=run_id).fetch_history_events():
            return [MessageToDict(one) for one in event.workflow_execution_started_event_attributes.input.payloads]
        return []

    return asyncio.run(asked())


def decodes(person: Person, payloads: list[dict[str, Any]], **headers: str) -> Any:
    return person.asks("POST", DECODE, {"payloads": payloads}, headers={"X-Namespace": "paspor", **headers})


def test_the_auditor_reads_what_the_engine_holds_and_it_is_in_the_log(town: Town) -> None:
    case, auditor = town.files(), town.person("auditor")
    payloads = sealed(town, case)
    name = case.owner.reads(case.path("/applicant"))["full_name"]
    assert name.encode() not in base64.b64decode(payloads[0]["data"])
    answer = decodes(auditor, payloads)
    assert answer.status_code == 200
    filing = json.loads(base64.b64decode(answer.json()["payloads"][0]["data"]))
    assert (filing["number"], filing["applicant"]["full_name"]) == (case.number, name)
    looks = auditor.reads("/v1/audit/reads", application=case.number)["items"]
    assert ("auditor", "POST /codec/decode", "paspor: 1 of 1 payloads") in {
        (look["actor"], look["action"], look["why"]) for look in looks
    }


def test_nobody_else_and_from_nowhere_else(town: Town) -> None:
    case = town.files()
    payloads = sealed(town, case)
    for person in (case.owner, *(town.person(role, "latihan") for role in ("examiner", "supervisor", "head", "kiosk"))):
        refused(decodes(person, payloads), 403, "role_not_allowed")
    refused(decodes(town.nobody, payloads), 401, "not_signed_in")
    auditor, ui = town.person("auditor"), town.installation.addresses["temporal_ui"]
    for origin in (town.api, "null", ui.replace("http", "https"), ui.replace("127.0.0.1", "localhost")):
        refused(decodes(auditor, payloads, Origin=origin), 403, "origin_not_allowed")
    assert decodes(auditor, payloads, Origin=ui).headers["Access-Control-Allow-Origin"] == ui
    looks = auditor.reads("/v1/audit/reads", officer="examiner@latihan")["items"]
    assert ("POST /codec/decode", "role_not_allowed") in {(look["action"], look["outcome"]) for look in looks}


@pytest.fixture
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def sends_the_session(ui: Page, endpoint: str) -> None:
    """As docs/operations.md says: the development server itself cannot be told to."""
    ui.locator("[data-testid^='data-encoder-status']:visible").click()
    dialogue = ui.locator("dialog[open]")
    dialogue.get_by_text("Use my browser setting").click()
    dialogue.get_by_placeholder("Paste your endpoint here").fill(endpoint)
    dialogue.get_by_text("Include cross-origin credentials").click()
    dialogue.get_by_role("button", name="Apply").click()


@needs_chromium
def test_the_engines_ui_shows_it_to_an_auditor_who_is_signed_in(town: Town, browser: Browser) -> None:
    case = town.files()
    workflow_id, run_id = address(town, case)
    ui, name = town.installation.addresses["temporal_ui"], case.owner.reads(case.path("/applicant"))["full_name"]
    visitor = Visitor(browser, town.api, language="en-GB", script=True)
    history = f"{ui}/namespaces/paspor/workflows/{workflow_id}/{run_id}/history"
    visitor.page.set_default_timeout(LONG)
    body = visitor.page.locator("body")
    with visitor.page.expect_response(re.compile(DECODE)) as refusal:
        visitor.page.goto(history)
    assert refusal.value.status == 401
    expect(body).to_contain_text("Codec Server could not connect", timeout=LONG)
    expect(body).not_to_contain_text(name)
    visitor.opens("/sign-in?next=/")
    visitor.signs_in("auditor")
    visitor.page.goto(history)
    sends_the_session(visitor.page, f"{town.api}/codec")
    visitor.page.reload()
    expect(body).to_contain_text(name, timeout=LONG)
    visitor.leaves()
