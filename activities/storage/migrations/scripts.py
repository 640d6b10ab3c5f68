"""Functions and triggers are SQL files beside the revisions."""

from pathlib import Path

from alembic import op

FOLDER = Path(__file__).parent / "sql"


def run(name: str) -> None:
    """Execute one file of the folder `sql`."""
    # Past SQLAlchemy: a colon in a function's body is no parameter of ours.
    op.get_bind().exec_driver_sql((FOLDER / name).read_text(encoding="utf-8").replace("%", "%%"))
