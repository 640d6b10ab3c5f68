"""Stand-in of the national matcher (ABIS), in the shape of the MOSIP ABIS API 0.9 carried over HTTP.

`insert` takes templates in, `identify` is accepted at once and answered later by a webhook, again until it is heard.
Who matches: the same sample under another reference, and whoever was planted for the application's number. A failure is
`returnValue "2"` with MOSIP's `failureReason`, sent with a 4xx status.
"""

import json
import sqlite3
import time
from typing import Any

from workers.local.standins import webhooks
from workers.local.standins.base import Call, Place, Refused, Reply, Standin, now, place_from_arguments
from workers.local.standins.webhooks import Notifier, Receiver

SCHEMA = """
CREATE TABLE IF NOT EXISTS samples (
    reference TEXT NOT NULL, type TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (reference, type, sha256)
);
CREATE INDEX IF NOT EXISTS samples_sha256 ON samples (sha256);
CREATE TABLE IF NOT EXISTS expectations (number TEXT PRIMARY KEY, candidates TEXT NOT NULL, delay_seconds REAL);
CREATE TABLE IF NOT EXISTS results (request_id TEXT PRIMARY KEY, candidates TEXT NOT NULL, ready REAL NOT NULL);
"""
INSERT, IDENTIFY, VERSION = "mosip.abis.insert", "mosip.abis.identify", "1.1"
WORK_SECONDS = 0.2
EQUAL_SAMPLE = 1.0  # score of a sample that is the same bytes
PLANTED_SCORE = 0.9
NOTIFIED = "/v1/biometrics/results"
# The time of asking is the one field that differs when a request comes again.
VOLATILE = frozenset({"requesttime"})


class Matcher:
    """The gallery and what can be asked of it."""

    def __init__(self, standin: Standin, notifier: Notifier) -> None:
        self.db = standin.db
        self.notifier = notifier

    def insert(self, call: Call) -> Reply:
        """Take the samples of a new reference in; a reference that is known is refused (10)."""
        _check_form(call, INSERT)
        reference, samples = str(call.body["referenceId"]), call.body["biometrics"]
        if not samples:
            raise _failed(call, 422, "11", "no_samples")
        if self._known(reference):
            raise _failed(call, 409, "10", "reference_exists")
        for sample in samples:
            row = (reference, str(sample["type"]), str(sample["sha256"]))
            self.db.execute("INSERT OR IGNORE INTO samples VALUES (?, ?, ?)", row)
        return Reply(_succeeded(call), 201)

    def identify(self, call: Call) -> Reply:
        """Accept a search of a reference (12 when it is unknown) against all others; the result comes later."""
        _check_form(call, IDENTIFY)
        reference, number = str(call.body["referenceId"]), str(call.body["number"])
        if not self._known(reference):
            raise _failed(call, 404, "12", "reference_unknown")
        planted = self.db.execute("SELECT * FROM expectations WHERE number = ?", (number,)).fetchone()
        candidates = self._equal(reference) + (json.loads(planted["candidates"]) if planted else [])
        takes = WORK_SECONDS if planted is None or planted["delay_seconds"] is None else planted["delay_seconds"]
        result = (call.key, json.dumps(candidates), time.time() + takes)
        self.db.execute("INSERT OR IGNORE INTO results VALUES (?, ?, ?)", result)
        self.notifier.queue(NOTIFIED, {"request_id": call.key, "candidates": candidates}, delay_seconds=takes)
        return Reply(_succeeded(call), 202)

    def result(self, call: Call) -> Reply:
        """The result of a search, for who missed the webhook."""
        row = self.db.execute("SELECT * FROM results WHERE request_id = ?", (call.path["id"],)).fetchone()
        if row is None:
            raise Refused(404, "request_unknown")
        if row["ready"] > time.time():
            raise Refused(404, "pending")
        return Reply({"request_id": row["request_id"], "candidates": json.loads(row["candidates"])})

    def plant(self, call: Call) -> Reply:
        """Decide beforehand who is found for an application, and how long the search takes."""
        candidates = [_candidate(given) for given in call.body["candidates"]]
        delay = call.body.get("delay_seconds")
        row = (str(call.body["number"]), json.dumps(candidates), None if delay is None else float(delay))
        self.db.execute("REPLACE INTO expectations VALUES (?, ?, ?)", row)
        return Reply({"number": row[0], "candidates": candidates}, 201)

    def _known(self, reference: str) -> sqlite3.Row | None:
        found: sqlite3.Row | None = self.db.execute(
            "SELECT 1 FROM samples WHERE reference = ?", (reference,)
        ).fetchone()
        return found

    def _equal(self, reference: str) -> list[dict[str, Any]]:
        rows = self.db.execute(
            "SELECT DISTINCT other.reference FROM samples mine JOIN samples other USING (sha256) "
            "WHERE mine.reference = ? AND other.reference <> mine.reference ORDER BY other.reference",
            (reference,),
        )
        return [{"reference_id": row["reference"], "score": EQUAL_SAMPLE} for row in rows]


def _check_form(call: Call, operation: str) -> None:
    if call.body.get("id") != operation:
        raise _failed(call, 422, "14", "wrong_operation")
    if call.body.get("version") != VERSION:
        raise _failed(call, 422, "13", "wrong_version")


def _succeeded(call: Call) -> dict[str, Any]:
    return {"id": call.body["id"], "requestId": call.key, "responsetime": now(), "returnValue": "1"}


def _failed(call: Call, status: int, reason: str, code: str) -> Refused:
    answer = {"id": call.body.get("id"), "requestId": call.key, "responsetime": now()}
    return Refused(status, code, **answer, returnValue="2", failureReason=reason)


def _candidate(given: Any) -> dict[str, Any]:
    if isinstance(given, str):
        return {"reference_id": given, "score": PLANTED_SCORE}
    return {"reference_id": str(given["reference_id"]), "score": float(given.get("score", PLANTED_SCORE))}


def standin(place: Place, receiver: Receiver) -> Standin:
    """The matcher with its routes."""
    abis = Standin("abis", place.store, SCHEMA + webhooks.SCHEMA)
    matcher = Matcher(abis, Notifier(abis, receiver))
    abis.wire("POST", "/insert", matcher.insert, volatile=VOLATILE)
    abis.wire("POST", "/identify", matcher.identify, volatile=VOLATILE)
    # A request id may hold a slash, which is one even where it came encoded.
    abis.wire("GET", "/results/{id:path}", matcher.result, keyed=False)
    abis.control("POST", "expectations", matcher.plant)
    return abis


def main() -> None:
    """Serve the matcher."""
    place = place_from_arguments("Stand-in of the national biometric matcher.")
    standin(place, Receiver.from_environment()).run(place.port)


if __name__ == "__main__":
    main()
