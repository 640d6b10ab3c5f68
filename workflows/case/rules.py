"""Rules as dated data: each value in force on a day, with its source, looked up by an activity and read here."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class RuleName(StrEnum):
    """Every limit and list that a regulation or an office sets."""

    TARIFF = "tariff"
    VALIDITY = "validity"
    PAPERS = "papers"
    ELIGIBILITY = "eligibility"
    BOOKING = "booking"
    PAYMENT = "payment"
    RESCHEDULE = "reschedule"
    ATTENDANCE = "attendance"
    COMPLETION = "completion"
    SUSPENSION = "suspension"
    ENROLMENT = "enrolment"
    MATCHING = "matching"
    PROMISE = "promise"
    COLLECTION = "collection"
    FAMILY = "family"
    ASSISTANCE = "assistance"


RuleValue = dict[str, object]

# What the procedure reads of each rule, whatever the case. What a tariff must price depends on the application.
READ: Mapping[RuleName, tuple[str, ...]] = {
    RuleName.VALIDITY: ("adult_age", "adult_years", "minor_years"),
    RuleName.PAPERS: ("new_adult", "replacement_adult", "new_child", "replacement_child"),
    RuleName.ELIGIBILITY: ("months_left", "walk_in_reasons", "same_day_reasons"),
    RuleName.BOOKING: ("days",),
    RuleName.PAYMENT: ("minutes",),
    RuleName.ATTENDANCE: ("early_minutes", "late_minutes"),
    RuleName.COMPLETION: ("days",),
    RuleName.SUSPENSION: ("days", "most_days", "default_action"),
    RuleName.ENROLMENT: ("face_quality", "finger_quality", "fingers"),
    RuleName.MATCHING: ("poll_minutes",),
    RuleName.PROMISE: ("working_days", "same_day_working_days"),
    RuleName.COLLECTION: ("months",),
}
# How they are read; all others are whole numbers.
TEXT_FIELDS = ("default_action",)
LIST_FIELDS = (*READ[RuleName.PAPERS], "walk_in_reasons", "same_day_reasons")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule in force: its value since `effective_from`; `office` is empty for the nation's."""

    name: RuleName
    effective_from: date
    value: RuleValue = field(default_factory=dict)
    office: str = ""

    @property
    def reference(self) -> str:
        """How the record cites it, such as `tariff@2024-12-17`, or `attendance@2024-01-01/latihan`."""
        return f"{self.name}@{self.effective_from.isoformat()}" + (f"/{self.office}" if self.office else "")

    def number(self, field_name: str, otherwise: int | None = None) -> int:
        """A whole number of the value, or `otherwise` where it has none; raises `RuleUnreadable` without either."""
        found = self.value.get(field_name, otherwise)
        if not isinstance(found, int) or isinstance(found, bool):
            raise RuleUnreadable(f"{self.reference}: {field_name} is no whole number")
        return found

    def text(self, field_name: str) -> str:
        """A text of the value; raises `RuleUnreadable` where there is none."""
        found = self.value.get(field_name)
        if not isinstance(found, str):
            raise RuleUnreadable(f"{self.reference}: {field_name} is no text")
        return found

    def texts(self, field_name: str) -> tuple[str, ...]:
        """A list of texts of the value; raises `RuleUnreadable` where there is none."""
        found = self.value.get(field_name)
        if not isinstance(found, list | tuple) or not all(isinstance(item, str) for item in found):
            raise RuleUnreadable(f"{self.reference}: {field_name} is no list of texts")
        return tuple(str(item) for item in found)

    def readable(self, field_name: str) -> bool:
        """Whether the value has this field, in the form in which it is read."""
        read: Callable[[str], object] = self.number
        if field_name in (*TEXT_FIELDS, *LIST_FIELDS):
            read = self.text if field_name in TEXT_FIELDS else self.texts
        try:
            read(field_name)
        except RuleUnreadable:
            return False
        return True


class RuleUnreadable(ValueError):
    """A stored rule lacks a value that the procedure needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The rules asked for, as in force on one day for one office."""

    rules: tuple[Rule, ...] = ()

    def __getitem__(self, name: RuleName) -> Rule:
        """The rule of that name; raises `RuleUnreadable` when none is in force."""
        for rule in self.rules:
            if rule.name is name:
                return rule
        raise RuleUnreadable(f"no rule {name} is in force")

    def __contains__(self, name: RuleName) -> bool:
        """Whether a rule of that name is here."""
        return any(rule.name is name for rule in self.rules)

    def lacking(self, *names: RuleName, needs: Iterable[str] = ()) -> tuple[str, ...]:
        """What of these rules is not in force: `payment`, `payment.minutes`; `needs` are fields beside those of `READ`.

        A case must not go on without them, and not guess: it asks again until somebody has entered the rule.
        """
        fields = [f"{name}.{one}" for name in names for one in READ.get(name, ())]
        absent = [name.value for name in names if name not in self]
        return (*absent, *(one for one in (*fields, *needs) if self._lacks(one, absent)))

    def _lacks(self, needed: str, absent: list[str]) -> bool:
        name, _, field_name = needed.partition(".")
        return name not in absent and not self[RuleName(name)].readable(field_name)

    def merged(self, others: Iterable[Rule]) -> "Rules":
        """These rules with `others` in place of those of the same name."""
        newer = {rule.name: rule for rule in others}
        return Rules(rules=tuple({**{rule.name: rule for rule in self.rules}, **newer}.values()))
