"""Run by Alembic. The connection, and its transaction, are the caller's: all revisions of one upgrade, or none."""

from alembic import context
from sqlalchemy import Connection

from activities.storage.tables import Base
from activities.storage.tables.base import SCHEMA


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    return kind != "schema" or name == SCHEMA


connection: Connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    version_table_schema=SCHEMA,
    include_schemas=True,
    include_name=_ours,
    compare_server_default=True,
)
context.run_migrations()
