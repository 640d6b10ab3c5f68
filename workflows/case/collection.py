"""Who may collect a passport, and until when (Permenkumham 8/2014 arts. 23 and 30)."""

from dataclasses import dataclass
from datetime import date

from workflows.case.dates import add_months
from workflows.case.facts import Applicant, Relation
from workflows.case.judgement import Objection
from workflows.case.rules import Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Collector:
    """The person at the counter: relation to the holder, and the identity shown."""

    relation: Relation
    id_kind: str
    id_number: str
    letter: str = ""


def objection_to_collector(
    collector: Collector, applicant: Applicant, minor: bool, collection: Rule
) -> Objection | None:
    """An attorney brings the letter; a child's passport goes to a parent or guardian; the holder is who they say.

    Only an identity card bears the NIK: with another document the officer alone judges who stands there.
    """
    if collector.relation is Relation.ATTORNEY and not collector.letter:
        why = "an attorney brings the power of attorney"
        return Objection(
            code="collector_not_entitled", why=why, rule=collection.reference, field_name="/collector/letter"
        )
    if minor and collector.relation not in (Relation.GUARDIAN, Relation.FAMILY):
        why = "a child's passport is handed to a parent or guardian"
        return Objection(
            code="collector_not_entitled", why=why, rule=collection.reference, field_name="/collector/relation"
        )
    if collector.relation is Relation.SELF and not _is_holder(collector, applicant):
        why = "the identity card shown is not the holder's"
        return Objection(
            code="collector_not_entitled", why=why, rule=collection.reference, field_name="/collector/id_number"
        )
    return None


def _is_holder(collector: Collector, applicant: Applicant) -> bool:
    return collector.id_kind != "id_card" or collector.id_number == applicant.nik


def collect_until(issued_on: date, collection: Rule) -> date:
    """The last day of collection: one calendar month from issue, not thirty days."""
    return add_months(issued_on, collection.number("months"))
