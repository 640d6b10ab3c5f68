"""Nothing yet: the place of `money` in the order of revisions."""

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Change nothing."""
