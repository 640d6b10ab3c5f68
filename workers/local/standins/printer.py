"""Stand-in of the passport printers: IPP at `/ipp/print/<printer>`, each name a printer of its own.

Besides the common faults, `POST /standins/printer/faults {kind, printer?, for_seconds?}` knows `jam` (jobs end
aborted), `media_empty` and `cover_open` (the job stops and goes on when the fault is cleared), `stall` (the job stands
still and says that it prints) and, with `printer`, `down` for one alone; without `printer` all printers are meant.
`duplicate` has no meaning here. Each booklet that comes out is a line of the log with `effect`, and an entry of
`GET /standins/printer/printed?printer=`. `DELETE /standins/printer/jobs?printer=` is the power failure after which a
printer has forgotten its jobs. `PASPOR_PRINT_SECONDS` is what one booklet takes.
"""

import asyncio
import os
import sqlite3
import time
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from workers.local.standins import ipp_jobs
from workers.local.standins import ipp_message as ipp
from workers.local.standins.base import Call, Place, Refused, Reply, Standin, Wire, now, place_from_arguments
from workers.local.standins.faults import Faults
from workers.local.standins.ipp_jobs import ABORTED, CANCELED, COMPLETED, PROCESSING, STOPPED, Jobs
from workers.local.standins.ipp_service import IppService
from workers.local.standins.server import Cut

TICK_SECONDS = 0.02
ALL = "*"
MECHANICAL = ("jam", "media_empty", "cover_open", "stall")
REASONS = {"jam": "media-jam-error", "media_empty": "media-empty-error", "cover_open": "cover-open-error"}


class PrinterFaults(Faults):
    """The common faults, and what ails one printer or all of them."""

    def set(self, wanted: dict[str, Any]) -> None:
        """Set a fault; `printer` narrows the mechanical ones and `down` to one."""
        kind, printer = str(wanted["kind"]), str(wanted.get("printer") or ALL)
        if kind not in MECHANICAL and (kind != "down" or printer == ALL):
            if printer != ALL or kind == "duplicate":
                raise ValueError("a fault that no single printer has")
            super().set(wanted)
            return
        lasts = wanted.get("for_seconds")
        until = None if lasts is None else time.time() + float(lasts)
        self.db.execute("REPLACE INTO troubles (printer, kind, until) VALUES (?, ?, ?)", (printer, kind, until))

    def clear(self) -> None:
        """Take all faults away."""
        super().clear()
        self.db.execute("DELETE FROM troubles")

    def listed(self) -> list[dict[str, Any]]:
        """All faults that are set now."""
        rows = self.db.execute("SELECT * FROM troubles WHERE until IS NULL OR until > ?", (time.time(),)).fetchall()
        return [*super().listed(), *({"kind": row["kind"], "printer": row["printer"]} for row in rows)]

    def ailing(self, printer: str) -> list[str]:
        """What ails this printer now, in alphabetical order."""
        query = (
            "SELECT DISTINCT kind FROM troubles WHERE printer IN (?, ?) AND (until IS NULL OR until > ?) ORDER BY kind"
        )
        return [row["kind"] for row in self.db.execute(query, (printer, ALL, time.time()))]


