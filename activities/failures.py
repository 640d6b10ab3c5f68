"""What a wire's failure means to the engine: unknown is tried again, a refusal for good is not."""

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from temporalio.exceptions import ApplicationError

from activities.clients.errors import Declined, Unknown

P = ParamSpec("P")
R = TypeVar("R")


def told_to_the_engine(request: Callable[P, R]) -> Callable[P, R]:
    """Around a request over a wire: `Unknown` is retried by its policy, `Declined` is final and goes to a person."""

    @functools.wraps(request)
    def asked(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return request(*args, **kwargs)
        except Unknown as error:
            raise ApplicationError(str(error), type="unknown") from error
        except Declined as error:
            raise ApplicationError(str(error), type=error.code, non_retryable=True) from error

    return asked
