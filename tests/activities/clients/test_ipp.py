"""The IPP client against the printer stand-in, which prints a job as often as it is handed in."""

import itertools
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from activities.clients.errors import Declined, Unknown
from activities.clients.ipp import Busy, Condition, IppPrinter, Job, JobState
from activities.clients.ipp_wire import Attribute, Group, Tag, request
from tests.running_standin import RunningStandin, free_port, until

PDF = b"%PDF-1.4\n% a page\n%%EOF\n"
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def standin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningStandin]:
    running = RunningStandin("printer", tmp_path_factory.mktemp("printer"), PASPOR_PRINT_SECONDS="0.15")
    yield running
    running.stop()


@pytest.fixture
def printer(standin: RunningStandin) -> Iterator[IppPrinter]:
    """A printer of its own for each test, with all faults taken away afterwards."""
    yield at(standin)
    standin.heal()


def at(standin: RunningStandin, name: str = "", timeout: float = 5) -> IppPrinter:
    name = name or f"denpasar-{next(numbers)}"
    return IppPrinter(f"ipp://127.0.0.1:{standin.port}/ipp/print/{name}", timeout)


def ended(printer: IppPrinter, job: Job) -> Job:
    def look() -> Job | None:
        seen = printer.job(job.job_id, job.uuid)
        return seen if seen.ended else None

    found: Job = until(look)
    return found


def test_a_job_is_printed_and_stays_known(printer: IppPrinter, standin: RunningStandin) -> None:
    assert printer.find("plain") is None
    job = printer.hand_in("plain", PDF)
    assert job.name == "plain"
    done = ended(printer, job)
    assert (done.state, done.reasons) == (JobState.COMPLETED, ("job-completed-successfully",))
    assert printer.find("plain") == done
    assert standin.effects("plain") == 1


def test_handing_in_again_prints_nothing_more(printer: IppPrinter, standin: RunningStandin) -> None:
    first = printer.hand_in("again", PDF)
    assert printer.hand_in("again", PDF).job_id == first.job_id
    ended(printer, first)
    assert printer.hand_in("again", PDF).state == JobState.COMPLETED
    assert standin.effects("again") == 1


def test_a_printer_at_work_is_busy_and_takes_the_next_job_afterwards(
    printer: IppPrinter, standin: RunningStandin
) -> None:
    standin.fault("stall")
    first = printer.hand_in("busy-1", PDF)
    with pytest.raises(Busy):
        printer.hand_in("busy-2", PDF)
    assert printer.state().condition == Condition.PROCESSING
    assert printer.state().queued == 1
    standin.heal()
    ended(printer, first)
    assert ended(printer, printer.hand_in("busy-2", PDF)).state == JobState.COMPLETED


def test_a_jam_aborts_the_job_and_the_attempt_is_over(printer: IppPrinter, standin: RunningStandin) -> None:
    standin.fault("jam")
    job = ended(printer, printer.hand_in("jam", PDF))
    assert job.state == JobState.ABORTED
    assert printer.state().reasons == ("media-jam-error",)
    standin.heal()
    assert printer.hand_in("jam", PDF) == job
    assert standin.effects("jam") == 0


@pytest.mark.parametrize("kind", ["media_empty", "cover_open"])
def test_a_stopped_job_goes_on(printer: IppPrinter, standin: RunningStandin, kind: str) -> None:
    standin.fault(kind)
    job = printer.hand_in(kind, PDF)
    until(lambda: printer.job(job.job_id).state == JobState.PROCESSING_STOPPED)
    state = printer.state()
    assert (state.condition, state.reasons) == (Condition.STOPPED, (kind.replace("_", "-") + "-error",))
    standin.heal()
    assert ended(printer, job).state == JobState.COMPLETED
    assert standin.effects(kind) == 1


def test_looking_first_prints_once_when_the_answer_was_lost(printer: IppPrinter, standin: RunningStandin) -> None:
    job = printer.create("lost")
    standin.fault("lost_reply")
    with pytest.raises(Unknown):
        printer.send(job, PDF)
    standin.heal()
    until(lambda: standin.effects("lost") == 1)
    assert ended(printer, printer.hand_in("lost", PDF)).state == JobState.COMPLETED
    assert standin.effects("lost") == 1


