"""Input that can never be right: refused by its field, never repeated in the answer, and nothing is written."""

import io
import json
import struct
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from tests.journeys.people import Person, Town, done, form, refused
from workers.local.demonstration.citizen import Citizen, citizen

pytest_plugins = ["tests.journeys.town"]
pytestmark = pytest.mark.journey

# Written beside what people do: by the relay, the seal and the trail of access.
OWN_LIFE = {"seal", "access_log", "slot"}


class Nothing:
    """Somebody who sends what is wrong, and the rows of every table before it."""

    def __init__(self, town: Town) -> None:
        self.town, self.applicant, self.person = town, town.applicant(), citizen()
        self.before = self._rows()

    def sends(self, **changes: Any) -> dict[str, Any]:
        """A filing that is refused for what it says; its problem, without what was sent."""
        answer = self.applicant.asks("POST", "/v1/applications", form(self.person, **changes))
        problem = refused(answer, 422, "invalid_input")
        for secret in (self.person.nik, self.person.full_name, "RAHASIA"):
            assert secret not in answer.text
        return problem

    def _rows(self) -> dict[str, int]:
        return {name: many for name, many in self.town.rows().items() if name not in OWN_LIFE}

    def was_written(self) -> None:
        """Every table has the rows that it had."""
        assert self._rows() == self.before


@pytest.fixture
def nothing(town: Town) -> Iterator[Nothing]:
    """Somebody whose requests leave no row behind."""
    found = Nothing(town)
    yield found
    found.was_written()


def pointers(problem: dict[str, Any]) -> set[str]:
    """The fields that a problem names."""
    return {error["pointer"] for error in problem["errors"]}


@pytest.mark.parametrize(
    "nik",
    [
        "",
        "123",
        "51710157089000011",
        "517101570890000A",
        "0071015708900001",
        "5171013208900001",
        "5171015713900001",
        "5171015708900000",
        "５１７１０１５７０８９００００１",
        "5171 0157 0890 0001",
        "-171015708900001",
        5171015708900001,
        None,
        ["5171015708900001"],
    ],
)
def test_malformed_nik(nothing: Nothing, nik: object) -> None:
    assert pointers(nothing.sends(applicant={"nik": nik})) == {"/applicant/nik"}


def test_nik_against_the_birth_date(nothing: Nothing) -> None:
    other = "1950-02-03" if nothing.person.birth_date.year != 1950 else "1951-02-03"
    assert pointers(nothing.sends(applicant={"birth_date": other})) == {"/applicant/nik"}


def test_nik_against_the_sex(nothing: Nothing) -> None:
    assert pointers(nothing.sends(applicant={"sex": "F" if nothing.person.sex == "M" else "M"})) == {"/applicant/nik"}


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"kind": "RAHASIA"}, "/kind"),
        ({"kind": 1}, "/kind"),
        ({"replacement_reason": "RAHASIA"}, "/replacement_reason"),
        ({"service": "tomorrow"}, "/service"),
        ({"applicant": {"sex": "X"}}, "/applicant/sex"),
        ({"document": {"type": "gold", "validity_years": 5}}, "/document/type"),
        ({"document": {"type": "ordinary", "validity_years": 7}}, "/document/validity_years"),
        ({"document": {"type": "ordinary", "validity_years": "10"}}, "/document/validity_years"),
        ({"document": "ordinary"}, "/document"),
        ({"applicant": {"married": "yes"}}, "/applicant/married"),
        ({"previous_passport": {"number": "RAHASIA", "expires_on": "2026-01-01"}}, "/previous_passport/number"),
        ({"previous_passport": {"number": "C1234567", "expires_on": "soon"}}, "/previous_passport/expires_on"),
    ],
)
def test_unknown_enum_and_wrong_type(nothing: Nothing, changes: dict[str, Any], pointer: str) -> None:
    assert pointer in pointers(nothing.sends(**changes))


