"""A blank booklet is taken from stock and bound to one print attempt of the case."""

from workflows.admission import by_decider
from workflows.case.facts import Passport, Role, Stage, Turn
from workflows.case.record import TaskStep
from workflows.casework import Casework
from workflows.messages import AllocationDecision
from workflows.partners.booklets import Allocation, booklet_allocated
from workflows.tray import Delivery, refusal


async def allocate_booklet(case: Casework) -> None:
    """Until an officer brings a serial that is in this office's stock and not bound to anybody."""
    tray = case.desk.allocation
    while True:
        tray.open(by_decider(TaskStep.ALLOCATION, case.file.office))
        await case.desk.wait(tray, summary="allocate a booklet")
        brought = tray.take()
        if brought and await _bound(case, brought):
            tray.shut()
            return


async def _bound(case: Casework, brought: Delivery[AllocationDecision]) -> bool:
    act, attempt = brought.message, case.file.attempts + 1
    allocation = Allocation(
        key=case.key(f"booklet/{attempt}/{act.booklet}"),
        number=case.file.number,
        attempt=attempt,
        booklet=act.booklet,
        office=case.file.office,
    )
    if not await booklet_allocated(allocation):
        brought.refuse(refusal("booklet_not_available", "this booklet is not in the office's stock, or bound already"))
        return False
    case.file.attempts = attempt
    case.file.passport = Passport(number=act.booklet, state="allocated", attempt=attempt)
    case.close_task(TaskStep.ALLOCATION)
    case.stand(Stage.PRINTING, Turn.SYSTEM, "print")
    entry = case.entry(
        "booklet.allocated",
        act=act,
        role=Role.PRINTER,
        outcome="allocated",
        details={"booklet": act.booklet, "attempt": str(attempt)},
    )
    brought.answer(await case.note(entry))
    return True
