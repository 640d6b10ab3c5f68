"""The booking proof: a short signed text, shown as a QR code, that a kiosk can check without a network.

It proves nothing about a person: the identity card does. It carries no personal data.
"""

import base64
import io
import json
from dataclasses import dataclass
from datetime import datetime

import segno
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PREFIX = "PASPOR1"
MOST_CHARACTERS = 400


class InvalidProof(Exception):
    """Not a proof that this installation has signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What is proven: this application has this appointment."""

    number: str
    office: str
    starts_at: datetime


def sign_proof(proof: Proof, seed: bytes) -> str:
    """The text `PASPOR1.<payload>.<signature>`, signed by Ed25519 with the 32 bytes of `seed`."""
    facts = {"n": proof.number, "o": proof.office, "s": proof.starts_at.isoformat()}
    payload = _text(json.dumps(facts, separators=(",", ":")).encode())
    signed = f"{PREFIX}.{payload}"
    return f"{signed}.{_text(Ed25519PrivateKey.from_private_bytes(seed).sign(signed.encode()))}"


def read_proof(text: str, seed: bytes) -> Proof:
    """The proof in a scanned text; raises `InvalidProof`."""
    signed, _, signature = text.strip().rpartition(".")
    prefix, _, payload = signed.partition(".")
    try:
        if prefix != PREFIX or len(text) > MOST_CHARACTERS:
            raise ValueError("no proof")
        public = Ed25519PrivateKey.from_private_bytes(seed).public_key()
        public.verify(_bytes(signature), signed.encode())
        facts = json.loads(_bytes(payload))
        return Proof(number=facts["n"], office=facts["o"], starts_at=datetime.fromisoformat(facts["s"]))
    except (InvalidSignature, ValueError, KeyError, TypeError) as error:
        raise InvalidProof from error


def qr_svg(text: str, title: str) -> bytes:
    """The text as a QR code that prints well: error correction M, a quiet zone of four modules, the text as `desc`."""
    picture = io.BytesIO()
    segno.make_qr(text, error="M").save(
        picture,
        kind="svg",
        scale=6,
        border=4,
        title=title,
        desc=text,
        xmldecl=False,
        light="#fff",
        svgclass=None,
        lineclass=None,
    )
    return picture.getvalue()


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
