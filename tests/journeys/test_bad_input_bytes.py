"""Bytes that can never be right: bodies too large, too deep or no JSON, files that are no documents, image bombs."""

import io
import json
import struct
import zlib
from typing import Any

import pytest
from PIL import Image

from tests.journeys.applying import form
from tests.journeys.nothing import Nothing, pointers, without_own_life
from tests.journeys.people import Person, refused
from tests.journeys.town import Town

pytest_plugins = ["tests.journeys.fixtures"]
pytestmark = pytest.mark.journey


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
    before = without_own_life(town)
    files = {"file": (name, content, "image/png")}
    answer = case.owner.asks("PUT", case.path("/documents/id_card"), files=files)
    assert {one["kind"]: one["state"] for one in case.shown()["documents"]}["id_card"] == "missing"
    return answer, before, without_own_life(town)


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
