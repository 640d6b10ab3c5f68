"""How the procedure asks: retry policies and timeouts named for their purpose, and the queues of each kind of work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy

A = TypeVar("A")
R = TypeVar("R")

CASES = "passport"
NATIONAL = "national"
BIOMETRICS = "biometrics"


def printing_at(office: str) -> str:
    """The queue of an office's printers."""
    return f"printing-{office}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """For how long one try may take, for how long all of them, how often a sign of life is due, and how to retry."""

    each: timedelta
    in_all: timedelta | None = None
    sign_of_life: timedelta | None = None
    retry: RetryPolicy


# A short idempotent transaction in our own database, run beside the workflow. It has no end: the case waits for its
# database, and nothing is decided without it.
TRANSACTION = Asking(
    each=timedelta(seconds=10),
    retry=RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=5)),
)
# A rule, which may not have been entered yet: a few quick tries, then the case itself waits (`Casework.look_up`), so
# that no task of it stays open and no worker keeps the time.
RULES = Asking(
    each=timedelta(seconds=10),
    retry=RetryPolicy(
        initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=1), maximum_attempts=4
    ),
)
# Somebody waits for the answer at a screen: a few quick tries, then we say that the register is away.
WHILE_SOMEBODY_WAITS = Asking(
    each=timedelta(seconds=3),
    in_all=timedelta(seconds=5),
    retry=RetryPolicy(initial_interval=timedelta(milliseconds=200), maximum_interval=timedelta(seconds=1)),
)
# A national register that may be away for days (June 2024): asked until it answers.
REGISTER = Asking(
    each=timedelta(seconds=10),
    retry=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1)),
)
# A quality check of captured images, at the booth.
CAPTURE = Asking(
    each=timedelta(seconds=8),
    in_all=timedelta(seconds=20),
    retry=RetryPolicy(initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=10)),
)
# A booklet in a printer: the sign of life finds a dead worker, the long try leaves room for an empty tray.
PRINT = Asking(
    each=timedelta(minutes=30),
    sign_of_life=timedelta(seconds=10),
    retry=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30)),
)
# A message to the applicant: tried for a day, then the record says that it did not get through.
NOTICE = Asking(
    each=timedelta(seconds=15),
    in_all=timedelta(hours=24),
    retry=RetryPolicy(initial_interval=timedelta(seconds=2), maximum_interval=timedelta(minutes=10)),
)

# What recurs, of which nobody waits for an answer: tried for half of the hour until it recurs, then the run has failed.
UPKEEP = Asking(
    each=timedelta(minutes=1),
    in_all=timedelta(minutes=25),
    retry=RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1)),
)
# The same for a count that grows with the record; it gives a sign of life with each day that it has counted.
LONG_COUNT = Asking(
    each=timedelta(hours=3),
    in_all=timedelta(hours=4),
    sign_of_life=timedelta(minutes=1),
    retry=UPKEEP.retry,
)
# Last errands of a case that has ended: the person may file anew as soon as it is closed, so they are not long.
WHILE_CLOSING = Asking(each=timedelta(seconds=10), in_all=timedelta(minutes=1), retry=NOTICE.retry)
# A check while the person stands at the counter.
AT_THE_COUNTER = Asking(
    each=timedelta(seconds=4),
    in_all=timedelta(seconds=8),
    retry=RetryPolicy(initial_interval=timedelta(milliseconds=500), maximum_interval=timedelta(seconds=2)),
)


async def ask(request: Callable[[Any, A], R], about: A, how: Asking, queue: str, summary: str) -> R:
    """Ask a partner across a wire; the summary is what auditors read in the history."""
    answer: R = await workflow.execute_activity_method(
        request,
        about,
        task_queue=queue,
        start_to_close_timeout=how.each,
        schedule_to_close_timeout=how.in_all,
        heartbeat_timeout=how.sign_of_life,
        retry_policy=how.retry,
        summary=summary,
    )
    return answer


async def ask_beside(request: Callable[[Any, A], R], about: A, how: Asking) -> R:
    """Ask our own database, in the workflow's own worker: no queue, no wire, fewer events.

    Without a summary, which would cost as many bytes of history as the answer; the record's entry says more.
    """
    answer: R = await workflow.execute_local_activity_method(
        request,
        about,
        start_to_close_timeout=how.each,
        schedule_to_close_timeout=how.in_all,
        retry_policy=how.retry,
    )
    return answer
