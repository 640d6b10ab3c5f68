"""The practice town of compose.yaml: stand-ins of the national systems and the local sign-in, in one container.

`practice.py serve` runs them until SIGTERM and ends when one of them ends; `practice.py ready` leaves with 0 when all
answer; `practice.py demo` carries one application from filing to handover through them. They listen on loopback only,
and so share the API's network: the local sign-in lets in anybody by name, and nobody outside shall meet it.
"""

import os
import signal
import subprocess
import sys
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from types import FrameType

from activities.keyring import load_keys
from workers.local.addresses import LOOPBACK, STANDINS

FIRST_PORT = 18001
PORTS = {name: port for port, name in enumerate((*STANDINS, "idp", "smtp"), FIRST_PORT)}
API = f"http://{LOOPBACK}:8000"
WEBHOOK_SENDERS = ("billing", "abis")
GRACE = 5.0  # seconds from the stop signal to the kill


def url(name: str) -> str:
    """HTTP address of a part of the town."""
    return f"http://{LOOPBACK}:{PORTS[name]}"


def command(name: str, store: Path) -> list[str]:
    """How to start a stand-in, or the sign-in."""
    module = "workers.local.issuer" if name == "idp" else f"workers.local.standins.{name}"
    smtp = ["--smtp-port", str(PORTS["smtp"])] if name == "mail" else []
    return [sys.executable, "-m", module, "--port", str(PORTS[name]), "--store", str(store / name), *smtp]


def environment(name: str) -> dict[str, str]:
    """What a stand-in is told: as another organisation's system no more than its own secret and where to send."""
    known = {key: value for key, value in os.environ.items() if not key.startswith("PASPOR_")}
    if name in WEBHOOK_SENDERS:
        secrets = load_keys(Path(os.environ["PASPOR_KEYS_FILE"])).webhook_secrets
        known |= {"PASPOR_API_URL": API, "PASPOR_WEBHOOK_SECRET": secrets[name][0]}
    return known


def serve() -> int:
    """Run all parts; 0 after SIGTERM, 1 when one ended by itself, for Docker to start the container again."""
    store = Path(os.environ["PASPOR_PRACTICE_DIR"])
    parts: dict[str, subprocess.Popen[bytes]] = {}
    signal.signal(signal.SIGTERM, _leave)
    try:
        for name in (*STANDINS, "idp"):
            parts[name] = subprocess.Popen(command(name, store), env=environment(name))  # noqa: S603  # our own modules
        ended, _ = os.wait()
        name = next((name for name, part in parts.items() if part.pid == ended), "a child of theirs")
        print(f"{name} ended, and with it the town", file=sys.stderr)
        return 1
    finally:
        for part in parts.values():
            part.terminate()
        for part in parts.values():
            _wait(part)


def ready() -> int:
    """Ask every part whether it runs."""
    for name in (*STANDINS, "idp"):
        asked = HTTPConnection(LOOPBACK, PORTS[name], timeout=2)
        try:
            asked.request("GET", "/healthz")
            if asked.getresponse().status != 200:
                return 1
        except (OSError, HTTPException):
            return 1
        finally:
            asked.close()
    return 0


def demo() -> int:
    """Run the demonstration."""
    from workers.local.demo import run  # late: the other two have no use for all of it

    return run({"api": API, "idp": url("idp"), "standins": {name: url(name) for name in STANDINS}}, machines=True)


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _wait(part: "subprocess.Popen[bytes]") -> None:
    try:
        part.wait(GRACE)
    except subprocess.TimeoutExpired:
        part.kill()
        part.wait()


if __name__ == "__main__":
    raise SystemExit({"serve": serve, "ready": ready, "demo": demo}[sys.argv[1]]())
