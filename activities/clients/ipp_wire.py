"""The bytes of IPP messages (RFC 8010): requests are written, answers are read."""

import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import IntEnum

Value = int | bool | str | bytes | None


class BadMessage(Exception):
    """The bytes are no IPP message: cut short, or lengths that do not add up."""


class Group(IntEnum):
    """Delimiter tags (RFC 8010 section 3.5.1)."""

    OPERATION = 0x01
    JOB = 0x02
    END = 0x03
    PRINTER = 0x04


class Tag(IntEnum):
    """The value tags that are written or read by name here (RFC 8010 section 3.5.2)."""

    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    TEXT_WITH_LANGUAGE = 0x35
    NAME_WITH_LANGUAGE = 0x36
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME = 0x49


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a request; several values make a set."""

    tag: Tag
    name: str
    values: Sequence[int | bool | str]

    def encoded(self) -> bytes:
        """Tag, name and value, once for each value; only the first carries the name."""
        parts = []
        for place, value in enumerate(self.values):
            name = self.name.encode() if place == 0 else b""
            content = _content(self.tag, value)
            parts.append(struct.pack(">BH", self.tag, len(name)) + name + struct.pack(">H", len(content)) + content)
        return b"".join(parts)


@dataclass(slots=True)
class Attributes:
    """One group of an answer. Each attribute is the list of its values, as `1setOf` has it."""

    group: int
    values: dict[str, list[Value]] = field(default_factory=dict)

    def number(self, name: str) -> int:
        """The one integer of that name; `BadMessage` when it is missing or of another type."""
        value = self._first(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise BadMessage(f"{name}: wants an integer")
        return value

    def text(self, name: str, missing: str = "") -> str:
        """The first string of that name, `missing` when there is none."""
        value = self._first(name)
        return value if isinstance(value, str) else missing

    def texts(self, name: str) -> tuple[str, ...]:
        """All strings of that name; `none`, which IPP writes for an empty set, is left out."""
        return tuple(value for value in self.values.get(name, []) if isinstance(value, str) and value != "none")

    def flag(self, name: str, missing: bool) -> bool:
        """The boolean of that name, `missing` when there is none."""
        value = self._first(name)
        return value if isinstance(value, bool) else missing

    def _first(self, name: str) -> Value:
        return next(iter(self.values.get(name, [])), None)


@dataclass(frozen=True, slots=True)
class Answer:
    """A printer's answer: status code (RFC 8011 appendix B), the request it belongs to, and its groups."""

    status: int
    request_id: int
    groups: list[Attributes]

    def of(self, group: Group) -> list[Attributes]:
        """The groups with that tag, in order."""
        return [attributes for attributes in self.groups if attributes.group == group]


def request(operation: int, request_id: int, groups: Sequence[tuple[Group, Sequence[Attribute]]]) -> bytes:
    """An IPP/2.0 request without its document, which follows these bytes as it is."""
    parts = [struct.pack(">BBHI", 2, 0, operation, request_id)]
    for group, attributes in groups:
        parts.append(bytes([group]))
        parts.extend(attribute.encoded() for attribute in attributes)
    return b"".join(parts) + bytes([Group.END])


def answer(message: bytes) -> Answer:
    """Read an answer; `BadMessage` for anything that is not one. What follows the attributes is ignored."""
    cursor = _Cursor(message)
    _version, status, request_id = struct.unpack(">HHI", cursor.take(8))
    groups: list[Attributes] = []
    name = ""
    while (tag := cursor.take(1)[0]) != Group.END:
        if tag < 0x10:
            groups.append(Attributes(tag))
            name = ""
            continue
        name = cursor.sized().decode("utf-8", "replace") or name
        content = cursor.sized()
        if not groups or not name:
            raise BadMessage("a value without its group or name")
        # Members of a collection come without a name and so join the collection's values; none of them is used here.
        groups[-1].values.setdefault(name, []).append(_value(tag, content))
    return Answer(status, request_id, groups)


class _Cursor:
    """Takes bytes from the front and refuses to take more than there are."""

    def __init__(self, message: bytes) -> None:
        self._message, self._place = message, 0

    def take(self, size: int) -> bytes:
        taken = self._message[self._place : self._place + size]
        if len(taken) < size:
            raise BadMessage("the message ends too early")
        self._place += size
        return taken

    def sized(self) -> bytes:
        return self.take(int.from_bytes(self.take(2), "big"))


def _content(tag: Tag, value: int | bool | str) -> bytes:
    if isinstance(value, bool):
        return bytes([value])
    if isinstance(value, int):
        return struct.pack(">i", value)
    content = value.encode()
    # RFC 8011 section 5.1: `name` holds 255 octets, `text` and `uri` 1023. Longer ones are the caller's mistake.
    limit = 255 if tag in (Tag.NAME, Tag.KEYWORD) else 1023
    if len(content) > limit:
        raise ValueError(f"longer than {limit} octets")
    return content


def _value(tag: int, content: bytes) -> Value:
    if tag < 0x20:  # out of band: unknown, no-value, unsupported
        return None
    if tag in (Tag.INTEGER, Tag.ENUM):
        if len(content) != 4:
            raise BadMessage("an integer has four octets")
        return int.from_bytes(content, "big", signed=True)
    if tag == Tag.BOOLEAN:
        if len(content) != 1:
            raise BadMessage("a boolean has one octet")
        return content != b"\0"
    if tag in (Tag.TEXT_WITH_LANGUAGE, Tag.NAME_WITH_LANGUAGE):
        inner = _Cursor(content)
        inner.sized()  # the language
        return inner.sized().decode("utf-8", "replace")
    return content.decode("utf-8", "replace") if 0x40 <= tag < 0x60 else content
