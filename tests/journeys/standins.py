"""The stand-ins' own side: their faults, their logs and what can be planted."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx2

from tests.journeys.people import SECONDS, done

if TYPE_CHECKING:
    from tests.journeys.applying import Applying
    from tests.journeys.town import Town


class Standin:
    """One stand-in's own side: its faults, its log and what can be planted."""

    def __init__(self, name: str, address: str) -> None:
        self.name = name
        self.http = httpx2.Client(base_url=f"{address}/standins/{name}/", timeout=SECONDS, trust_env=False)

    @contextmanager
    def failing(self, kind: str, **more: Any) -> Iterator[None]:
        """Fail in one way while the block lasts."""
        self.plants("faults", kind=kind, **more)
        try:
            yield
        finally:
            self.heals()

    def heals(self) -> None:
        """Take all faults away."""
        done(self.http.delete("faults"))

    def plants(self, what: str, **values: Any) -> Any:
        """Tell the stand-in what to answer or do."""
        return done(self.http.post(what, json=values))

    def log(self, about: str = "") -> list[dict[str, Any]]:
        """Requests whose key contains `about`, the oldest first."""
        return [line for line in done(self.http.get("log"))["items"] if about in (line["key"] or "")]

    def effects(self, about: str) -> dict[str, int]:
        """How often the work of each key that contains `about` was really done."""
        found: dict[str, int] = {}
        for line in self.log(about):
            if line["key"]:
                found[line["key"]] = found.get(line["key"], 0) + bool(line["effect"])
        return found


def once_each(town: "Town", case: "Applying", *names: str) -> None:
    """Every key of the case had its effect exactly once where one was to be had."""
    for name in names:
        effects = town.standins[name].effects(case.number)
        assert effects, name
        assert set(effects.values()) == {1}, (name, effects)
