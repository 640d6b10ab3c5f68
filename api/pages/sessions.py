"""Who is signed in at a browser: a random id in a cookie, its hash and the rest, sealed, in our database."""

import hashlib
import secrets
from dataclasses import dataclass

from pydantic import TypeAdapter
from starlette.requests import HTTPConnection
from starlette.responses import Response

from activities.keyring import CannotOpen
from activities.storage import sessions
from api.installation import Installation
from api.problems import Problem
from workflows.case.facts import Actor

ID_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A person at a browser. `csrf` has to come with every form."""

    id_hash: str
    actor: Actor
    name: str
    csrf: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    actor: Actor
    name: str
    csrf: str


CONTENT = TypeAdapter(_Content)


async def begin(house: Installation, actor: Actor, name: str) -> str:
    """Open a session under a new id, which is returned: it belongs in the cookie and nowhere else."""
    secret = secrets.token_urlsafe(ID_BYTES)
    id_hash = _hash(secret)
    content = CONTENT.dump_json(_Content(actor=actor, name=name, csrf=secrets.token_urlsafe(ID_BYTES)))
    sealed = house.keys.columns.seal(content, _place(id_hash, "content"))
    await house.database.run(sessions.begin, id_hash, actor.id, sealed)
    return secret


async def find(house: Installation, request: HTTPConnection) -> Signed | None:
    """The session that a request's cookie names; None when there is none, or it has ended."""
    secret = request.cookies.get(cookie_name(house), "")
    if not 0 < len(secret) <= 128:
        return None
    id_hash = _hash(secret)
    sealed = await house.database.run(sessions.find, id_hash)
    if sealed is None:
        return None
    try:
        content = CONTENT.validate_json(house.keys.columns.open(sealed, _place(id_hash, "content")))
    except CannotOpen:  # sealed by a key that is no longer in the ring
        return None
    return Signed(id_hash=id_hash, actor=content.actor, name=content.name, csrf=content.csrf)


async def end(house: Installation, signed: Signed) -> None:
    """End a session; a draft is the person's, and stays."""
    await house.database.run(sessions.end, signed.id_hash)


def check_form(signed: Signed, token: object) -> None:
    """A form has to carry the token of its session: another site cannot know it (OWASP ASVS 5.0, V3.5)."""
    if not isinstance(token, str) or not secrets.compare_digest(token.encode(), signed.csrf.encode()):
        raise Problem("bad_request")


def secure(house: Installation) -> bool:
    """Whether people reach us by https."""
    return house.settings.public_url.startswith("https:")


def cookie_name(house: Installation) -> str:
    """The name of the session's cookie; with https, one that no neighbouring host can set (RFC 6265bis 4.1.3)."""
    return "__Host-paspor" if secure(house) else "paspor"


def give_cookie(house: Installation, response: Response, secret: str) -> None:
    """Hand the id to the browser, for this browser session."""
    response.set_cookie(cookie_name(house), secret, httponly=True, samesite="lax", secure=secure(house), path="/")


def take_cookie(house: Installation, response: Response) -> None:
    """Have the browser forget the id."""
    response.delete_cookie(cookie_name(house), httponly=True, samesite="lax", secure=secure(house), path="/")


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _place(id_hash: str, column: str) -> bytes:
    return f"session|{id_hash}|{column}".encode()
