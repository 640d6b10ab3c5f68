"""Saying something to a case on behalf of the caller, so that saying it again after silence says it once."""

from datetime import timedelta
from typing import Annotated

from fastapi import Response

from activities.storage import outbox
from api.cases import PATIENCE
from api.current import current
from api.idempotency import MessageId
from api.installation import Caller, House
from api.lookup import VisibleCase
from api.problems import Problem
from api.provided import provided
from api.shown import Application
from workflows.messages import SeatTaken, Verdict

TELLING_PATIENCE = timedelta(seconds=3)


class Speaker:
    """The caller in front of one case."""

    def __init__(
        self, case: VisibleCase, actor: Caller, house: House, message_id: MessageId, response: Response
    ) -> None:
        self.case, self.actor, self.house = case, actor, house
        self.message_id, self._response = message_id, response

    async def says(self, message: str, content: object, patience: timedelta = PATIENCE) -> Verdict:
        """Send the message; raises the case's refusal, or `not_your_turn` when the case has ended."""
        return await self.house.cases.tell(self.case.place, message, content, self.message_id, patience)

    async def tries_anew(self) -> None:
        """A repeat of what was refused since a partner was away is a message of its own."""
        self.message_id = await self.house.cases.id_anew(self.case.place, self.message_id)

    async def heard_before(self, otherwise: str) -> Verdict:
        """The answer that this message got when it was sent before; raises the problem `otherwise` when it was not."""
        return await self.house.cases.told_before(self.case.place, self.message_id, otherwise)

    async def told_of(self, seat: SeatTaken, key: str) -> None:
        """Tell the case of a seat at once, where it is quick: it is the person's already, and the answer shows it.

        The relay tells the case under the same id when this process dies on the way, and when the engine is slow or
        many win at the same time. Raises the case's refusal.
        """
        house = self.house
        if house.telling.locked():
            return
        async with house.telling:
            try:
                await house.cases.tell(self.case.place, "take_seat", seat, key, TELLING_PATIENCE)
            except Problem as problem:
                if problem.code == "engine_slow":
                    return
                raise
            await house.database.run(outbox.mark_sent_by_key, key)

    async def sees(self) -> Application:
        """The application after it."""
        return await current(self.house, self.case.number, self._response)


Speaking = Annotated[Speaker, provided(Speaker)]
