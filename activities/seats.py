"""Seats and queue tickets, in our own database."""

from sqlalchemy import Engine
from temporalio import activity

from activities.storage import moving, seats
from workflows.case.facts import Ticket
from workflows.partners.seats import Admission, KnownSeat, SeatRequest, Seats


class OfficeSeats(Seats):
    """Carries out `Seats`: one transaction a request."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @activity.defn(name="seats.confirm")
    def confirm(self, request: SeatRequest) -> bool:
        """Make a held seat a confirmed one. False when the hold had lapsed and the place is gone."""
        with self._engine.begin() as conn:
            return seats.confirm(conn, request)

    @activity.defn(name="seats.release")
    def release(self, request: SeatRequest) -> None:
        """Give a held or confirmed seat back; nothing to do is fine."""
        with self._engine.begin() as conn:
            seats.release(conn, request)

    @activity.defn(name="seats.sought")
    def sought(self, known: KnownSeat) -> bool:
        """Whether this seat is of a day that the office closed, or has been replaced already."""
        with self._engine.begin() as conn:
            return moving.is_sought(conn, known)

    @activity.defn(name="seats.admit")
    def admit(self, admission: Admission) -> Ticket:
        """Use the seat and give the person a place in the queue; the same key gets the same ticket."""
        with self._engine.begin() as conn:
            return seats.admit(conn, admission)
