"""Personalisation: one booklet, one print attempt. What the printer cannot say is asked of a person, once."""

from dataclasses import replace

from workflows.admission import Rule, by_decider
from workflows.case.facts import Passport, Role, Stage, Turn
from workflows.case.record import TaskStep
from workflows.case.rules import RuleName
from workflows.case.validity import expiry
from workflows.casework import Casework
from workflows.holds import ask_or_hold
from workflows.messages import PrintAnswer, PrintAnswerOutcome
from workflows.partners.printers import PrintOrder, PrintReport, PrintState, personalised
from workflows.stock import spoil
from workflows.tray import Delivery, refusal


async def personalise(case: Casework) -> bool:
    """Print. True when the booklet is printed; False when it is spoiled and another one is needed."""
    passport = await _dated(case)
    order = _order(case, passport)
    report = await ask_or_hold(case, "print", lambda: _printed(case, order))
    printed = report.state is PrintState.PRINTED
    if report.state is PrintState.UNKNOWN:
        return await _asked(case, passport, report)
    await _concluded(case, passport, printed, report.note)
    return printed


async def _printed(case: Casework, order: PrintOrder) -> PrintReport:
    # A booklet in the printer cannot be taken back: who asks hears so at once, instead of waiting for the printer.
    case.desk.bar_exits()
    try:
        return await personalised(order)
    finally:
        case.desk.open_exits()


async def _dated(case: Casework) -> Passport:
    """Dates of issue and expiry, by the rule in force on the day of print."""
    validity = (await case.look_up(RuleName.VALIDITY))[RuleName.VALIDITY]
    passport = case.file.passport
    assert passport is not None
    issued_on = case.today()
    dated = replace(
        passport, state="printing", issued_on=issued_on, expires_on=expiry(case.file.filing, validity, issued_on)
    )
    case.file.passport = dated
    return dated


def _order(case: Casework, passport: Passport) -> PrintOrder:
    person, capture = case.file.filing.applicant, case.file.capture
    assert capture is not None
    assert passport.issued_on is not None
    assert passport.expires_on is not None
    return PrintOrder(
        key=case.key(f"print/{passport.attempt}"),
        office=case.file.office,
        number=case.file.number,
        passport_number=passport.number,
        document_type=case.file.filing.document_type,
        full_name=person.full_name,
        birth_date=person.birth_date,
        birth_place=person.birth_place,
        sex=person.sex,
        issued_on=passport.issued_on,
        expires_on=passport.expires_on,
        portrait=capture.portrait,
    )


async def _asked(case: Casework, passport: Passport, report: PrintReport) -> bool:
    case.stand(Stage.PRINTING, Turn.OFFICE, "answer_print_question")
    case.open_task(TaskStep.PRINT_QUESTION)
    await case.note(case.entry("print.unknown", outcome="unknown", reason=report.note))
    tray = case.desk.print_answer
    tray.open(_about(passport.number, case.file.office))
    await case.desk.wait(tray, summary=f"is booklet {passport.number} printed?")
    answered = tray.take()
    assert answered is not None
    case.close_task(TaskStep.PRINT_QUESTION)
    printed = answered.message.outcome is PrintAnswerOutcome.PRINTED
    await _concluded(case, passport, printed, "answered by a person", answered)
    return printed


def _about(booklet: str, office: str) -> Rule:
    officer = by_decider(TaskStep.PRINT_QUESTION, office)

    def rule(answer: PrintAnswer) -> None:
        officer(answer)
        if answer.booklet != booklet:
            raise refusal("wrong_booklet", "the question is about another booklet")

    return rule


async def _concluded(
    case: Casework, passport: Passport, printed: bool, note: str, answered: Delivery[PrintAnswer] | None = None
) -> None:
    if printed:
        case.file.passport = replace(passport, state="printed")
        case.stand(Stage.PRINTING, Turn.OFFICE, "check_quality")
        case.open_task(TaskStep.QUALITY)
    else:
        await spoil(case, passport, note)
    entry = case.entry(
        "booklet.personalised",
        act=answered.message if answered else None,
        role=Role.PRINTER if answered else Role.SYSTEM,
        outcome="printed" if printed else "spoiled",
        reason=note,
        details={"booklet": passport.number},
    )
    verdict = await case.note(entry)
    if answered:
        answered.answer(verdict)
