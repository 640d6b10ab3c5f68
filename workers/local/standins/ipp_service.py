"""The operations of an IPP printer (RFC 8011) on top of its jobs.

It behaves as a bare printer does: one job at a time (0x0507 while it is at one), a job whose document never comes
blocks it until it is cancelled, and two jobs of one name are two jobs.
"""

import hashlib
import sqlite3
import time
from collections.abc import Callable

from workers.local.standins import ipp_message as ipp
from workers.local.standins.ipp_jobs import CANCELED, PENDING_HELD, PROCESSING, Jobs
from workers.local.standins.ipp_message import Asked, Said, say

Groups = list[tuple[int, list[Said]]]
PRINT_JOB, VALIDATE_JOB, CREATE_JOB, SEND_DOCUMENT, CANCEL_JOB = 0x02, 0x04, 0x05, 0x06, 0x08
GET_JOB_ATTRIBUTES, GET_JOBS, GET_PRINTER_ATTRIBUTES = 0x09, 0x0A, 0x0B
BAD_REQUEST, NOT_POSSIBLE, NOT_FOUND, FORMAT_NOT_SUPPORTED, FORMAT_ERROR = 0x0400, 0x0404, 0x0406, 0x040A, 0x0411
OPERATION_NOT_SUPPORTED, VERSION_NOT_SUPPORTED, BUSY = 0x0501, 0x0503, 0x0507
IDLE, WORKING, HALTED = 3, 4, 5
FORMATS = ("application/pdf", "application/octet-stream")
GROUP_NAMES = {"all", "job-description", "job-template", "printer-description"}


