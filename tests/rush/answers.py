"""What a client process was answered: a line a click, written before it goes on, so that its death loses no answer."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to one click: `booking` and `got` (a slot) where it won; how long it took, retries included."""

    key: str
    number: str
    slot: str
    code: str
    booking: str = ""
    got: str = ""
    ms: float = 0.0


class AnswerLog:
    """Appends answers to a file; each is with the kernel when `note` returns."""

    def __init__(self, path: Path) -> None:
        self.known = {answer.key: answer for answer in read(path)}
        self._file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)

    def note(self, answer: Answer) -> None:
        """Keep an answer."""
        os.write(self._file, (json.dumps(asdict(answer)) + "\n").encode())


def read(path: Path) -> list[Answer]:
    """All whole lines of a log."""
    if not path.exists():
        return []
    return [Answer(**json.loads(line)) for line in path.read_text().split("\n")[:-1]]
