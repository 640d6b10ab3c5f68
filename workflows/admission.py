"""Who may put a message on a tray: the right role, at the office of the case, and two people where two are required."""

from collections.abc import Callable
from typing import Any

from workflows.case.facts import Actor, Role
from workflows.case.record import DECIDERS, TaskStep
from workflows.messages import Act, SeatTaken
from workflows.tray import refusal

Rule = Callable[[Any], None]
IN_CHARGE = (Role.SUPERVISOR, Role.HEAD)


def by_officer(*roles: Role, office: str, barred: tuple[str, ...] = ()) -> Rule:
    """Officers (or a device) of one of the roles at that office, but nobody who is barred by the rule of four eyes."""

    def rule(act: Act) -> None:
        _require_role(act.by, roles)
        if act.by.office != office:
            raise refusal("role_not_allowed", "this case is served by another office")
        if act.by.id in barred:
            raise refusal("same_officer", "a second person has to do this")

    return rule


def by_decider(step: TaskStep, office: str, barred: tuple[str, ...] = ()) -> Rule:
    """Who decides on a step, at that office."""
    return by_officer(*DECIDERS[step], office=office, barred=barred)


def by_owner(owner: str) -> Rule:
    """Who filed: the applicant, or the assistant who filed for a citizen. Nobody else acts for them."""

    def rule(act: Act) -> None:
        _require_role(act.by, (Role.APPLICANT, Role.ASSISTANT))
        if act.by.id != owner:
            raise refusal("role_not_allowed", "this is another person's case")

    return rule


def for_seat(owner: str, office: Callable[[], str]) -> Rule:
    """A seat that the owner chose; or, with a cause, one that the system or who is in charge of the office gave."""
    own = by_owner(owner)

    def rule(act: SeatTaken) -> None:
        if not act.cause or not {Role.SYSTEM, *IN_CHARGE} & set(act.by.roles):
            own(act)
        elif Role.SYSTEM not in act.by.roles:
            by_officer(*IN_CHARGE, office=office())(act)

    return rule


def by_head(office: Callable[[], str]) -> Rule:
    """The head of the office that serves the case, looked up when the message comes."""

    def rule(act: Act) -> None:
        by_officer(Role.HEAD, office=office() or act.by.office)(act)

    return rule


def _require_role(actor: Actor, roles: tuple[Role, ...]) -> None:
    if not set(roles) & set(actor.roles):
        raise refusal("role_not_allowed", f"this is for the role {' or '.join(roles)}")
