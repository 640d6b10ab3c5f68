"""Where each role begins: the page after the door, and the first link of the menu. One row a role."""

from workflows.case.facts import Actor, Role

OFFICERS = (
    Role.EXAMINER,
    Role.INTERVIEWER,
    Role.ADJUDICATOR,
    Role.PRINTER,
    Role.INSPECTOR,
    Role.HANDOVER,
    Role.SUPERVISOR,
    Role.HEAD,
)

# The first row that fits counts: role, start page, and the text of its link.
HOMES: tuple[tuple[Role, str, str], ...] = (
    (Role.APPLICANT, "/applications", "site.applications"),
    (Role.ASSISTANT, "/applications", "site.applications"),
    (Role.AUDITOR, "/audit", "site.audit"),
    *((role, "/desk", "site.desk") for role in OFFICERS),
)
STARTS = {path for _, path, _ in HOMES}
NOWHERE = ("/", "do.start_page")


def home(actor: Actor) -> tuple[str, str]:
    """The start page of somebody, and the key of its name; the public start page for who has no pages."""
    return next(((path, key) for role, path, key in HOMES if role in actor.roles), NOWHERE)
