"""Lengths of time in words, in both languages."""

from datetime import timedelta

from api.auditors.passage import Lasted
from api.pages.texts import text

MINUTE, HOUR, DAY = 60, 3600, 86400
SHORT = 10


def counted(key: str, count: int, language: str) -> str:
    """A number of things: the text for one where it is one, since English minds."""
    return text(f"{key}.one" if count == 1 else key, language, count=count)


def length(time: timedelta, language: str) -> str:
    """Such as `3 h 20 min`: the two largest units, which is as exact as anybody reads; a short time in tenths."""
    seconds = int(time.total_seconds())
    tenths = round(time / timedelta(seconds=1), 1)
    if tenths < SHORT:
        said = f"{tenths:.1f}".replace(".", "," if language == "id" else ".")
        return text("audit.length.seconds", language, seconds=said) if tenths else text("audit.length.moment", language)
    if seconds < MINUTE:
        return text("audit.length.seconds", language, seconds=seconds)
    if seconds < HOUR:
        return _two("audit.length.minutes", seconds // MINUTE, "audit.length.seconds", seconds % MINUTE, language)
    if seconds < DAY:
        minutes = seconds % HOUR // MINUTE
        return _two("audit.length.hours", seconds // HOUR, "audit.length.minutes", minutes, language)
    days = counted("audit.length.days", seconds // DAY, language)
    hours = seconds % DAY // HOUR
    return f"{days} {text('audit.length.hours', language, hours=hours)}" if hours else days


def working(lasted: Lasted, language: str) -> str:
    """Such as `3 working days`; empty within one day."""
    return counted("audit.length.working", lasted.working_days, language) if lasted.days else ""


def gap(lasted: Lasted, language: str) -> str:
    """Between two lines: working days where days passed, else by the clock; empty where it is not worth a word."""
    if lasted.time < timedelta(minutes=1):
        return ""
    return " · ".join(part for part in (working(lasted, language), length(lasted.time, language)) if part)


def _two(first: str, many: int, second: str, rest: int, language: str) -> str:
    name = {"audit.length.seconds": "seconds", "audit.length.minutes": "minutes", "audit.length.hours": "hours"}
    large = text(first, language, **{name[first]: many})
    return f"{large} {text(second, language, **{name[second]: rest})}" if rest else large