@pytest.mark.parametrize(
    "sign",
    ["\x00", "\x07", "\x1b[31m", "\u202e", "\u2066", "\u200b", "\ufeff", "\u2028", "\ue000", "\x7f"],
    ids=lambda sign: f"U+{ord(sign[0]):04X}",
)
@pytest.mark.parametrize("field", ["full_name", "birth_place"])
def test_control_and_bidi_characters_in_names(nothing: Nothing, field: str, sign: str) -> None:
    assert pointers(nothing.sends(applicant={field: f"RAHASIA{sign}Nama"})) == {f"/applicant/{field}"}


@pytest.mark.parametrize("name", ["", "   ", "1234", "-", "N" * 101, "N" * 5000, None, 7, ["Ni", "Luh"]])
def test_names_that_are_none(nothing: Nothing, name: object) -> None:
    assert pointers(nothing.sends(applicant={"full_name": name})) == {"/applicant/full_name"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("birth_date", "1990-02-30"),
        ("birth_date", "01-07-1990"),
        ("birth_date", "2990-07-01"),
        ("birth_date", "1850-07-01"),
        ("birth_date", 646790400),
        ("email", "RAHASIA"),
        ("email", "a@b"),
        ("email", "a@b.c\nBcc: d@e.f"),
        ("phone", "RAHASIA"),
        ("phone", "+62"),
        ("guardians", "mother"),
        ("guardians", [{"nik": "1", "full_name": "RAHASIA", "relation": "mother"}]),
    ],
)
def test_other_claims_that_are_none(nothing: Nothing, field: str, value: object) -> None:
    found = pointers(nothing.sends(applicant={field: value}))
    assert any(pointer.startswith(f"/applicant/{field}") for pointer in found)


def test_every_fault_of_a_form_is_named_at_once(nothing: Nothing) -> None:
    problem = nothing.sends(kind="tea", applicant={"nik": "1", "email": "none", "full_name": ""})
    assert pointers(problem) == {"/kind", "/applicant/nik", "/applicant/email", "/applicant/full_name"}


@pytest.mark.parametrize("name", ["Suharto", "Siti", "D'Arcy", "Ni Luh Ayu Éka-Pütri", "O", "Soekarno"])
def test_names_as_people_have_them_are_accepted(town: Town, name: str) -> None:
    applicant, person = town.applicant(), citizen()
    filed = done(applicant.asks("POST", "/v1/applications", form(person, applicant={"full_name": name})))
    applicant.does(f"/v1/applications/{filed['number']}/withdrawal")


def raw(person: Person, content: bytes, kind: str = "application/json", path: str = "/v1/applications") -> Any:
    """Send bytes as they are."""
    headers = {"Content-Type": kind, "Idempotency-Key": "bytes-as-they-are"}
    return person.http.post(path, content=content, headers=headers)


def test_json_of_two_hundred_thousand_brackets(nothing: Nothing) -> None:
    for content in (b"[" * 200_000, b'{"a":' * 200_000, b'{"applicant":' + b"[" * 200_000):
        problem = refused(raw(nothing.applicant, content), 422, "invalid_input")
        assert "nested" in problem["errors"][0]["detail"]
    assert nothing.town.nobody.reads("/healthz") == {"status": "ok"}


@pytest.mark.parametrize("content", [b"", b"{", b"null", b"[]", b'"text"', b"\xff\xfe", b"{'a': 1}", b"NaN"])
def test_json_that_is_none(nothing: Nothing, content: bytes) -> None:
    refused(raw(nothing.applicant, content), 422, "invalid_input")


def test_half_a_character_in_a_name(nothing: Nothing) -> None:
    """Written as an escape, since it can be written in no other way."""
    content = json.dumps(form(nothing.person, applicant={"full_name": "RAHASIA\ud800"})).encode()
    answer = raw(nothing.applicant, content)
    assert pointers(refused(answer, 422, "invalid_input")) == {"/applicant/full_name"}
    assert "RAHASIA" not in answer.text


def test_a_number_of_a_million_digits(nothing: Nothing) -> None:
    answer = raw(nothing.applicant, b'{"applicant": ' + b"9" * 900_000 + b"}")
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"


def test_json_of_more_than_a_megabyte(nothing: Nothing) -> None:
    refused(raw(nothing.applicant, b'{"kind": "' + b"x" * 1_100_000 + b'"}'), 413, "body_too_large")


