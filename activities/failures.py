"""What failures mean to the engine: unknown is tried again, a refusal for good is not; and what it may hear of them."""

import functools
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError
from temporalio.exceptions import ApplicationError
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

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


class SilentDatabase(Interceptor):
    """Around all activities of a worker: of a database's error the engine and the logs hear only what cannot be data.

    PostgreSQL repeats values in its texts, in DETAIL (`Key (nik)=(...) already exists`) and in some primary ones too
    (`invalid input syntax for type date: "..."`), so the text is left out whole: https://www.postgresql.org/docs/16/protocol-error-fields.html.
    """

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        """Around every activity, local ones too."""
        return _Silent(next)


class _Silent(ActivityInboundInterceptor):
    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        """As the activity does; its failures of the database are retried as before."""
        try:
            return await super().execute_activity(input)
        except DBAPIError as error:
            # Not `from error`: the engine keeps causes with their texts.
            raise without_values(error).with_traceback(error.__traceback__) from None


def without_values(error: DBAPIError) -> ApplicationError:
    """The kind of the error, its SQLSTATE, and the table and constraint that it names."""
    told = getattr(error.orig, "diag", None)
    facts = [getattr(told, name, None) for name in ("sqlstate", "table_name", "constraint_name")]
    kind = type(error.orig).__name__
    return ApplicationError(" ".join(["database:", kind, *(fact for fact in facts if fact)]), type=kind)
