"""Makes the files of a PostgreSQL server: one cluster with data checksums, and who may come in."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

from workers.local.children import Account
from workers.local.postgres_binaries import major_version

ROLE = "postgres"
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "TZ": "UTC"}

WHO_MAY = "local all all peer map=paspor\n"  # no host line: no way in by network
SETTINGS = """
# Paspor's own; put changes into local.conf
listen_addresses = ''
max_connections = 120
shared_buffers = 128MB
synchronous_commit = on
random_page_cost = 1.1
jit = off
idle_in_transaction_session_timeout = 60s
log_timezone = 'UTC'
timezone = 'UTC'
# A statement's text and parameters can hold personal data.
log_min_error_statement = panic
log_error_verbosity = terse
include_if_exists = 'local.conf'
"""


class PostgresFailedError(Exception):
    """PostgreSQL could not be made or started; the text holds the end of what it said."""


def make(cluster: Path, bindir: Path, account: Account | None) -> None:
    """Make `cluster` for `account` with the programs in `bindir`; raises `PostgresFailedError`."""
    # Made aside and renamed when complete: an interrupted start leaves nothing half-made behind.
    for abandoned in cluster.parent.glob("unfinished-*"):
        shutil.rmtree(abandoned)
    unfinished = Path(tempfile.mkdtemp(prefix="unfinished-", dir=cluster.parent))
    if account is not None:
        os.chown(unfinished, account.uid, account.gid)
    _initdb(unfinished, bindir, account)
    (unfinished / "pg_hba.conf").write_text(WHO_MAY)
    ourselves = pwd.getpwuid(os.geteuid()).pw_name
    (unfinished / "pg_ident.conf").write_text(f'paspor "{ourselves}" {ROLE}\n')
    with (unfinished / "postgresql.conf").open("a") as settings:
        settings.write(SETTINGS)
    unfinished.rename(cluster)


def _initdb(folder: Path, bindir: Path, account: Account | None) -> None:
    argv = [str(bindir / "initdb"), "-D", str(folder), "-U", ROLE, "-A", "peer", "-E", "UTF8", "--data-checksums"]
    argv.append("--locale=C.UTF-8")
    if major_version(bindir) >= 17:  # collation that no update of the C library can change
        argv += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    done = subprocess.run(
        argv,
        cwd="/",
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        user=None if account is None else account.uid,
        group=None if account is None else account.gid,
        extra_groups=None if account is None else [],
    )
    if done.returncode:
        raise PostgresFailedError(f"initdb: {done.stderr.strip()[-800:]}")
