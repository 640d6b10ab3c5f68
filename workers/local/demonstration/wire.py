"""How the demonstration speaks to the system: as any client would, with a token, a key for each act, and patience."""

import time
import uuid
from collections.abc import Callable
from typing import Any

import httpx2

PATIENCE = 60.0  # seconds until something that should come is given up


class DemonstrationFailed(Exception):
    """Something did not go as a reader was promised; the text says what was asked and what came."""


class Caller:
    """One signed-in person."""

    def __init__(self, addresses: dict[str, Any], name: str) -> None:
        self._http = httpx2.Client(base_url=addresses["api"], timeout=20.0, trust_env=False)
        token = self._answer(
            self._http.post(f"{addresses['idp']}/token", data={"grant_type": "password", "username": name})
        )
        self._http.headers["Authorization"] = f"Bearer {token['access_token']}"
        self.name = name

    def get(self, path: str, **parameters: str) -> Any:
        """Read."""
        return self._answer(self._http.get(path, params=parameters))

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Act; sent again by the same key while the system says that it is busy."""
        return self._kept_at("POST", path, {"json": body or {}})

    def put(self, path: str, body: dict[str, Any]) -> Any:
        """Choose."""
        return self._kept_at("PUT", path, {"json": body})

    def upload(self, path: str, files: dict[str, Any], data: dict[str, str] | None = None, verb: str = "PUT") -> Any:
        """Send files."""
        return self._kept_at(verb, path, {"files": files, "data": data or {}})

    def until(self, path: str, there: Callable[[Any], bool], what: str) -> Any:
        """Read until something is there."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            found = self._http.get(path)
            if found.is_success and there(found.json()):
                return found.json()
            time.sleep(0.1)
        raise DemonstrationFailed(f"{what} did not come within {PATIENCE:.0f} s")

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _kept_at(self, verb: str, path: str, content: dict[str, Any]) -> Any:
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        end = time.monotonic() + PATIENCE
        while True:
            answer = self._http.request(verb, path, headers=headers, **content)
            if answer.status_code != httpx2.codes.SERVICE_UNAVAILABLE or time.monotonic() > end:
                return self._answer(answer)
            time.sleep(float(answer.headers.get("Retry-After", "1")))

    def _answer(self, answer: httpx2.Response) -> Any:
        if answer.is_success:
            return answer.json() if answer.content else None
        raise DemonstrationFailed(
            f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:300]}"
        )
