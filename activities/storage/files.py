"""Scans and pictures: sealed files in a folder, named by the hash of what is in them."""

import hashlib
import os
import re
from pathlib import Path
from tempfile import NamedTemporaryFile

from activities.keyring import KeyRing

NAME = re.compile(r"[0-9a-f]{64}")


class FileStore:
    """Content-addressed. Safe to use from several threads and processes: a file is whole, or not there."""

    def __init__(self, folder: Path, ring: KeyRing) -> None:
        self._folder, self._ring = folder, ring

    def put(self, clear: bytes) -> str:
        """Store the bytes and return their SHA-256; what is there already is not written again."""
        name = hashlib.sha256(clear).hexdigest()
        path = self._path(name)
        if path.exists():
            return name
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
            file.write(self._ring.seal(clear, name.encode()))
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).rename(path)
        _sync(path.parent)
        return name

    def get(self, sha256: str) -> bytes:
        """The bytes; raises `FileNotFoundError`, or `CannotOpen` when the file was altered or exchanged."""
        return self._ring.open(self._path(sha256).read_bytes(), sha256.encode())

    def _path(self, sha256: str) -> Path:
        if not NAME.fullmatch(sha256):
            raise FileNotFoundError("no file has this name")
        return self._folder / sha256[:2] / sha256


def _sync(folder: Path) -> None:
    # The new name is on disk only when its folder is.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
