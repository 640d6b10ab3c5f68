"""Nothing yet: the place of `rush` in the order of revisions."""

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Change nothing."""
