"""The demonstration people of a local installation. All are invented; their names tell what they may do."""

import re
from dataclasses import dataclass
from typing import Literal

DEFAULT_OFFICE = "denpasar"
# Names end in -2 where four eyes need a second pair. The role is the name without it.
OFFICERS = {
    "examiner": "Ni Wayan Sari",
    "examiner-2": "I Made Wirya",
    "interviewer": "I Ketut Suardana",
    "interviewer-2": "Ni Komang Ratih",
    "adjudicator": "Ida Ayu Laksmi",
    "adjudicator-2": "I Gede Paramarta",
    "printer": "I Nyoman Budiarsa",
    "inspector": "Ni Luh Kertiasih",
    "handover": "I Putu Mahardika",
    "supervisor": "Ni Made Astuti",
    "head": "I Gusti Ngurah Adnyana",
    "assistant": "Ni Kadek Widiani",
}
DEVICES = {"kiosk": "Kiosk", "board": "Board"}
NAME = re.compile(r"(?P<who>[a-z]+(?:-[0-9]{1,6})?)(?:@(?P<office>[a-z][a-z0-9-]{0,39}))?")
APPLICANT = re.compile(r"applicant-[0-9]{1,6}")


@dataclass(frozen=True, slots=True)
class Person:
    """Who signs in: `subject` is the full name, the same for every way of writing it."""

    subject: str
    name: str
    kind: Literal["applicant", "officer", "auditor", "device"]
    roles: tuple[str, ...] = ()
    office: str | None = None

    def claims(self) -> dict[str, object]:
        """What a token says of this person; applicants and auditors belong to no office."""
        office = {} if self.office is None else {"office": self.office}
        return {"sub": self.subject, "name": self.name, "kind": self.kind, "roles": list(self.roles), **office}


def person(written: str) -> Person | None:
    """The person by that name, such as `examiner-2@latihan` or `applicant-7`; None when there is none."""
    match = NAME.fullmatch(written)
    if match is None:
        return None
    who, office = match["who"], match["office"] or DEFAULT_OFFICE
    if APPLICANT.fullmatch(who):
        return Person(who, f"Pemohon {who.removeprefix('applicant-')}", "applicant")
    if who == "auditor":
        return Person(who, "Ni Putu Arini", "auditor")
    # The office is part of the subject even when it was left out: one officer must not count as two pairs of eyes.
    if who in OFFICERS:
        return Person(f"{who}@{office}", OFFICERS[who], "officer", (who.removesuffix("-2"),), office)
    if who in DEVICES:
        return Person(f"{who}@{office}", f"{DEVICES[who]} {office}", "device", (who,), office)
    return None


def demonstration(office: str = DEFAULT_OFFICE) -> tuple[str, ...]:
    """The names offered on the sign-in page."""
    applicants = tuple(f"applicant-{number}" for number in range(1, 6))
    return (*applicants, *(f"{name}@{office}" for name in (*OFFICERS, *DEVICES)), "auditor")
