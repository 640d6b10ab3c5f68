"""The schema that migrations make is the one that the tables declare, to the last constraint."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from alembic import command
from sqlalchemy import Engine, text

from activities.storage.engine import make_engine
from activities.storage.migrate import at_head, config, upgrade
from activities.storage.tables import Base
from workers.local.postgres import LocalPostgres

CONSTRAINTS = """
    SELECT conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid)
      FROM pg_constraint WHERE connamespace = 'paspor'::regnamespace AND conrelid::regclass::text !~ 'alembic'
     ORDER BY 1"""
INDEXES = "SELECT indexdef FROM pg_indexes WHERE schemaname = 'paspor' AND tablename !~ 'alembic' ORDER BY 1"


@pytest.fixture
def fresh(postgres: LocalPostgres, session_engine: Engine) -> Iterator[str]:
    """The address of an empty database."""
    name = f"fresh_{uuid4().hex[:8]}"
    with session_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text(f"CREATE DATABASE {name}"))
        yield postgres.url(name)
        conn.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def test_alembic_sees_no_drift(session_engine: Engine) -> None:
    with session_engine.connect() as conn:
        command.check(config(conn))


def test_constraints_and_indexes_are_the_declared_ones(session_engine: Engine, fresh: str) -> None:
    declared = make_engine(fresh, pool=1)
    with declared.begin() as conn, session_engine.connect() as migrated:
        conn.execute(text("CREATE SCHEMA paspor"))
        Base.metadata.create_all(conn)
        for question in (CONSTRAINTS, INDEXES):
            made = migrated.execute(text(question)).scalars().all()
            assert made == conn.execute(text(question)).scalars().all()
            assert len(made) > 30
    declared.dispose()


def test_processes_that_start_at_once_migrate_once(fresh: str) -> None:
    engine = make_engine(fresh, pool=1)
    assert not at_head(engine)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upgrade, [fresh] * 4))
    assert at_head(engine)
    with engine.connect() as conn:
        assert conn.execute(text("SELECT count(*) FROM paspor.rule WHERE name = 'tariff'")).scalar() == 3
    engine.dispose()
