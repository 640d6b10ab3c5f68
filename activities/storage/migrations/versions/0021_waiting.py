"""Nothing yet: the place of `waiting` in the order of revisions."""

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Change nothing."""
