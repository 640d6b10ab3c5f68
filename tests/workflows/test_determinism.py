"""The procedure asks nothing but the engine and its partners: no clock, no chance, no thread, no file of its own."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import workflows

ROOT = Path(workflows.__file__).parent
MODULES = sorted(ROOT.rglob("*.py"))
# A replay must come to the same commands: whatever answers differently on another day or machine has no place here.
MODULES_REFUSED = {"time", "random", "uuid", "secrets", "os", "threading", "multiprocessing", "subprocess", "socket"}
NAMES_REFUSED = {
    "datetime.datetime.now", "datetime.datetime.today", "datetime.datetime.utcnow", "datetime.date.today",
    "asyncio.to_thread", "asyncio.wait", "asyncio.as_completed",
}  # fmt: skip
# `hash` of a text differs from process to process, `id` from run to run.
CALLS_REFUSED = {"open", "input", "hash", "id", "eval", "exec", "__import__"}


def found(source: str) -> list[str]:
    """Everything in a module that the engine could not replay, by line."""
    tree = ast.parse(source)
    origins = dict(_imported(tree))
    return [f"{line}: {name}" for line, name in sorted({*_imports(tree), *_uses(tree, origins), *_calls(tree)})]


def _imported(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for name in node.names:
                first = name.name.partition(".")[0]
                yield (name.asname, name.name) if name.asname else (first, first)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((name.asname or name.name, f"{node.module}.{name.name}") for name in node.names)


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names if _refused(name.name))
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level and _refused(node.module):
            yield node.lineno, node.module


def _refused(module: str) -> bool:
    return module.partition(".")[0] in MODULES_REFUSED


def _uses(tree: ast.Module, origins: dict[str, str]) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name) and (name := _dotted(node, origins)) in NAMES_REFUSED:
            yield node.lineno, name


def _calls(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS_REFUSED:
            yield node.lineno, node.func.id


def _dotted(node: ast.expr, origins: dict[str, str]) -> str:
    """The full name of `a.b.c`, through the imports; empty for what is no name."""
    if isinstance(node, ast.Name):
        return origins.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value, origins)
        return before and f"{before}.{node.attr}"
    return ""


def test_the_whole_procedure_is_looked_at() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in MODULES}
    assert {"passport.py", "casework.py", "case/rules.py", "steps/booking.py", "partners/bills.py"} <= names
    assert len(names) > 40


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_clock_no_chance(path: Path) -> None:
    assert found(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ("from datetime import datetime\nx = datetime.now()", "2: datetime.datetime.now"),
        ("from datetime import UTC, datetime\nx = datetime.now(UTC)", "2: datetime.datetime.now"),
        ("from datetime import datetime as clock\nx = clock.utcnow()", "2: datetime.datetime.utcnow"),
        ("import datetime\nx = datetime.datetime.today()", "2: datetime.datetime.today"),
        ("import datetime as dt\nx = dt.date.today()", "2: datetime.date.today"),
        ("from datetime import date\ndef rule(on=date.today): ...", "2: datetime.date.today"),
        ("def rule():\n    from datetime import date\n    return date.today()", "3: datetime.date.today"),
        ("import time\nx = time.monotonic()", "1: time"),
        ("from time import sleep", "1: time"),
        ("import random", "1: random"),
        ("import uuid", "1: uuid"),
        ("from uuid import uuid4", "1: uuid"),
        ("from secrets import token_hex", "1: secrets"),
        ("import os.path as path", "1: os.path"),
        ("def step():\n    import threading", "2: threading"),
        ("x = open('rules.json')", "1: open"),
        ("x = hash('case')", "1: hash"),
        ("import asyncio\nasync def step(work): await asyncio.wait(work)", "2: asyncio.wait"),
    ],
    ids=lambda text: text.splitlines()[-1].strip(),
)
def test_what_is_refused(source: str, fault: str) -> None:
    assert found(source) == [fault]


def test_what_is_fine() -> None:
    source = """
import asyncio
from datetime import date, datetime, time
from temporalio import workflow
key, now, chance = workflow.uuid4(), workflow.now(), workflow.random()
midnight = datetime.combine(date(2026, 2, 28), time())
tray.open(rule)
case.now()
case.today()
asyncio.create_task(workflow.sleep(1))
"""
    assert found(source) == []
