"""The national matcher (ABIS), in the shape of the MOSIP ABIS API 0.9: takes samples in, finds who gave them before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from activities.clients.errors import Declined
from activities.clients.http import Client

VERSION = "1.1"


@dataclass(frozen=True, slots=True)
class Candidate:
    """Another reference that may be the same person; `score` is the matcher's, from 0 to 1."""

    reference_id: str
    score: float


class AbisClient(Client):
    """Calls the matcher. All methods raise `Unknown` and `Declined`."""

    system = "abis"

    def insert(self, key: str, reference_id: str, samples: Sequence[tuple[str, str]]) -> None:
        """Put the samples (type, SHA-256) of a new reference into the gallery.

        Declined with `reference_exists` when another key has put the reference there.
        """
        biometrics = [{"type": kind, "sha256": digest} for kind, digest in samples]
        self._ask("insert", key, {"referenceId": reference_id, "biometrics": biometrics})

    def identify(self, key: str, reference_id: str, number: str) -> None:
        """Ask who else gave these samples. Accepted at once; the result has `key` as its request id and comes later."""
        self._ask("identify", key, {"referenceId": reference_id, "number": number})

    def result(self, request_id: str) -> tuple[Candidate, ...] | None:
        """The candidates of a search, none at all as an empty tuple; None while there is no result."""
        try:
            answer = self._wire.call("GET", f"/results/{quote(request_id, safe='')}")
        except Declined as refusal:
            if refusal.code in ("pending", "request_unknown"):
                return None
            raise
        with self._wire.reading():
            return tuple(Candidate(str(one["reference_id"]), float(one["score"])) for one in answer["candidates"])

    def _ask(self, operation: str, key: str, content: dict[str, Any]) -> None:
        head = {
            "id": f"mosip.abis.{operation}",
            "version": VERSION,
            "requestId": key,
            "requesttime": datetime.now(UTC).isoformat(timespec="milliseconds"),
        }
        self._wire.call("POST", f"/{operation}", key=key, body={**head, **content})
