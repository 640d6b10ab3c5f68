"""Makes the files of secrets that compose.yaml mounts: `make_secrets.py FOLDER`. What is there already stays.

To be run as root, for the files must belong to the users of the containers. The folder is closed to everybody else, and
that is what keeps the passwords, which two users must read.
"""

import argparse
import os
import secrets
from pathlib import Path

from activities.keyring import new_key_file

IMAGE_USER = 10001  # of the Dockerfile
PASSWORDS = ("postgres_password", "paspor_password", "temporal_password")
DATABASE = "postgresql:5432:paspor:paspor"  # host, port, database, role, as compose.yaml names them


def make(folder: Path, owner: int) -> list[str]:
    """Make what is missing in `folder`, our own files owned by `owner`; the names of those made."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)  # also one that Docker made to mount it
    made = [name for name in PASSWORDS if _write(folder / name, secrets.token_urlsafe(32), 0o444)]
    # libpq passes over a password file that others may read.
    line = f"{DATABASE}:{(folder / 'paspor_password').read_text()}\n"
    if _write(folder / "paspor_pgpass", line, 0o400):
        os.chown(folder / "paspor_pgpass", owner, owner)
        made.append("paspor_pgpass")
    keys = folder / "paspor_keys"
    if not keys.exists():
        new_key_file(keys)
        os.chown(keys, owner, owner)
        made.append("paspor_keys")
    return made


def _write(path: Path, content: str, mode: int) -> bool:
    if path.exists():
        return False
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(content)
    path.chmod(mode)
    return True


def main() -> None:
    """Make the secrets and say which were made."""
    parser = argparse.ArgumentParser(description="Makes the files of secrets that compose.yaml mounts.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--owner", type=int, default=IMAGE_USER, help="user id of our processes")
    given = parser.parse_args()
    made = make(given.folder, given.owner)
    print(f"made {', '.join(made)}" if made else "everything was there")


if __name__ == "__main__":
    main()
