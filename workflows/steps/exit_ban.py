"""The exit-ban check (pencegahan): a hit must be refused (Permenkumham 8/2014). Asked again before print."""

from workflows import options
from workflows.case.facts import Ending
from workflows.casework import Casework
from workflows.desk import CaseEnds
from workflows.holds import ask_or_hold
from workflows.partners.watchlist import BanQuery, exit_bans


async def check_exit_ban(case: Casework, before: str) -> None:
    """Ask the list, however long it is away: nothing goes on without its answer. A hit ends the case."""
    person = case.file.filing.applicant
    query = BanQuery(
        key=case.key(f"exit_ban/{before}/{case.file.attempts}"),
        nik=person.nik,
        full_name=person.full_name,
        birth_date=person.birth_date,
    )
    asked_at = case.now()
    bans = await ask_or_hold(case, "exit_ban", lambda: case.desk.unless_left(exit_bans(query, options.REGISTER)))
    if bans:
        raise CaseEnds(Ending.REFUSED, f"exit ban {bans[0].reference}", rule="UU 6/2011 art. 97")
    if case.file.complete_by:
        # The applicant's thirty days stand still while we wait for the list.
        case.file.complete_by += case.now() - asked_at
