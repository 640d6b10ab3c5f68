"""Nothing yet: the place of `capacity` in the order of revisions."""

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Change nothing."""
