"""Tokens whose signature was checked: who clicks three times is checked once, since that costs a fifth of a request."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet

MOST_KNOWN = 10_000  # a hash and a few claims each


class CheckedTokens:
    """Remembers what signed tokens say while the keys stay the same. Whether it is still true is asked each time."""

    def __init__(self, algorithms: Sequence[str]) -> None:
        self._algorithms = list(algorithms)
        self._keys: KeySet | None = None
        self._known: dict[bytes, dict[str, Any]] = {}

    def claims(self, token: str, keys: KeySet) -> dict[str, Any]:
        """The claims of a token that one of `keys` has signed; raises `JoseError` and `ValueError` for any other."""
        if keys is not self._keys or len(self._known) >= MOST_KNOWN:
            self._keys, self._known = keys, {}
        name = sha256(token.encode()).digest()
        found = self._known.get(name)
        if found is None:
            found = self._known[name] = jwt.decode(token, keys, algorithms=self._algorithms).claims
        return dict(found)
