"""The command line: data on standard output, words for people on standard error, 0 when all is well."""

import asyncio
import atexit
import dataclasses
import importlib.metadata
import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console

from workers import care, check, draw
from workers.local.datafolder import DataFolder, default_folder
from workers.runtime.logs import set_up_logs

if TYPE_CHECKING:
    from workers.replay import Replayed

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Passport issuing, from filing to handover. Start with `paspor up`.",
)
people = Console(stderr=True, highlight=False)

Data = Annotated[
    Path | None,
    typer.Option(help="Folder of the installation.", envvar="PASPOR_DATA", show_default=str(default_folder())),
]
Machines = Annotated[bool, typer.Option("--json", help="Answer in JSON on standard output.")]


@app.command(epilog="Example: paspor up --port 8080 --data ./data")
def up(
    port: Annotated[
        int | None, typer.Option(help="Port of the API; 0 takes a free one.", min=0, max=65535, show_default="8000")
    ] = None,
    data: Data = None,
    machines: Machines = False,
    no_demo: Annotated[bool, typer.Option("--no-demo", help="Do not run the demonstration.")] = False,
) -> None:
    """Start the whole system on this machine and stay until Ctrl-C."""
    from workers.local.up import Wishes
    from workers.local.up import up as start

    set_up_logs()
    raise typer.Exit(start(Wishes(data=data or default_folder(), port=port, machines=machines, demo=not no_demo)))


@app.command(epilog="Example: paspor demo")
def demo(data: Data = None, machines: Machines = False) -> None:
    """Run the demonstration against the system that `paspor up` keeps running."""
    folder = _running(data)
    set_up_logs()
    from workers.local.demo import run

    raise typer.Exit(run(json.loads(folder.addresses.read_text()), machines))


@app.command(epilog="Example: paspor doctor --json")
def doctor(data: Data = None, machines: Machines = False) -> None:
    """Say what this machine or the running system lacks, and how to mend it."""
    from workers.doctor import as_json, examine

    findings = examine(DataFolder(data or default_folder()))
    for finding in findings:
        mark = "[green]well [/]" if finding.well else "[red]wrong[/]"
        people.print(f"{mark} {finding.what}: ", end="")
        people.print(finding.said, markup=False, soft_wrap=True)
        if finding.mend:
            people.print(f"      mend: {finding.mend}", markup=False, soft_wrap=True)
    if machines:
        typer.echo(as_json(findings))
    raise typer.Exit(0 if all(finding.well for finding in findings) else 1)


@app.command(epilog="Example: paspor worker --queue national --queue biometrics")
def worker(
    queue: Annotated[list[str], typer.Option(help="Task queue to serve; may be given again.")], data: Data = None
) -> None:
    """Serve task queues until SIGTERM; waits while Temporal is away."""
    _adopt(data)
    set_up_logs()
    from activities.keyring import load_keys
    from workers.process import serve
    from workers.runtime.settings import settings

    asyncio.run(serve(queue, settings(), load_keys(settings().keys_file)))


@app.command(epilog="Example: paspor api --port 8000")
def api(
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    data: Data = None,
) -> None:
    """Serve pages and API until SIGTERM."""
    import uvicorn

    _adopt(data)
    set_up_logs()
    # By name, since the processes know nothing of the API's inside; its logs are ours already.
    # Whom a proxy speaks for is our own setting (`trusted_proxies`), not the server's guess.
    uvicorn.run(
        "api.app:app",
        host=host,
        port=port,
        log_config=None,
        timeout_graceful_shutdown=3,
        server_header=False,
        proxy_headers=False,
    )


@app.command(epilog="Example: PASPOR_DATABASE_URL=postgresql+psycopg2://... paspor migrate")
def migrate(
    data: Data = None,
    engine: Annotated[bool, typer.Option("--engine", help="Prepare Temporal's namespace too.")] = False,
) -> None:
    """Bring the tables of the database, and with --engine the namespace of Temporal, up to this version."""
    _adopt(data)
    set_up_logs()
    from activities.storage.migrate import upgrade
    from workers.runtime.settings import settings

    upgrade(settings().database_url)
    if engine:
        asyncio.run(_prepare_engine())


@app.command(epilog="Example: paspor replay --limit 1000")
def replay(
    limit: Annotated[int | None, typer.Option(help="Replay the newest so many only.", min=1)] = None,
    number: Annotated[str, typer.Option(help="Replay one application, open or not.")] = "",
    data: Data = None,
    machines: Machines = False,
) -> None:
    """Before a deploy: replay the open cases with this version's procedure; nothing is changed by it."""
    _adopt(data)
    set_up_logs()
    done = asyncio.run(_replay(limit, number))
    for case in done.failing:
        people.print(f"fails {case.number} ({case.stage or 'no stage yet'}): {case.why}", markup=False, soft_wrap=True)
    people.print(f"{done.replayed} replayed, {len(done.failing)} fail, {done.gone} gone meanwhile")
    if machines:
        typer.echo(json.dumps(dataclasses.asdict(done)))
    raise typer.Exit(1 if done.failing or (number and not done.replayed) else 0)


@app.command(epilog="Example: paspor version")
def version() -> None:
    """Print the version."""
    typer.echo(importlib.metadata.version("paspor"))


async def _prepare_engine() -> None:
    from activities.keyring import load_keys
    from workers.runtime.connection import connect
    from workers.runtime.namespace import ensure_namespace
    from workers.runtime.schedules import ensure_schedules
    from workers.runtime.settings import settings

    client = await connect(settings(), load_keys(settings().keys_file))
    await ensure_namespace(client, settings().history_days)
    for name in await ensure_schedules(client):
        people.print(f"schedule {name} is made or brought up to date")


async def _replay(limit: int | None, number: str) -> "Replayed":
    from activities.keyring import load_keys
    from workers.replay import replay as replay_cases
    from workers.runtime.connection import connect
    from workers.runtime.settings import settings

    client = await connect(settings(), load_keys(settings().keys_file))
    return await replay_cases(client, limit=limit, number=number)


def _adopt(data: Path | None) -> None:
    DataFolder(data or default_folder()).adopt_environment()


def _running(data: Path | None) -> DataFolder:
    folder = DataFolder(data or default_folder())
    if folder.holder() is None or not folder.addresses.exists():
        people.print(f"nothing is up in {folder.root}; start it with `paspor up`", markup=False, soft_wrap=True)
        raise typer.Exit(1)
    return folder


care.add_to(app)
check.add_to(app)
draw.add_to(app)


def main() -> NoReturn:
    """Run the command, and end the process where it stands once everything is said and closed.

    The threads of Temporal's SDK go on until the process is gone, and one that turns to Python while the interpreter is
    being taken down takes the process with it (SIGABRT or SIGSEGV), after the work was done well.
    """
    try:
        app()
        code: object = 0
    except SystemExit as leaving:
        code = leaving.code
    except BaseException as error:
        sys.excepthook(type(error), error, error.__traceback__)
        code = 1
    if isinstance(code, str):
        people.print(code, markup=False)
    atexit._run_exitfuncs()  # the logs' and the trace's last words; it is what the interpreter would do first
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):  # a pipe that nobody reads any more
            stream.flush()
    os._exit(code if isinstance(code, int) else int(bool(code)))


if __name__ == "__main__":
    main()
