"""What the application holds while it runs, made once at start and handed to endpoints as a dependency."""

import asyncio
from dataclasses import dataclass, field
from typing import Annotated

from starlette.requests import HTTPConnection

from activities.keyring import Keys
from activities.storage.files import FileStore
from activities.storage.seats import SeatCommitter
from api.boards import BoardWatch
from api.cases import Cases
from api.database import Database
from api.histories import Histories
from api.limits import Limits
from api.noticeboard import Noticeboard
from api.provided import provided
from api.room import Room
from api.signin import SignIn
from workers.runtime.settings import Settings
from workflows.case.facts import Actor

# Cases that a process itself tells of their seats at the same time. In a rush the relay tells the others, one by one.
TELLING_AT_ONCE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """The ways to everything outside this process, and the event that ends open streams."""

    settings: Settings
    keys: Keys
    database: Database
    files: FileStore
    seats: SeatCommitter
    cases: Cases
    histories: Histories
    sign_in: SignIn
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    telling: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(TELLING_AT_ONCE))
    watches: dict[str, BoardWatch] = field(default_factory=dict)
    limits: Limits = field(init=False)
    notices: Noticeboard = field(init=False)
    room: Room = field(init=False)

    def __post_init__(self) -> None:
        """Make what follows from the rest."""
        made = Limits(self.database, self.keys, self.settings.trusted_proxies)
        object.__setattr__(self, "limits", made)
        object.__setattr__(self, "notices", Noticeboard(self.database))
        object.__setattr__(self, "room", Room(self.database, self.keys))


def installed(request: HTTPConnection) -> Installation:
    """The installation that serves this request."""
    house: Installation = request.app.state.installation
    return house


def caller(request: HTTPConnection) -> Actor:
    """Who is calling, as the route has let them in."""
    actor: Actor = request.state.caller
    return actor


House = Annotated[Installation, provided(installed)]
Caller = Annotated[Actor, provided(caller)]
