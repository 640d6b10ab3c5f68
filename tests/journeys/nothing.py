"""Somebody whose requests leave nothing behind."""

from typing import Any

from tests.journeys.applying import form
from tests.journeys.people import refused
from tests.journeys.town import Town
from workers.local.demonstration.citizen import citizen

# Written beside what people do: by the relay, the seal, the trail of access and the counts of requests.
OWN_LIFE = {
    "seal", "access_log", "slot", "seat_release", "service_rate", "request_count", "issuer_keys", "room_pace",
}  # fmt: skip


class Nothing:
    """Somebody who sends what is wrong, and the rows of every table before it."""

    def __init__(self, town: Town) -> None:
        self.town, self.applicant, self.person = town, town.applicant(), citizen()
        self.before = self._rows()

    def sends(self, **changes: Any) -> dict[str, Any]:
        """A filing that is refused for what it says; its problem, without what was sent."""
        answer = self.applicant.asks("POST", "/v1/applications", form(self.person, **changes))
        problem = refused(answer, 422, "invalid_input")
        for secret in (self.person.nik, self.person.full_name, "RAHASIA"):
            assert secret not in answer.text
        return problem

    def _rows(self) -> dict[str, int]:
        return {name: many for name, many in self.town.rows().items() if name not in OWN_LIFE}

    def was_written(self) -> None:
        """Every table has the rows that it had."""
        assert self._rows() == self.before


def pointers(problem: dict[str, Any]) -> set[str]:
    """The fields that a problem names."""
    return {error["pointer"] for error in problem["errors"]}


def without_own_life(town: Town) -> dict[str, int]:
    return {name: many for name, many in town.rows().items() if name not in OWN_LIFE}
