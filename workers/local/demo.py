"""`paspor demo`: carries one application from filing to handover and says what it cost the engine."""

import json
import sys
import time
from contextlib import ExitStack
from typing import Any

import httpx2
from rich.console import Console
from rich.markup import escape

from workers.local.demonstration.story import Story
from workers.local.demonstration.wire import Caller, DemonstrationFailed


def run(addresses: dict[str, Any], machines: bool) -> int:
    """Run the story against the system at `addresses`; 0 when it ends as collected."""
    console, began = Console(stderr=True, highlight=False), time.monotonic()

    def tell(what: str, seconds: float, more: str) -> None:
        at = time.strftime("%H:%M:%S")
        console.print(f"{at}  [green]{escape(what):38}[/] {seconds:6.2f} s  {escape(more)}", soft_wrap=True)

    with ExitStack() as stack:
        try:
            story = Story(addresses, tell, stack)
            application = story.run()
            cost = _cost(addresses, story.number, stack)
        except (DemonstrationFailed, httpx2.HTTPError) as error:
            console.print(f"[red]the demonstration stopped:[/] {escape(str(error))}", soft_wrap=True)
            return 1
    seconds = time.monotonic() - began
    console.print(
        f"collected after {seconds:.1f} s: {cost['events']} events, {cost['bytes']:,} bytes of sealed history"
    )
    if machines:
        told = {"number": application["number"], "ending": application["ending"], "seconds": round(seconds, 2), **cost}
        sys.stdout.write(json.dumps(told) + "\n")
    return 0


def _cost(addresses: dict[str, Any], number: str, stack: ExitStack) -> dict[str, Any]:
    """Events and bytes of the engine's history, in all and by step: each event counts to the next line of the story."""
    auditor = Caller(addresses, "auditor")
    stack.callback(auditor.close)
    path = f"/v1/audit/applications/{number}/history"
    sizes = auditor.get(path, form="sizes")["items"]
    lines = [line for line in auditor.get(path)["items"] if line["event_id"] is not None]
    steps: list[dict[str, Any]] = []
    left = list(sizes)
    for line in sorted(lines, key=lambda line: line["event_id"]):
        here = [event for event in left if event["event_id"] <= line["event_id"]]
        left = left[len(here) :]
        steps.append({"step": line["action"], "events": len(here), "bytes": sum(event["bytes"] for event in here)})
    steps.append({"step": "closing", "events": len(left), "bytes": sum(event["bytes"] for event in left)})
    return {"events": len(sizes), "bytes": sum(event["bytes"] for event in sizes), "steps": steps}
