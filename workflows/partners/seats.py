"""Seats and queue tickets. PostgreSQL decides who gets one; the procedure confirms, returns and uses it."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime

from temporalio import activity

from workflows import options
from workflows.case.facts import Appointment, Lane, Ticket


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRequest:
    """What is to become of a booking."""

    key: str
    number: str
    booking: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSeat:
    """A seat as the case knows it."""

    number: str
    booking: str
    slot_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """A person is at the office; `rank_from` is the moment from which their rank counts."""

    key: str
    number: str
    booking: str
    office: str
    lane: Lane
    state: str
    rank_from: datetime


class Seats(ABC):
    """Carried out in our own database, each idempotent by its key."""

    @activity.defn(name="seats.confirm")
    @abstractmethod
    def confirm(self, request: SeatRequest) -> bool:
        """Make a held seat a confirmed one. False when the hold had lapsed and the place is gone."""

    @activity.defn(name="seats.release")
    @abstractmethod
    def release(self, request: SeatRequest) -> None:
        """Give a held or confirmed seat back; nothing to do is fine."""

    @activity.defn(name="seats.sought")
    @abstractmethod
    def sought(self, known: KnownSeat) -> bool:
        """Whether this seat is of a day that the office closed, or has been replaced already."""

    @activity.defn(name="seats.admit")
    @abstractmethod
    def admit(self, admission: Admission) -> Ticket:
        """Use the seat and give the person a place in the queue; the same key gets the same ticket."""


async def seat_confirmed(request: SeatRequest) -> bool:
    """Confirm the seat of who has paid."""
    return await options.ask_beside(Seats.confirm, request, options.TRANSACTION)


async def seat_released(request: SeatRequest) -> None:
    """Give the seat back."""
    await options.ask_beside(Seats.release, request, options.TRANSACTION)


async def seat_sought(known: KnownSeat) -> bool:
    """Whether nobody could come, since the office was closed."""
    return await options.ask_beside(Seats.sought, known, options.TRANSACTION)


async def admitted_to_queue(appointment: Appointment, number: str, state: str, rank_from: datetime) -> Ticket:
    """Take the person into the office's queue."""
    admission = Admission(
        key=f"{number}/admission",
        number=number,
        booking=appointment.booking,
        office=appointment.office,
        lane=appointment.lane,
        state=state,
        rank_from=rank_from,
    )
    return await options.ask_beside(Seats.admit, admission, options.TRANSACTION)
