"""An officer's desk by pages: the list, the next one, choosing with a reason, giving back; all on real tables."""

import pytest
from sqlalchemy import text

from activities.storage import claims
from api.installation import Installation
from tests.activities.storage.cases import a_case, a_task, noted
from tests.api.pages.conftest import Browser, SignedIn
from tests.api.running import NUMBER, Known
from workflows.case.facts import Role
from workflows.case.record import TaskStep

WORK = f"/desk/applications/{NUMBER}/documents"
SECOND = "4000000000000002"


async def officer(signed_in: SignedIn, role: str = "examiner", sub: str = "", office: str = "denpasar") -> Browser:
    return await signed_in(kind="officer", sub=sub or role, roles=[role], office=office)


def holder(case: Known, number: str = NUMBER) -> object:
    return case.one(f"SELECT owner FROM paspor.task WHERE number = '{number}' AND state = 'open'")


async def test_officers_begin_at_their_desk(case: Known, signed_in: SignedIn) -> None:
    browser = await officer(signed_in)
    assert (
        await browser.signs_in(then="", kind="officer", sub="examiner", roles=["examiner"], office="denpasar")
    ).headers["location"] == "/desk"
    page = (await browser.opens("/desk")).text
    assert "Denpasar" in page
    assert "4000 0000 0000 0001" in page
    assert "Anda belum memegang pekerjaan" in page


async def test_the_next_one_is_taken_once_and_stands_first(case: Known, signed_in: SignedIn) -> None:
    with case.engine.begin() as connection:
        a_case(connection, SECOND)
        noted(connection, SECOND, 9, a_task(SECOND, TaskStep.DOCUMENTS, "denpasar"), office="denpasar")
    browser = await officer(signed_in)
    await browser.opens("/desk")
    first = await browser.sends("/desk/next", step="documents")
    again = await browser.sends("/desk/next", step="documents")
    assert first.headers["location"] == again.headers["location"] == WORK
    assert case.one("SELECT count(*) FROM paspor.task WHERE owner = 'examiner'") == 1
    page = (await browser.opens("/desk")).text
    assert page.index("Hak pengerjaan sampai") < page.index("4000 0000 0000 0002")


@pytest.mark.parametrize("step", ["interview", "nothing", ""])
async def test_a_next_of_no_step_of_theirs_takes_nothing(case: Known, signed_in: SignedIn, step: str) -> None:
    browser = await officer(signed_in)
    await browser.opens("/desk")
    answer = await browser.sends("/desk/next", step=step)
    assert answer.status_code == (403 if step == "interview" else 303)
    assert holder(case) is None


async def test_where_nothing_waits_it_says_so(case: Known, signed_in: SignedIn) -> None:
    case.run("UPDATE paspor.task SET state = 'done', done_at = now()")
    browser = await officer(signed_in)
    await browser.opens("/desk")
    answer = await browser.sends("/desk/next", step="documents")
    assert answer.headers["location"] == "/desk?step=documents&none=true"
    page = (await browser.opens(answer.headers["location"])).text
    assert "Tidak ada pekerjaan yang menunggu di langkah itu" in page
    assert "Semua selesai" in page


async def test_choosing_one_needs_a_reason_which_is_kept(case: Known, signed_in: SignedIn) -> None:
    browser = await officer(signed_in)
    page = (await browser.opens(WORK)).text
    assert "Ambil pekerjaan ini?" in page
    assert "Ni Made Contoh" not in page
    for reason in ("", "   ", "\u202e"):
        answer = await browser.sends(WORK + "/claim", reason=reason)
        assert answer.status_code == 422
        assert '<a href="#reason">' in answer.text
    assert holder(case) is None
    assert (await browser.sends(WORK + "/claim", reason="ada di loket")).headers["location"] == WORK
    assert holder(case) == "examiner"
    assert case.one("SELECT reason FROM paspor.lease") == "ada di loket"
    assert "Ni Made Contoh" in (await browser.opens(WORK)).text


async def test_what_a_colleague_holds_shows_no_person(case: Known, signed_in: SignedIn) -> None:
    with case.engine.begin() as connection:
        assert claims.next_task(connection, TaskStep.DOCUMENTS, "denpasar", "wayan", (Role.EXAMINER,))
    browser = await officer(signed_in)
    answer = await browser.opens(WORK)
    assert answer.status_code == 409
    assert "wayan memegang pekerjaan ini sampai" in answer.text
    assert "Ni Made Contoh" not in answer.text
    await browser.opens("/desk")
    assert (await browser.sends(WORK + "/claim", reason="mine")).status_code == 409
    assert holder(case) == "wayan"


async def test_giving_back_twice_is_no_harm_and_never_anothers(case: Known, signed_in: SignedIn) -> None:
    browser = await officer(signed_in)
    await browser.opens("/desk")
    await browser.sends("/desk/next", step="documents")
    other = await officer(signed_in, sub="examiner-2")
    await other.opens("/desk")
    assert (await other.sends(WORK + "/release")).status_code == 303
    assert holder(case) == "examiner"
    for _ in range(2):
        assert (await browser.sends(WORK + "/release")).headers["location"] == "/desk?step=documents"
    assert holder(case) is None


@pytest.mark.parametrize(("role", "status"), [("interviewer", 403), ("head", 403), ("examiner", 200)])
async def test_a_step_is_for_its_role(
    case: Known, signed_in: SignedIn, house: Installation, role: str, status: int
) -> None:
    browser = await officer(signed_in, role)
    assert (await browser.opens(WORK)).status_code == status
    with house.database._engine.connect() as connection:
        noted_as = connection.execute(
            text("SELECT number, action FROM paspor.access_log WHERE outcome = 'role_not_allowed'")
        )
        expected = [] if status == 200 else [(NUMBER, "GET /desk/applications/{number}/{step}")]
        assert noted_as.all() == expected


async def test_another_offices_case_is_not_there(case: Known, signed_in: SignedIn) -> None:
    browser = await officer(signed_in, office="sanur")
    assert (await browser.opens(WORK)).status_code == 404
    assert "4000 0000" not in (await browser.opens("/desk")).text


async def test_a_step_that_is_none_is_not_there(case: Known, signed_in: SignedIn) -> None:
    browser = await officer(signed_in)
    assert (await browser.opens(f"/desk/applications/{NUMBER}/tea")).status_code == 404
