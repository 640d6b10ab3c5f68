"""The population register: does it know the person who is claimed, and which claims does it contradict?"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from activities.clients.http import Client

STATUSES = ("found", "not_found", "inactive")


@dataclass(frozen=True, slots=True)
class Verification:
    """`mismatches` names the claims that the register contradicts; the register gives no data away."""

    status: Literal["found", "not_found", "inactive"]
    mismatches: tuple[str, ...]


class PopulationClient(Client):
    """Calls the register. All methods raise `Unknown` and `Declined`."""

    system = "population"

    def verify(self, key: str, nik: str, full_name: str, birth_date: date, birth_place: str, sex: str) -> Verification:
        """Hold the claims against the register; `sex` is "F" or "M"."""
        claims = {
            "nik": nik,
            "full_name": full_name,
            "birth_date": birth_date.isoformat(),
            "birth_place": birth_place,
            "sex": sex,
        }
        answer = self._wire.call("POST", "/verify", key=key, body=claims)
        with self._wire.reading():
            status = answer["status"]
            if status not in STATUSES:
                raise ValueError("an unknown status")
            return Verification(status, tuple(name for name, word in answer["fields"].items() if word != "match"))
