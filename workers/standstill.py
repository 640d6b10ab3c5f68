"""Cases that cannot go on, why, and what mends it: asked of the engine, and of our own tables. Reads only."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool
from temporalio.client import Client
from temporalio.common import SearchAttributeKey
from temporalio.service import RPCError

from activities.storage.reads import standing
from activities.storage.reads.standing import Lacking, SystemsTurn
from workers.replay import OPEN
from workflows import search

# Set by the engine after five failures of a case's task in a row, about a minute after the first.
PROBLEMS = SearchAttributeKey.for_keyword_list("TemporalReportedProblems")
STUCK = f"{OPEN} AND {PROBLEMS.name} IS NOT NULL"
DISAGREES = "NonDeterministicError"

LONGER = timedelta(minutes=10)  # for which a system's turn is ordinary
LOOKED_AT = 100
TRIES = 5  # of one question, before a partner is said to be away

RULE = "enter the rule as a row of paspor.rule, and the case goes on by itself: docs/operations.md, 'A case is stuck'"
BUILD = "put the build back that agrees with the case, or reset it: docs/operations.md, 'A case is stuck'"
LOG = "see the log of the workers of `passport`; a mended build goes on with it: docs/operations.md, 'A case is stuck'"
PARTNER = "nothing is lost: the case goes on when the partner answers; see the log of its queue's worker"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standstill:
    """Some cases that cannot go on for one reason."""

    numbers: tuple[str, ...]
    cause: str
    mend: str


async def standstills(client: Client, database_url: str) -> list[Standstill]:
    """All that stands still. Raises `RPCError` and `SQLAlchemyError` when engine or database do not answer."""
    lacking, waiting = await asyncio.to_thread(_tables, database_url)
    by_rule = [_of_rule(one) for one in lacking]
    return [*by_rule, *await _failing(client), *await _unanswered(client, waiting)]


def _tables(database_url: str) -> tuple[tuple[Lacking, ...], tuple[SystemsTurn, ...]]:
    engine = create_engine(database_url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            return standing.rules_lacking(connection), standing.systems_turn(connection, LONGER, LOOKED_AT)
    finally:
        engine.dispose()


def _of_rule(one: Lacking) -> Standstill:
    cause = f"the rule {one.what} is not in force at {one.office} on {one.on.isoformat()}"
    return Standstill(numbers=one.numbers, cause=cause, mend=RULE)


async def _failing(client: Client) -> list[Standstill]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    async for execution in client.list_workflows(STUCK, limit=LOOKED_AT):
        known = execution.typed_search_attributes
        number, problems = known.get(search.NUMBER, ""), " ".join(known.get(PROBLEMS, ()))
        disagrees = DISAGREES in problems
        cause = "the workers' procedure disagrees with its history" if disagrees else f"its task fails: {problems}"
        found[cause, BUILD if disagrees else LOG].append(number)
    return _grouped(found)


async def _unanswered(client: Client, waiting: Iterable[SystemsTurn]) -> list[Standstill]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for case in waiting:
        for name in await _retried(client, case):
            found[f"{name} has been asked in vain for more than {LONGER.seconds // 60} minutes", PARTNER].append(
                case.number
            )
    return _grouped(found)


async def _retried(client: Client, case: SystemsTurn) -> list[str]:
    handle = client.get_workflow_handle(case.workflow_id, run_id=case.run_id or None)
    try:
        described = await handle.describe()
    except RPCError:
        return []  # closed meanwhile
    pending = described.raw_description.pending_activities
    return sorted({one.activity_type.name for one in pending if one.attempt >= TRIES})


def _grouped(found: dict[tuple[str, str], list[str]]) -> list[Standstill]:
    return [
        Standstill(numbers=tuple(sorted(numbers)), cause=cause, mend=mend)
        for (cause, mend), numbers in sorted(found.items())
    ]
