"""`paspor draw verify`: count a published draw again, asking nobody for more than the document."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from workflows.case.lots import differences, entry_id

draws = typer.Typer(no_args_is_help=True, help="Draws of seats, as everybody may check them.")
people = Console(stderr=True, highlight=False)
PATIENCE_SECONDS = 30.0
CANNOT_READ = 2


def add_to(app: typer.Typer) -> None:
    """Offer these commands too."""
    app.add_typer(draws, name="draw")


@draws.command(epilog="Example: paspor draw verify http://127.0.0.1:8000/v1/draws/6f6b3a3e-6a6b-4f0e-9a55-0b8f4c3f0a11")
def verify(
    source: Annotated[str, typer.Argument(help="The JSON document of a draw: a file, or its address.")],
    number: Annotated[str, typer.Option(help="Your application, to see that its entry is in the list.")] = "",
    salt: Annotated[str, typer.Option(help="The key of your entry.")] = "",
) -> None:
    """Say whether seed, list and ranks of a draw are what was committed to; 1 where something differs, 2 unreadable."""
    try:
        document = _document(source)
        found = list(differences(document))
        own = _own(document, entry_id(number, salt)) if number else ""
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        _say(f"this is no draw that can be read: {type(error).__name__}")
        raise typer.Exit(CANNOT_READ) from None
    for sentence in (*found, *filter(None, [own])):
        _say(sentence)
    if not found:
        ranks = max((entry["rank"] for entry in document["entries"]), default=0)
        _say(f"all of it holds: {document['count']} entries in {ranks} lots, ranked by the seed that was committed to")
    raise typer.Exit(1 if found else 0)


def _own(document: dict[str, Any], one: str) -> str:
    rank = next((entry["rank"] for entry in document["entries"] if entry["id"] == one), None)
    return f"{one} has rank {rank}" if rank else f"{one} is not in the list"


def _document(source: str) -> dict[str, Any]:
    if source.startswith(("https://", "http://")):
        return dict(_fetched(source))
    return dict(json.loads(Path(source).read_text(encoding="utf-8")))


def _fetched(address: str) -> Any:
    import httpx2

    try:
        answer = httpx2.get(address, timeout=PATIENCE_SECONDS, follow_redirects=True)
        answer.raise_for_status()
        return answer.json()
    except httpx2.HTTPError as error:
        raise OSError from error


def _say(words: str) -> None:
    people.print(words, markup=False, soft_wrap=True)
