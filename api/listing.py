"""Lists: at most a hundred items, and an opaque cursor to the next."""

from collections.abc import Awaitable
from typing import Annotated, Generic, TypeVar

from fastapi import Query
from pydantic import BaseModel

from api.problems import Problem, invalid

T = TypeVar("T")
R = TypeVar("R")

Limit = Annotated[int, Query(ge=1, le=100)]
Cursor = Annotated[str, Query(max_length=512, pattern=r"^[A-Za-z0-9_=-]*$")]


class Listed(BaseModel, Generic[T]):
    """One page of a list."""

    items: list[T]
    next: str | None = None


async def paged(reading: Awaitable[R]) -> R:
    """Wait for a page; a cursor that we did not give out is the caller's mistake."""
    try:
        return await reading
    except Problem:
        raise
    except ValueError as error:
        raise invalid("/query/cursor", "is no cursor of this list") from error
