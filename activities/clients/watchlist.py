"""The prevention list: who may not be given a passport now, by whose order and until when."""

from dataclasses import dataclass
from datetime import date

from activities.clients.http import Client


@dataclass(frozen=True, slots=True)
class Hit:
    """One order in force; `until` is None when it has no end."""

    reference: str
    reason: str
    until: date | None


class WatchlistClient(Client):
    """Calls the list. All methods raise `Unknown` and `Declined`."""

    system = "watchlist"

    def check(self, key: str, nik: str, full_name: str, birth_date: date) -> tuple[Hit, ...]:
        """The orders against a person now; a later check needs a key of its own, since a key repeats its answer."""
        person = {"nik": nik, "full_name": full_name, "birth_date": birth_date.isoformat()}
        answer = self._wire.call("POST", "/checks", key=key, body=person)
        with self._wire.reading():
            return tuple(
                Hit(
                    str(one["reference"]),
                    str(one["reason"]),
                    date.fromisoformat(one["until"]) if one.get("until") else None,
                )
                for one in answer["hits"]
            )
