"""The case of a page: a look at it by an officer is recorded, and the same form sent twice is the same message."""

from typing import Annotated

from fastapi import Depends, Response
from starlette.requests import Request

from api import trail
from api.acts import Speaker
from api.installation import Caller, House
from api.lookup import Case, VisibleCase


def _speaker(case: VisibleCase, actor: Caller, house: House, request: Request, response: Response) -> Speaker:
    about = f"{actor.id}|page {request.url.path}|{request.state.form.get('act', '')}"
    return Speaker(case, actor, house, house.keys.digest("message", about), response)


Acting = Annotated[Speaker, Depends(_speaker)]


async def _seen(case: VisibleCase, actor: Caller, house: House, request: Request) -> Case:
    await trail.looked(house, actor, request, case.number)
    return case


SeenCase = Annotated[Case, Depends(_seen)]
