"""Dated rules for pages: what a page says of a limit or a price is read, never restated."""

from datetime import UTC, datetime

from activities.storage import reads
from api.installation import Installation
from api.pages.dates import zone
from workflows.case.rules import RuleName, Rules


async def in_force(house: Installation, *names: RuleName, office: str = "") -> Rules:
    """The rules of today, by the capital's clock."""
    today = datetime.now(UTC).astimezone(zone()).date()
    return await house.database.run(reads.rules_in_force, names, today, office)
