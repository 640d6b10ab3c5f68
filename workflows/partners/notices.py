"""Messages to the applicant."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import StrEnum

from temporalio import activity

from workflows import options


class NoticeKind(StrEnum):
    """What a message is about; its text is made by the template of that name."""

    CONFIRMED = "confirmed"
    RETURNED = "returned"
    SEAT_LOST = "seat_lost"
    READY = "ready"
    ENDED = "ended"
    OFFERED = "offered"
    RESEATED = "reseated"
    SEAT_SOUGHT = "seat_sought"
    DRAWN = "drawn"
    FILED_FOR_YOU = "filed_for_you"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message. `facts` fill the template; the key makes the message's id, so that a repeat is seen as one."""

    key: str
    kind: NoticeKind
    to: str
    language: str
    facts: dict[str, str] = field(default_factory=dict)


class Notices(ABC):
    """Carried out over SMTP."""

    @activity.defn(name="notices.send")
    @abstractmethod
    def send(self, notice: Notice) -> None:
        """Send the message, at least once; a repeat carries the same message id."""


async def notice_sent(notice: Notice, how: options.Asking = options.NOTICE) -> None:
    """Send a message; raises when all tries did not get it through."""
    await options.ask(Notices.send, notice, how, options.NATIONAL, f"send notice: {notice.kind.value}")
