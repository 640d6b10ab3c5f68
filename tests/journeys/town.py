"""Everybody and everything around one installation."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, text

from activities.storage import booklets, seed
from tests.journeys.applying import OFFICE
from tests.journeys.case import Case
from tests.journeys.installation import Installation
from tests.journeys.people import Person, done
from tests.journeys.standins import Standin


class Town:
    """Everybody and everything around one installation."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.api: str = installation.addresses["api"]
        self.standins = {name: Standin(name, at) for name, at in installation.addresses["standins"].items()}
        self.nobody = Person(self.api, "nobody")
        # Asked before use: other tests of the same installation kill the database.
        url = installation.environment["PASPOR_DATABASE_URL"]
        self.engine: Engine = create_engine(url, pool_size=2, pool_pre_ping=True)
        self._people: dict[str, Person] = {}
        self.cases: list[Case] = []

    def person(self, name: str, office: str = "") -> Person:
        """Somebody by the name under which the issuer knows them."""
        name = f"{name}@{office}" if office else name
        if name not in self._people:
            grant = {"grant_type": "password", "username": name}
            token = done(self.nobody.http.post(f"{self.installation.addresses['idp']}/token", data=grant))
            self._people[name] = Person(self.api, name, token["access_token"])
        return self._people[name]

    def applicant(self) -> Person:
        """An applicant whom no other test knows."""
        return self.person(f"applicant-{uuid.uuid4().int % 900_000 + 1000}")

    def files(self, by: Person | None = None, office: str = OFFICE, **changes: Any) -> "Case":
        """An application that is accepted."""
        case = Case(self, by or self.applicant(), office)
        case.files(**changes)
        self.cases.append(case)
        return case

    def case_at(self, stage: str, office: str = OFFICE, **changes: Any) -> "Case":
        """An application that has come to a stage."""
        case = self.files(office=office, **changes)
        case.goes_to(stage)
        return case

    def office(self, name: str, **rules: Mapping[str, Any]) -> str:
        """An office of one test's own, open day and night, with three booklets; no worker serves its printer."""
        name = f"{name}-{uuid.uuid4().hex[:6]}"
        opening = {**seed.LATIHAN.rules["opening"], **rules.pop("opening", {})}
        place = seed.PracticeOffice(
            id=name,
            name=f"Kantor {name}",
            time_zone="Asia/Makassar",
            utc_offset=8,
            serials="T0",
            rules={**seed.LATIHAN.rules, "opening": opening, **rules},
        )
        with self.engine.begin() as connection:
            seed.seed_office(connection, place, "ipp://127.0.0.1:9/ipp/print/none", blanks=0)
            booklets.receive(connection, name, [serial() for _ in range(3)])
        return name

    def sql(self, statement: str, **values: Any) -> list[Any]:
        """Rows of the installation's own database, as its superuser reads or breaks them."""
        with self.engine.begin() as connection:
            found = connection.execute(text(statement), values)
            return list(found) if found.returns_rows else []

    def rows(self) -> dict[str, int]:
        """How many rows each table has."""
        with self.engine.begin() as connection:
            return _counted(connection)

    def tidies(self) -> None:
        """Heal every stand-in, and take back what the test has left open."""
        for standin in self.standins.values():
            standin.heals()
        for case in self.cases:
            if case.number:
                case.owner.asks("POST", case.path("/withdrawal"))
        self.cases.clear()

    def leaves(self) -> None:
        """Close every connection."""
        for person in (self.nobody, *self._people.values()):
            person.http.close()
        for standin in self.standins.values():
            standin.http.close()
        self.engine.dispose()


def serial() -> str:
    """The serial of a booklet that nobody has seen yet."""
    return f"T{uuid.uuid4().int % 10_000_000:07d}"


def _counted(connection: Connection) -> dict[str, int]:
    names = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'paspor'")).scalars()
    return {name: connection.execute(text(f'SELECT count(*) FROM paspor."{name}"')).scalar_one() for name in names}
