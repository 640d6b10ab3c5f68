"""A printer that speaks IPP (RFC 8011), asked directly.

No queue of another print system stands between: such a queue was seen to report "completed" for a job that the printer
had aborted. A printer never tells two jobs of one name apart, so the name of a job is the key of the print attempt, and
one name is handed in once: look first (`find`), then create, then send (`hand_in` does so). "Completed" is what the
printer says; that a booklet is right, quality inspection says.
"""

from dataclasses import dataclass
from enum import IntEnum

from activities.clients.errors import Declined, Unknown
from activities.clients.ipp_transport import Busy, IppConnection, Operation, Status, code_of
from activities.clients.ipp_wire import Answer, Attribute, Attributes, BadMessage, Group, Tag

__all__ = ["Busy", "Condition", "IppPrinter", "Job", "JobState", "PrinterState"]

PDF = "application/pdf"
JOB_ATTRIBUTES = ("job-id", "job-uuid", "job-name", "job-state", "job-state-reasons")
PRINTER_ATTRIBUTES = ("printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "queued-job-count")


class JobState(IntEnum):
    """RFC 8011 section 5.3.7."""

    PENDING = 3
    PENDING_HELD = 4
    PROCESSING = 5
    PROCESSING_STOPPED = 6
    CANCELED = 7
    ABORTED = 8
    COMPLETED = 9


class Condition(IntEnum):
    """RFC 8011 section 5.4.11."""

    IDLE = 3
    PROCESSING = 4
    STOPPED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job as the printer tells it. Ids start again at 1 when a printer loses its memory; `uuid` shows that."""

    job_id: int
    uuid: str
    name: str
    state: JobState
    reasons: tuple[str, ...]

    @property
    def ended(self) -> bool:
        """Nothing more will happen to it."""
        return self.state >= JobState.CANCELED

    @property
    def awaits_document(self) -> bool:
        """Created, but its document never arrived; it may block the printer until it is sent or cancelled."""
        return not self.ended and not {"job-data-insufficient", "job-incoming"}.isdisjoint(self.reasons)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterState:
    """The printer itself; `reasons` are its keywords, such as `media-empty-error` or `cover-open-error`."""

    condition: Condition
    reasons: tuple[str, ...]
    accepts_jobs: bool
    queued: int


class IppPrinter:
    """One printer at `ipp://host:port/path` (or `ipps`); `timeout` in seconds bounds each wait for the wire.

    All requests raise `Unknown` for a lost connection, a timeout, an unreadable answer, a server's failure and a job
    that the printer has forgotten; `Declined` (code such as `0x040a`) for what it will never take; `Busy` where
    waiting helps.
    """

    def __init__(self, uri: str, timeout: float, user: str = "paspor") -> None:
        self.uri, self._user = uri, user
        self._connection = IppConnection(uri, timeout)

    def hand_in(self, job_name: str, pdf: bytes) -> Job:
        """Have `pdf` printed once under this name, however often it is called: the job may be new, running or ended.

        It holds as long as the printer remembers its jobs and one caller at a time asks it; a caller who has kept a
        `job_id` asks by `job` instead.
        """
        job = self.find(job_name)
        if job is None:
            return self.submit(job_name, pdf)
        return self.send(job, pdf) if job.awaits_document else job

    def submit(self, job_name: str, pdf: bytes) -> Job:
        """Create-Job and Send-Document without looking first: a second call prints a second time."""
        return self.send(self.create(job_name), pdf)

    def find(self, job_name: str) -> Job | None:
        """The job of that name; of several, the one that prints or has printed."""
        # `not-completed` first: a job that ends between the two questions is then seen by the second.
        jobs = [job for which in ("not-completed", "completed") for job in self._jobs(which) if job.name == job_name]
        return max(jobs, key=lambda job: job.state not in (JobState.CANCELED, JobState.ABORTED), default=None)

    def create(self, job_name: str) -> Job:
        """Create-Job. Keep `job_id` and `uuid` before `send`: they tell this job from another after a restart."""
        name = Attribute(Tag.NAME, "job-name", [job_name])
        return _job(_one(self._connection.call(Operation.CREATE_JOB, [self._requesting_user, name]), Group.JOB))

    def send(self, job: Job, pdf: bytes) -> Job:
        """Send-Document, as the only and last document of the job; a document refused for good cancels the job."""
        attributes = [
            Attribute(Tag.INTEGER, "job-id", [job.job_id]),
            self._requesting_user,
            Attribute(Tag.MIME, "document-format", [PDF]),
            Attribute(Tag.BOOLEAN, "last-document", [True]),
        ]
        try:
            self._connection.call(Operation.SEND_DOCUMENT, attributes, pdf)
        except Declined as error:
            if error.code != code_of(Status.NOT_POSSIBLE):  # it has its document already
                self.cancel(job.job_id)
                raise
        return self.job(job.job_id, job.uuid)

    def job(self, job_id: int, uuid: str = "") -> Job:
        """Get-Job-Attributes. With `uuid`, another job under this id is `Unknown`: the printer lost its memory."""
        attributes = [*self._about(job_id), Attribute(Tag.KEYWORD, "requested-attributes", JOB_ATTRIBUTES)]
        job = _job(_one(self._connection.call(Operation.GET_JOB_ATTRIBUTES, attributes), Group.JOB))
        if uuid and job.uuid and job.uuid != uuid:
            raise Unknown("another job has this id now: the printer was restarted")
        return job

    def cancel(self, job_id: int) -> None:
        """Cancel-Job; poll until the job has ended, since a page under way may still be printed. Twice is once."""
        try:
            self._connection.call(Operation.CANCEL_JOB, self._about(job_id))
        except Declined as error:
            if error.code != code_of(Status.NOT_POSSIBLE):  # it has ended
                raise

    def state(self) -> PrinterState:
        """Get-Printer-Attributes."""
        wanted = Attribute(Tag.KEYWORD, "requested-attributes", PRINTER_ATTRIBUTES)
        printer = _one(
            self._connection.call(Operation.GET_PRINTER_ATTRIBUTES, [self._requesting_user, wanted]), Group.PRINTER
        )
        try:
            return PrinterState(
                condition=Condition(printer.number("printer-state")),
                reasons=printer.texts("printer-state-reasons"),
                accepts_jobs=printer.flag("printer-is-accepting-jobs", missing=True),
                queued=printer.number("queued-job-count"),
            )
        except (BadMessage, ValueError) as error:
            raise Unknown(f"unreadable printer: {error}") from error

    @property
    def _requesting_user(self) -> Attribute:
        return Attribute(Tag.NAME, "requesting-user-name", [self._user])

    def _about(self, job_id: int) -> list[Attribute]:
        return [Attribute(Tag.INTEGER, "job-id", [job_id]), self._requesting_user]

    def _jobs(self, which: str) -> list[Job]:
        attributes = [
            self._requesting_user,
            Attribute(Tag.KEYWORD, "requested-attributes", JOB_ATTRIBUTES),
            Attribute(Tag.KEYWORD, "which-jobs", [which]),
        ]
        return [_job(group) for group in self._connection.call(Operation.GET_JOBS, attributes).of(Group.JOB)]


def _one(told: Answer, group: Group) -> Attributes:
    groups = told.of(group)
    if not groups:
        raise Unknown("an answer without what was asked for")
    return groups[0]


def _job(attributes: Attributes) -> Job:
    try:
        return Job(
            job_id=attributes.number("job-id"),
            uuid=attributes.text("job-uuid"),
            name=attributes.text("job-name"),
            state=JobState(attributes.number("job-state")),
            reasons=attributes.texts("job-state-reasons"),
        )
    except (BadMessage, ValueError) as error:
        raise Unknown(f"unreadable job: {error}") from error
