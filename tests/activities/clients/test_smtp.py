"""The mail client against the mail stand-in: what is kept, what may be sent again, what is refused."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from activities.clients.errors import Declined, Unknown
from activities.clients.smtp import SmtpClient
from tests.running_standin import RunningStandin, free_port

SENDER = "no-reply@paspor.invalid"
TO = "applicant-1@example.invalid"


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Relay"]:
    running = Relay(tmp_path_factory.mktemp("mail"))
    yield running
    running.stop()


@pytest.fixture
def mail(relay: "Relay") -> Iterator["Relay"]:
    yield relay
    relay.heal()


class Relay(RunningStandin):
    def __init__(self, store: Path) -> None:
        self.smtp_port = free_port()
        super().__init__("mail", store, "--smtp-port", str(self.smtp_port))

    def client(self, timeout: float = 5) -> SmtpClient:
        return SmtpClient("127.0.0.1", self.smtp_port, SENDER, timeout)

    def messages(self, to: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.ask("GET", f"messages?to={to}")["items"]
        return items


def test_a_mail_arrives_with_its_letters(mail: Relay) -> None:
    body = "Yth. Pemohon,\n\nPaspor Anda siap – silakan ambil.\n.\nDear applicant, é ß\n" + "x" * 1200 + "\n"
    mail.client().send("n-1", TO, "Paspor siap / Passport ready – é", body)
    (message,) = mail.messages(TO)
    assert (message["message_id"], message["sender"]) == ("<n-1@paspor.invalid>", SENDER)
    assert (message["subject"], message["body"]) == ("Paspor siap / Passport ready – é", body)
    assert mail.effects("<n-1@paspor.invalid>") == 1


def test_mails_are_listed_by_recipient(mail: Relay) -> None:
    mail.client().send("n-2", "second@example.invalid", "s", "b")
    assert [message["message_id"] for message in mail.messages("SECOND@example.invalid")] == ["<n-2@paspor.invalid>"]
    assert mail.messages("nobody@example.invalid") == []


@pytest.mark.parametrize("fault", [{"kind": "down"}, {"kind": "error"}, {"kind": "slow", "seconds": 1.5}])
def test_a_relay_in_trouble_is_unknown_and_may_be_asked_again(mail: Relay, fault: dict[str, Any]) -> None:
    key = f"trouble-{fault['kind']}"
    mail.fault(**fault)
    with pytest.raises(Unknown):
        mail.client(timeout=0.5).send(key, "third@example.invalid", "s", "b")
    mail.heal()
    mail.client().send(key, "third@example.invalid", "s", "b")
    assert mail.effects(mail.client().message_id(key)) >= 1


def test_a_lost_answer_repeats_the_mail_under_the_same_id(mail: Relay) -> None:
    mail.fault("lost_reply")
    with pytest.raises(Unknown):
        mail.client().send("n-3", "lost@example.invalid", "s", "b")
    mail.heal()
    mail.client().send("n-3", "lost@example.invalid", "s", "b")
    assert [message["message_id"] for message in mail.messages("lost@example.invalid")] == ["<n-3@paspor.invalid>"] * 2


def test_nobody_listening_is_unknown() -> None:
    with pytest.raises(Unknown):
        SmtpClient("127.0.0.1", free_port(), SENDER, 1).send("n-4", TO, "s", "b")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a@",
        "@b",
        "a@b.invalid, c@d.invalid",
        "a@b.invalid\nBcc: c@d.invalid",
        "süß@example.invalid",
        "a<",
    ],
)
def test_an_address_that_is_none_is_declined_without_being_told(mail: Relay, address: str) -> None:
    with pytest.raises(Declined) as raised:
        mail.client().send("n-5", address, "s", "b")
    assert raised.value.code == "invalid_address"
    assert str(raised.value) == "invalid_address"
    assert raised.value.__cause__ is None
    assert mail.effects("<n-5@paspor.invalid>") == 0


def test_a_key_of_other_signs_gives_a_lawful_id_that_stays() -> None:
    client = SmtpClient("127.0.0.1", 25, SENDER, 1)
    assert client.message_id("case/1 <x>") == client.message_id("case/1 <x>") != client.message_id("case/2 <x>")
    assert client.message_id("case/1 <x>").isascii()
    assert set("/ ").isdisjoint(client.message_id("case/1 <x>"))


Refusing = Callable[[str, bytes], SmtpClient]


@pytest.fixture
def refusing() -> Iterator[Refusing]:
    """A relay that is well until the command given, to which it gives the answer given."""
    listeners, threads = [], []

    def serve(command: str, reply: bytes) -> SmtpClient:
        listeners.append(socket.create_server(("127.0.0.1", 0)))
        threads.append(threading.Thread(target=converse, args=(listeners[-1], command, reply)))
        threads[-1].start()
        return SmtpClient("127.0.0.1", listeners[-1].getsockname()[1], SENDER, 3)

    yield serve
    for thread in threads:
        thread.join()
    for listener in listeners:
        listener.close()


def converse(listener: socket.socket, command: str, reply: bytes) -> None:
    line, _ = listener.accept()
    with line, line.makefile("rb") as heard:
        line.sendall(b"220 relay\r\n")
        for request in heard:
            verb = request[:4].decode().strip().upper()
            line.sendall(reply if verb == command else b"354 go on\r\n" if verb == "DATA" else b"250 fine\r\n")


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_the_relay_s_no_is_kept_apart_from_its_not_now(refusing: Refusing, command: str) -> None:
    with pytest.raises(Declined) as raised:
        refusing(command, b"550 applicant-1@example.invalid unknown\r\n").send("n-6", TO, "s", "b")
    assert (raised.value.code, str(raised.value)) == ("550", "550")
    with pytest.raises(Unknown) as unknown:
        refusing(command, b"451 applicant-1@example.invalid later\r\n").send("n-6", TO, "s", "b")
    assert "example" not in str(unknown.value)
