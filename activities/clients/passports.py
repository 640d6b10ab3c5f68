"""The national passport database: who holds which passport, and the record of each new one."""

from dataclasses import dataclass
from datetime import date

from activities.clients.http import Client


@dataclass(frozen=True, slots=True)
class HeldPassport:
    """A passport on record; `state` is "valid", "replaced", "revoked", "lost" or another word of the database."""

    number: str
    expires_on: date
    state: str


class PassportsClient(Client):
    """Calls the database. All methods raise `Unknown` and `Declined`."""

    system = "passports"

    def held_by(self, nik: str) -> tuple[HeldPassport, ...]:
        """All passports on record for a person, the one that lasts longest first."""
        answer = self._wire.call("POST", "/holdings", body={"nik": nik})
        with self._wire.reading():
            return tuple(
                HeldPassport(str(one["number"]), date.fromisoformat(one["expires_on"]), str(one["state"]))
                for one in answer["passports"]
            )

    def record_issue(self, key: str, nik: str, number: str, issued_on: date, expires_on: date) -> None:
        """Record a new passport; it replaces what was valid. Declined with `number_taken` for a number on record."""
        issue = {
            "nik": nik,
            "number": number,
            "issued_on": issued_on.isoformat(),
            "expires_on": expires_on.isoformat(),
        }
        self._wire.call("POST", "/issues", key=key, body=issue)
