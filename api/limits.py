"""Limits of a person, an operator, a number and an address, by the dated rule `limits`: 429, and when to come back.

Whoever asks is stored as a keyed hash only, and forgotten when their window is over.
"""

from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address, ip_network

from starlette.requests import HTTPConnection

from activities.keyring import Keys
from activities.storage import limits
from activities.storage.limits import Asked
from api.batches import Batches
from api.database import Database
from api.problems import Problem
from workflows.case.facts import Actor, Role

# One subscriber of IPv6 has a network of this size (RFC 6177), and may use each of its addresses.
ONE_SUBSCRIBER = 64
UNKNOWN = "unknown"


class Limits:
    """Counts requests in our database, so that all processes count together."""

    def __init__(self, database: Database, keys: Keys, trusted_proxies: str) -> None:
        self._database, self._keys = database, keys
        self._proxies = [ip_network(one.strip()) for one in trusted_proxies.split(",") if one.strip()]
        self._batches = Batches(self._ask_all)

    async def check(self, request: HTTPConnection, kind: str, actor: Actor) -> None:
        """Count a request of somebody who is known, or not; raises `too_many_requests`.

        An office's own operator is limited as such, and shares no limit with the citizens who use the same network.
        """
        if Role.ASSISTANT in actor.roles:
            await self._count(kind, "operator", actor.id, "")
            return
        who = actor.id if actor.roles else ""
        await self._count(kind, "person" if who else "", who, self.address_of(request))

    async def check_about(self, request: HTTPConnection, kind: str, of: str, about: str) -> None:
        """Count a try about something, such as the number of an application; raises `too_many_requests`."""
        await self._count(kind, of, about, self.address_of(request))

    async def give_back(self, kind: str, of: str, about: str) -> None:
        """The try was none that the limit is there for."""
        await self._database.run(limits.give_back, kind, self._hash(of, about))

    def address_of(self, request: HTTPConnection) -> str:
        """Where a request comes from; what proxies say of it is believed only of those that the settings name."""
        peer = request.client.host if request.client else UNKNOWN
        said = [part.strip() for part in ",".join(request.headers.getlist("x-forwarded-for")).split(",")]
        while said and self._is_proxy(peer):
            peer = said.pop() or UNKNOWN
        return _subscriber(peer)

    def _is_proxy(self, peer: str) -> bool:
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in self._proxies if network.version == address.version)

    async def _count(self, kind: str, of: str, about: str, address: str) -> None:
        asked = Asked(
            kind=kind,
            of=of,
            who=self._hash(of, about) if about else "",
            address=self._hash("address", address) if address else "",
        )
        wait = await self._batches.ask(asked)
        if wait:
            raise Problem("too_many_requests", retry_after=wait)

    async def _ask_all(self, batch: Sequence[Asked]) -> list[int]:
        return await self._database.read(limits.allow, batch)

    def _hash(self, of: str, about: str) -> str:
        return self._keys.digest("limit", f"{of}|{about}")


def _subscriber(peer: str) -> str:
    try:
        address = ip_address(peer)
    except ValueError:
        return UNKNOWN
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ip_network((address, ONE_SUBSCRIBER), strict=False))
    return str(address)