class PrinterStandin(Standin):
    """The printers, their faults, and the loop that moves paper; `seconds` is what one booklet takes."""

    def __init__(self, place: Place, seconds: float) -> None:
        super().__init__("printer", place.store, ipp_jobs.SCHEMA)
        self.ailments = self.faults = PrinterFaults(self.db)
        self.jobs = Jobs(self.db)
        self.service = IppService(self.jobs, f"127.0.0.1:{place.port}", self._reasons_of)
        self.seconds = seconds
        self._left: dict[str, float] = {}
        with self.transaction():
            self.jobs.abort_all()
        self.background.append(self._print_on)
        self.wire("POST", "/ipp/print/{printer}", self._ipp, keyed=False, key_of=self._job_name)
        self.control("GET", "printed", self._printed)
        self.control("DELETE", "jobs", self._forget)

    async def _serve_wire(self, wire: Wire, request: Request) -> Response | Cut:
        if "down" in self.ailments.ailing(request.path_params["printer"]):
            with self.transaction():
                self.note(request.method, request.url.path, "", effect=False, status=None, fault="down")
            return Cut(request)
        try:
            return await super()._serve_wire(wire, request)
        except ClientDisconnect:  # a torn upload becomes no job, whatever part of it arrived
            self.note(request.method, request.url.path, "", effect=False, status=None, fault="torn_upload")
            return Response(status_code=400)

    def _ipp(self, call: Call) -> Reply:
        try:
            asked = ipp.read(call.raw)
        except ipp.Malformed:
            raise Refused(400, "no_ipp_request") from None
        return Reply(self.service.answer(call.path["printer"], asked), media_type="application/ipp")

    def _job_name(self, request: Request, call: Call) -> str | None:
        try:
            asked = ipp.read(call.raw)
        except ipp.Malformed:
            return None
        job = self.service.job_of(call.path["printer"], asked)
        return str(job["name"] if job is not None else asked.first("job-name", ""))

    def _printed(self, call: Call) -> Reply:
        query = "SELECT printer, name AS job_name, job_id, sha256, at FROM printed WHERE ?1 IS NULL OR printer = ?1"
        rows = self.db.execute(query + " ORDER BY id", (call.query.get("printer"),)).fetchall()
        return Reply({"items": [dict(row) for row in rows]})

    def _forget(self, call: Call) -> Reply:
        self.jobs.forget(call.query["printer"])
        return Reply(status=204)

    def _reasons_of(self, printer: str) -> list[str]:
        return [REASONS[kind] for kind in self.ailments.ailing(printer) if kind in REASONS]

    async def _print_on(self) -> None:
        last = time.monotonic()
        while True:
            await asyncio.sleep(TICK_SECONDS)
            moment = time.monotonic()
            if any(job["state"] >= PROCESSING for job in self.jobs.all_alive()):
                self._move_all(moment - last)
            last = moment

    def _move_all(self, seconds: float) -> None:
        with self.transaction():
            for job in self.jobs.all_alive():
                if job["state"] >= PROCESSING:
                    self._move(job, seconds)

    def _move(self, job: sqlite3.Row, seconds: float) -> None:
        """Carry one job on by `seconds` of the printer's work."""
        ailing = self.ailments.ailing(job["printer"])
        if job["cancel"]:
            self._end(job, CANCELED, "job-canceled-by-user")
        elif "media_empty" in ailing or "cover_open" in ailing:
            self._say(job, STOPPED, "printer-stopped")
        elif "stall" not in ailing:
            self._say(job, PROCESSING, "job-printing")
            self._carry_on(job, seconds, jammed="jam" in ailing)

    def _carry_on(self, job: sqlite3.Row, seconds: float, jammed: bool) -> None:
        left = self._left.get(job["uuid"], self.seconds) - seconds
        self._left[job["uuid"]] = left
        if left > 0:
            return
        if jammed:
            self._end(job, ABORTED, "aborted-by-system")
            return
        self.db.execute(
            "INSERT INTO printed (printer, name, job_id, sha256, at) VALUES (?, ?, ?, ?, ?)",
            (job["printer"], job["name"], job["job_id"], job["sha256"], now()),
        )
        self.note("PRINT", f"/ipp/print/{job['printer']}", job["name"], effect=True, status=200)
        self._end(job, COMPLETED, "job-completed-successfully")

    def _say(self, job: sqlite3.Row, state: int, reason: str) -> None:
        if job["state"] != state:
            self.jobs.change(job, state=state, reason=reason)

    def _end(self, job: sqlite3.Row, state: int, reason: str) -> None:
        self._left.pop(job["uuid"], None)
        self.jobs.change(job, state=state, reason=reason, ended=int(time.time()))


if __name__ == "__main__":
    place = place_from_arguments("Stand-in of the passport printers")
    PrinterStandin(place, float(os.environ.get("PASPOR_PRINT_SECONDS", "0.5"))).run(place.port)
