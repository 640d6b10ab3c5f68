"""Every ending, by the way that leads to it."""

from datetime import timedelta

from tests.workflows.driving import Driven
from tests.workflows.fakes import USUAL, Answer, in_turn
from tests.workflows.replay.waits import REGISTER_AWAY, WAITS, Doing, go_on
from workflows.case.facts import PaperKind
from workflows.messages import (
    AdjudicationOutcome,
    DocumentsOutcome,
    InterviewOutcome,
    PrintAnswerOutcome,
    QualityOutcome,
    ResumeOutcome,
)
from workflows.partners.population import ClaimsVerdict
from workflows.partners.printers import PrintReport, PrintState
from workflows.partners.watchlist import Ban

BANNED = (Ban(reference="B-7", reason="court"),)


async def _collected(case: Driven) -> None:
    await case.to_ready()
    await case.hand_over()


async def _collected_after_all(case: Driven) -> None:
    """Everything that can go another way and still end well: returned, suspended, looked alike, misprinted."""
    lost = in_turn(PrintReport(state=PrintState.UNKNOWN), USUAL)
    case.outside.answers["printers.personalise"] = lost
    await WAITS["completion"].reach(case)
    await case.complete()
    await WAITS["documents"].answer(case)
    await case.interview(InterviewOutcome.SUSPEND, reason="examination record needed")
    await WAITS["suspension"].answer(case)
    await case.enrol()
    await case.match("G-9")
    await case.noted("duplicates.searched")
    await case.opinion("adjudicator-1", AdjudicationOutcome.UNSURE)
    await case.opinion("adjudicator-2", AdjudicationOutcome.NO_MATCH)
    await WAITS["adjudication-head"].answer(case)
    await case.allocate()
    await case.noted("print.unknown")
    await case.tell("answer_print", case.print_answer(PrintAnswerOutcome.NOT_PRINTED))
    await case.allocate("X0000002")
    await case.noted("booklet.personalised", times=2)
    await case.inspect("X0000002", QualityOutcome.FAIL)
    await case.allocate("X0000003")
    await case.noted("booklet.personalised", times=3)
    await case.inspect("X0000003")
    await case.noted("passport.ready")
    await case.tell("hand_over", case.collection("X0000003"))


async def _collected_late(case: Driven) -> None:
    """The register was away, the bill declined at first, the seat lost and moved."""
    await WAITS["register"].reach(case)
    await WAITS["register"].answer(case)
    await case.book()
    case.outside.answers["seats.confirm"] = in_turn(False, USUAL)
    await case.handle.signal("payment", await case.payment())
    await case.noted("seat.lost")
    await WAITS["another-seat"].answer(case)
    await case.take_seat(await case.appointment(ahead=timedelta(days=9), booking="b-3", state="confirmed"))
    await case.handle.signal("payment", await case.payment(receipt_no="NTPN000000000002"))
    await go_on(case, "attendance")


async def _withdrawn_with_bill(case: Driven) -> None:
    await WAITS["payment"].reach(case)
    await case.withdraw()


async def _withdrawn_with_booklet(case: Driven) -> None:
    await case.to_printed()
    await case.withdraw()


async def _withdrawn_from_register(case: Driven) -> None:
    await WAITS["register"].reach(case)
    await case.withdraw()


async def _cancelled(case: Driven) -> None:
    await case.to_booth()
    await case.cancel()


async def _refused_for_documents(case: Driven) -> None:
    await case.to_checked_in()
    await case.documents(DocumentsOutcome.REFUSE, reason="forged birth record")


async def _refused_in_interview(case: Driven) -> None:
    await case.to_booth()
    await case.interview(InterviewOutcome.REFUSE, reason="irregular migrant worker risk")


async def _refused_by_head(case: Driven) -> None:
    await WAITS["suspension"].reach(case)
    await case.resume(ResumeOutcome.REFUSE, reason="the record shows it")


async def _refused_for_ban(case: Driven) -> None:
    case.outside.answers["watchlist.check"] = in_turn((), (), BANNED)
    await case.to_ready()
    assert await case.refused("hand_over", case.collection()) == "exit_ban"


async def _refused_as_duplicate(case: Driven) -> None:
    await case.to_adjudication()
    await case.opinion("adjudicator-1", AdjudicationOutcome.MATCH)
    await case.opinion("adjudicator-2", AdjudicationOutcome.MATCH)


async def _incomplete_after_return(case: Driven) -> None:
    await case.to_checked_in()
    await case.documents(DocumentsOutcome.RETURN, missing=(PaperKind.FAMILY_CARD,))


ENDINGS: dict[str, Doing] = {
    "collected": _collected,
    "collected-after-all": _collected_after_all,
    "collected-late": _collected_late,
    "not_accepted-claims": Driven.file_refused,
    "lapsed_unpaid-no-seat": Driven.file,
    "lapsed_unpaid-bill": WAITS["payment"].reach,
    "no_show": Driven.to_paid,
    "withdrawn-from-register": _withdrawn_from_register,
    "withdrawn-with-bill": _withdrawn_with_bill,
    "withdrawn-with-booklet": _withdrawn_with_booklet,
    "cancelled": _cancelled,
    "refused-documents": _refused_for_documents,
    "refused-interview": _refused_in_interview,
    "refused-by-head": _refused_by_head,
    "refused-by-nobody": WAITS["suspension"].reach,
    "refused-exit-ban": _refused_for_ban,
    "refused-duplicate": _refused_as_duplicate,
    "incomplete-return": _incomplete_after_return,
    "incomplete-booth": WAITS["enrolment"].reach,
    "uncollected": Driven.to_ready,
}
# Answers that must be there before the case is filed.
PLANTED: dict[str, dict[str, Answer]] = {
    "collected-late": REGISTER_AWAY,
    "withdrawn-from-register": REGISTER_AWAY,
    "not_accepted-claims": {"population.verify": lambda _: ClaimsVerdict(status="not_found")},
}
