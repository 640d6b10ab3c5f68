"""Trays: handlers put messages on them, steps take them from there.

A message is in turn when the waiting step has opened its tray: there is no table of states to consult.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from workflows.case.judgement import Objection
from workflows.messages import Verdict

M = TypeVar("M")


def refusal(code: str, why: str, **details: object) -> ApplicationError:
    """A refusal by problem code: the caller hears it at once, nothing is retried, the case goes on."""
    return ApplicationError(why, details, type=code, non_retryable=True)


def refusal_of(objection: Objection) -> ApplicationError:
    """The refusal that a rule's objection asks for."""
    details = {**objection.details, "rule": objection.rule, "pointer": objection.field_name}
    return refusal(objection.code, objection.why, **{name: value for name, value in details.items() if value})


class Delivery(Generic[M]):
    """A message on the desk, and the sender who waits for its verdict."""

    def __init__(self, message: M, tray: "Tray[M]") -> None:
        self.message = message
        self._tray = tray
        self._verdict: Verdict | ApplicationError | None = None
        self.on_refusal: Callable[[ApplicationError], None] | None = None

    def answer(self, verdict: Verdict) -> None:
        """Tell the sender what came of it."""
        if self._verdict is None:
            self._verdict = verdict

    def refuse(self, error: ApplicationError) -> None:
        """Tell the sender no; the tray opens again, for a better message."""
        if self._verdict is None:
            self._verdict = error
            self._tray.reopen()
            if self.on_refusal:
                self.on_refusal(error)

    async def verdict(self) -> Verdict:
        """Wait for the step's answer; raises its refusal."""
        await workflow.wait_condition(lambda: self._verdict is not None)
        if isinstance(self._verdict, ApplicationError):
            raise self._verdict
        assert self._verdict is not None
        return self._verdict


class Tray(Generic[M]):
    """A place for one kind of message. A standing tray takes many; any other takes one and shuts."""

    def __init__(self, what: str, *, standing: bool = False, rule: Callable[[M], None] | None = None) -> None:
        self.what = what
        self.standing = standing
        self.is_open = standing
        self._rule = rule
        self._waiting: list[Delivery[M]] = []

    @property
    def filled(self) -> bool:
        """Whether a message lies here."""
        return bool(self._waiting)

    def open(self, rule: Callable[[M], None] | None = None) -> None:
        """Let messages in, those that `rule` does not refuse."""
        self.is_open, self._rule = True, rule

    def reopen(self) -> None:
        """Let the next message in by the same rule."""
        self.is_open = True

    def shut(self) -> None:
        """Let nothing in."""
        self.is_open = False

    def turn_away(self, why: str) -> None:
        """Let nothing in, and tell who came after the step was done."""
        while left := self.take():
            left.refuse(refusal("not_your_turn", why))
        self.shut()

    def check(self, message: M) -> None:
        """Refuse, typed, what is out of turn or against the tray's rule."""
        if not self.is_open:
            raise refusal("not_your_turn", f"the case is not waiting for {self.what}")
        if self._rule:
            self._rule(message)

    def put(self, message: M) -> Delivery[M]:
        """Lay a checked message down. The second of two that passed a validator together is refused here."""
        self.check(message)
        return self.lay(message)

    def lay(self, message: M) -> Delivery[M]:
        """Lay a message down that is never refused for turn."""
        delivery = Delivery(message, self)
        self._waiting.append(delivery)
        if not self.standing:
            self.shut()
        return delivery

    async def submit(self, message: M) -> Verdict:
        """Put a message and wait for the verdict: the body of every update handler."""
        return await self.put(message).verdict()

    def take(self) -> Delivery[M] | None:
        """The oldest message, if one lies here."""
        return self._waiting.pop(0) if self._waiting else None
