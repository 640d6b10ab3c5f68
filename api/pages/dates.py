"""Dates, times and money as people here write them."""

from datetime import date, datetime, timedelta, timezone

MONTHS = {
    "id": [
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
DAYS = {
    "id": ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"],
    "en": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
}
# Waktu Indonesia Barat, Tengah, Timur: the names that people know, no summer time. Seals are set by UTC.
ZONES = {0: "UTC", 7: "WIB", 8: "WITA", 9: "WIT"}
CAPITAL, GREENWICH = 7, 0


def day(on: date, language: str) -> str:
    """Such as `Senin, 30 November 2026`."""
    return f"{DAYS[language][on.weekday()]}, {short_day(on, language)}"


def short_day(on: date, language: str) -> str:
    """Such as `30 November 2026`."""
    return f"{on.day} {MONTHS[language][on.month - 1]} {on.year}"


def brief(on: date, language: str) -> str:
    """Such as `30 November`, where the year is plain."""
    return f"{on.day} {MONTHS[language][on.month - 1]}"


def plain_day(on: date, language: str) -> str:
    """Such as `Senin, 30 November`."""
    return f"{DAYS[language][on.weekday()]}, {brief(on, language)}"


def clock(moment: datetime, language: str) -> str:
    """The time of a moment that is in its office's zone already, such as `08.30`."""
    return f"{moment:%H.%M}" if language == "id" else f"{moment:%H:%M}"


def zone(offset: int = CAPITAL) -> timezone:
    """The zone that many hours east of Greenwich."""
    return timezone(timedelta(hours=offset))


def moment(at: datetime, language: str, offset: int = CAPITAL) -> str:
    """Such as `30 November 2026, 08.30 WITA`."""
    local = at.astimezone(zone(offset))
    return f"{short_day(local.date(), language)}, {clock(local, language)} {ZONES.get(offset, '')}".rstrip()


def deadline(at: datetime, language: str, offset: int = CAPITAL) -> str:
    """The last moment of a limit; one that ends at midnight is a whole day, as people say it."""
    local = at.astimezone(zone(offset))
    if (local.hour, local.minute) == (0, 0):
        return short_day(local.date() - timedelta(days=1), language)
    return moment(at, language, offset)


def money(amount: int) -> str:
    """Rupiah, such as `Rp350.000`: written so in both languages, as on the bill."""
    return "Rp" + f"{amount:,}".replace(",", ".")


def number(written: str) -> str:
    """An application's number in groups of four."""
    return " ".join(written[place : place + 4] for place in range(0, len(written), 4))
