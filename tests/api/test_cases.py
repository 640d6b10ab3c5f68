"""What the engine answers, put into problems: real Temporal, a workflow of few words."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from temporalio.client import Client

from activities.keyring import Keys
from api import cases
from api.cases import CaseClosed, Cases, Place
from api.problems import Problem
from tests.api.small_case import VERDICT
from workers.runtime.codec import data_converter
from workflows import search
from workflows.case.facts import Actor, Applicant, Filing, Kind, Role, Sex
from workflows.case.notifications import PaymentNotice
from workflows.messages import Withdrawal

OWNER = Actor(id="applicant-1", roles=(Role.APPLICANT,))
PAID = PaymentNotice(bill_code="820", amount=1, paid_at=datetime(2026, 11, 24, tzinfo=UTC), receipt_no="NTPN")


@pytest.fixture
def talks(client: Client) -> Cases:
    return Cases(client)


def filing(what: str = "Denpasar", **changes: object) -> Filing:
    applicant = Applicant(
        nik="5171015505900001",
        full_name="Ni Luh Ayu Suartini",
        birth_date=date(1990, 5, 15),
        birth_place=what,
        sex=Sex.FEMALE,
        phone="+6281234567890",
        email="ayu@example.id",
    )
    made = Filing(
        number="4111111111111111",
        key=uuid4().hex,
        person_key=uuid4().hex,
        owner=OWNER.id,
        applicant=applicant,
        kind=Kind.NEW,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # changes of a test


async def refusal(talks: Cases, about: Filing) -> Problem:
    with pytest.raises(Problem) as refused:
        await talks.submit(about, uuid4().hex)
    return refused.value


async def place(client: Client, about: Filing) -> Place:
    found = await client.get_workflow_handle(f"passport-{about.person_key}").describe()
    return Place(found.id, found.run_id)


def withdrawal(reason: str = "") -> Withdrawal:
    return Withdrawal(by=OWNER, reason=reason)


async def test_a_filing_starts_a_case_that_operators_can_find(talks: Cases, client: Client) -> None:
    about = filing()
    assert await talks.submit(about, uuid4().hex) == VERDICT
    found = await client.get_workflow_handle(f"passport-{about.person_key}").describe()
    assert found.typed_search_attributes[search.NUMBER] == about.number
    assert found.typed_search_attributes[search.STAGE] == "filed"
    assert found.typed_search_attributes[search.KIND] == "new"


async def test_the_same_filing_again_is_the_same_case(talks: Cases, client: Client) -> None:
    about = filing()
    await talks.submit(about, uuid4().hex)
    first = await place(client, about)
    assert await talks.submit(about, uuid4().hex) == VERDICT
    assert await place(client, about) == first


async def test_the_same_person_hears_that_an_application_is_under_way(talks: Cases) -> None:
    about = filing()
    await talks.submit(about, uuid4().hex)
    assert (await refusal(talks, replace(about, key="another"))).code == "live_application_exists"


async def test_a_stranger_hears_what_any_mismatch_hears(talks: Cases) -> None:
    about = filing()
    await talks.submit(about, uuid4().hex)
    other = replace(about, key="another", applicant=replace(about.applicant, full_name="I Wayan Contoh"))
    mismatch = await refusal(talks, filing("refuse"))
    stranger = await refusal(talks, other)
    assert stranger.code == mismatch.code == "nik_mismatch"
    assert stranger.about == mismatch.about
    assert stranger.about["errors"][0]["pointer"] == "/applicant"


async def test_who_is_not_known_yet_is_asked_to_come_again(talks: Cases) -> None:
    about = filing("unknown")
    await talks.submit(about, uuid4().hex)
    assert (await refusal(talks, replace(about, key="another"))).code == "engine_slow"


async def test_a_case_that_closed_before_it_answered_says_why(talks: Cases) -> None:
    assert (await refusal(talks, filing("close"))).code == "already_holds_passport"


async def test_a_message_sent_twice_is_heard_once(talks: Cases, client: Client) -> None:
    about = filing()
    await talks.submit(about, uuid4().hex)
    where, message_id = await place(client, about), uuid4().hex
    first = await talks.tell(where, "withdraw", withdrawal(), message_id)
    assert await talks.tell(where, "withdraw", withdrawal(), message_id) == first
    assert (await talks.tell(where, "withdraw", withdrawal(), uuid4().hex)).version == first.version + 1


async def test_a_refusal_brings_its_code_and_when_to_come_again(talks: Cases, client: Client) -> None:
    about = filing()
    await talks.submit(about, uuid4().hex)
    with pytest.raises(Problem) as refused:
        await talks.tell(await place(client, about), "withdraw", withdrawal("early"), uuid4().hex)
    assert (refused.value.code, refused.value.retry_after) == ("not_your_turn", 3)


async def test_the_answer_that_ended_the_case_is_heard_again(talks: Cases, client: Client) -> None:
    about = filing()
    await talks.submit(about, uuid4().hex)
    where, message_id = await place(client, about), uuid4().hex
    last = await talks.tell(where, "withdraw", withdrawal("end"), message_id)
    await client.get_workflow_handle(where.workflow_id, run_id=where.run_id).result()
    assert await talks.tell(where, "withdraw", withdrawal("end"), message_id) == last
    assert await talks.told_before(where, message_id, "lease_lost") == last


async def test_an_ended_case_hears_nothing_even_when_the_person_has_another(talks: Cases, client: Client) -> None:
    about = filing()
    await talks.submit(about, uuid4().hex)
    old = await place(client, about)
    await talks.tell(old, "withdraw", withdrawal("end"), uuid4().hex)
    await client.get_workflow_handle(old.workflow_id, run_id=old.run_id).result()
    await talks.submit(replace(about, key="next"), uuid4().hex)
    with pytest.raises(Problem) as refused:
        await talks.tell(old, "withdraw", withdrawal(), uuid4().hex)
    assert refused.value.code == "not_your_turn"
    with pytest.raises(CaseClosed):
        await talks.push(old, PAID)
    handle = client.get_workflow_handle(old.workflow_id)
    assert await handle.query("how_often_paid") == 0


async def test_a_message_that_was_never_sent_was_not_heard(talks: Cases, client: Client) -> None:
    about = filing()
    await talks.submit(about, uuid4().hex)
    with pytest.raises(Problem) as refused:
        await talks.told_before(await place(client, about), uuid4().hex, "lease_lost")
    assert refused.value.code == "lease_lost"


async def test_a_push_reaches_the_case(talks: Cases, client: Client) -> None:
    about = filing()
    await talks.submit(about, uuid4().hex)
    where = await place(client, about)
    await talks.push(where, PAID)
    assert await client.get_workflow_handle(where.workflow_id).query("how_often_paid") == 1


async def test_silence_is_slow_and_not_no(talks: Cases, client: Client) -> None:
    about = filing()
    await talks.submit(about, uuid4().hex)
    where = await place(client, about)
    with pytest.raises(Problem) as refused:
        await talks.tell(where, "withdraw", withdrawal("never"), uuid4().hex, timedelta(seconds=1))
    assert refused.value.code == "engine_slow"
    assert not refused.value.final


async def test_an_engine_that_is_away_is_slow(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "PATIENCE", timedelta(seconds=1))
    away = await Client.connect("127.0.0.1:1", lazy=True, data_converter=data_converter(keys.payloads))
    async with asyncio.timeout(20):
        assert (await refusal(Cases(away), filing())).code == "engine_slow"
