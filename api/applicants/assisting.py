"""What binds who files for citizens: so many filings a day, for the operator and for the institution."""

from collections.abc import Sequence

from activities.storage import assisted
from api.installation import Installation
from api.problems import Problem
from workflows.case.facts import Filing


async def count_assisted(house: Installation, filings: Sequence[Filing]) -> None:
    """Count filings that were made for citizens, each once; raises `too_many_requests` until the next day."""
    made = [filing for filing in filings if filing.consent is not None]
    if not made:
        return
    numbers = [filing.number for filing in made]
    full = await house.database.run(assisted.count, numbers, made[0].owner, made[0].institution)
    if full is not None:
        wait = await house.database.read(assisted.seconds_to_the_next_day)
        raise Problem("too_many_requests", retry_after=wait, limit=full)
