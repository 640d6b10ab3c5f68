"""What becomes of the booklet of a case."""

from dataclasses import replace

from workflows.case.facts import Passport, Stage, Turn
from workflows.case.record import TaskStep
from workflows.casework import Casework
from workflows.partners.booklets import BookletFate, Settlement, booklet_settled


async def settle(case: Casework, passport: Passport, fate: BookletFate, reason: str) -> None:
    """Enter the booklet's fate in stock and file."""
    settlement = Settlement(
        key=case.key(f"booklet/{passport.attempt}/{fate.value}"),
        number=case.file.number,
        booklet=passport.number,
        fate=fate,
        reason=reason,
    )
    await booklet_settled(settlement)
    case.file.passport = replace(passport, state=fate.value)


async def spoil(case: Casework, passport: Passport, reason: str) -> None:
    """The booklet is void: another one is due, at no charge (Permenkumham 8/2014 art. 30 e)."""
    await settle(case, passport, BookletFate.SPOILED, reason)
    case.stand(Stage.APPROVED, Turn.OFFICE, "allocate_booklet")
    case.open_task(TaskStep.ALLOCATION)
