"""Ready, and into the right hands: within one calendar month, after one more look at the exit-ban list."""

from dataclasses import replace
from datetime import datetime

from temporalio.exceptions import ActivityError

from workflows import options
from workflows.admission import by_decider
from workflows.case.collection import collect_until, objection_to_collector
from workflows.case.dates import end_of_day
from workflows.case.facts import Ending, Passport, Role, Stage, Turn
from workflows.case.papers import is_minor
from workflows.case.record import TaskStep
from workflows.case.rules import Rule, RuleName
from workflows.casework import Casework
from workflows.desk import CaseEnds
from workflows.messages import HandoverDecision
from workflows.partners.booklets import BookletFate
from workflows.partners.notices import NoticeKind
from workflows.partners.watchlist import BanQuery, exit_bans
from workflows.stock import settle
from workflows.tray import Delivery, refusal, refusal_of


async def hand_over(case: Casework) -> None:
    """Make the booklet ready, tell the applicant, and wait for who collects it; a month later it is cancelled."""
    rules = await case.look_up(RuleName.COLLECTION, RuleName.VALIDITY)
    collection, passport = rules[RuleName.COLLECTION], _passport(case)
    until = await _ready(case, passport, collection)
    tray = case.desk.handover
    while True:
        tray.open(by_decider(TaskStep.HANDOVER, case.file.office))
        if not await case.desk.wait(tray, until=until, summary="collect the passport"):
            reason = "not collected within the month"
            raise CaseEnds(Ending.UNCOLLECTED, reason, rule=collection.reference)
        collected = tray.take()
        if collected and await _entitled(case, collected, passport, collection, rules[RuleName.VALIDITY]):
            await _handed_over(case, collected, passport)
            return


def _passport(case: Casework) -> Passport:
    assert case.file.passport is not None
    return case.file.passport


async def _ready(case: Casework, passport: Passport, collection: Rule) -> datetime:
    """Permenkumham 8/2014 art. 30 d: one month from issue."""
    assert case.file.appointment is not None
    last_day = collect_until(case.today(), collection)
    until = end_of_day(last_day, case.file.appointment.zone())
    case.file.passport = replace(passport, state="ready")
    case.stand(Stage.READY, Turn.APPLICANT, "collect", until)
    case.open_task(TaskStep.HANDOVER, until)
    case.show_operators()
    await case.note(case.entry("passport.ready", outcome="ready", rule=collection.reference))
    case.send(NoticeKind.READY, until=last_day.isoformat())
    return until


async def _entitled(
    case: Casework, collected: Delivery[HandoverDecision], passport: Passport, collection: Rule, validity: Rule
) -> bool:
    act = collected.message
    applicant = case.file.filing.applicant
    minor = is_minor(applicant, validity, case.today())
    if act.booklet_number != passport.number:
        collected.refuse(refusal("wrong_booklet", "this booklet belongs to another case"))
    elif objection := objection_to_collector(act.collector, applicant, minor, collection):
        collected.refuse(refusal_of(objection))
    else:
        return await _not_banned(case, collected)
    return False


async def _not_banned(case: Casework, collected: Delivery[HandoverDecision]) -> bool:
    person = case.file.filing.applicant
    query = BanQuery(
        key=case.key(f"exit_ban/handover/{case.file.version}"),
        nik=person.nik,
        full_name=person.full_name,
        birth_date=person.birth_date,
    )
    try:
        bans = await exit_bans(query, options.AT_THE_COUNTER)
    except ActivityError:
        collected.refuse(refusal("partner_away", "the exit-ban list did not answer; nothing is handed over without it"))
        return False
    if bans:
        reason = f"exit ban {bans[0].reference}"
        no = refusal("exit_ban", "the holder is barred from leaving the country; the passport stays here")
        raise CaseEnds(Ending.REFUSED, reason, asked=collected, rule="UU 6/2011 art. 97", refused=no)
    return True


async def _handed_over(case: Casework, collected: Delivery[HandoverDecision], passport: Passport) -> None:
    act = collected.message
    await settle(case, passport, BookletFate.USED, "handed over")
    case.file.passport = replace(_passport(case), state="collected")
    case.file.ending = Ending.COLLECTED
    case.close_task(TaskStep.HANDOVER)
    case.stand(Stage.COLLECTED, Turn.APPLICANT, "none")
    entry = case.entry(
        "passport.handed_over",
        act=act,
        role=Role.HANDOVER,
        outcome="collected",
        details={"relation": act.collector.relation, "booklet": passport.number},
    )
    verdict = await case.note(entry)
    case.show_operators()
    collected.answer(verdict)
