"""Who files, and who decides. All people are invented."""

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

from workflows.case.facts import (
    Actor,
    Applicant,
    Filing,
    Guardian,
    Kind,
    Role,
    Sex,
)

OFFICE = "denpasar"
CITIZEN = Actor(id="applicant-1", roles=(Role.APPLICANT,))
BOOKLET = "X0000001"


def officer(role: Role, name: str = "", office: str = OFFICE) -> Actor:
    """An officer of a role."""
    return Actor(id=name or role.value, roles=(role,), office=office)


def adult_filing(**changes: Any) -> Filing:
    """An adult's application for a first passport."""
    person = Applicant(
        nik="5171014107900001",
        full_name="Ni Made Contoh",
        birth_date=date(1990, 7, 1),
        birth_place="Denpasar",
        sex=Sex.FEMALE,
        phone="+628110000001",
        email="made@example.invalid",
    )
    number = f"{uuid.uuid4().int % 10**16:016d}"
    filing = Filing(number=number, key=number, person_key=number, owner=CITIZEN.id, applicant=person, kind=Kind.NEW)
    return replace(filing, **changes)


def child_filing() -> Filing:
    """A child's application, with a guardian."""
    filing = adult_filing()
    guardian = Guardian(nik="5171010101600001", full_name="I Wayan Contoh", relation="father")
    child = replace(filing.applicant, nik="5171014107180001", birth_date=date(2018, 7, 1), guardians=(guardian,))
    return replace(filing, applicant=child)
