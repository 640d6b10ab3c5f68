"""`paspor draw verify`: a published draw counted again, from a file and from an address."""

import json
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.workers.test_leaving import paspor
from tests.workflows.case.test_lots import published
from workflows.case.lots import entry_id


def verified(source: object) -> "subprocess.CompletedProcess[str]":
    return paspor("draw", "verify", str(source), NO_COLOR="1", COLUMNS="400")


@pytest.fixture
def written(tmp_path: Path) -> Path:
    path = tmp_path / "draw.json"
    path.write_text(json.dumps(published()))
    return path


@pytest.fixture
def served() -> Iterator[str]:
    """The address of a server that has one draw and nothing else."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(published()).encode()
            self.send_response(200 if self.path == "/v1/draws/1" else 404)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1/draws"
        server.shutdown()
        thread.join()


def test_what_holds(written: Path, served: str) -> None:
    for source in (written, f"{served}/1"):
        done = verified(source)
        assert done.returncode == 0, done.stderr
        assert "all of it holds: 6 entries in 6 lots" in done.stderr


def test_ones_own_entry(written: Path) -> None:
    draw = published()
    random = Random(1)
    number, salt = f"{10**15}", f"{random.getrandbits(128):032x}"
    one = next(entry for entry in draw["entries"] if entry["id"] == entry_id(number, salt))
    said = paspor("draw", "verify", str(written), "--number", number, "--salt", salt, NO_COLOR="1").stderr
    assert f"{one['id']} has rank {one['rank']}" in said
    said = paspor("draw", "verify", str(written), "--number", number, "--salt", "0", NO_COLOR="1").stderr
    assert "is not in the list" in said


def test_a_difference_is_named(written: Path) -> None:
    draw = published()
    draw["entries"][3]["rank"] += 1
    written.write_text(json.dumps(draw))
    done = verified(written)
    assert done.returncode == 1
    assert f"{draw['entries'][3]['id']} has rank {draw['entries'][3]['rank'] - 1}" in done.stderr


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"seed": 1}', "5", "\x00"])
def test_what_is_no_draw(tmp_path: Path, content: str) -> None:
    path = tmp_path / "draw.json"
    path.write_text(content)
    assert verified(path).returncode == 2


def test_what_is_not_there(tmp_path: Path, served: str) -> None:
    for source in (tmp_path / "none.json", f"{served}/2", "http://127.0.0.1:1/v1/draws/1"):
        done = verified(source)
        assert (done.returncode, "no draw that can be read" in done.stderr) == (2, True)
