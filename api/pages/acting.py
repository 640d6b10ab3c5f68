"""The case of a page: a look at it by an officer is recorded, and the same form sent twice is the same message."""

from typing import Annotated

from fastapi import Depends, Response
from starlette.requests import Request

from api import trail
from api.acts import Speaker
from api.installation import Caller, House
from api.lookup import Case, VisibleCase
from api.provided import provided


def _message_id(actor: Caller, house: House, request: Request) -> str:
    about = f"{actor.id}|page {request.url.path}|{request.state.form.get('act', '')}"
    return house.keys.digest("message", about)


# The id under which a form speaks to a case: that of the page that it was sent from.
FormId = Annotated[str, provided(_message_id)]


def _speaker(case: VisibleCase, actor: Caller, house: House, message_id: FormId, response: Response) -> Speaker:
    return Speaker(case, actor, house, message_id, response)


Acting = Annotated[Speaker, provided(_speaker)]


async def _seen(case: VisibleCase, actor: Caller, house: House, request: Request) -> Case:
    await trail.looked(house, actor, request, case.number)
    return case


SeenCase = Annotated[Case, Depends(_seen)]
