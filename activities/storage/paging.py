"""Pages of lists: opaque cursors over an order that does not change."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

T = TypeVar("T")

MOST = 100


class BadCursor(ValueError):
    """Not a cursor that we gave out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some items, and the cursor of the next page; None on the last."""

    items: tuple[T, ...]
    next: str | None = None


def page(rows: Sequence[T], limit: int, place: Callable[[T], list[str]]) -> Page[T]:
    """A page out of up to `limit` + 1 rows; `place` is what the next page starts after."""
    shown = tuple(rows[:limit])
    more = encode(place(shown[-1])) if shown and len(rows) > limit else None
    return Page(items=shown, next=more)


def size(limit: int) -> int:
    """The page size asked for, within bounds."""
    return max(1, min(limit, MOST))


def encode(place: list[str]) -> str:
    """A place in the order, as a cursor."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def decode(cursor: str, parts: int) -> list[str]:
    """The place that a cursor stands for; raises `BadCursor`."""
    try:
        place = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError as error:
        raise BadCursor("not a cursor") from error
    if not isinstance(place, list) or len(place) != parts or not all(isinstance(part, str) for part in place):
        raise BadCursor("not a cursor")
    return place


def after_moment(cursor: str, at: str, *others: str) -> dict[str, object]:
    """The place that a page goes on after, by the names that the question has for its parts; the first is a moment.

    Raises `BadCursor`.
    """
    if not cursor:
        return dict.fromkeys((at, *others))
    moment, *rest = decode(cursor, 1 + len(others))
    try:
        return {at: datetime.fromisoformat(moment), **dict(zip(others, rest, strict=True))}
    except ValueError as error:
        raise BadCursor("not a cursor") from error
