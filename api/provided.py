"""What endpoints are given without waiting: in the event loop, since FastAPI sends plain functions to a thread."""

from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from fastapi import Depends

P = ParamSpec("P")
R = TypeVar("R")


def provided(make: Callable[P, R]) -> Any:
    """The dependency that calls `make`, a function or a class, at once. A thread would cost more than what it does."""

    @wraps(make, updated=())
    async def call(*args: P.args, **kwargs: P.kwargs) -> R:
        return make(*args, **kwargs)

    made: Callable[P, Coroutine[Any, Any, R]] = call
    return Depends(made)
