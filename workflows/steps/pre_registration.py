"""Before anything is charged: do the claims match the register, and does a valid passport stand in the way?"""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ActivityError

from workflows import options
from workflows.case.eligibility import objection_to_filing, objection_to_holding, objection_to_previous
from workflows.case.facts import Actor, Consent, Ending, Role, Stage, Turn
from workflows.case.judgement import Objection
from workflows.case.papers import required_papers
from workflows.case.rules import RuleName, Rules
from workflows.casework import Casework, is_declined
from workflows.desk import CaseEnds
from workflows.messages import Act
from workflows.partners import ledger
from workflows.partners.notices import NoticeKind
from workflows.partners.passports import HeldPassport, HoldingsQuery, passports_held
from workflows.partners.population import ClaimsCheck, ClaimsVerdict, claims_verified

FILING_RULES = (RuleName.TARIFF, RuleName.VALIDITY, RuleName.PAPERS, RuleName.ELIGIBILITY, RuleName.BOOKING)


async def pre_register(case: Casework) -> None:
    """Open the record, judge the filing, ask both registers. The first answer goes to who waits at the form."""
    rules = await case.look_up(*FILING_RULES)
    await _open_record(case, rules)
    _end_on(case, objection_to_filing(case.file.filing, rules, case.today()))
    try:
        claims, held = await _registers(case)
    except ActivityError as error:
        raise CaseEnds(Ending.NOT_ACCEPTED, "not_eligible") from error
    if not claims.matches:
        why = "the claims do not match the population register"
        _end_on(case, Objection(code="nik_mismatch", why=why, field_name="/applicant"))
    valid = tuple((passport.number, passport.expires_on) for passport in held if passport.state == "valid")
    _end_on(case, objection_to_holding(case.file.filing, valid, rules, case.today()))
    known = tuple((passport.number, passport.expires_on) for passport in held)
    _end_on(case, objection_to_previous(case.file.filing, known, rules))
    case.file.claims_verified = case.file.bookable = True
    case.stand(Stage.FILED, Turn.APPLICANT, "choose_appointment")
    await case.note(case.entry("claims.verified", outcome="match", rule=rules[RuleName.ELIGIBILITY].reference))
    case.file.admitted = True
    if case.file.filing.consent:
        # The citizen hears from us, not from the institution alone, what was filed in their name.
        case.send(NoticeKind.FILED_FOR_YOU, institution=case.file.filing.institution)


async def _open_record(case: Casework, rules: Rules) -> None:
    filing = case.file.filing
    papers = required_papers(filing, rules[RuleName.PAPERS], rules[RuleName.VALIDITY], case.today())
    case.file.papers = {paper.kind.value: paper for paper in papers}
    filed = Act(by=Actor(id=filing.owner, roles=(Role.APPLICANT,), office=filing.institution))
    entry = case.entry(
        "application.filed",
        act=filed,
        role=Role.APPLICANT,
        rule=rules[RuleName.PAPERS].reference,
        details=_consent(filing.consent),
    )
    opening = ledger.Opening(
        filing=filing,
        workflow_id=workflow.info().workflow_id,
        run_id=workflow.info().run_id,
        entry=entry,
        view=case.file.view(),
    )
    if await ledger.case_opened(opening) is None:
        _end_on(case, Objection(code="live_application_exists", why="the person has a live application"))


def _consent(consent: Consent | None) -> dict[str, str]:
    """How the citizen agreed that somebody files for them; the evidence by its hash."""
    if consent is None:
        return {}
    return {"consent": consent.kind.value, "consent_on": consent.given_on.isoformat(), "evidence": consent.evidence}


async def _registers(case: Casework) -> tuple[ClaimsVerdict, tuple[HeldPassport, ...]]:
    try:
        return await _ask_both(case, options.WHILE_SOMEBODY_WAITS)
    except ActivityError as error:
        if is_declined(error):
            raise
        case.stand(Stage.FILED, Turn.SYSTEM, "wait_for_register")
        await case.note(case.entry("claims.waiting", outcome="register_away"))
        case.file.admitted = True
        return await case.desk.unless_left(_ask_both(case, options.REGISTER))


async def _ask_both(case: Casework, how: options.Asking) -> tuple[ClaimsVerdict, tuple[HeldPassport, ...]]:
    person = case.file.filing.applicant
    check = ClaimsCheck(
        key=case.key("claims"),
        nik=person.nik,
        full_name=person.full_name,
        birth_date=person.birth_date,
        birth_place=person.birth_place,
        sex=person.sex,
    )
    holdings = HoldingsQuery(key=case.key("holdings"), nik=person.nik)
    return await asyncio.gather(claims_verified(check, how), passports_held(holdings, how))


def _end_on(case: Casework, objection: Objection | None) -> None:
    if objection:
        case.file.objection = objection
        raise CaseEnds(Ending.NOT_ACCEPTED, objection.code, rule=objection.rule)
