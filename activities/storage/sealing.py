"""Personal columns: one sealed blob a person, which opens only in the row and column that it was sealed for."""

from dataclasses import dataclass

from pydantic import TypeAdapter

from activities.keyring import KeyRing
from workflows.case.facts import Applicant, Filing, PreviousPassport


@dataclass(frozen=True, slots=True, kw_only=True)
class Personal:
    """What a filing says of a person."""

    applicant: Applicant
    previous_passport: PreviousPassport | None = None


PERSONAL = TypeAdapter(Personal)


def seal(ring: KeyRing, filing: Filing) -> bytes:
    """The person of a filing, sealed for the filing's row."""
    personal = Personal(applicant=filing.applicant, previous_passport=filing.previous_passport)
    return ring.seal(PERSONAL.dump_json(personal), _place(filing.number))


def unseal(ring: KeyRing, number: str, sealed: bytes) -> Personal:
    """The person of an application; raises `CannotOpen`."""
    return PERSONAL.validate_json(ring.open(sealed, _place(number)))


def _place(number: str) -> bytes:
    return f"application|{number}|applicant".encode()
