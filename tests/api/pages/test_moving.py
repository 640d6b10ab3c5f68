"""Pages of closed days, refusals, and moves for a cause: the real tables, a case of few words."""

from dataclasses import replace
from datetime import date, timedelta

from activities.storage import rules
from activities.storage.reseating import pass_over
from tests.api.pages.conftest import Browser, SignedIn
from tests.api.running import NUMBER, Known, appointment, bookable
from tests.api.test_closures import CLOSURE, DAY, seated
from workflows.case.facts import Stage

__all__ = ["seated"]
MINE, CLOSURES = f"/applications/{NUMBER}", "/desk/closures"
MOVE = f"/desk/applications/{NUMBER}/reschedule"


async def supervisor(signed_in: SignedIn) -> Browser:
    return await signed_in(kind="officer", sub="supervisor", roles=["supervisor"], office="denpasar")


async def test_a_day_is_closed_after_its_price_was_seen(case: Known, signed_in: SignedIn, seated: list[str]) -> None:
    browser = await supervisor(signed_in)
    await browser.opens(CLOSURES)
    foreseen = await browser.sends(CLOSURES, **CLOSURE)
    assert foreseen.status_code == 200
    assert "Pemohon yang dipindahkan" in foreseen.text
    assert "dapat menolak 2 kali" in foreseen.text
    assert case.one("SELECT count(*) FROM paspor.closure") == 0
    browser.page = foreseen.text
    closed = await browser.sends(CLOSURES, **CLOSURE, sure="yes")
    assert (closed.status_code, closed.headers["location"]) == (303, f"{CLOSURES}/{DAY}")
    going = await browser.opens(f"{CLOSURES}/{DAY}")
    assert "0 dari 1 pemohon" in going.text
    assert "Salah menutup hari?" in going.text
    pass_over(case.engine)
    done = await browser.opens(f"{CLOSURES}/{DAY}")
    assert "1 dari 1 pemohon" in done.text
    assert "Salah menutup hari?" not in done.text
    assert CLOSURE["reason"] in (await browser.opens(CLOSURES)).text


async def test_what_can_be_no_closure_is_said_by_its_field(case: Known, signed_in: SignedIn) -> None:
    browser = await supervisor(signed_in)
    for form, wrong in (
        ({"date": "2020-01-01", "reason": "x"}, "date"),
        ({"date": "soon", "reason": "x"}, "date"),
        ({**CLOSURE, "reason": " "}, "reason"),
    ):
        await browser.opens(CLOSURES)
        answer = await browser.sends(CLOSURES, **form, sure="yes")
        assert answer.status_code == 422
        assert f'href="#{wrong}"' in answer.text
    assert case.one("SELECT count(*) FROM paspor.closure") == 0


async def test_who_found_no_seat_is_listed(case: Known, signed_in: SignedIn, seated: list[str]) -> None:
    case.run("UPDATE paspor.slot SET taken = seats")
    browser = await supervisor(signed_in)
    await browser.opens(CLOSURES)
    foreseen = await browser.sends(CLOSURES, **CLOSURE)
    assert "Belum ada kursi untuk" in foreseen.text
    browser.page = foreseen.text
    await browser.sends(CLOSURES, **CLOSURE, sure="yes")
    assert pass_over(case.engine).unplaced == 1
    listed = await browser.opens(f"{CLOSURES}/{DAY}")
    assert "Belum ada kursi: 1" in listed.text
    assert "4000 0000 0000 0001" in listed.text


async def test_a_closure_by_mistake_is_taken_back(case: Known, signed_in: SignedIn, seated: list[str]) -> None:
    browser = await supervisor(signed_in)
    await browser.opens(CLOSURES)
    await browser.sends(CLOSURES, **CLOSURE, sure="yes")
    await browser.opens(f"{CLOSURES}/{DAY}")
    assert (await browser.sends(f"{CLOSURES}/{DAY}", reason="")).status_code == 422
    await browser.opens(f"{CLOSURES}/{DAY}")
    opened = await browser.sends(f"{CLOSURES}/{DAY}", reason="wrong month")
    assert opened.headers["location"] == CLOSURES
    assert case.one("SELECT count(*) FROM paspor.closure") == 0


async def test_the_person_reads_what_happened_and_refuses_twice(
    case: Known, signed_in: SignedIn, seated: list[str]
) -> None:
    officer = await supervisor(signed_in)
    await officer.opens(CLOSURES)
    await officer.sends(CLOSURES, **CLOSURE, sure="yes")
    pass_over(case.engine)
    person = await signed_in()
    tracker = await person.opens(MINE)
    assert CLOSURE["reason"] in tracker.text
    assert f'href="{MINE}/reseating"' in tracker.text
    for left in (2, 1):
        page = await person.opens(f"{MINE}/reseating")
        assert f"menolak {left} kali lagi" in page.text
        form = person.page
        for _ in range(2):  # two clicks are one refusal
            person.page = form
            answer = await person.sends(f"{MINE}/reseating")
            assert answer.headers["location"] == f"{MINE}/reseating"
    last = await person.opens(f"{MINE}/reseating")
    assert "tidak dapat ditolak lagi" in last.text
    person.page = form
    used = await person.sends(f"{MINE}/reseating", act="another")
    assert used.status_code == 409
    assert case.one("SELECT max(refusals) FROM paspor.reseating") == 2


async def test_what_is_read_of_a_reschedule_is_the_rules(case: Known, signed_in: SignedIn, seated: list[str]) -> None:
    seat = replace(appointment(), state="confirmed")
    bookable(case, version=4, stage=Stage.PAID, appointment=seat)
    person = await signed_in()
    times = f"{MINE}/appointment?office=denpasar&day={DAY + timedelta(days=1)}"
    assert "diubah satu kali, paling lambat" in (await person.opens(MINE)).text
    assert "paling banyak 1 kali" in (await person.opens(times)).text
    with case.engine.begin() as connection:
        rules.enact(connection, "reschedule", date(2025, 1, 1), {"times": 3, "days_before": 2}, "test", "denpasar")
    assert "diubah 3 kali, paling lambat" in (await person.opens(MINE)).text
    assert "paling banyak 3 kali, paling lambat 2 hari" in (await person.opens(times)).text


async def test_nobody_without_a_closed_day_has_the_page(case: Known, signed_in: SignedIn) -> None:
    browser = await signed_in()
    answer = await browser.opens(f"{MINE}/reseating")
    assert (answer.status_code, answer.headers["location"]) == (303, MINE)


async def test_the_office_moves_an_appointment(case: Known, signed_in: SignedIn, seated: list[str]) -> None:
    browser = await supervisor(signed_in)
    assert (await browser.opens("/desk/reschedule?number=12")).status_code == 422
    found = await browser.opens("/desk/reschedule?number=4000 0000 0000 0001")
    assert found.headers["location"] == MOVE
    days = await browser.opens(MOVE)
    day = (DAY + timedelta(days=2)).isoformat()
    assert f"day={day}" in days.text
    await browser.opens(f"{MOVE}?day={day}")
    bare = await browser.sends(MOVE, day=day, slot=seated[2], reason="")
    assert bare.status_code == 422
    assert 'href="#reason"' in bare.text
    browser.page = bare.text
    moved = await browser.sends(MOVE, day=day, slot=seated[2], reason="the interpreter comes on that day")
    assert moved.headers["location"] == f"{MOVE}?done=true"
    assert "Jadwal sudah dipindahkan" in (await browser.opens(f"{MOVE}?done=true")).text
    assert case.one("SELECT count(*) FROM paspor.special_move") == 1
    assert case.one("SELECT moves FROM paspor.booking") == 0
