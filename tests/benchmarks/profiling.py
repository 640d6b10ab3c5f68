"""Where a worker's Python time goes: py-spy's samples, by function and by room of the house."""

import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

RATE = 100  # samples a second
STOP_LIMIT = 20.0
# The innermost frame of one of these says whose time it is; the first that fits counts.
ROOMS = (
    ("converter: pydantic, JSON", ("/temporalio/converter", "/temporalio/contrib/pydantic", "/pydantic/", "/json/")),
    ("codec: deflate, seal", ("/workers/runtime/codec.py", "/activities/keyring.py")),
    ("sandbox", ("/temporalio/worker/workflow_sandbox/",)),
    ("psycopg2, SQLAlchemy", ("/sqlalchemy/", "/psycopg2/")),
    ("logs", ("/structlog/", "/logging/", "/workers/runtime/logs.py")),
    ("procedure (workflows/)", ("/workflows/",)),
    ("activities/", ("/activities/",)),
    ("bare workflow", ("/tests/benchmarks/bare.py",)),
    ("relay", ("/workers/relay.py", "/workers/deliveries.py")),
    ("SDK: workflow instance", ("/temporalio/worker/_workflow_instance",)),
    ("SDK: the rest", ("/temporalio/",)),
    ("FastAPI, Starlette, uvicorn", ("/fastapi/", "/starlette/", "/uvicorn/", "/anyio/", "/asgi_correlation_id/")),
    ("sign-in: tokens", ("/joserfc/", "/api/signin.py")),
    ("api/", ("/api/",)),
)
# Frames that hold everything and say nothing.
DULL = (
    "/asyncio/",
    "/concurrent/",
    "/threading.py",
    "/contextlib.py",
    "typer/",
    "<frozen",
    "workers/cli.py",
    "bare_worker.py",
    "()",
)
OTHER = "Python and asyncio"
PROJECT = str(Path(__file__).parents[2])


class Profile:
    """Samples that are read when the recording has ended."""

    def __init__(self) -> None:
        self.stacks: Counter[tuple[str, ...]] = Counter()

    def told(self, top: int = 15) -> dict[str, Any]:
        """Shares of all samples, in percent: by room, and by function itself and with what it calls."""
        every = sum(self.stacks.values()) or 1
        rooms, own, within = Counter[str](), Counter[str](), Counter[str]()
        for stack, samples in self.stacks.items():
            rooms[_room(stack)] += samples
            own[_named(stack[-1])] += samples
            for frame in {_named(frame) for frame in stack}:
                within[frame] += samples

        def shares(found: Counter[str], most: int | None = None) -> dict[str, float]:
            return {name: round(100 * samples / every, 1) for name, samples in found.most_common(most)}

        ours = Counter({name: samples for name, samples in within.items() if not any(word in name for word in DULL)})
        return {"samples": every, "rooms": shares(rooms), "self": shares(own, top), "cumulative": shares(ours, 2 * top)}


@contextmanager
def recording(pid: int) -> Iterator[Profile]:
    """Sample a process while the block lasts: whoever holds the interpreter, so that nothing that waits counts.

    The process is stopped for each sample, which costs it time. Read while it ran, one stack that was long gone was
    counted hundreds of times, another in each recording.
    """
    profile = Profile()
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "stacks"
        command = [str(Path(sys.executable).parent / "py-spy"), "record", "--pid", str(pid), "--rate", str(RATE)]
        options = [
            "--duration",
            "600",
            "--format",
            "raw",
            "--full-filenames",
            "--output",
            str(out),
            "--gil",
        ]
        spy = subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield profile
        finally:
            spy.send_signal(2)  # it writes what it has
            spy.wait(STOP_LIMIT)
            if out.exists():
                _read(out.read_text(), profile)


def _read(raw: str, profile: Profile) -> None:
    for line in raw.splitlines():
        frames, _, samples = line.rpartition(" ")
        profile.stacks[tuple(frames.split(";"))] += int(samples)


def _room(stack: tuple[str, ...]) -> str:
    for frame in reversed(stack):
        for room, places in ROOMS:
            if any(place in frame for place in places):
                return room
    return OTHER


def _named(frame: str) -> str:
    """`function (file)`, the file from our root or from its package on, without the line."""
    function, _, place = frame.partition(" (")
    file = place.rpartition(":")[0].removeprefix(PROJECT + "/")
    for packages in ("site-packages/", f"lib/python{sys.version_info.major}.{sys.version_info.minor}/"):
        file = file.rpartition(packages)[2]
    return f"{function} ({file})"
