"""Who may file for what, before any bill (half of all refusals are people who already hold a passport)."""

from datetime import date

from workflows.case import mrz
from workflows.case.dates import add_months
from workflows.case.facts import Filing, Kind, ReplacementReason, Service
from workflows.case.judgement import Objection
from workflows.case.papers import is_minor
from workflows.case.rules import Rule, RuleName, Rules
from workflows.case.tariff import prices_of


def objection_to_filing(filing: Filing, rules: Rules, on: date) -> Objection | None:
    """The first reason why this cannot be applied for here, judged on the day of filing."""
    checks = (_unwritable_name, _wrong_channel, _no_reason, _no_guardian, _too_long, _no_tariff, _no_same_day)
    return next((found for check in checks if (found := check(filing, rules, on))), None)


def objection_to_holding(
    filing: Filing, held: tuple[tuple[str, date], ...], rules: Rules, on: date
) -> Objection | None:
    """Whether a valid passport stands in the way. `held` are numbers and expiry dates of valid ones.

    A passport is valid on its last day. A replacement for expiry is open when less than `months_left` remain (M-Paspor:
    6 months), so from the day after the same day of the month, that many months earlier.
    """
    still_valid = [expires_on for _, expires_on in held if expires_on >= on]
    if not still_valid or filing.replacement_reason is ReplacementReason.PAGES_FULL:
        return None
    rule = rules[RuleName.ELIGIBILITY]
    if filing.replacement_reason is ReplacementReason.EXPIRED:
        opens = add_months(on, rule.number("months_left"))
        if max(still_valid) < opens:
            return None
    return Objection(code="already_holds_passport", why="the register holds a valid passport", rule=rule.reference)


def objection_to_previous(filing: Filing, held: tuple[tuple[str, date], ...], rules: Rules) -> Objection | None:
    """Whether the passport to be replaced is one of those that the register holds. `held` are all of the person's.

    Where the register knows none of the person, the examiner alone sees what is to be replaced.
    """
    claimed, known = filing.previous_passport, dict(held)
    if filing.kind is not Kind.REPLACEMENT or claimed is None or not known:
        return None
    rule = rules[RuleName.ELIGIBILITY]
    if claimed.number not in known:
        why = "the register holds no such passport of this person"
        return _refused(rule, why, "/previous_passport/number")
    if claimed.expires_on != known[claimed.number]:
        why = "in the register this passport ends on another day"
        return _refused(rule, why, "/previous_passport/expires_on")
    return None


def _refused(rule: Rule, why: str, field_name: str) -> Objection:
    return Objection(code="not_eligible", why=why, rule=rule.reference, field_name=field_name)


def _unwritable_name(filing: Filing, rules: Rules, on: date) -> Objection | None:
    """ICAO 9303: the name has to stand in the machine readable zone. Better said now than at the printer."""
    try:
        mrz.name_field(filing.applicant.full_name)
    except mrz.UnwritableName as error:
        return Objection(code="not_eligible", why=str(error), field_name="/applicant/full_name")
    return None


def _wrong_channel(filing: Filing, rules: Rules, on: date) -> Objection | None:
    rule = rules[RuleName.ELIGIBILITY]
    if filing.kind is Kind.REPLACEMENT and filing.replacement_reason in rule.texts("walk_in_reasons"):
        why = "a lost or damaged passport and a change of data begin with an examination record, at the office"
        return _refused(rule, why, "/replacement_reason")
    return None


def _no_reason(filing: Filing, rules: Rules, on: date) -> Objection | None:
    rule = rules[RuleName.ELIGIBILITY]
    if filing.kind is Kind.REPLACEMENT and filing.replacement_reason is None:
        return _refused(rule, "a replacement needs its reason", "/replacement_reason")
    if filing.kind is Kind.NEW and filing.replacement_reason is not None:
        return _refused(rule, "a new passport replaces nothing", "/replacement_reason")
    return None


def _no_guardian(filing: Filing, rules: Rules, on: date) -> Objection | None:
    rule = rules[RuleName.VALIDITY]
    if is_minor(filing.applicant, rule, on) and not filing.applicant.guardians:
        return _refused(rule, "a child applies with a parent or guardian", "/applicant/guardians")
    return None


def _too_long(filing: Filing, rules: Rules, on: date) -> Objection | None:
    """Permenkumham 18/2022 art. 2A: ten years only from 17, or married; five for others."""
    rule = rules[RuleName.VALIDITY]
    minor = is_minor(filing.applicant, rule, on)
    most = rule.number("minor_years") if minor else rule.number("adult_years")
    if filing.validity_years > most:
        return _refused(rule, f"at most {most} years for this person", "/document/validity_years")
    return None


def _no_tariff(filing: Filing, rules: Rules, on: date) -> Objection | None:
    """What has no price today cannot be billed today."""
    tariff = rules[RuleName.TARIFF]
    lacking = rules.lacking(needs=prices_of(filing))
    if "tariff.same_day" in lacking:
        return _refused(tariff, "same-day service has no tariff", "/service")
    return _refused(tariff, "no such passport has a tariff", "/document/validity_years") if lacking else None


def _no_same_day(filing: Filing, rules: Rules, on: date) -> Objection | None:
    rule = rules[RuleName.ELIGIBILITY]
    why_replaced = filing.replacement_reason or "new"
    if filing.service is Service.SAME_DAY and why_replaced not in rule.texts("same_day_reasons"):
        return _refused(rule, "same-day service is for new and expired passports", "/service")
    return None
