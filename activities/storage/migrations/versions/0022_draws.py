"""Nothing yet: the place of `draws` in the order of revisions."""

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Change nothing."""
