"""What people read of cases, offices and the record. Nothing here writes."""

from activities.storage.reads.audit import (
    AuditPage,
    AuditRow,
    ExceptionRow,
    ReadRow,
    audit_applications,
    exceptions,
    reads_of,
)
from activities.storage.reads.cases import (
    ApplicationRow,
    CaseAddress,
    EventRow,
    OwnedRow,
    applicant,
    application,
    case_address,
    events,
    new_events,
    owned_by,
    timeline,
)
from activities.storage.reads.offices import Availability, Day, OfficeRow, OpenSlot, availability, offices
from activities.storage.reads.rules import rules_in_force
from activities.storage.reads.verification import Broken, Root, Verification, verification

__all__ = [
    "ApplicationRow",
    "AuditPage",
    "AuditRow",
    "Availability",
    "Broken",
    "CaseAddress",
    "Day",
    "EventRow",
    "ExceptionRow",
    "OfficeRow",
    "OpenSlot",
    "OwnedRow",
    "ReadRow",
    "Root",
    "Verification",
    "applicant",
    "application",
    "audit_applications",
    "availability",
    "case_address",
    "events",
    "exceptions",
    "new_events",
    "offices",
    "owned_by",
    "reads_of",
    "rules_in_force",
    "timeline",
    "verification",
]
