"""What `paspor up` says: lines for people on standard error, and with `--json` one event a line on standard output."""

import json
import sys
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from workers.local.addresses import Addresses

SENTENCES = {
    "ready": "[green]{part:16}[/] ready in {seconds:4.1f} s",
    "died": "[yellow]{part:16}[/] ended with code {code}; it is started again (log: {log})",
    "late": "[yellow]{part:16}[/] was not ready after {seconds:.0f} s; it is started again",
    "killed": "[yellow]{part:16}[/] did not stop within {seconds:.1f} s and was killed",
}
PEOPLE = "applicant-1 examiner interviewer adjudicator adjudicator-2 printer inspector handover supervisor head auditor"


class Report:
    """Tells people, and machines if they asked."""

    def __init__(self, machines: bool) -> None:
        self._machines = machines
        self._console = Console(stderr=True, highlight=False)

    def __call__(self, event: str, part: str, **facts: object) -> None:
        """Tell of a part's event."""
        texts = {name: escape(value) if isinstance(value, str) else value for name, value in facts.items()}
        self._console.print(SENTENCES[event].format(part=part, **texts), soft_wrap=True)
        self.event(event, part=part, **facts)

    def say(self, text: str) -> None:
        """A line for people."""
        self._console.print(escape(text), soft_wrap=True)

    def wrong(self, text: str) -> None:
        """A line for people, about what went wrong."""
        self._console.print(f"[red]{escape(text)}[/]", soft_wrap=True)
        self.event("failed", reason=text)

    def event(self, event: str, **facts: object) -> None:
        """A line for machines."""
        if self._machines:
            sys.stdout.write(json.dumps({"event": event, **facts}) + "\n")
            sys.stdout.flush()

    def busy(self, text: str) -> AbstractContextManager[object]:
        """Something that moves while people wait, on a terminal only."""
        return self._console.status(escape(text)) if self._console.is_terminal else nullcontext()

    def panel(self, addresses: Addresses, data: Path) -> None:
        """Where everything is, how to sign in, and how to stop."""
        table = Table.grid(padding=(0, 2))
        for what, text in (
            ("Pages and API", addresses.url("api")),
            ("API description", addresses.url("api") + "/openapi.json"),
            ("Temporal", addresses.url("temporal_ui")),
            ("Sign-in", addresses.url("idp")),
            ("Data, logs", str(data)),
            ("People", PEOPLE),
            ("", "at office denpasar; at the practice office as NAME@latihan"),
            ("A token", f"curl -s -d grant_type=password -d username=examiner {addresses.url('idp')}/token"),
            ("Stop", "Ctrl-C"),
        ):
            table.add_row(f"[bold]{what}[/]", escape(text))
        self._console.print(Panel(table, title="Paspor is up", expand=False))
