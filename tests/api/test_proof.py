import io
from dataclasses import replace
from datetime import UTC, datetime

import pikepdf
import pytest

from api.applicants.proofs import named
from api.proof import InvalidProof, Proof, qr_svg, read_proof, sign_proof
from api.proof_sheet import Sheet, proof_pdf

SEED, OTHER = b"a" * 32, b"b" * 32
PROOF = Proof(number="4111111111111111", office="denpasar", starts_at=datetime(2026, 11, 30, 1, tzinfo=UTC))


def test_a_proof_is_read_back() -> None:
    text = sign_proof(PROOF, SEED)
    assert read_proof(f" {text}\n", SEED) == PROOF
    assert len(text) < 250


def test_a_proof_of_another_installation_is_refused() -> None:
    with pytest.raises(InvalidProof):
        read_proof(sign_proof(PROOF, OTHER), SEED)


def test_every_altered_sign_is_noticed() -> None:
    text = sign_proof(PROOF, SEED)
    # The last sign of base64 carries two bits that are not part of the signature.
    for place in range(len(text) - 1):
        wrong = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        with pytest.raises(InvalidProof):
            read_proof(wrong, SEED)


@pytest.mark.parametrize(
    "text", ["", ".", "..", "PASPOR1..", "PASPOR1.e30.", "PASPOR1.é.é", "x" * 10_000, "\x00.\x00.\x00"]
)
def test_what_is_no_proof_is_refused(text: str) -> None:
    with pytest.raises(InvalidProof):
        read_proof(text, SEED)


def test_the_code_is_a_picture_that_says_its_text() -> None:
    text = sign_proof(PROOF, SEED)
    drawn = qr_svg(text, "Paspor").decode()
    assert drawn.startswith("<svg")
    assert f"<desc>{text}</desc>" in drawn
    assert "<script" not in drawn


SHEET = Sheet(
    proof=sign_proof(PROOF, SEED),
    title="Bukti jadwal kunjungan",
    facts=(("Waktu", "Senin, 30 November 2026, 09.00–09.30 WITA"), ("Pemegang paspor", "Ni Luh Ayu Suartini")),
    between="Datang antara pukul 08.15 dan 09.15 WITA.",
    bring="Yang harus dibawa, aslinya",
    papers=("KTP", "Kartu keluarga"),
    note="Tunjukkan kode ini di kantor.",
)


def test_the_sheet_is_one_page_that_says_all_of_it() -> None:
    with pikepdf.open(io.BytesIO(proof_pdf(SHEET))) as document:
        (page,) = document.pages
        assert [round(float(side)) for side in page.mediabox] == [0, 0, 420, 595]  # A5
        drawn = page.Contents.read_bytes().decode("latin-1")
    for said in ("30 November 2026", "Ni Luh Ayu Suartini", "08.15", "Kartu keluarga", "kode ini di kantor"):
        assert said in drawn
    assert drawn.count(" re") > 500  # the modules of the code


def test_the_same_facts_are_the_same_bytes() -> None:
    assert proof_pdf(SHEET) == proof_pdf(replace(SHEET))
    assert proof_pdf(SHEET) != proof_pdf(replace(SHEET, between="Datang kapan saja."))


def test_a_long_sheet_and_letters_that_the_font_lacks_do_no_harm() -> None:
    facts = (("Pemegang paspor", "Ñandú Łódź " + "Nama " * 60),)
    assert proof_pdf(replace(SHEET, facts=facts, papers=("Kartu keluarga",) * 8)).startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("accept", "wanted"),
    [
        ("application/pdf", ["application/pdf"]),
        ("image/svg+xml;q=0.5, application/pdf", ["application/pdf", "image/svg+xml"]),
        ("text/html, */*;q=0.1", ["text/html", "*/*"]),
        ("application/pdf;q=0, text/plain", ["text/plain"]),
        ("application/pdf;q=high", []),
    ],
)
def test_what_is_wanted_most_comes_first(accept: str, wanted: list[str]) -> None:
    assert named(accept) == wanted
