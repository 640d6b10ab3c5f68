"""The ways in which a stand-in can be told to fail. They outlive a restart, as a real outage would."""

import math
import sqlite3
import time
from dataclasses import dataclass
from typing import Any

KINDS = ("down", "slow", "error", "duplicate", "lost_reply")
SLOW_SECONDS = 5.0

SCHEMA = """
CREATE TABLE IF NOT EXISTS faults (
    kind TEXT PRIMARY KEY, until REAL, rate REAL NOT NULL, seconds REAL NOT NULL, asked INTEGER NOT NULL DEFAULT 0
);
"""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What befalls one request: the kinds that hit it, and how long `slow` lasts."""

    kinds: frozenset[str]
    seconds: float

    def __contains__(self, kind: str) -> bool:
        return kind in self.kinds


class Faults:
    """The faults that are set, in the stand-in's own store."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        db.executescript(SCHEMA)

    def set(self, wanted: dict[str, Any]) -> None:
        """Set one fault `{kind, for_seconds?, rate?, seconds?}`; raises `ValueError` for a kind that is not known."""
        kind, rate = str(wanted["kind"]), float(wanted.get("rate") or 1.0)
        if kind not in KINDS or not 0 < rate <= 1:
            raise ValueError("an unknown kind, or a rate outside 0 to 1")
        lasts = wanted.get("for_seconds")
        until = None if lasts is None else time.time() + float(lasts)
        seconds = float(wanted.get("seconds") or SLOW_SECONDS)
        self.db.execute(
            "REPLACE INTO faults (kind, until, rate, seconds) VALUES (?, ?, ?, ?)", (kind, until, rate, seconds)
        )

    def clear(self) -> None:
        """Take all faults away."""
        self.db.execute("DELETE FROM faults")

    def listed(self) -> list[dict[str, Any]]:
        """The faults that are set now, with the seconds that they still last."""
        return [
            {
                "kind": row["kind"],
                "for_seconds": None if row["until"] is None else round(row["until"] - time.time(), 1),
                "rate": row["rate"],
                "seconds": row["seconds"],
            }
            for row in self._live()
        ]

    def active(self, kind: str) -> bool:
        """Whether `kind` is set, without drawing: for senders and for wires other than HTTP."""
        return any(row["kind"] == kind for row in self._live())

    def draw(self) -> Drawn:
        """Decide what befalls the next request.

        A rate is spread evenly, not by chance: of ten requests at 0.3 exactly three are hit, so that a test can count.
        """
        hit, seconds = set(), SLOW_SECONDS
        for row in self._live():
            asked = row["asked"] + 1
            self.db.execute("UPDATE faults SET asked = ? WHERE kind = ?", (asked, row["kind"]))
            if math.floor(asked * row["rate"]) > math.floor(row["asked"] * row["rate"]):
                hit.add(row["kind"])
                seconds = row["seconds"] if row["kind"] == "slow" else seconds
        return Drawn(frozenset(hit), seconds)

    def _live(self) -> list[sqlite3.Row]:
        return self.db.execute(
            "SELECT * FROM faults WHERE until IS NULL OR until > ? ORDER BY kind", (time.time(),)
        ).fetchall()
