"""Nothing yet: the place of `offers` in the order of revisions."""

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Change nothing."""