class IppRefused(Exception):
    """An IPP status other than success."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status, self.text = status, text


class IppService:
    """Answers IPP requests for any printer name; `reasons_of` tells what ails a printer now."""

    def __init__(self, jobs: Jobs, address: str, reasons_of: Callable[[str], list[str]]) -> None:
        self.jobs, self.address, self.reasons_of = jobs, address, reasons_of
        self._operations: dict[int, Callable[[str, Asked], Groups]] = {
            PRINT_JOB: self._print_job,
            VALIDATE_JOB: self._validate_job,
            CREATE_JOB: self._create_job,
            SEND_DOCUMENT: self._send_document,
            CANCEL_JOB: self._cancel_job,
            GET_JOB_ATTRIBUTES: self._get_job_attributes,
            GET_JOBS: self._get_jobs,
            GET_PRINTER_ATTRIBUTES: self._get_printer_attributes,
        }

    def answer(self, printer: str, asked: Asked) -> bytes:
        """Carry out one request; the caller holds the transaction."""
        try:
            _check(asked)
            operation = self._operations.get(asked.operation)
            if operation is None:
                raise IppRefused(OPERATION_NOT_SUPPORTED, "no such operation")
            return ipp.write(asked, 0, "", operation(printer, asked))
        except IppRefused as refusal:
            return ipp.write(asked, refusal.status, refusal.text, [])

    def job_of(self, printer: str, asked: Asked) -> sqlite3.Row | None:
        """The job that a request names by `job-id` or `job-uri`."""
        number = asked.first("job-id") or str(asked.first("job-uri", "")).rpartition("/")[2]
        return self.jobs.get(printer, int(number)) if str(number).isdecimal() else None

    def _print_job(self, printer: str, asked: Asked) -> Groups:
        _check_document(asked)
        job = self._new(printer, asked)
        return self._begin(job, asked)

    def _validate_job(self, printer: str, asked: Asked) -> Groups:
        _check_format(asked)
        return []

    def _create_job(self, printer: str, asked: Asked) -> Groups:
        return self._told(self._new(printer, asked))

    def _send_document(self, printer: str, asked: Asked) -> Groups:
        job = self._wanted(printer, asked)
        if "last-document" not in asked.values:
            raise IppRefused(BAD_REQUEST, "last-document is missing")
        if job["state"] != PENDING_HELD:
            raise IppRefused(NOT_POSSIBLE, "the job has its document, or has ended")
        _check_document(asked)
        return self._begin(job, asked)

    def _cancel_job(self, printer: str, asked: Asked) -> Groups:
        job = self._wanted(printer, asked)
        if job["state"] >= CANCELED or job["cancel"]:
            raise IppRefused(NOT_POSSIBLE, "the job has ended or is about to")
        if job["state"] == PENDING_HELD:
            self.jobs.change(job, state=CANCELED, reason="job-canceled-by-user", ended=int(time.time()))
        else:
            self.jobs.change(job, cancel=1, reason="processing-to-stop-point")
        return []

    def _get_job_attributes(self, printer: str, asked: Asked) -> Groups:
        return [(ipp.JOB, _wanted(self._described(self._wanted(printer, asked)), asked, ["all"]))]

    def _get_jobs(self, printer: str, asked: Asked) -> Groups:
        which = asked.first("which-jobs", "not-completed")
        rows = [row for row in self.jobs.listed(printer) if which == "all" or _is(row, which)]
        shown = rows[: asked.first("limit", len(rows))]
        return [(ipp.JOB, _wanted(self._described(row), asked, ["job-uri", "job-id"])) for row in shown]

    def _get_printer_attributes(self, printer: str, asked: Asked) -> Groups:
        alive, reasons = self.jobs.alive(printer), self.reasons_of(printer)
        state = HALTED if reasons else WORKING if alive and alive["state"] >= PROCESSING else IDLE
        operations = sorted(self._operations)
        described = [
            say(ipp.URI, "printer-uri-supported", self._uri(printer)),
            say(ipp.KEYWORD, "uri-security-supported", "none"),
            say(ipp.KEYWORD, "uri-authentication-supported", "none"),
            say(ipp.NAME, "printer-name", printer),
            say(ipp.ENUM, "printer-state", state),
            say(ipp.KEYWORD, "printer-state-reasons", *(reasons or ["none"])),
            say(ipp.KEYWORD, "ipp-versions-supported", "1.1", "2.0"),
            say(ipp.ENUM, "operations-supported", *operations),
            say(ipp.CHARSET, "charset-configured", "utf-8"),
            say(ipp.CHARSET, "charset-supported", "utf-8"),
            say(ipp.LANGUAGE, "natural-language-configured", "en"),
            say(ipp.LANGUAGE, "generated-natural-language-supported", "en"),
            say(ipp.MIME, "document-format-default", FORMATS[0]),
            say(ipp.MIME, "document-format-supported", *FORMATS),
            say(ipp.BOOLEAN, "printer-is-accepting-jobs", True),
            say(ipp.INTEGER, "queued-job-count", int(alive is not None)),
            say(ipp.KEYWORD, "pdl-override-supported", "not-attempted"),
            say(ipp.INTEGER, "printer-up-time", int(time.time())),
            say(ipp.KEYWORD, "compression-supported", "none"),
            say(ipp.BOOLEAN, "multiple-document-jobs-supported", False),
        ]
        return [(ipp.PRINTER, _wanted(described, asked, ["all"]))]

    def _new(self, printer: str, asked: Asked) -> sqlite3.Row:
        if self.jobs.alive(printer) is not None:
            raise IppRefused(BUSY, "at another job")
        name, owner = asked.first("job-name", "untitled"), asked.first("requesting-user-name", "anonymous")
        return self._found(printer, self.jobs.add(printer, name, owner))

    def _begin(self, job: sqlite3.Row, asked: Asked) -> Groups:
        digest = hashlib.sha256(asked.document).hexdigest()
        self.jobs.change(job, state=PROCESSING, reason="job-printing", sha256=digest, begun=int(time.time()))
        return self._told(self._found(job["printer"], job["job_id"]))

    def _wanted(self, printer: str, asked: Asked) -> sqlite3.Row:
        job = self.job_of(printer, asked)
        if job is None:
            raise IppRefused(NOT_FOUND, "no such job")
        return job

    def _found(self, printer: str, job_id: int) -> sqlite3.Row:
        job = self.jobs.get(printer, job_id)
        if job is None:
            raise IppRefused(NOT_FOUND, "no such job")
        return job

    def _told(self, job: sqlite3.Row) -> Groups:
        named = ("job-uri", "job-id", "job-uuid", "job-state", "job-state-reasons")
        return [(ipp.JOB, [said for said in self._described(job) if said.name in named])]

    def _described(self, job: sqlite3.Row) -> list[Said]:
        uri = self._uri(job["printer"])
        return [
            say(ipp.INTEGER, "job-id", job["job_id"]),
            say(ipp.URI, "job-uri", f"{uri}/{job['job_id']}"),
            say(ipp.URI, "job-uuid", job["uuid"]),
            say(ipp.URI, "job-printer-uri", uri),
            say(ipp.NAME, "job-name", job["name"]),
            say(ipp.NAME, "job-originating-user-name", job["owner"]),
            say(ipp.ENUM, "job-state", job["state"]),
            say(ipp.KEYWORD, "job-state-reasons", job["reason"]),
            say(ipp.INTEGER, "time-at-creation", job["created"]),
            say(ipp.INTEGER, "time-at-processing", *_known(job["begun"])),
            say(ipp.INTEGER, "time-at-completed", *_known(job["ended"])),
            say(ipp.INTEGER, "job-printer-up-time", int(time.time())),
        ]

    def _uri(self, printer: str) -> str:
        return f"ipp://{self.address}/ipp/print/{printer}"


def _check(asked: Asked) -> None:
    if asked.version[0] not in (1, 2):
        raise IppRefused(VERSION_NOT_SUPPORTED, "version")
    if asked.request_id == b"\0\0\0\0":
        raise IppRefused(BAD_REQUEST, "request id")
    if list(asked.values)[:2] != ["attributes-charset", "attributes-natural-language"]:
        raise IppRefused(BAD_REQUEST, "charset and language come first")
    if "printer-uri" not in asked.values and "job-uri" not in asked.values:
        raise IppRefused(BAD_REQUEST, "no target")


def _check_format(asked: Asked) -> None:
    if asked.first("document-format", FORMATS[0]) not in FORMATS:
        raise IppRefused(FORMAT_NOT_SUPPORTED, "PDF only")


def _check_document(asked: Asked) -> None:
    _check_format(asked)
    # A torn document that is printed all the same costs a booklet; printers that check less have been seen to do so.
    if not asked.document.startswith(b"%PDF-") or not asked.document.rstrip().endswith(b"%%EOF"):
        raise IppRefused(FORMAT_ERROR, "no whole PDF")


def _is(job: sqlite3.Row, which: str) -> bool:
    return bool(job["state"] >= CANCELED) == (which == "completed")


def _known(moment: int | None) -> tuple[int, ...]:
    return () if moment is None else (moment,)


def _wanted(described: list[Said], asked: Asked, missing: list[str]) -> list[Said]:
    names = set(asked.values.get("requested-attributes", missing))
    return described if names & GROUP_NAMES else [said for said in described if said.name in names]
