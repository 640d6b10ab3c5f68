"""By which keys a backup was sealed: what shows it lies beside the backup, and says nothing of the keys."""

import base64
from collections.abc import Mapping
from pathlib import Path

from activities.keyring import CannotOpen, KeyRing, load_keys

PLACE = b"backup"
PEPPER = "pepper"


def key_proof(keys: Path) -> dict[str, str]:
    """Something sealed by each key that is active, and a digest by the pepper."""
    rings, pepper = _known(keys)
    sealed = {name: base64.b64encode(ring.seal(b"", PLACE)).decode() for name, ring in rings.items()}
    return {**sealed, PEPPER: pepper}


def fits(keys: Path, proof: Mapping[str, str]) -> bool:
    """Whether keys open what the proof sealed. Raises `OSError`, `ValueError` or `KeyError` for no key file."""
    rings, pepper = _known(keys)
    try:
        for name, ring in rings.items():
            ring.open(base64.b64decode(proof[name]), PLACE)
    except CannotOpen:
        return False
    return pepper == proof[PEPPER]


def _known(keys: Path) -> tuple[dict[str, KeyRing], str]:
    known = load_keys(keys)
    return {"payloads": known.payloads, "columns": known.columns, "files": known.files}, known.digest("backup", "")
