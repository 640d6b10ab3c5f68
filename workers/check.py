"""`paspor check`: does a live database keep its promises about seats? Reads only; a role that may read will do."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from activities.storage.engine import make_engine
from activities.storage.invariants import NAMED, Examined, examine
from workers.local.datafolder import DataFolder, default_folder

BROKEN, NOT_ASKED = 1, 2  # exit codes
SHOWN = 5  # breaches that the table names

people = Console(stderr=True, highlight=False, soft_wrap=True)


def add_to(app: typer.Typer) -> None:
    """Offer this command too."""
    app.command(epilog="Example: PASPOR_DATABASE_URL=postgresql+psycopg2://auditor@db/paspor paspor check --json")(
        check
    )


def check(
    data: Annotated[
        Path | None,
        typer.Option(help="Folder of the installation.", envvar="PASPOR_DATA", show_default=str(default_folder())),
    ] = None,
    machines: Annotated[bool, typer.Option("--json", help="Answer in JSON on standard output.")] = False,
) -> None:
    """Count the seats of a live database again: 0 all is well, 1 something is broken, 2 it could not be asked."""
    DataFolder(data or default_folder()).adopt_environment()
    url = os.environ.get("PASPOR_DATABASE_URL", "")
    if not url:
        people.print("no database is known: give --data of an installation, or set PASPOR_DATABASE_URL", markup=False)
        raise typer.Exit(NOT_ASKED)
    try:
        found = examined(url)
    except SQLAlchemyError as error:
        why = str(error.__cause__ or error).strip().splitlines() or [type(error).__name__]
        people.print(f"the database could not be asked: {why[0]}", markup=False)
        people.print("mend: see that it runs and that `paspor migrate` has brought its tables up to this version")
        raise typer.Exit(NOT_ASKED) from error
    people.print(as_table(found))
    if machines:
        typer.echo(as_json(found))
    raise typer.Exit(0 if all(one.holds for one in found) else BROKEN)


def examined(url: str) -> list[Examined]:
    """All invariants, as a database stands at one moment. Raises SQLAlchemy's errors when it cannot be asked."""
    engine = make_engine(url, pool=1)
    try:
        return examine(engine)
    finally:
        engine.dispose()


def as_json(found: Sequence[Examined]) -> str:
    """What was found, for a machine; at most `NAMED` breaches of an invariant are named, all are counted."""
    return json.dumps(
        {
            "well": all(one.holds for one in found),
            "named_at_most": NAMED,
            "invariants": [{"holds": one.holds, **asdict(one)} for one in found],
        }
    )


def as_table(found: Sequence[Examined]) -> Table:
    """What was found, for people."""
    table = Table("", "what must be true", "what breaks it, and the mend", title="Seats", title_justify="left")
    for one in found:
        mark = "[green]holds[/]" if one.holds else "[red]broken[/]"
        table.add_row(mark, f"{one.name}: {one.sentence}", "" if one.holds else f"{_named(one)}\nmend: {one.mend}")
    return table


def _named(one: Examined) -> str:
    more = f" and {one.broken - SHOWN} more" if one.broken > SHOWN else ""
    return f"{one.broken}: {', '.join(one.named[:SHOWN])}{more}"
