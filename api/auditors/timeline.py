"""A story as people look at it: by day, with who acted, what lay between, and on which rule. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from api.auditors.chronicle import Line
from api.auditors.passage import Calendar, Lasted
from workflows.case.facts import Role

KINDS = ("applicant", "office", "system", "deadline", "trouble")
TROUBLE = {"failed", "notice.failed", "print.unknown", "claims.waiting", "issue.declined", "payment.stray", "seat.lost"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One line on the way: when by the office's clock, of which kind, after which time, on which rule from where."""

    line: Line
    at: datetime
    kind: str
    since_last: Lasted | None
    rule_name: str
    rule_from: date | None
    rule_source: str


def kind_of(line: Line) -> str:
    """Who moved the case: a person who applies, the office, a system, a deadline; or that something went wrong."""
    if line.action in TROUBLE:
        return "trouble"
    if line.action == "due":
        return "deadline"
    if line.role in (Role.APPLICANT, Role.ASSISTANT):
        return "applicant"
    return "system" if line.role == Role.SYSTEM else "office"


def moments(lines: Iterable[Line], calendar: Calendar, sources: Mapping[str, str]) -> list[Moment]:
    """The lines in their order, each with the time since the one before it that is shown."""
    found: list[Moment] = []
    for line in lines:
        name, since = _cited(line.rule)
        found.append(
            Moment(
                line=line,
                at=line.at.astimezone(calendar.zone),
                kind=kind_of(line),
                since_last=calendar.lasted(found[-1].line.at, line.at) if found else None,
                rule_name=name,
                rule_from=since,
                rule_source=sources.get(line.rule, ""),
            )
        )
    return found


def actors(lines: Iterable[Line]) -> list[str]:
    """Everybody who acted, in order of appearance."""
    return list(dict.fromkeys(line.actor for line in lines))


def narrowed(lines: Sequence[Line], kind: str, actor: str) -> list[Line]:
    """Only what is of a kind, or by somebody; empty asks for all."""
    return [line for line in lines if kind in ("", kind_of(line)) and actor in ("", line.actor)]


def _cited(rule: str) -> tuple[str, date | None]:
    name, _, rest = rule.partition("@")
    try:
        return name, date.fromisoformat(rest.partition("/")[0])
    except ValueError:
        return name, None
