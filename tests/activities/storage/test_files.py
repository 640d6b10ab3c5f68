"""Sealed files: named by their content, whole or absent, unreadable where they do not belong."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from activities.keyring import CannotOpen, KeyRing
from activities.storage.files import FileStore


@pytest.fixture
def store(tmp_path: Path, ring: KeyRing) -> FileStore:
    return FileStore(tmp_path / "files", ring)


def on_disk(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_put_comes_back(store: FileStore) -> None:
    clear = bytes(range(256)) * 4000
    assert store.put(clear) == sha256(clear).hexdigest()
    assert store.get(sha256(clear).hexdigest()) == clear


def test_the_same_content_is_one_file(store: FileStore, tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(store.put, [b"a portrait"] * 20))) == 1
    assert len(on_disk(tmp_path)) == 1


def test_nothing_is_in_clear(store: FileStore, tmp_path: Path) -> None:
    store.put(b"a portrait of somebody")
    (path,) = on_disk(tmp_path)
    assert b"portrait" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


def test_a_file_that_was_exchanged_does_not_open(store: FileStore, tmp_path: Path) -> None:
    one, other = store.put(b"one"), store.put(b"other")
    paths = {path.name: path for path in on_disk(tmp_path)}
    paths[one].write_bytes(paths[other].read_bytes())
    with pytest.raises(CannotOpen):
        store.get(one)


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "0" * 64, "a" * 63 + "\n"])
def test_names_that_are_none(store: FileStore, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        store.get(name)
