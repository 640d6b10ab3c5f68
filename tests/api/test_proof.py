from datetime import UTC, datetime

import pytest

from api.proof import InvalidProof, Proof, qr_svg, read_proof, sign_proof

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
