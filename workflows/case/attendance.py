"""The windows around an appointment: when a person may check in, and what arriving early or late means."""

from datetime import datetime, timedelta

from workflows.case.dates import end_of_day
from workflows.case.facts import Appointment
from workflows.case.judgement import Objection
from workflows.case.rules import Rule

TOO_EARLY, WAITING, LATE = "too_early", "waiting", "late"


def arrival(appointment: Appointment, attendance: Rule, at: datetime) -> str | Objection:
    """`waiting`, `too_early` or `late`, or an objection `wrong_day`.

    Early arrivals on the day wait for their window; late ones are served that day, ranked from arrival.
    """
    opens = appointment.starts_at - timedelta(minutes=attendance.number("early_minutes"))
    closes = appointment.starts_at + timedelta(minutes=attendance.number("late_minutes"))
    today = appointment.local(at).date() == appointment.local(appointment.starts_at).date()
    if opens <= at <= closes:
        return WAITING
    if today:
        return TOO_EARLY if at < opens else LATE
    why = f"the appointment is on {appointment.local(appointment.starts_at).date().isoformat()}"
    return Objection(code="wrong_day", why=why, rule=attendance.reference)


def rank_from(appointment: Appointment, state: str, at: datetime) -> datetime:
    """The moment from which a person's rank counts: the appointment, or the arrival of who is late."""
    return at if state == LATE else appointment.starts_at


def no_show_at(appointment: Appointment) -> datetime:
    """When an appointment that nobody came to is over: at the end of its day at the office."""
    return end_of_day(appointment.local(appointment.starts_at).date(), appointment.zone())
