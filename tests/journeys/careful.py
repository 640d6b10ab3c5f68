"""A careful client: silence is not an answer, so it asks again, with the same key, until it hears one."""

import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import Any

import httpx2

from tests.journeys.installation import Installation

PATIENCE = 100.0  # seconds
PAUSE = 0.2
SECONDS = 40.0  # for one answer: more than the longest that the API takes

# Entered before a request goes out and left while it is under way: what it does at its end happens meanwhile.
Meanwhile = Callable[[], AbstractContextManager[None]]
SILENCE = (httpx2.TransportError,)


class Careful:
    """One signed-in person. `silences` counts the requests that were never answered, `put_offs` the 503s."""

    def __init__(self, installation: Installation, name: str) -> None:
        self.name = name
        self._http = httpx2.Client(base_url=installation.addresses["api"], timeout=SECONDS, trust_env=False)
        self.silences = self.put_offs = 0
        form = {"grant_type": "password", "username": name}
        answer = self._heard(lambda: self._http.post(f"{installation.addresses['idp']}/token", data=form))
        self._http.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def reads(self, path: str, **query: str) -> Any:
        """Read."""
        return self._heard(lambda: self._http.get(path, params=query)).json()

    def until(self, path: str, there: Callable[[Any], Any], what: str) -> Any:
        """Read until something is there; what is found."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            answer = self._heard(lambda: self._http.get(path), but=(404,))
            found = there(answer.json()) if answer.is_success else None
            if found:
                return found
            time.sleep(0.05)
        raise AssertionError(f"{what} did not come within {PATIENCE:.0f} s")

    def does(self, verb: str, path: str, meanwhile: Meanwhile | None = None, **content: Any) -> Any:
        """Act, once by one key; `meanwhile` goes around the first request."""
        key = str(uuid.uuid4())
        tries = _first_beside(meanwhile)
        answer = self._heard(
            lambda: tries(lambda: self._http.request(verb, path, headers={"Idempotency-Key": key}, **content))
        )
        return answer.json() if answer.content else None

    def is_not_answered(self, verb: str, path: str, meanwhile: Meanwhile, **content: Any) -> None:
        """Act once, hear nothing because of what happens meanwhile, and leave it at that."""
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        try:
            answer = _first_beside(meanwhile)(lambda: self._http.request(verb, path, headers=headers, **content))
        except SILENCE:
            return
        raise AssertionError(f"answered: {answer.status_code} {answer.text}")

    def _heard(self, asks: Callable[[], httpx2.Response], but: tuple[int, ...] = ()) -> httpx2.Response:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                answer = asks()
            except SILENCE:
                self.silences += 1
                assert time.monotonic() < end, "nobody answers"
                time.sleep(PAUSE)
                continue
            if not _is_put_off(answer):
                assert answer.is_success or answer.status_code in but, (
                    f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text}"
                )
                return answer
            self.put_offs += 1
            assert time.monotonic() < end, f"still {answer.status_code} {answer.text}"
            time.sleep(PAUSE)


def _is_put_off(answer: httpx2.Response) -> bool:
    if answer.status_code == httpx2.codes.SERVICE_UNAVAILABLE:
        return True
    return answer.status_code == httpx2.codes.CONFLICT and answer.json()["code"] == "request_in_progress"


def _first_beside(meanwhile: Meanwhile | None) -> Callable[[Callable[[], httpx2.Response]], httpx2.Response]:
    """Runs a request, the first time beside `meanwhile`."""
    left = [meanwhile] if meanwhile else []

    def tried(request: Callable[[], httpx2.Response]) -> httpx2.Response:
        if not left:
            return request()
        with ThreadPoolExecutor(1) as beside:
            with left.pop()():
                under_way = beside.submit(request)
            return under_way.result()

    return tried
