"""IPP messages (RFC 8010) from the printer's side: requests are read, answers are written."""

import struct
from dataclasses import dataclass, field
from typing import Any

OPERATION, JOB, END, PRINTER = 0x01, 0x02, 0x03, 0x04
INTEGER, BOOLEAN, ENUM = 0x21, 0x22, 0x23
NO_VALUE = 0x13
TEXT, NAME, KEYWORD, URI, CHARSET, LANGUAGE, MIME = 0x41, 0x42, 0x44, 0x45, 0x47, 0x48, 0x49


class Malformed(ValueError):
    """The bytes are no IPP request."""


@dataclass(slots=True)
class Asked:
    """A request: its operation attributes (first values and whole sets) and the document behind them."""

    version: bytes
    operation: int
    request_id: bytes
    values: dict[str, list[Any]] = field(default_factory=dict)
    document: bytes = b""

    def first(self, name: str, missing: Any = None) -> Any:
        """The first value of that attribute."""
        return self.values.get(name, [missing])[0]


@dataclass(frozen=True, slots=True)
class Said:
    """One attribute of an answer; no values stand for `no-value`."""

    tag: int
    name: str
    values: tuple[int | bool | str, ...]

    def encoded(self) -> bytes:
        """The attribute's bytes."""
        name = self.name.encode()
        if not self.values:
            return struct.pack(">BH", NO_VALUE, len(name)) + name + b"\0\0"
        out = b""
        for value in self.values:
            content = _content(value)
            out += struct.pack(">BH", self.tag, len(name)) + name + struct.pack(">H", len(content)) + content
            name = b""
        return out


def say(tag: int, name: str, *values: int | bool | str) -> Said:
    """One attribute with its values."""
    return Said(tag, name, values)


def read(message: bytes) -> Asked:
    """Read a request; raises `Malformed`. Only the operation group is kept: this printer has no job templates."""
    if len(message) < 9:
        raise Malformed("too short")
    operation = int.from_bytes(message[2:4], "big")
    asked, place, group, name = Asked(message[:2], operation, message[4:8]), 8, 0, ""
    while True:
        if place >= len(message):
            raise Malformed("no end of attributes")
        tag, place = message[place], place + 1
        if tag == END:
            asked.document = message[place:]
            return asked
        if tag < 0x10:
            group = tag
            continue
        label, place = _sized(message, place)
        content, place = _sized(message, place)
        name = label.decode("utf-8", "replace") or name
        if not name or not group:
            raise Malformed("a value without name or group")
        if group == OPERATION:
            asked.values.setdefault(name, []).append(_value(tag, content))


def write(asked: Asked, status: int, text: str, groups: list[tuple[int, list[Said]]]) -> bytes:
    """An answer to `asked`."""
    opening = [say(CHARSET, "attributes-charset", "utf-8"), say(LANGUAGE, "attributes-natural-language", "en")]
    if text:
        opening.append(say(TEXT, "status-message", text))
    out = asked.version + struct.pack(">H", status) + asked.request_id
    for group, attributes in [(OPERATION, opening), *groups]:
        out += bytes([group]) + b"".join(attribute.encoded() for attribute in attributes)
    return out + bytes([END])


def _sized(message: bytes, place: int) -> tuple[bytes, int]:
    size = int.from_bytes(message[place : place + 2], "big")
    end = place + 2 + size
    if end > len(message):
        raise Malformed("cut short")
    return message[place + 2 : end], end


def _value(tag: int, content: bytes) -> Any:
    if tag in (INTEGER, ENUM):
        return int.from_bytes(content, "big", signed=True)
    if tag == BOOLEAN:
        return content != b"\0"
    return content.decode("utf-8", "replace")


def _content(value: int | bool | str) -> bytes:
    if isinstance(value, bool):
        return bytes([value])
    return struct.pack(">i", value) if isinstance(value, int) else value.encode()
