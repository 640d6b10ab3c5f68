"""Nothing yet: the place of `families` in the order of revisions."""

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    """Change nothing."""
