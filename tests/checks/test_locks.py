"""A lock that is not its list's is told, whatever is wrong with it."""

from pathlib import Path

import pytest

from tests.checks import locks

HASH = f" \\\n    --hash=sha256:{'a' * 64}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two lists and their locks, all well."""
    (tmp_path / "requirements.in").write_text("# what runs\nAlpha[more]>=1\nbeta==2.*\n")
    (tmp_path / "requirements.txt").write_text(f"alpha==1.4{HASH}beta==2.0{HASH}gamma-x==3{HASH}")
    (tmp_path / "requirements-dev.in").write_text("-c requirements.txt\ndelta\n")
    (tmp_path / "requirements-dev.txt").write_text(f"delta==0.1 ; python_version < '4'{HASH}gamma-x==3{HASH}")
    locks.seal(tmp_path)
    return tmp_path


def changed(path: Path, old: str, new: str) -> None:
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def test_sealed_locks_are_well(folder: Path) -> None:
    assert list(locks.faults(folder)) == []


def test_a_seal_stands_once_and_leaves_the_pins(folder: Path) -> None:
    before = (folder / "requirements.txt").read_text()
    locks.seal(folder)
    assert (folder / "requirements.txt").read_text() == before
    assert locks.pins(folder / "requirements.txt") == {"alpha": {"1.4"}, "beta": {"2.0"}, "gamma-x": {"3"}}


def test_comments_and_order_make_no_difference(folder: Path) -> None:
    (folder / "requirements.in").write_text("beta==2.*  # why\n\nAlpha[more]>=1\n")
    assert list(locks.faults(folder)) == []


@pytest.mark.parametrize("line", ["", "beta==2.*\nomega\n"], ids=["a_line_less", "a_line_more"])
def test_a_list_that_was_changed_is_told(folder: Path, line: str) -> None:
    changed(folder / "requirements.in", "beta==2.*\n", line)
    assert "requirements.txt was not made from requirements.in as it is now" in locks.faults(folder)


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("requirements.txt", "beta==2.0", "beta==3.0", "requirements.txt does not meet `beta==2.*`"),
        ("requirements.txt", "alpha==1.4", "alfa==1.4", "requirements.txt does not meet `Alpha[more]>=1`"),
        ("requirements.txt", f"==2.0{HASH}", "==2.0\n", "requirements.txt has no hash for beta 2.0"),
        (
            "requirements-dev.txt",
            "gamma-x==3",
            "gamma-x==4",
            "gamma-x is another version in requirements-dev.txt than in requirements.txt",
        ),
    ],
    ids=["another_version", "missing", "without_hash", "two_locks_apart"],
)
def test_a_lock_that_was_edited_by_hand_is_told(folder: Path, name: str, old: str, new: str, fault: str) -> None:
    changed(folder / name, old, new)
    assert list(locks.faults(folder)) == [fault]


def test_our_own_locks_name_no_address() -> None:
    for name in (locks.RUN, locks.DEVELOP):
        assert "://" not in (locks.ROOT / f"{name}.txt").read_text()
