"""The national id number (NIK): 16 digits, PPRRSS DDMMYY NNNN, a woman's day plus 40 (no check digit)."""

import re
from dataclasses import dataclass
from datetime import date

from workflows.case.facts import Sex

WOMEN_DAY_OFFSET = 40
FIRST_PROVINCE, LAST_PROVINCE = 11, 97
# Sixteen digits that can be a NIK: six of a district, a day (a woman's plus 40), a month, a year, a serial number.
NIK_FORM = "[1-9][0-9]{5}([04][1-9]|[1256][0-9]|[37][01])(0[1-9]|1[0-2])[0-9]{6}"
ALONE = re.compile(rf"(?<![0-9]){NIK_FORM}(?![0-9])")


class MalformedNik(ValueError):
    """Not a NIK; the text says why without repeating it."""


@dataclass(frozen=True, slots=True)
class Nik:
    """A well-formed NIK, and what its digits say. The century of birth is not in it."""

    digits: str
    day: int
    month: int
    year: int
    sex: Sex

    def agrees_with(self, birth_date: date) -> bool:
        """Whether digits 7 to 12 are this birth date."""
        return (self.day, self.month, self.year) == (birth_date.day, birth_date.month, birth_date.year % 100)


def parse_nik(text: str) -> Nik:
    """Read a NIK; raises `MalformedNik`."""
    if len(text) != 16 or not (text.isascii() and text.isdigit()):
        raise MalformedNik("a NIK has 16 digits")
    if not FIRST_PROVINCE <= int(text[:2]) <= LAST_PROVINCE:
        raise MalformedNik("the first two digits are no province")
    if text[12:] == "0000":
        raise MalformedNik("the serial number is zero")
    day, month, year = int(text[6:8]), int(text[8:10]), int(text[10:12])
    sex = Sex.FEMALE if day > WOMEN_DAY_OFFSET else Sex.MALE
    day -= WOMEN_DAY_OFFSET if sex is Sex.FEMALE else 0
    try:
        # The leap years of both centuries end in the same digits; of 1900, which was none, nobody has a NIK.
        date(2000 + year, month, day)
    except ValueError:
        raise MalformedNik("digits 7 to 12 are no date") from None
    return Nik(digits=text, day=day, month=month, year=year, sex=sex)


def without_nik(words: str) -> str:
    """Free text without any NIK: what is kept of a decision, and what goes out with it, is never erased."""
    return ALONE.sub("[NIK]", words)