def test_another_media_type_is_no_form(nothing: Nothing) -> None:
    for kind in ("text/plain", "application/xml", "application/x-www-form-urlencoded"):
        answer = raw(nothing.applicant, b"kind=new", kind)
        assert answer.status_code in (415, 422)
        assert answer.headers["content-type"] == "application/problem+json"


def uploaded(town: Town, content: bytes, name: str = "k.png") -> tuple[Any, dict[str, int], dict[str, int]]:
    """The answer to an upload, and the rows before and after it."""
    case = town.files()
    before = _without_own_life(town)
    files = {"file": (name, content, "image/png")}
    answer = case.owner.asks("PUT", case.path("/documents/id_card"), files=files)
    assert {one["kind"]: one["state"] for one in case.shown()["documents"]}["id_card"] == "missing"
    return answer, before, _without_own_life(town)


def _without_own_life(town: Town) -> dict[str, int]:
    return {name: many for name, many in town.rows().items() if name not in OWN_LIFE}


def test_a_body_of_26_megabytes(town: Town) -> None:
    answer, before, after = uploaded(town, b"\x89PNG\r\n\x1a\n" + bytes(26 * 1024 * 1024))
    refused(answer, 413, "body_too_large")
    assert after == before


def test_a_file_of_eleven_megabytes(town: Town) -> None:
    answer, before, after = uploaded(town, b"\x89PNG\r\n\x1a\n" + bytes(11 * 1024 * 1024))
    refused(answer, 413, "file_too_large")
    assert after == before


def bomb(side: int) -> bytes:
    """A small PNG that says that it is `side` by `side` pixels, with real compressed rows behind it."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    rows = zlib.compress(bytes(side // 8 + 1) * 2000, 9)
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [20_000, 60_000, 2_000_000_000])
def test_image_bomb(town: Town, side: int) -> None:
    content = bomb(min(side, 60_000))
    if side > 60_000:
        content = content.replace(struct.pack(">II", 60_000, 60_000), struct.pack(">II", side, side), 1)
    answer, before, after = uploaded(town, content)
    assert answer.status_code in (413, 415)
    assert answer.json()["code"] in ("file_too_large", "unsupported_file")
    assert after == before


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.png", b""),
        ("page.html", b"<html><script>alert(1)</script>"),
        ("page.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("torn.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 100),
        ("torn.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 100),
        ("torn.pdf", b"%PDF-1.7\n" + b"\x00" * 100),
        ("code.png", b"MZ\x90\x00" + b"\x00" * 100),
    ],
)
def test_a_file_that_is_no_document(town: Town, name: str, content: bytes) -> None:
    answer, before, after = uploaded(town, content, name)
    refused(answer, 415, "unsupported_file")
    assert after == before


def test_a_document_of_no_known_kind_or_no_file_at_all(town: Town) -> None:
    case = town.files()
    page = io.BytesIO()
    Image.new("L", (60, 40), 255).save(page, "PNG")
    files = {"file": ("k.png", page.getvalue(), "image/png")}
    refused(case.owner.asks("PUT", case.path("/documents/rahasia"), files=files), 404, "not_found")
    other = case.owner.asks("PUT", case.path("/documents/id_card"), files={"page": files["file"]})
    assert pointers(refused(other, 422, "invalid_input")) == {"/file"}


def test_an_idempotency_key_that_is_none(nothing: Nothing) -> None:
    filing = form(nothing.person)
    for key in ("k" * 256, "a b", "a, b c"):
        answer = nothing.applicant.asks("POST", "/v1/applications", filing, key=key)
        refused(answer, 400, "idempotency_key_required")


def test_words_of_sql_and_templates_are_only_words(town: Town) -> None:
    applicant = town.applicant()
    for name in ("Robert'); DROP TABLE application;--", "{{7*7}}", "${jndi:ldap://x}", "%s%s%n"):
        person: Citizen = citizen()
        answer = applicant.asks("POST", "/v1/applications", form(person, applicant={"full_name": name}))
        assert answer.status_code in (201, 422), answer.text
        if answer.is_success:
            applicant.does(f"/v1/applications/{answer.json()['number']}/withdrawal")
    assert town.rows()["application"] > 0
