"""Logs: one form for all of them, and nothing personal in it."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest
import structlog
from asgi_correlation_id.context import correlation_id
from pydantic import BaseModel, ValidationError

from workers.runtime.logs import flatten_temporal, set_up_logs, without_query
from workers.runtime.tracebacks import describe

NIK = "5171014107900001"


class Person(BaseModel):
    nik: int


@pytest.fixture
def logs(capsys: pytest.CaptureFixture[str]) -> Iterator[pytest.CaptureFixture[str]]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield capsys
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()


def last(logs: pytest.CaptureFixture[str]) -> dict[str, object]:
    line: dict[str, object] = json.loads(logs.readouterr().err.splitlines()[-1])
    return line


def test_both_kinds_of_logger_give_one_form(logs: pytest.CaptureFixture[str]) -> None:
    set_up_logs()
    structlog.get_logger("ours").info("seat_taken", office="denpasar")
    ours = last(logs)
    logging.getLogger("theirs").warning("took %s ms", 5)
    theirs = last(logs)
    assert (ours["event"], ours["office"], ours["level"]) == ("seat_taken", "denpasar", "info")
    assert (theirs["event"], theirs["logger"], theirs["level"]) == ("took 5 ms", "theirs", "warning")
    assert set(theirs) == {"event", "logger", "level", "timestamp"}


def test_a_line_carries_the_request_and_the_bound_facts(logs: pytest.CaptureFixture[str]) -> None:
    set_up_logs()
    token = correlation_id.set("req-1")
    with structlog.contextvars.bound_contextvars(office="denpasar"):
        logging.getLogger("x").info("hello")
    correlation_id.reset(token)
    assert {"request_id": "req-1", "office": "denpasar"}.items() <= last(logs).items()


def test_the_engines_facts_are_flat_and_few(logs: pytest.CaptureFixture[str]) -> None:
    set_up_logs()
    extra = {"temporal_workflow": {"workflow_id": "w", "run_id": "r", "namespace": "n"}, "nik": NIK}
    logging.getLogger("x").info("moved", extra=extra)
    line = last(logs)
    assert (line["workflow_id"], line["run_id"]) == ("w", "r")
    assert not {"namespace", "nik", "temporal_workflow"} & set(line)
    assert flatten_temporal(None, "info", {"event": "x"}) == {"event": "x"}


def test_a_traceback_does_not_repeat_what_was_typed(logs: pytest.CaptureFixture[str]) -> None:
    set_up_logs()
    with pytest.raises(ValidationError, match=NIK) as caught:
        Person.model_validate({"nik": f"{NIK}x"})
    logging.getLogger("x").error("refused", exc_info=caught.value)
    text = logs.readouterr().err
    assert NIK not in text
    assert "test_logs.py" in text
    assert "ValidationError: text withheld" in text


def test_harmless_texts_stay() -> None:
    assert describe(FileNotFoundError(2, "No such file", "/x")) == "FileNotFoundError: [Errno 2] No such file: '/x'"
    assert describe(ValueError(NIK)) == "ValueError: text withheld"


def test_an_access_line_has_no_query() -> None:
    args = ("127.0.0.1:5", "GET", "/callback?code=secret", "1.1", 200)
    record = logging.LogRecord("uvicorn.access", logging.INFO, "", 0, '%s - "%s %s HTTP/%s" %d', args, None)
    assert without_query(record)
    assert record.getMessage() == '127.0.0.1:5 - "GET /callback HTTP/1.1" 200'


def test_the_engines_core_does_not_write_on_standard_output() -> None:
    # It leaves as the commands do (`workers/cli.py`): the core's threads now and then abort an interpreter that ends.
    script = (
        "import asyncio, os, sys\n"
        "from workers.runtime.connection import lazy_client, answers\n"
        "async def main():\n"
        "    print(await answers(await lazy_client('127.0.0.1:1', 'x')))\n"
        "asyncio.run(main())\n"
        "sys.stdout.flush()\n"
        "os._exit(0)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout == "False\n"
