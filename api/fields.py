"""Fields of requests: what a text, a date, a number or an id may look like before anything else looks at it."""

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StrictBool

from workflows.case.names import FORBIDDEN, BadName, clean_name
from workflows.case.nik import MalformedNik, parse_nik, without_nik

MOST_TEXT = 1000
FIRST_BIRTH = date(1900, 1, 1)
# What no calendar of ours reaches: further off, a time zone runs out of years.
LAST_DATE = date(2199, 12, 31)
FIRST_MOMENT, LAST_MOMENT = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
EMAIL = re.compile(r"[!-?A-~]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)
PHONE = re.compile(r"\+?[0-9]{7,15}", re.ASCII)


class Form(BaseModel):
    """Base of request bodies. Fields that we do not know are ignored, so that clients may be newer than we are."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)


def _name(text: str) -> str:
    try:
        return clean_name(text)
    except BadName as error:
        raise ValueError(str(error)) from None


def _nik(text: str) -> str:
    try:
        return parse_nik(text).digits
    except MalformedNik as error:
        raise ValueError(str(error)) from None


def clean_text(text: str) -> str:
    """Free text in normal form; line breaks may stay, what is invisible may not."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n")).strip()
    for sign in text:
        what = FORBIDDEN.get(unicodedata.category(sign))
        if what and sign not in "\n\t":
            raise ValueError(f"contains {what} (U+{ord(sign):04X})")
    return text


def _email(text: str) -> str:
    if len(text) > 254 or not EMAIL.fullmatch(text):
        raise ValueError("is no mail address")
    return text


def _phone(text: str) -> str:
    plain = re.sub(r"[ ().-]", "", text)
    if len(text) > 40 or not PHONE.fullmatch(plain):
        raise ValueError("is no telephone number")
    return plain


def _only_date(given: Any) -> Any:
    # Pydantic would take a number as seconds since 1970.
    if isinstance(given, str) and not ISO_DATE.fullmatch(given):
        raise ValueError("is no date such as 2026-01-31")
    if not isinstance(given, str | date):
        raise ValueError("is no date such as 2026-01-31")
    return given


def _only_moment(given: Any) -> Any:
    if not isinstance(given, str | datetime):
        raise ValueError("is no moment such as 2026-01-31T09:00:00+08:00")
    return given


def _near_date(day: date) -> date:
    if not FIRST_BIRTH <= day <= LAST_DATE:
        raise ValueError(f"is not between {FIRST_BIRTH.isoformat()} and {LAST_DATE.isoformat()}")
    return day


def _near_moment(moment: datetime) -> datetime:
    if not FIRST_MOMENT <= moment < LAST_MOMENT:
        raise ValueError(f"is not between {FIRST_MOMENT.year} and {LAST_MOMENT.year}")
    return moment


def _born(day: date) -> date:
    # A day ahead of us is still today somewhere in the country.
    if not FIRST_BIRTH <= day <= datetime.now(UTC).date() + timedelta(days=1):
        raise ValueError("is no birth date of a living person")
    return day


PersonName = Annotated[str, Field(max_length=400), AfterValidator(_name)]
NikText = Annotated[str, Field(max_length=32), AfterValidator(_nik)]
Text = Annotated[str, Field(max_length=MOST_TEXT), AfterValidator(clean_text)]
# A NIK is no part of a reason: it would stand in messages and tables that are never erased.
Reason = Annotated[
    str,
    Field(min_length=1, max_length=MOST_TEXT),
    AfterValidator(clean_text),
    AfterValidator(without_nik),
    Field(min_length=1),
]
Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:@-]{1,128}$")]
Email = Annotated[str, AfterValidator(_email)]
Phone = Annotated[str, AfterValidator(_phone)]
IsoDate = Annotated[date, BeforeValidator(_only_date), AfterValidator(_near_date)]
BirthDate = Annotated[date, BeforeValidator(_only_date), AfterValidator(_born)]
Moment = Annotated[AwareDatetime, BeforeValidator(_only_moment), AfterValidator(_near_moment)]
PassportNumber = Annotated[str, Field(pattern=r"^[A-Z]{1,2}[0-9]{6,7}$")]
BookletNumber = Annotated[str, Field(pattern=r"^[A-Z][0-9]{7}$")]
Truth = StrictBool

OFFICE_ID = r"^[a-z][a-z0-9-]{1,39}$"
OfficeId = Annotated[str, Path(pattern=OFFICE_ID)]
CounterId = Annotated[str, Path(pattern=r"^[A-Za-z0-9-]{1,16}$")]
