"""Addresses of one installation: ports that stay the same from start to start, and who is told of them."""

import json
import random
import socket
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from workers.local.datafolder import DataFolder, write_whole
from workers.local.postgres import LocalPostgres

LOOPBACK = "127.0.0.1"
API_PORT = 8000
STANDINS = ("population", "passports", "watchlist", "billing", "abis", "capture", "printer", "mail")
MEASURED = ("worker-cases", "worker-partners", "worker-printing")
NAMES = (
    *("api", "idp", "temporal", "temporal_ui", "temporal_metrics", *STANDINS, "smtp"),
    *(f"{worker}_metrics" for worker in MEASURED),
)
# Below the range from which the kernel takes ports for outgoing connections, which would come and go on ours.
RANGE = range(18_000, 32_000)


class PortTakenError(Exception):
    """The port that was asked for is not free."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """The port of every part that listens."""

    ports: Mapping[str, int]

    def url(self, name: str) -> str:
        """HTTP address of a part."""
        return f"http://{LOOPBACK}:{self.ports[name]}"

    def public(self) -> dict[str, object]:
        """What `addresses.json` holds."""
        doors: dict[str, object] = {name: self.url(name) for name in ("api", "idp", "temporal_ui")}
        standins = {name: self.url(name) for name in STANDINS}
        metrics = {name: self.url(f"{name}_metrics") + "/metrics" for name in ("temporal", *MEASURED)}
        return {**doors, "standins": standins, "metrics": {"api": self.url("api") + "/metrics", **metrics}}

    def listen(self, name: str) -> str:
        """Where a part is to listen, as host:port."""
        return f"{LOOPBACK}:{self.ports[name]}"

    def environment(self, folder: DataFolder, postgres: LocalPostgres) -> dict[str, str]:
        """What `environment.json` holds: all that a process of this installation needs to find the others."""
        partners = {f"PASPOR_{name.upper()}_URL": self.url(name) for name in STANDINS if name != "mail"}
        return {
            "PASPOR_ENVIRONMENT": "local",
            "PASPOR_DATABASE_URL": postgres.url(),
            "PASPOR_TEMPORAL_ADDRESS": f"{LOOPBACK}:{self.ports['temporal']}",
            "PASPOR_TEMPORAL_NAMESPACE": "paspor",
            "PASPOR_KEYS_FILE": str(folder.keys),
            "PASPOR_FILES_DIR": str(folder.files),
            "PASPOR_OIDC_ISSUER": self.url("idp"),
            "PASPOR_SMTP_HOST": LOOPBACK,
            "PASPOR_SMTP_PORT": str(self.ports["smtp"]),
            "PASPOR_PUBLIC_URL": self.url("api"),
            "PASPOR_TEMPORAL_UI_URL": self.url("temporal_ui"),
            **partners,
        }


def choose(memory: Path, api_port: int | None) -> Addresses:
    """The ports remembered in `memory` where they are free, others where not; remembers the outcome.

    `api_port` is a person's wish, 0 for any; raises `PortTakenError` when it cannot be met.
    """
    remembered = json.loads(memory.read_text()) if memory.exists() else {}
    ports: dict[str, int] = {}
    with ExitStack() as held:
        if api_port:
            if not _hold(api_port, held):
                raise PortTakenError(f"port {api_port} is taken; give another with --port, or --port 0 for a free one")
            ports["api"] = api_port
        for name in NAMES:
            wishes = [remembered[name]] if name in remembered else []
            if name == "api" and api_port is None:
                wishes = [API_PORT, *wishes]
            if name not in ports:
                ports[name] = next(port for port in _candidates(wishes) if _hold(port, held))
    write_whole(memory, ports)
    return Addresses(ports)


def _candidates(wishes: list[int]) -> Iterable[int]:
    yield from wishes
    yield from random.sample(RANGE, len(RANGE))


def _hold(port: int, held: ExitStack) -> bool:
    # Each port is kept until all are chosen, so that no two parts get the same one.
    listener = held.enter_context(socket.socket())
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((LOOPBACK, port))
        listener.listen(1)
    except OSError:
        return False
    return True
