"""The issuer's published keys in our database: what one process has heard, all know, also when the issuer is away."""

import structlog

from activities.storage import issuers
from activities.storage.issuers import Published
from api.database import Database
from api.problems import Problem

log = structlog.get_logger(__name__)


class IssuerMemory:
    """Remembers what one issuer publishes. A database that is away is no reason to refuse a token."""

    def __init__(self, database: Database, issuer: str) -> None:
        self._database, self._issuer = database, issuer

    async def recall(self) -> Published | None:
        """What was kept last, by any process."""
        try:
            return await self._database.read(issuers.find, self._issuer)
        except Problem:
            return None

    async def keep(self, published: Published) -> None:
        """Keep what the issuer says now."""
        try:
            await self._database.run(issuers.keep, self._issuer, published)
        except Problem as problem:
            log.warning("the issuer's keys could not be kept", code=problem.code)
