"""Personalisation over IPP: look before submitting, keep the job's id before its document goes out, never print twice.

What the printer cannot say (a job that it has forgotten) is reported as unknown, for a person to answer.
"""

import io
import time

from PIL import Image
from sqlalchemy import Engine
from temporalio import activity

from activities.clients.data_page import DataPage, data_page
from activities.clients.errors import Unknown
from activities.clients.ipp import Busy, IppPrinter, Job, JobState
from activities.failures import told_to_the_engine
from activities.storage import printers
from activities.storage.files import FileStore
from workflows.case import mrz
from workflows.partners.printers import Printers, PrintOrder, PrintReport, PrintState

IPP_SECONDS = 5.0
LOOK_EVERY = 0.3  # seconds between two questions to a printer at work
ENDS: dict[PrintState, printers.AttemptState] = {
    PrintState.PRINTED: "printed",
    PrintState.ABORTED: "aborted",
    PrintState.UNKNOWN: "unknown",
}


class OfficePrinters(Printers):
    """Carries out `Printers`."""

    def __init__(self, engine: Engine, files: FileStore) -> None:
        self._engine, self._files = engine, files

    @activity.defn(name="printers.personalise")
    @told_to_the_engine
    def personalise(self, order: PrintOrder) -> PrintReport:
        """Print, once by the key."""
        attempt, printer = self._begun(order)
        job = self._known_job(printer, attempt)
        if job is None and attempt.job_id is not None:
            return self._report(attempt, PrintState.UNKNOWN, "the printer has forgotten the job")
        job = job or self._new_job(printer, attempt)
        self._keep(attempt, job.job_id, job.uuid, "submitted")
        if job.awaits_document:
            job = printer.send(job, data_page(self._page(order)))
        return self._watched(printer, attempt, job)

    def _begun(self, order: PrintOrder) -> tuple[printers.Attempt, IppPrinter]:
        """The attempt, on the printer where it began; a new one goes to the first printer that is up."""
        with self._engine.begin() as connection:
            addresses = {one.id: one for one in printers.of_office(connection, order.office)}
            attempt = printers.attempt(connection, order.key)
            if attempt is None:
                up = [one.id for one in addresses.values() if one.state == "up"]
                if not up:
                    raise Unknown(f"no printer of {order.office} is up")
                attempt = printers.start_attempt(connection, order.key, up[0])
        return attempt, IppPrinter(addresses[attempt.printer].uri, IPP_SECONDS)

    def _keep(self, attempt: printers.Attempt, job_id: int | None, uuid: str, state: printers.AttemptState) -> None:
        with self._engine.begin() as connection:
            printers.record_job(connection, attempt.key, job_id, uuid, state)

    def _known_job(self, printer: IppPrinter, attempt: printers.Attempt) -> Job | None:
        """The attempt's job, if the printer has one: by the id that was kept, else by its name."""
        if attempt.job_id is None:
            return printer.find(attempt.key)
        try:
            return printer.job(attempt.job_id, attempt.job_uuid)
        except Unknown:
            printer.state()  # raises `Unknown` in its turn when the printer is away, which is to wait for
            return None

    def _new_job(self, printer: IppPrinter, attempt: printers.Attempt) -> Job:
        while True:
            activity.heartbeat("waiting for the printer")
            try:
                return printer.create(attempt.key)
            except Busy:
                _pause()

    def _watched(self, printer: IppPrinter, attempt: printers.Attempt, job: Job) -> PrintReport:
        """Follow the job to its end."""
        while not job.ended:
            activity.heartbeat(",".join(job.reasons))
            _pause()
            found = self._followed(printer, job)
            if found is None:
                return self._report(attempt, PrintState.UNKNOWN, "the printer has forgotten the job", job.uuid)
            job = found
        state = PrintState.PRINTED if job.state is JobState.COMPLETED else PrintState.ABORTED
        return self._report(attempt, state, ", ".join(job.reasons), job.uuid)

    def _followed(self, printer: IppPrinter, job: Job) -> Job | None:
        try:
            return printer.job(job.job_id, job.uuid)
        except Unknown:
            printer.state()
            return None

    def _report(self, attempt: printers.Attempt, state: PrintState, note: str, uuid: str = "") -> PrintReport:
        self._keep(attempt, None, uuid or attempt.job_uuid, ENDS[state])
        return PrintReport(state=state, printer=attempt.printer, note=note)

    def _page(self, order: PrintOrder) -> DataPage:
        zone = mrz.td3(
            order.passport_number,
            "IDN",
            order.birth_date,
            order.sex.value,
            order.expires_on,
            order.full_name,
        )
        return DataPage(
            number=order.passport_number,
            name=order.full_name,
            nationality="INDONESIA",
            sex=order.sex.value,
            birth_date=order.birth_date,
            birth_place=order.birth_place,
            issued_on=order.issued_on,
            expires_on=order.expires_on,
            office=order.office,
            zone=zone,
            portrait=_as_jpeg(self._files.get(order.portrait)),
        )


def _as_jpeg(picture: bytes) -> bytes:
    """A portrait as the page takes it; what is JPEG already stays byte for byte."""
    with Image.open(io.BytesIO(picture), formats=("JPEG", "PNG")) as opened:
        if opened.format == "JPEG":
            return picture
        out = io.BytesIO()
        opened.convert("RGB").save(out, "JPEG", quality=95)
        return out.getvalue()


def _pause() -> None:
    """Wait a little; a worker that shuts down hands the watching on to another one."""
    if activity.is_worker_shutdown():
        raise Unknown("this worker stops; another one goes on watching")
    time.sleep(LOOK_EVERY)
