"""Brings the schema up to date. Several processes may start at once: one does the work, the others wait for it."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from activities.storage.engine import make_engine
from activities.storage.tables.base import SCHEMA

LOCK = 0x706173706F72  # any number of ours
PATIENCE = "60s"  # for another process at the same work


def config(conn: Connection | None = None) -> Config:
    """Alembic's configuration for work on `conn`, in its transaction."""
    settings = Config()
    settings.set_main_option("script_location", "activities.storage:migrations")
    settings.set_main_option("path_separator", "os")
    settings.attributes["connection"] = conn
    return settings


def upgrade(database_url: str) -> None:
    """Run the missing revisions in one transaction; raises SQLAlchemy's errors, and leaves nothing half done."""
    engine = make_engine(database_url, pool=1)
    try:
        with engine.begin() as conn:
            conn.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}'; SET LOCAL statement_timeout = 0"))
            conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            conn.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
            command.upgrade(config(conn), "head")
    finally:
        engine.dispose()


def at_head(engine: Engine) -> bool:
    """Whether the schema is the one that this code was written for."""
    wanted = ScriptDirectory.from_config(config()).get_heads()
    with engine.connect() as conn:
        context = MigrationContext.configure(conn, opts={"version_table_schema": SCHEMA})
        return set(context.get_current_heads()) == set(wanted)
