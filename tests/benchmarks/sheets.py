"""Tables, on a terminal and in a document."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

BENCH = "make bench"


class Sheet(NamedTuple):
    """One table."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]


def marks(by: str) -> tuple[str, str]:
    """What a document has around the figures of a command."""
    return f"<!-- figures: begin, written by `{by}` -->", f"<!-- figures: end, by `{by}` -->"


def on_terminal(sheets: Iterable[Sheet], console: Console) -> None:
    """As a person reads it while it runs."""
    for sheet in sheets:
        table = Table(title=sheet.title, title_justify="left")
        for column in sheet.columns:
            table.add_column(column)
        for row in sheet.rows:
            table.add_row(*(_shown(cell) for cell in row))
        console.print(table)


def into_document(sheets: Iterable[Sheet], document: Path, by: str) -> None:
    """Put the tables between the two marks of a document; what stands around them stays."""
    text, (begin, end) = document.read_text(), marks(by)
    if begin not in text or end not in text:
        raise ValueError(f"{document} has no place for figures: {begin} ... {end}")
    before, after = text.partition(begin)[0], text.partition(end)[2]
    document.write_text(f"{before}{begin}\n\n{as_markdown(sheets)}\n{end}{after}")


def as_markdown(sheets: Iterable[Sheet]) -> str:
    """All tables."""
    return "\n".join(_markdown(sheet) for sheet in sheets)


def _markdown(sheet: Sheet) -> str:
    head = [f"**{sheet.title}**", "", _line(sheet.columns), _line(["---"] * len(sheet.columns))]
    return "\n".join([*head, *(_line(row) for row in sheet.rows), ""])


def _line(cells: Sequence[object]) -> str:
    return "| " + " | ".join(re.sub(r"([|<])", r"\\\1", _shown(cell)) for cell in cells) + " |"


def _shown(cell: object) -> str:
    return "-" if cell is None else f"{cell:,}" if isinstance(cell, int | float) else str(cell)
