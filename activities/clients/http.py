"""One JSON wire to one outside system: sends the key, and says of every failure whether its effect is known."""

import contextlib
import re
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

import httpx2

from activities.clients.errors import Declined, Unknown

# Statuses below 500 after which the same request may still succeed: they say "not now", not "no".
NOT_NOW = frozenset({408, 425, 429})
CODE = re.compile(r"[a-z][a-z0-9_]{0,63}")


class Wire:
    """A connection pool to `base_url`; safe between threads. `timeout` in seconds, for each phase of a call."""

    def __init__(self, system: str, base_url: str, timeout: float) -> None:
        self.system = system
        # National systems stand in a closed network: a proxy of the environment would only lead personal data astray.
        self._client = httpx2.Client(base_url=base_url, timeout=timeout, trust_env=False)

    def call(self, method: str, path: str, *, key: str | None = None, body: dict[str, Any] | None = None) -> Any:
        """Call and return the decoded JSON of a 2xx, None for an empty one.

        Raises `Declined` with the system's code for a refusal, `Unknown` for everything after which one cannot tell.
        The texts name the system and the kind of failure only: what was sent is personal.
        """
        headers = {} if key is None else {"Idempotency-Key": key}
        try:
            answer = self._client.request(method, path, json=body, headers=headers)
        except httpx2.TransportError as error:
            raise Unknown(f"{self.system}: no answer ({type(error).__name__})") from None
        if answer.is_success:
            return self._decoded(answer) if answer.content else None
        if answer.status_code in NOT_NOW or not answer.is_client_error:
            raise Unknown(f"{self.system}: status {answer.status_code}")
        raise Declined(_code(answer))

    @contextlib.contextmanager
    def reading(self) -> Iterator[None]:
        """Around the reading of an answer: one that is not of the agreed form is `Unknown`, without repeating it."""
        try:
            yield
        except (KeyError, TypeError, ValueError, AttributeError):
            raise Unknown(f"{self.system}: an answer that cannot be read") from None

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _decoded(self, answer: httpx2.Response) -> Any:
        with self.reading():
            return answer.json()


class Client:
    """What the clients share: one wire, closed with the client."""

    system: str

    def __init__(self, base_url: str, timeout: float = 5.0) -> None:
        self._wire = Wire(self.system, base_url, timeout)

    def close(self) -> None:
        """Close the connections."""
        self._wire.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _code(answer: httpx2.Response) -> str:
    """The machine's word for a refusal; only a plain word is taken over, since anything else may hold the input."""
    try:
        body = answer.json()
    except ValueError:
        body = None
    code = body.get("code") if isinstance(body, dict) else None
    return code if isinstance(code, str) and CODE.fullmatch(code) else f"http_{answer.status_code}"
