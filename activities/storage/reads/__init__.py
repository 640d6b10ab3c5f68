"""What people read of cases, offices and the record. Nothing here writes."""

from activities.storage.reads.audit import (
    AuditPage,
    AuditRow,
    ReadRow,
    audit_applications,
    reads_of,
)
from activities.storage.reads.cases import (
    ApplicationRow,
    CaseAddress,
    EventRow,
    OwnedRow,
    TimelineRow,
    applicant,
    application,
    case_address,
    events,
    new_events,
    owned_by,
    timeline,
)
from activities.storage.reads.exceptions import EXCEPTION_KINDS, ExceptionRow, exceptions
from activities.storage.reads.families import FamilyRow, Member, family, to_be_seated_together
from activities.storage.reads.means import Glance, OfficeNow, Work, glances, office_now
from activities.storage.reads.money import (
    PaymentRow,
    SettlementRow,
    payment_case,
    payment_cases,
    payments_of,
    settlement_days,
)
from activities.storage.reads.offices import Availability, Day, OfficeRow, OpenSlot, availability, offices
from activities.storage.reads.performance import SPAN_DAYS, Measured, performance
from activities.storage.reads.rules import days_off, rule_sources, rules_in_force
from activities.storage.reads.verification import Broken, CaseProof, Root, Verification, case_proof, verification

__all__ = [
    "EXCEPTION_KINDS",
    "SPAN_DAYS",
    "ApplicationRow",
    "AuditPage",
    "AuditRow",
    "Availability",
    "Broken",
    "CaseAddress",
    "CaseProof",
    "Day",
    "EventRow",
    "ExceptionRow",
    "FamilyRow",
    "Glance",
    "Measured",
    "Member",
    "OfficeNow",
    "OfficeRow",
    "OpenSlot",
    "OwnedRow",
    "PaymentRow",
    "ReadRow",
    "Root",
    "SettlementRow",
    "TimelineRow",
    "Verification",
    "Work",
    "applicant",
    "application",
    "audit_applications",
    "availability",
    "case_address",
    "case_proof",
    "days_off",
    "events",
    "exceptions",
    "family",
    "glances",
    "new_events",
    "office_now",
    "offices",
    "owned_by",
    "payment_case",
    "payment_cases",
    "payments_of",
    "performance",
    "reads_of",
    "rule_sources",
    "rules_in_force",
    "settlement_days",
    "timeline",
    "to_be_seated_together",
    "verification",
]
