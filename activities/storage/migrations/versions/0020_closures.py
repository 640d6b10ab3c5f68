"""Nothing yet: the place of `closures` in the order of revisions."""

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Change nothing."""
