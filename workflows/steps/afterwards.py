"""After the handover: the national register learns of the passport."""

from temporalio.exceptions import ActivityError

from workflows.casework import Casework
from workflows.partners.passports import Issue, issue_recorded


async def record_issue(case: Casework) -> None:
    """Enter the passport in the national register, however long that takes: the holder has it already."""
    passport = case.file.passport
    assert passport is not None
    assert passport.issued_on is not None
    assert passport.expires_on is not None
    issue = Issue(
        key=case.key("issue"),
        nik=case.file.filing.applicant.nik,
        number=passport.number,
        issued_on=passport.issued_on,
        expires_on=passport.expires_on,
    )
    try:
        await issue_recorded(issue)
    except ActivityError:
        await case.note(case.entry("issue.declined", outcome="for_an_officer", details={"booklet": passport.number}))
