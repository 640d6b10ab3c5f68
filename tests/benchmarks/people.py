"""Invented applicants with all that they bring, made before anything is measured."""

import itertools
import secrets
from dataclasses import dataclass
from uuid import uuid4

from activities.keyring import Keys
from activities.storage.files import FileStore
from api.numbering import application_number, filing_key
from workers.local.demonstration.citizen import citizen, finger, portrait, signature
from workflows.case.facts import Applicant, DocumentType, Filing, FingerImage, Kind, Sex

ROUTE = "/v1/applications"


@dataclass(frozen=True, slots=True)
class Pictures:
    """The hashes of stored captures."""

    portrait: str
    signature: str
    fingers: tuple[FingerImage, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """A filing, and what the booth will capture."""

    filing: Filing
    pictures: Pictures | None


class People:
    """Makes people nobody else is."""

    def __init__(self, keys: Keys, files: FileStore) -> None:
        self._keys, self._files = keys, files
        self._niks: set[str] = set()
        self._owners = itertools.count(1)

    def some(self, how_many: int, *, pictured: bool = True) -> list[Person]:
        """New people; those who go no further than the form need no pictures."""
        return [Person(self._filing(), self._pictures() if pictured else None) for _ in range(how_many)]

    def _filing(self) -> Filing:
        who = citizen()
        while who.nik in self._niks:
            who = citizen()
        self._niks.add(who.nik)
        owner, key = f"applicant-{next(self._owners)}", str(uuid4())
        claims = Applicant(
            nik=who.nik,
            full_name=who.full_name,
            birth_date=who.birth_date,
            birth_place=who.birth_place,
            sex=Sex(who.sex),
            phone="+6281100000000",
            email=f"pemohon.{secrets.token_hex(4)}@example.invalid",
        )
        return Filing(
            number=application_number(self._keys, owner, ROUTE, key),
            key=filing_key(self._keys, owner, ROUTE, key),
            person_key=self._keys.person_key(who.nik),
            owner=owner,
            applicant=claims,
            kind=Kind.NEW,
            document_type=DocumentType.ELECTRONIC,
            validity_years=10,
        )

    def _pictures(self) -> Pictures:
        fingers = tuple(FingerImage(finger=number, sha256=self._files.put(finger())) for number in (1, 6))
        return Pictures(self._files.put(portrait()), self._files.put(signature()), fingers)
