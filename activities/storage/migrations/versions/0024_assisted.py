"""Nothing yet: the place of `assisted` in the order of revisions."""

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Change nothing."""
