"""The trail of access: refused attempts, and what officers and auditors looked at (PDP law 27/2022, art. 31)."""

from starlette.requests import Request

from activities.storage import access_log
from api.installation import Installation
from workflows.case.facts import Actor, Role

# Refusals that a law or a rule of the office wants to be found later.
TRACED = {"role_not_allowed", "same_officer", "lease_lost", "lease_required"}


async def refused(house: Installation, actor: Actor, request: Request, code: str, why: str = "") -> None:
    """Record that somebody tried what they may not."""
    number = request.path_params.get("number")
    await house.database.run(
        access_log.record,
        actor=actor.id,
        role=_roles(actor),
        action=_action(request),
        number=number,
        outcome=code,
        why=why,
    )


async def looked(
    house: Installation, actor: Actor, request: Request, number: str | None = None, what: str = ""
) -> None:
    """Record a read by an officer or auditor, and of `what`; what applicants read of their own is theirs."""
    if Role.APPLICANT in actor.roles:
        return
    await house.database.run(
        access_log.record,
        actor=actor.id,
        role=_roles(actor),
        action=_action(request),
        number=number,
        outcome="read",
        why=what,
    )


def _roles(actor: Actor) -> str:
    return " ".join(role.value for role in actor.roles)


def _action(request: Request) -> str:
    route = request.scope["route"]
    return f"{request.method} {route.path_format}"
