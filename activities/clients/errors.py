"""What can go wrong on a wire, in the two kinds that callers must tell apart."""


class Unknown(Exception):
    """Timeout, lost connection or a server's failure: it may have happened or not; ask again by the same key."""


class Declined(Exception):
    """The other side understood and said no for good; `code` is its reason, in its own words or numbers."""

    def __init__(self, code: str, text: str = "") -> None:
        super().__init__(f"{code} {text}".strip())
        self.code = code
