"""Ages, years and calendar months, as the regulations count them."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta, timezone, tzinfo

# Before an office is chosen, the nation's rules apply by the capital's clock (WIB); the treasury's days are of it too.
NATION = timezone(timedelta(hours=7))


def age_on(birth_date: date, on: date) -> int:
    """Completed years on a day; who is born on 29 February completes a year on 1 March of other years."""
    return on.year - birth_date.year - ((on.month, on.day) < (birth_date.month, birth_date.day))


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or its last day: one month from 31 January is 28 or 29 February."""
    year, month0 = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))


def end_of_day(day: date, zone: tzinfo) -> datetime:
    """The midnight that ends a day at an office."""
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=zone)
