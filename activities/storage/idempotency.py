"""Repeated requests: the first one runs, and its final answer is what every repeat gets."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert

from activities.storage.tables import IdempotentRequest

# A request that runs longer has most likely died with its process, and somebody at a screen waits: a repeat starts
# anew. Where it still runs after all, both say the same to the case, by the same message id, and hear the same.
GIVEN_UP_SECONDS = 10
KEPT_HOURS = 48


@dataclass(frozen=True, slots=True)
class Fresh:
    """Nobody asked this before: go on, and `finish` or `abandon` it."""


@dataclass(frozen=True, slots=True)
class Running:
    """The same request is being worked on."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """The key was used for something else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """The answer that the first one got."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def begin(conn: Connection, caller: str, route: str, key: str, fingerprint: str) -> Fresh | Running | Conflict | Replay:
    """What the request with this caller and key is: new, running, answered, or another one under the same key."""
    row = {"caller": caller, "key": key, "route": route, "fingerprint": fingerprint}
    again = insert(IdempotentRequest).values(row)
    given_up = text(f"clock_timestamp() - interval '{GIVEN_UP_SECONDS} seconds'")
    kept = text(f"clock_timestamp() - interval '{KEPT_HOURS} hours'")
    known = IdempotentRequest
    abandoned = known.status.is_(None) & (known.started_at < given_up) & (known.fingerprint == fingerprint)
    forgotten = known.started_at < kept
    again = again.on_conflict_do_update(
        index_elements=[known.caller, known.key],
        set_={**row, "started_at": text("clock_timestamp()")} | dict.fromkeys(_ANSWER),
        where=(abandoned & (known.route == route)) | forgotten,
    )
    if conn.execute(again.returning(known.key)).first():
        return Fresh()
    return _earlier(conn, caller, route, key, fingerprint)


def finish(
    conn: Connection, caller: str, route: str, key: str, status: int, headers: Mapping[str, str], body: bytes
) -> None:
    """Keep the answer, a success or a final refusal; raises `IntegrityError` for a status of 500 or more."""
    answer = {"status": status, "headers": dict(headers), "body": body, "finished_at": text("clock_timestamp()")}
    conn.execute(update(IdempotentRequest).where(*_which(caller, route, key)).values(answer))


def abandon(conn: Connection, caller: str, route: str, key: str) -> None:
    """Forget a request that was not judged: its key may be used again."""
    conn.execute(delete(IdempotentRequest).where(*_which(caller, route, key)))


def forget_old(conn: Connection) -> int:
    """Remove answers that no client asks for any more; how many there were."""
    old = text(f"started_at < clock_timestamp() - interval '{KEPT_HOURS} hours'")
    return conn.execute(delete(IdempotentRequest).where(old)).rowcount


_ANSWER = ("status", "headers", "body", "finished_at")


def _earlier(
    conn: Connection, caller: str, route: str, key: str, fingerprint: str
) -> Fresh | Running | Conflict | Replay:
    known = IdempotentRequest
    found = conn.execute(select(known).where(known.caller == caller, known.key == key)).first()
    if found is None:
        return Running()  # given up this very moment: the caller looks again
    if (found.route, found.fingerprint) != (route, fingerprint):
        return Conflict()
    if found.status is None:
        return Running()
    return Replay(status=found.status, headers=dict(found.headers or {}), body=bytes(found.body))


def _which(caller: str, route: str, key: str) -> tuple[ColumnElement[bool], ...]:
    known = IdempotentRequest
    return known.caller == caller, known.key == key, known.route == route, known.status.is_(None)
