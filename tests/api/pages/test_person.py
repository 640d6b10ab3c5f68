"""One's own data: as filed, with every look by somebody else, and nobody else's."""

import json

import httpx2
from sqlalchemy import text

from api.installation import Installation
from tests.api.pages.conftest import Browser, SignedIn
from tests.api.running import NUMBER, Known

DATA = f"/applications/{NUMBER}/data"


def looked(house: Installation, *rows: tuple[str, str, str, str, str]) -> None:
    """Lines of the log: actor, role, action, outcome, why."""
    line = text(
        "INSERT INTO paspor.access_log (actor, role, action, number, outcome, why) "
        "VALUES (:actor, :role, :action, :number, :outcome, :why)"
    )
    names = ("actor", "role", "action", "outcome", "why")
    with house.database._engine.begin() as connection:
        for row in rows:
            connection.execute(line, {**dict(zip(names, row, strict=True)), "number": NUMBER})


async def test_every_look_is_told_by_role_office_and_thing(
    case: Known, signed_in: SignedIn, house: Installation
) -> None:
    browser = await signed_in()
    assert "Belum ada petugas" in (await browser.opens(DATA)).text
    looked(
        house,
        ("examiner@denpasar", "examiner", "GET /v1/applications/{number}/applicant", "read", ""),
        ("examiner@denpasar", "examiner", "GET /v1/applications/{number}/documents/{kind}", "read", "family_card"),
        ("auditor", "auditor", "GET /v1/audit/applications/{number}/history", "read", ""),
        ("printer@denpasar", "printer", "GET /v1/applications/{number}/applicant", "role_not_allowed", ""),
    )
    page = (await browser.opens(DATA)).text
    looks = page[page.index('class="looks"') : page.index("</table>")]
    assert looks.index("Auditor") < looks.index("Kartu keluarga") < looks.index("Data diri"), "the newest first"
    assert "Petugas pemeriksa dokumen" in looks
    assert "examiner" not in looks
    assert "Petugas pencetakan" not in looks, "who was refused saw nothing"


async def test_the_same_as_a_file(case: Known, signed_in: SignedIn, house: Installation) -> None:
    browser = await signed_in()
    looked(house, ("auditor", "auditor", "GET /v1/audit/applications/{number}/history", "read", ""))
    answer: httpx2.Response = await browser.opens(f"{DATA}.json")
    assert answer.headers["content-disposition"] == f"attachment; filename=paspor-{NUMBER}.json"
    found = json.loads(answer.text)
    assert set(found) == {"person", "application", "looked_at_by"}
    assert found["application"]["number"] == NUMBER
    assert [one["who"] for one in found["looked_at_by"]] == ["Auditor"]


async def test_nobody_elses(case: Known, signed_in: SignedIn) -> None:
    other: Browser = await signed_in(sub="applicant-2")
    for path in (DATA, f"{DATA}.json", f"/applications/{NUMBER}/proof"):
        assert (await other.opens(path)).status_code == 404
