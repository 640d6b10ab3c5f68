"""Commands of who looks after an installation: copy it, bring it back, and take a case back to before a bad build."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from workers.local.datafolder import DataFolder, default_folder

people = Console(stderr=True, highlight=False)
PATIENCE = timedelta(seconds=10)
Data = Annotated[
    Path | None,
    typer.Option(help="Folder of the installation.", envvar="PASPOR_DATA", show_default=str(default_folder())),
]


def add_to(app: typer.Typer) -> None:
    """Offer these commands too."""
    app.command(epilog="Example: paspor backup /media/safe/2026-11-24")(backup)
    app.command(epilog="Example: paspor restore /media/safe/2026-11-24 --keys /media/apart/keys.json --data ./data")(
        restore
    )
    app.command(epilog="Example: paspor reset 1171000000000001 --reason 'build 0.2.1 asked the list twice'")(reset)


def backup(into: Annotated[Path, typer.Argument(help="An empty folder.")], data: Data = None) -> None:
    """Copy the running installation on this machine, all but its keys; it stands still for a few seconds."""
    from workers.local.backup import BackupFailed, back_up

    folder = DataFolder(data or default_folder())
    try:
        made = back_up(folder, into)
    except BackupFailed as error:
        _fail(str(error))
    _say(f"{len(made['tables'])} tables, the engine's store and {len(made['files'])} files are in {into}")
    _say(f"the keys are not: keep a copy of {folder.keys} in another place, without it nothing here can be read")


def restore(
    source: Annotated[Path, typer.Argument(help="A folder that `paspor backup` has made.")],
    keys: Annotated[Path, typer.Option(help="The key file of the installation that was copied.")],
    data: Data = None,
) -> None:
    """Make an installation of a backup, in a folder that holds nothing; `paspor up` then goes on where it was."""
    from workers.local.backup import BackupFailed
    from workers.local.backup import restore as bring_back

    folder = DataFolder(data or default_folder())
    try:
        made = bring_back(source, folder, keys)
    except BackupFailed as error:
        _fail(str(error))
    _say(f"as of {made['made_at']}, all tables as they were; start it with: paspor up --data {folder.root}")


def reset(
    number: Annotated[str, typer.Argument(help="The application.")],
    reason: Annotated[str, typer.Option(help="Why; it stands in the case's history.")],
    event: Annotated[
        int | None, typer.Option(help="To before this event; else to where this version disagrees with the history.")
    ] = None,
    data: Data = None,
) -> None:
    """Take a case that cannot go on back, with all that was said to it since."""
    from activities.keyring import load_keys
    from workers.reset import CannotReset
    from workers.reset import reset as take_back
    from workers.runtime.connection import connect
    from workers.runtime.logs import set_up_logs
    from workers.runtime.settings import settings

    DataFolder(data or default_folder()).adopt_environment()
    set_up_logs()

    async def taken_back() -> int:
        client = await connect(settings(), load_keys(settings().keys_file), PATIENCE)
        return await take_back(client, settings().database_url, number, reason, event)

    try:
        place = asyncio.run(taken_back())
    except CannotReset as error:
        _fail(str(error))
    _say(f"{number} goes on after event {place}, in a new run")


def _say(words: str) -> None:
    people.print(words, markup=False, soft_wrap=True)


def _fail(why: str) -> NoReturn:
    _say(why)
    raise typer.Exit(1)
