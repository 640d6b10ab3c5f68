"""Whom a case is about, and the scans: for the owner, and for officers while they are at work on it."""

from collections.abc import Callable

import httpx2
import pytest

from activities.storage import claims
from api.installation import Installation
from tests.activities.storage.cases import NAME, a_task, noted
from tests.api.running import CASE, NUMBER, Known, picture
from workflows.case.facts import PaperKind, Role, Stage
from workflows.case.papers import Paper
from workflows.case.record import TaskStep

Signed = Callable[..., dict[str, str]]
PERSON, SCAN = CASE + "/applicant", CASE + "/documents/id_card"
READS = "SELECT count(*) FROM paspor.access_log WHERE outcome = 'read'"
BOTH = pytest.mark.parametrize("path", [PERSON, SCAN])


@pytest.fixture
def filed(case: Known, house: Installation) -> Known:
    """The case, with a scan of an identity card and one document that is missing."""
    card = Paper(kind=PaperKind.ID_CARD, required=True, state="uploaded", sha256=house.files.put(picture("JPEG")))
    papers = (Paper(kind=PaperKind.FAMILY_CARD, required=True), card)
    with case.engine.begin() as connection:
        noted(connection, NUMBER, 3, a_task(NUMBER, TaskStep.DOCUMENTS, "denpasar"), office="denpasar", papers=papers)
    return case


def at_work(known: Known, officer: str = "examiner") -> str:
    with known.engine.begin() as connection:
        claimed = claims.next_task(connection, TaskStep.DOCUMENTS, "denpasar", officer)
    assert claimed is not None
    return claimed.lease_id


async def code(http: httpx2.AsyncClient, path: str, headers: dict[str, str]) -> tuple[int, str]:
    answer = await http.get(path, headers=headers)
    return answer.status_code, answer.json().get("code", "") if answer.status_code >= 400 else ""


async def test_owners_read_what_they_filed(filed: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    answer = await http.get(PERSON, headers=signed())
    assert answer.json() == {
        "nik": "5171015708900001",
        "full_name": NAME,
        "birth_date": "1990-08-17",
        "birth_place": "Denpasar",
        "sex": "F",
        "phone": "+62000000",
        "email": "made@example.invalid",
        "married": False,
        "guardians": [],
    }
    assert answer.headers["cache-control"] == "no-store"
    scan = await http.get(SCAN, headers=signed())
    assert (scan.status_code, scan.content) == (200, picture("JPEG"))
    assert scan.headers["content-type"] == "image/jpeg"
    assert scan.headers["content-disposition"] == "attachment; filename=id_card.jpg"
    assert (scan.headers["cache-control"], scan.headers["x-content-type-options"]) == ("no-store", "nosniff")
    assert filed.one(READS) == 0


@BOTH
async def test_others_hear_that_there_is_nothing(
    filed: Known, http: httpx2.AsyncClient, signed: Signed, path: str
) -> None:
    at_work(filed)
    for headers in (signed(sub="applicant-2"), signed("examiner", office="sanur"), signed("head", office="sanur")):
        assert await code(http, path, headers) == (404, "not_found")
    assert await code(http, path.replace(NUMBER, "4000000000000002"), signed()) == (404, "not_found")


@BOTH
async def test_an_officer_at_work_on_it_reads_and_leaves_a_trace(
    filed: Known, http: httpx2.AsyncClient, signed: Signed, path: str
) -> None:
    at_work(filed)
    assert await code(http, path, signed("examiner")) == (200, "")
    seen = (await http.get(f"/v1/audit/reads?application={NUMBER}", headers=signed("auditor"))).json()["items"]
    assert [(line["actor"], line["outcome"], line["why"]) for line in seen if line["actor"] == "examiner"] == [
        ("examiner", "read", "id_card" if path == SCAN else "")
    ]


@BOTH
async def test_an_officer_without_work_on_it_does_not_and_leaves_a_trace(
    filed: Known, http: httpx2.AsyncClient, signed: Signed, path: str
) -> None:
    assert await code(http, path, signed("examiner")) == (403, "lease_required")
    at_work(filed, "examiner-2")
    assert await code(http, path, signed("examiner")) == (403, "lease_required")
    assert await code(http, path, signed("assistant")) == (404, "not_found")
    assert filed.one("SELECT count(*) FROM paspor.access_log WHERE outcome = 'lease_required'") == 2
    assert filed.one(READS) == 0


@BOTH
async def test_a_lease_that_is_over_opens_nothing(
    filed: Known, http: httpx2.AsyncClient, signed: Signed, path: str
) -> None:
    lease = at_work(filed)
    filed.run("UPDATE paspor.task SET lease_until = clock_timestamp() - interval '1 s' WHERE owner <> ''")
    assert await code(http, path, signed("examiner")) == (403, "lease_required")
    assert at_work(filed) != lease
    assert await code(http, path, signed("examiner")) == (200, "")
    with filed.engine.begin() as connection:
        noted(connection, NUMBER, 4, office="denpasar", stage=Stage.DOCUMENTS_EXAMINED)
    assert await code(http, path, signed("examiner")) == (403, "lease_required")


@BOTH
@pytest.mark.parametrize("role", [Role.HEAD, Role.SUPERVISOR])
async def test_who_is_in_charge_needs_no_lease(
    filed: Known, http: httpx2.AsyncClient, signed: Signed, path: str, role: Role
) -> None:
    assert await code(http, path, signed(role.value)) == (200, "")
    assert filed.one(READS) == 1


@BOTH
@pytest.mark.parametrize("role", ["auditor", "printer", "kiosk", "board"])
async def test_who_decides_on_nobody_sees_nobody(
    filed: Known, http: httpx2.AsyncClient, signed: Signed, path: str, role: str
) -> None:
    at_work(filed, role)
    assert await code(http, path, signed(role)) == (403, "role_not_allowed")


async def test_an_inspector_compares_the_booklet_and_reads_no_scan(
    filed: Known, http: httpx2.AsyncClient, signed: Signed
) -> None:
    at_work(filed, "inspector")
    assert await code(http, PERSON, signed("inspector")) == (200, "")
    assert await code(http, SCAN, signed("inspector")) == (403, "role_not_allowed")


async def test_a_document_that_is_missing_is_404(filed: Known, http: httpx2.AsyncClient, signed: Signed) -> None:
    for kind in ("family_card", "previous_passport", "portrait", "..%2f..%2fkeys.json"):
        assert await code(http, f"{CASE}/documents/{kind}", signed()) == (404, "not_found")


async def test_a_scan_that_was_exchanged_is_not_shown(
    filed: Known, http: httpx2.AsyncClient, signed: Signed, house: Installation
) -> None:
    sha256, other = house.files.put(picture("JPEG")), house.files.put(picture("PNG"))
    house.files._path(other).replace(house.files._path(sha256))
    assert await code(http, SCAN, signed()) == (500, "internal_error")


async def test_it_is_described_as_a_file(http: httpx2.AsyncClient) -> None:
    paths = (await http.get("/openapi.json")).json()["paths"]
    described = paths["/v1/applications/{number}/documents/{kind}"]["get"]
    assert described["responses"]["200"]["content"].keys() == {"image/jpeg", "image/png", "application/pdf"}
    assert "auditor" not in described["x-roles"]
