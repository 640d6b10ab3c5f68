"""The waiting list by pages: the real tables, a case of few words."""

from datetime import timedelta

import pytest

from tests.activities.storage.cases import a_case
from tests.activities.storage.queueing_up import a_family, gives_back, lapse, looks
from tests.api.pages.conftest import SignedIn
from tests.api.running import NUMBER, SOON, Known, a_slot, bookable
from tests.api.test_waiting import DAY, HOLDER, OTHER, sold_out

MINE = f"/applications/{NUMBER}"
WAITING = MINE + "/waiting"
JOIN = {"do": "join", "office": "denpasar", "from": DAY.isoformat(), "to": DAY.isoformat()}


async def test_a_full_day_leads_to_the_list_and_the_list_to_ones_place(case: Known, signed_in: SignedIn) -> None:
    sold_out(case)
    browser = await signed_in()
    days = await browser.opens(f"{MINE}/appointment?office=denpasar")
    assert f"{WAITING}?office=denpasar&amp;day={DAY.isoformat()}" in days.text
    form = await browser.opens(f"{WAITING}?office=denpasar&day={DAY.isoformat()}")
    assert f'value="{DAY.isoformat()}" selected' in form.text
    assert "8 jam" in form.text  # the rule's own minutes
    kept = browser.page
    for _ in range(2):
        browser.page = kept
        assert (await browser.sends(WAITING, **JOIN)).headers["location"] == WAITING
    page = (await browser.opens(WAITING)).text
    assert "Satu orang mendaftar sebelum Anda untuk hari-hari ini" in page
    assert "Urutan Anda: 2" in page
    assert "Satu orang mendaftar sebelum Anda" in (await browser.opens(MINE)).text
    assert case.one("SELECT count(*) FROM paspor.waiting") == 2


async def offered(case: Known, signed_in: SignedIn) -> str:
    """Somebody is offered a seat while another waits; its slot."""
    slot = sold_out(case)
    browser = await signed_in()
    await browser.opens(f"{WAITING}?office=denpasar")
    await browser.sends(WAITING, **JOIN)
    case.run(f"UPDATE paspor.waiting SET joined_at = joined_at + interval '1 day' WHERE number = '{OTHER}'")
    gives_back(case.engine, HOLDER)
    assert looks(case.engine) == 1
    return slot


async def test_an_offer_is_taken_by_its_button(case: Known, signed_in: SignedIn) -> None:
    slot = await offered(case, signed_in)
    browser = await signed_in()
    assert "Kursi ini ditawarkan kepada Anda" in (await browser.opens(MINE)).text
    assert "Kursi ini ditawarkan kepada Anda" in (await browser.opens(WAITING)).text
    taken = await browser.sends(WAITING, do="take", slot=slot)
    assert taken.headers["location"] == f"{MINE}/bill"
    assert await case.told() == 1
    assert case.one(f"SELECT state FROM paspor.booking WHERE number = '{NUMBER}'") == "held"


async def test_an_offer_is_refused_by_its_button_and_only_the_one_that_was_shown(
    case: Known, signed_in: SignedIn
) -> None:
    slot = await offered(case, signed_in)
    browser = await signed_in()
    form = (await browser.opens(WAITING)).text
    assert (await browser.sends(WAITING, do="refuse", slot="s999")).status_code == 422
    for _ in range(2):
        browser.page = form
        assert (await browser.sends(WAITING, do="refuse", slot=slot)).headers["location"] == WAITING
    assert case.one(f"SELECT refusals FROM paspor.waiting WHERE number = '{NUMBER}'") == 1
    assert "Tawaran ditolak" in (await browser.opens(WAITING)).text


async def test_an_offer_that_is_over_is_said_in_words(case: Known, signed_in: SignedIn) -> None:
    slot = await offered(case, signed_in)
    browser = await signed_in()
    form = (await browser.opens(WAITING)).text
    lapse(case.engine, NUMBER)
    looks(case.engine)
    browser.page = form
    answer = await browser.sends(WAITING, do="take", slot=slot)
    assert answer.status_code == 422
    assert "Tawaran itu sudah tidak ada" in answer.text
    assert "kursi ini sudah pernah ditawarkan" in answer.text


async def test_leaving_by_its_button(case: Known, signed_in: SignedIn) -> None:
    await offered(case, signed_in)
    browser = await signed_in()
    await browser.opens(WAITING)
    assert (await browser.sends(WAITING, do="leave")).headers["location"] == WAITING
    assert (await browser.opens(WAITING)).headers["location"] == f"{MINE}/appointment"
    assert case.one("SELECT sum(kept) FROM paspor.slot") == 1  # for the other, by the next look


@pytest.mark.parametrize(
    "changes", [{"from": (DAY + timedelta(days=1)).isoformat()}, {"to": "x"}, {"to": "2020-01-01"}, {"from": ""}]
)
async def test_days_that_are_none_are_said_at_the_field(
    case: Known, signed_in: SignedIn, changes: dict[str, str]
) -> None:
    sold_out(case)
    browser = await signed_in()
    await browser.opens(f"{WAITING}?office=denpasar")
    answer = await browser.sends(WAITING, **{**JOIN, **changes})
    assert answer.status_code == 422
    assert '<a href="#slot">' in answer.text
    assert case.one("SELECT count(*) FROM paspor.waiting") == 1


async def test_where_seats_do_not_return_to_who_waits_there_is_no_list(case: Known, signed_in: SignedIn) -> None:
    bookable(case)
    a_slot(case.engine, starts_at=SOON)
    case.run(
        "INSERT INTO paspor.rule (name, office, effective_from, value, source) "
        """VALUES ('returned', 'denpasar', '2023-01-01', '{"to": "public"}', 'test')"""
    )
    browser = await signed_in()
    assert "/waiting" not in (await browser.opens(f"{MINE}/appointment?office=denpasar")).text
    await browser.opens(f"{WAITING}?office=denpasar")
    answer = await browser.sends(WAITING, **JOIN)
    assert "Kantor ini tidak memakai daftar tunggu" in answer.text


async def test_a_family_is_told_that_the_offer_is_for_all(case: Known, signed_in: SignedIn) -> None:
    bookable(case)
    slot = a_slot(case.engine, 2)
    case.run(f"UPDATE paspor.slot SET day = '{DAY}'")
    with case.engine.begin() as conn:
        a_case(conn, OTHER, bookable=True)
    a_family(case.engine, NUMBER, OTHER)
    browser = await signed_in()
    await browser.opens(f"{WAITING}?office=denpasar")
    await browser.sends(WAITING, **JOIN)
    page = (await browser.opens(WAITING)).text
    assert "Tawaran ini untuk 2 anggota keluarga" in page
    assert f'value="{slot}"' in page
