"""The two languages that people are spoken to in."""

from typing import Annotated

from starlette.requests import Request

from api.provided import provided

LANGUAGES = ("id", "en")


def preferred(accept_language: str) -> str:
    """The better of Indonesian and English by an `Accept-Language` header; Indonesian when neither is asked for."""
    best, weight = LANGUAGES[0], 0.0
    for part in accept_language.split(",")[:20]:
        name, _, quality = part.strip().partition(";q=")
        language = name.strip().lower().partition("-")[0]
        try:
            wanted = float(quality) if quality else 1.0
        except ValueError:
            continue
        if language in LANGUAGES and wanted > weight:
            best, weight = language, wanted
    return best


def _wanted(request: Request) -> str:
    return preferred(request.headers.get("accept-language", ""))


Language = Annotated[str, provided(_wanted)]