def test_without_looking_a_lost_answer_prints_twice(printer: IppPrinter, standin: RunningStandin) -> None:
    """Why `hand_in` looks first: the negative control of the test above."""
    job = printer.create("blind")
    standin.fault("lost_reply")
    with pytest.raises(Unknown):
        printer.send(job, PDF)
    standin.heal()
    ended(printer, job)
    ended(printer, printer.submit("blind", PDF))
    assert standin.effects("blind") == 2


def test_a_job_whose_creation_was_not_heard_gets_its_document(printer: IppPrinter, standin: RunningStandin) -> None:
    standin.fault("lost_reply")
    with pytest.raises(Unknown):
        printer.create("unheard")
    standin.heal()
    found = printer.find("unheard")
    assert found is not None
    assert found.awaits_document
    with pytest.raises(Busy):
        printer.hand_in("another", PDF)
    assert ended(printer, printer.hand_in("unheard", PDF)).job_id == found.job_id
    assert standin.effects("unheard") == 1


def test_an_upload_that_is_cut_prints_nothing(printer: IppPrinter, standin: RunningStandin) -> None:
    job = printer.create("torn")
    attributes = [
        Attribute(Tag.CHARSET, "attributes-charset", ["utf-8"]),
        Attribute(Tag.LANGUAGE, "attributes-natural-language", ["en"]),
        Attribute(Tag.URI, "printer-uri", [printer.uri]),
        Attribute(Tag.INTEGER, "job-id", [job.job_id]),
        Attribute(Tag.BOOLEAN, "last-document", [True]),
    ]
    part = request(0x06, 1, [(Group.OPERATION, attributes)]) + PDF
    path = f"/ipp/print/{printer_name(printer)}"
    head = f"POST {path} HTTP/1.1\r\nHost: printer\r\nContent-Length: {len(part) + 1}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", standin.port)) as line:
        line.sendall(head.encode() + part)
    until(lambda: (path, "torn_upload") in {(row["path"], row["fault"]) for row in standin.ask("GET", "log")["items"]})
    assert printer.job(job.job_id, job.uuid).awaits_document
    assert ended(printer, printer.hand_in("torn", PDF)).state == JobState.COMPLETED
    assert standin.effects("torn") == 1


def test_a_document_refused_for_good_frees_the_printer(printer: IppPrinter) -> None:
    with pytest.raises(Declined) as raised:
        printer.hand_in("no-pdf", PDF[:-8])
    assert raised.value.code == "0x0411"
    found = printer.find("no-pdf")
    assert found is not None
    assert found.state == JobState.CANCELED
    assert ended(printer, printer.hand_in("next", PDF)).state == JobState.COMPLETED


def test_cancelling_twice_is_cancelling_once(printer: IppPrinter, standin: RunningStandin) -> None:
    standin.fault("stall")
    job = printer.hand_in("cancel", PDF)
    printer.cancel(job.job_id)
    printer.cancel(job.job_id)
    assert ended(printer, job).state == JobState.CANCELED
    assert standin.effects("cancel") == 0


def test_a_printer_without_memory_is_unknown_and_not_unprinted(printer: IppPrinter, standin: RunningStandin) -> None:
    job = ended(printer, printer.hand_in("forgotten", PDF))
    standin.ask("DELETE", f"jobs?printer={printer_name(printer)}")
    with pytest.raises(Unknown):
        printer.job(job.job_id, job.uuid)
    another = printer.create("newcomer")
    assert another.job_id == job.job_id
    with pytest.raises(Unknown):
        printer.job(job.job_id, job.uuid)


def test_one_printer_down_leaves_the_others_at_work(standin: RunningStandin) -> None:
    down, up = at(standin, "down"), at(standin, "up")
    standin.fault("down", printer="down")
    with pytest.raises(Unknown):
        down.state()
    assert ended(up, up.hand_in("elsewhere", PDF)).state == JobState.COMPLETED
    standin.heal()
    assert down.state().condition == Condition.IDLE


@pytest.mark.parametrize("fault", [{"kind": "down"}, {"kind": "error"}, {"kind": "slow", "seconds": 1.5}])
def test_what_is_not_answered_is_unknown(printer: IppPrinter, standin: RunningStandin, fault: dict[str, str]) -> None:
    standin.fault(**fault)
    with pytest.raises(Unknown):
        at(standin, printer_name(printer), timeout=0.3).hand_in("unanswered", PDF)


