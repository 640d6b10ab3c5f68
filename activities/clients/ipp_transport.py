"""One IPP request and its answer over HTTP (RFC 8010 section 4); each "no" becomes the exception that says so."""

import http.client
import itertools
import ssl
from collections.abc import Sequence
from enum import IntEnum
from urllib.parse import urlsplit

from activities.clients.errors import Declined, Unknown
from activities.clients.ipp_wire import Answer, Attribute, BadMessage, Group, Tag, answer, request

DEFAULT_PORT = 631


class Busy(Exception):
    """The printer works on another job or takes none just now: nothing happened, wait and hand in again."""


class Operation(IntEnum):
    """RFC 8011 section 5.4.15."""

    CREATE_JOB = 0x05
    SEND_DOCUMENT = 0x06
    CANCEL_JOB = 0x08
    GET_JOB_ATTRIBUTES = 0x09
    GET_JOBS = 0x0A
    GET_PRINTER_ATTRIBUTES = 0x0B


class Status(IntEnum):
    """The status codes that mean more than their class does (RFC 8011 appendix B)."""

    NOT_POSSIBLE = 0x0404
    NOT_FOUND = 0x0406
    GONE = 0x0407
    OPERATION_NOT_SUPPORTED = 0x0501
    VERSION_NOT_SUPPORTED = 0x0503
    NOT_ACCEPTING_JOBS = 0x0506
    BUSY = 0x0507
    MULTIPLE_DOCUMENTS_NOT_SUPPORTED = 0x0509


class IppConnection:
    """Asks one printer at `ipp://host:port/path` (or `ipps`); `timeout` in seconds bounds each wait for the wire."""

    def __init__(self, uri: str, timeout: float) -> None:
        self.uri, self._timeout = uri, timeout
        parts = urlsplit(uri)
        if parts.scheme not in ("ipp", "ipps") or not parts.hostname:
            raise ValueError("a printer's address is ipp://host:port/path")
        self._secure, self._host, self._port = parts.scheme == "ipps", parts.hostname, parts.port or DEFAULT_PORT
        self._path = parts.path or "/"
        self._request_ids = itertools.count(1)

    def call(self, operation: Operation, attributes: Sequence[Attribute], document: bytes = b"") -> Answer:
        """Send one request; raises `Unknown`, `Declined` or `Busy` for any answer but success."""
        request_id = next(self._request_ids)
        opening = [
            Attribute(Tag.CHARSET, "attributes-charset", ["utf-8"]),
            Attribute(Tag.LANGUAGE, "attributes-natural-language", ["en"]),
            Attribute(Tag.URI, "printer-uri", [self.uri]),
        ]
        message = request(operation, request_id, [(Group.OPERATION, [*opening, *attributes])])
        try:
            told = answer(self._post(message + document))
        except BadMessage as error:
            raise Unknown(f"unreadable answer: {error}") from error
        if told.request_id != request_id:
            raise Unknown("the answer to another request")
        _judge(told.status)
        return told

    def _post(self, body: bytes) -> bytes:
        try:
            connection = self._connection()
            try:
                connection.request("POST", self._path, body, {"Content-Type": "application/ipp"})
                response = connection.getresponse()
                content = response.read()
            finally:
                connection.close()
        except (OSError, http.client.HTTPException) as error:
            raise Unknown(f"printer connection: {type(error).__name__}") from error
        if response.status >= 500:
            raise Unknown(f"HTTP {response.status}")
        if response.status != 200:
            raise Declined(f"HTTP {response.status}")
        return content

    def _connection(self) -> http.client.HTTPConnection:
        if self._secure:
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(self._host, self._port, timeout=self._timeout, context=context)
        return http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)


def _judge(status: int) -> None:
    """Success passes; everything else becomes the exception that tells the caller what to do (RFC 8011 appendix B)."""
    if status < 0x0100:
        return
    if status in (Status.BUSY, Status.NOT_ACCEPTING_JOBS):
        raise Busy(code_of(status))
    if status in (Status.NOT_FOUND, Status.GONE):
        raise Unknown(f"{code_of(status)} the printer has forgotten the job")
    permanent = (
        Status.OPERATION_NOT_SUPPORTED,
        Status.VERSION_NOT_SUPPORTED,
        Status.MULTIPLE_DOCUMENTS_NOT_SUPPORTED,
    )
    if status in permanent or 0x0400 <= status < 0x0500:
        raise Declined(code_of(status))
    raise Unknown(code_of(status))


def code_of(status: int) -> str:
    """A status as `Declined.code` has it, such as `0x040a`."""
    return f"0x{status:04x}"
