"""Several people in one draft: added, changed, left out, checked together, and their times with room for all."""

from datetime import UTC, datetime, timedelta

import pytest

from activities.storage.reads import OpenSlot
from api.applicants import people
from api.applicants.pages_family import with_room
from tests.api.pages.conftest import Browser, SignedIn
from tests.api.pages.test_filing import fills_in

SECOND = [
    ("kind", {"kind": "new"}),
    ("nik", {"nik": "5171010107850001"}),
    ("name", {"full_name": "I Made Contoh"}),
    (
        "birth",
        {"birth_date__day": "1", "birth_date__month": "7", "birth_date__year": "1985", "birth_place": "Gianyar"},
    ),
    ("sex", {"sex": "M"}),
    ("passport", {"passport": "electronic_10"}),
    ("service", {"service": "regular"}),
]


async def two_people(browser: Browser) -> None:
    await fills_in(browser)
    await browser.opens("/apply/check")
    at = (await browser.sends("/apply/people", do="add")).headers["location"]
    for name, fields in SECOND:
        assert at == f"/apply/{name}"
        await browser.opens(at)
        at = (await browser.sends(at, **fields)).headers["location"]
    assert at == "/apply/check"


async def test_a_second_person_is_asked_for_and_both_are_checked(signed_in: SignedIn) -> None:
    browser = await signed_in()
    await two_people(browser)
    checked = (await browser.opens("/apply/check")).text
    for said in ("Ni Made Contoh", "I Made Contoh", "Rp1.600.000", "Kirim semua permohonan", "Tambah orang lain"):
        assert said in checked
    assert "5171014107900001" not in checked  # of who is put aside the name is enough


async def test_the_first_person_can_be_changed_and_left_out(signed_in: SignedIn) -> None:
    browser = await signed_in()
    await two_people(browser)
    await browser.opens("/apply/check")
    assert (await browser.sends("/apply/people", do="change", place="0")).headers["location"] == "/apply/check"
    assert "5171014107900001" in (await browser.opens("/apply/check")).text
    assert (await browser.sends("/apply/people", do="leave_out", place="1")).headers["location"] == "/apply/check"
    left = (await browser.opens("/apply/check")).text
    assert "I Made Contoh" in left
    assert "Ni Made Contoh" not in left
    assert "Rp950.000" in left


async def test_who_is_half_filled_in_can_be_left_out(signed_in: SignedIn) -> None:
    browser = await signed_in()
    await fills_in(browser)
    await browser.opens("/apply/check")
    await browser.sends("/apply/people", do="add")
    asked = (await browser.opens("/apply/kind")).text
    assert "Orang ke-2" in asked
    assert (await browser.sends("/apply/people", do="leave_out", place="1")).headers["location"] == "/apply/check"
    assert "Ni Made Contoh" in (await browser.opens("/apply/check")).text


@pytest.mark.parametrize(
    "fields", [{"do": "leave_out", "place": "0"}, {"do": "change", "place": "7"}, {"do": "x", "place": "0"}, {}]
)
async def test_what_cannot_be_done_changes_nothing(signed_in: SignedIn, fields: dict[str, str]) -> None:
    browser = await signed_in()
    await fills_in(browser)
    await browser.opens("/apply/check")
    assert (await browser.sends("/apply/people", **fields)).status_code == 400
    assert "Ni Made Contoh" in (await browser.opens("/apply/check")).text


async def test_five_are_the_most(signed_in: SignedIn) -> None:
    browser = await signed_in()
    await two_people(browser)
    for _ in range(3):
        await browser.opens("/apply/check")
        await browser.sends("/apply/people", do="add")
        for name, fields in SECOND:
            await browser.opens(f"/apply/{name}")
            await browser.sends(f"/apply/{name}", **fields)
    checked = (await browser.opens("/apply/check")).text
    assert "Sudah 5 orang" in checked
    assert "Tambah orang lain" not in checked
    assert (await browser.sends("/apply/people", do="add")).status_code == 400


def test_people_keep_their_order() -> None:
    first, second = {"full_name": "A", "phone": "1", "email": "e"}, {"full_name": "B"}
    draft = people.with_another({**first, "key": "k"}, "k2")
    assert draft["phone"] == "1"
    draft = {**draft, **second}
    assert [one["full_name"] for one in people.everybody(draft)] == ["A", "B"]
    assert people.turned_to(draft, 0, "k3")["full_name"] == "A"
    assert people.others(people.without(draft, 0, "k4")) == []
    assert people.without({"full_name": "A"}, 0, "k5") == {}


@pytest.mark.parametrize(
    ("left", "more", "fitting"),
    [((3, 1, 4), 1, "012"), ((3, 1, 4), 0, "2"), ((3, 0, 3), 1, ""), ((1, 2, 1), 2, "0"), ((0, 4, 0), 1, "01")],
)
def test_times_with_room_for_four(left: tuple[int, ...], more: int, fitting: str) -> None:
    start, half = datetime(2027, 6, 14, 4, tzinfo=UTC), timedelta(minutes=30)
    slots = tuple(
        OpenSlot(id=str(n), starts_at=start + n * half, ends_at=start + (n + 1) * half, seats=5, left=free)
        for n, free in enumerate(left)
    )
    assert "".join(slot.id for slot in with_room(slots, 4, more)) == fitting