def test_nobody_listening_is_unknown() -> None:
    with pytest.raises(Unknown):
        IppPrinter(f"ipp://127.0.0.1:{free_port()}/ipp/print", 1).state()


def test_another_server_is_declined(standin: RunningStandin) -> None:
    with pytest.raises(Declined) as raised:
        IppPrinter(f"ipp://127.0.0.1:{standin.port}/nowhere", 1).state()
    assert raised.value.code == "HTTP 404"


@pytest.mark.kill
def test_a_kill_in_the_middle_aborts_the_job_and_keeps_the_history(tmp_path: Path) -> None:
    running = RunningStandin("printer", tmp_path, PASPOR_PRINT_SECONDS="0.15")
    try:
        printer = at(running)
        before = ended(printer, printer.hand_in("before", PDF))
        running.fault("stall")
        job = printer.hand_in("killed", PDF)
        running.kill()
        with pytest.raises(Unknown):
            printer.job(job.job_id, job.uuid)
        running.start()
        running.heal()
        assert printer.job(job.job_id, job.uuid).state == JobState.ABORTED
        assert printer.find("before") == before
        assert ended(printer, printer.hand_in("second-attempt", PDF)).state == JobState.COMPLETED
        assert [running.effects(name) for name in ("before", "killed", "second-attempt")] == [1, 0, 1]
    finally:
        running.stop()


Answering = Callable[[bytes], IppPrinter]


@pytest.fixture
def answering() -> Iterator[Answering]:
    """A server that answers every request with the bytes given, whatever they are."""
    listeners: list[socket.socket] = []
    threads: list[threading.Thread] = []

    def serve(content: bytes) -> IppPrinter:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        threads.append(threading.Thread(target=answer_once, args=(listener, content)))
        threads[-1].start()
        return IppPrinter(f"ipp://127.0.0.1:{listener.getsockname()[1]}/", 3)

    yield serve
    for thread in threads:
        thread.join()
    for listener in listeners:
        listener.close()


def answer_once(listener: socket.socket, content: bytes) -> None:
    line, _ = listener.accept()
    with line:
        line.recv(65536)
        line.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(content) + content)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        b"\2\0\0\0\0\0\0\1",  # no end of attributes
        b"\2\0\0\0\0\0\0\1\4\x23\0\x0dprinter-state\0\2\0\3\3",  # an integer of two octets
        b"\2\0\0\0\0\0\0\1\4\x23\0\x0dprinter-state\xff\xff\0\3",  # a length beyond the end
        b"\2\0\0\0\0\0\0\1\4\x23\0\x0dprinter-state\0\4\0\0\0\x63\3",  # a state that there is none of
        b"\2\0\0\0\0\0\0\x09\3",  # the answer to another request
        b"\2\0\0\0\0\0\0\1\3",  # nothing about the printer
        b"\2\0\5\0\0\0\0\1\3",  # server-error-internal-error
    ],
)
def test_an_answer_that_makes_no_sense_is_unknown(answering: Answering, content: bytes) -> None:
    with pytest.raises(Unknown):
        answering(content).state()


@pytest.mark.parametrize(("status", "code"), [(b"\4\x0a", "0x040a"), (b"\5\1", "0x0501"), (b"\5\3", "0x0503")])
def test_what_a_printer_will_never_take_is_declined(answering: Answering, status: bytes, code: str) -> None:
    with pytest.raises(Declined) as raised:
        answering(b"\2\0" + status + b"\0\0\0\1\3").state()
    assert raised.value.code == code


@pytest.mark.parametrize("status", [b"\5\6", b"\5\7"])
def test_a_printer_that_takes_no_jobs_just_now_is_busy(answering: Answering, status: bytes) -> None:
    with pytest.raises(Busy):
        answering(b"\2\0" + status + b"\0\0\0\1\3").create("any")


def test_an_address_that_is_none() -> None:
    with pytest.raises(ValueError):
        IppPrinter("http://127.0.0.1/", 1)


def printer_name(printer: IppPrinter) -> str:
    return printer.uri.rpartition("/")[2]
