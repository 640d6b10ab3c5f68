"""Keys of an installation, by purpose, and the one way in which they are used: AES-256-GCM with a key id in front.

It imports nothing of ours, so that storage, files and the payload codec share one implementation.
"""

import base64
import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class CannotOpen(Exception):
    """The sealed bytes were altered, moved to another place, or sealed by a key that is not in the ring."""


class KeyRing:
    """Seals with the active key, opens with every key it knows: rotation is adding a key and making it active."""

    def __init__(self, active: str, keys: dict[str, bytes]) -> None:
        if active not in keys:
            raise ValueError(f"the active key {active!r} is not in the ring")
        self.active = active
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}

    def seal(self, clear: bytes, context: bytes = b"") -> bytes:
        """Encrypt `clear` so that it opens only under the same `context` (the place it belongs to)."""
        nonce = os.urandom(NONCE_BYTES)
        label = self.active.encode()
        body = self._ciphers[self.active].encrypt(nonce, clear, label + b"|" + context)
        return bytes([len(label)]) + label + nonce + body

    def open(self, sealed: bytes, context: bytes = b"") -> bytes:
        """Decrypt what `seal` made; raises `CannotOpen` when it was altered, moved, or its key is gone."""
        size = sealed[0] if sealed else 0
        label, rest = sealed[1 : 1 + size], sealed[1 + size :]
        cipher = self._ciphers.get(label.decode("ascii", "replace"))
        if cipher is None:
            raise CannotOpen("sealed by a key that is not in the ring")
        try:
            return cipher.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], label + b"|" + context)
        except InvalidTag as error:
            raise CannotOpen("altered, or sealed for another place") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """All secrets of one installation. `payloads`, `columns` and `files` rotate; `pepper` never does."""

    payloads: KeyRing
    columns: KeyRing
    files: KeyRing
    pepper: bytes
    proof: bytes
    webhook_secrets: dict[str, list[str]]

    def person_key(self, nik: str) -> str:
        """The keyed hash under which one person is known: no one can try out NIKs without the pepper."""
        return self.digest("person", nik)

    def digest(self, purpose: str, text: str) -> str:
        """Keyed hash of `text` for one purpose, as 32 hexadecimal digits."""
        return hmac.new(self.pepper, f"{purpose}|{text}".encode(), hashlib.sha256).hexdigest()[:32]


def load_keys(path: Path) -> Keys:
    """Read the key file; see `new_key_file` for its form."""
    stored = json.loads(path.read_text())
    return Keys(
        payloads=_ring(stored["payloads"]),
        columns=_ring(stored["columns"]),
        files=_ring(stored["files"]),
        pepper=base64.b64decode(stored["pepper"]),
        proof=base64.b64decode(stored["proof"]),
        webhook_secrets=stored["webhook_secrets"],
    )


def new_key_file(path: Path) -> None:
    """Write fresh random keys to `path`, readable by its owner only; never overwrites a file that is there."""
    keys = {purpose: {"active": "k1", "keys": {"k1": _random()}} for purpose in ("payloads", "columns", "files")}
    secrets = {sender: ["whsec_" + _random()] for sender in ("billing", "abis")}
    stored = {**keys, "pepper": _random(), "proof": _random(), "webhook_secrets": secrets}
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(stored, file, indent=1)


def _ring(stored: dict[str, object]) -> KeyRing:
    active, keys = stored["active"], stored["keys"]
    if not isinstance(active, str) or not isinstance(keys, dict):
        raise ValueError("a ring is {active, keys}")
    return KeyRing(active, {key_id: base64.b64decode(key) for key_id, key in keys.items()})


def _random() -> str:
    return base64.b64encode(os.urandom(32)).decode()
