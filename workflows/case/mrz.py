"""The machine readable zone of a passport: two lines of 44 characters (ICAO Doc 9303-4, size TD3)."""

import unicodedata
from dataclasses import dataclass
from datetime import date

WIDTH = 44
NAME_WIDTH = 39
NUMBER_WIDTH = 9
OPTIONAL_WIDTH = 14
FILLER = "<"
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
WEIGHTS = (7, 3, 1)

# Doc 9303-3 section 6 A, the letters that are more than a base letter with a mark; where the table leaves a choice,
# the longer form, which keeps two people apart. All other letters of that table are what Unicode decomposes them to.
LETTERS = {
    "Ä": "AE",
    "Å": "AA",
    "Æ": "AE",
    "Ð": "D",
    "Ö": "OE",
    "Ø": "OE",
    "Ü": "UE",
    "Þ": "TH",
    "Đ": "D",
    "Ħ": "H",
    "Ł": "L",
    "Ŋ": "N",
    "Œ": "OE",
    "Ŧ": "T",
    "ẞ": "SS",
}


class UnwritableName(ValueError):
    """The name holds a letter or a digit that Doc 9303 has no Latin letter for, or no letter at all."""


class UnsoundZone(ValueError):
    """What was read is no sound zone; `faults` names the fields, never their content."""

    def __init__(self, faults: tuple[str, ...]) -> None:
        super().__init__("unsound: " + ", ".join(faults))
        self.faults = faults


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """What the two lines say, without fillers; dates are `YYMMDD`, since the zone holds no century."""

    document_code: str
    state: str
    primary: str
    secondary: str
    number: str
    nationality: str
    birth_date: str
    sex: str
    expiry: str
    optional: str


def td3(
    number: str,
    nationality: str,
    birth_date: date,
    sex: str,
    expiry: date,
    name: str,
    optional: str = "",
    *,
    document_code: str = "P",
) -> tuple[str, str]:
    """Both lines for a citizen of the issuing state (9303-4 section 4.2.2).

    `number` has up to 9 and `optional` up to 14 letters and digits; a NIK (16) does not fit and must not be there.
    `sex` is F, M or X. From 2028 on 9303-4 section 4.4 wants the document code `PP`. Raises `UnwritableName` for the
    name, `ValueError` for the rest.
    """
    upper = _field(document_code, 2) + _field(nationality, 3) + name_field(name)
    numbered = _checked(_field(number, NUMBER_WIDTH))
    born, expires = _checked(_day(birth_date)), _checked(_day(expiry))
    personal = _field(optional, OPTIONAL_WIDTH)
    # 4.2.2.2: the check digit of an empty optional field may be a filler or a zero; Indonesian passports have a filler.
    personal += check_digit(personal) if optional else FILLER
    composite = check_digit(numbered + born + expires + personal)
    return upper, numbered + _field(nationality, 3) + born + _sex(sex) + expires + personal + composite


def split_name(name: str) -> tuple[str, str]:
    """Primary and secondary identifier: the last word leads, the rest follows; a name of one word is primary only.

    Indonesian names have no surname: the last word stands where other states put theirs, and for one word nothing is
    invented.
    """
    words = name.split()
    if not words:
        raise UnwritableName("a name without a letter")
    return words[-1], " ".join(words[:-1])


def transliterate(text: str) -> str:
    """Letters A to Z with fillers between words (9303-3 sections 4.6 and 6 A).

    Hyphen, comma and blank separate; apostrophe, full stop and all other marks vanish without a trace.
    """
    signs = "".join(_sign(letter) for letter in text.upper())
    return FILLER.join(word for word in signs.split(FILLER) if word)


def name_field(name: str) -> str:
    """The 39 characters of the name (9303-4 section 4.2.3); one that was truncated ends in a letter, to show it."""
    last, rest = split_name(name)
    primary, secondary = transliterate(last), transliterate(rest)
    if not primary:  # the last word held marks only
        primary, secondary = secondary, ""
    if not primary:
        raise UnwritableName("a name without a letter")
    if not secondary:
        return _cut(primary, NAME_WIDTH).ljust(NAME_WIDTH, FILLER)
    if len(primary) + 2 + len(secondary) > NAME_WIDTH:
        # Two fillers and one letter of the secondary identifier always find their place.
        primary = _cut(primary, NAME_WIDTH - 3)
        secondary = _cut(secondary, NAME_WIDTH - 2 - len(primary))
    return f"{primary}{FILLER * 2}{secondary}".ljust(NAME_WIDTH, FILLER)


def check_digit(field: str) -> str:
    """Weights 7, 3, 1 modulo 10 over digits, letters (A is 10) and fillers (0) (9303-3 section 4.9)."""
    values = (0 if sign == FILLER else SIGNS.index(sign) for sign in field)
    return str(sum(value * WEIGHTS[place % 3] for place, value in enumerate(values)) % 10)


def verify(lines: tuple[str, str]) -> tuple[str, ...]:
    """The unsound fields of `form`, `number`, `birth_date`, `expiry`, `optional`, `composite`; none if all is well."""
    if any(len(line) != WIDTH or set(line) - set(SIGNS + FILLER) for line in lines):
        return ("form",)
    lower = lines[1]
    spans = {"number": (0, 9), "birth_date": (13, 19), "expiry": (21, 27), "optional": (28, 42)}
    faults = [name for name, (start, end) in spans.items() if not _holds(lower[start:end], lower[end])]
    if check_digit(lower[:10] + lower[13:20] + lower[21:43]) != lower[43]:
        faults.append("composite")
    return tuple(faults)


def read(lines: tuple[str, str]) -> Zone:
    """Take both lines apart; raises `UnsoundZone` when `verify` finds a fault."""
    faults = verify(lines)
    if faults:
        raise UnsoundZone(faults)
    upper, lower = lines
    primary, _, secondary = upper[5:].rstrip(FILLER).partition(FILLER * 2)
    return Zone(
        document_code=upper[:2].rstrip(FILLER),
        state=upper[2:5].rstrip(FILLER),
        primary=primary.replace(FILLER, " "),
        secondary=secondary.replace(FILLER, " "),
        number=lower[:9].rstrip(FILLER),
        nationality=lower[10:13].rstrip(FILLER),
        birth_date=lower[13:19],
        sex=lower[20].replace(FILLER, "X"),
        expiry=lower[21:27],
        optional=lower[28:42].rstrip(FILLER),
    )


def _sign(letter: str) -> str:
    if letter in LETTERS:
        return LETTERS[letter]
    return "".join(_plain(part) for part in unicodedata.normalize("NFKD", letter))


def _plain(sign: str) -> str:
    if "A" <= sign <= "Z":
        return sign
    kind = unicodedata.category(sign)
    if kind == "Pd" or kind[0] == "Z" or sign in ",\t\n\r":
        return FILLER
    # 4.6: no digit may stand in a name. A letter silently dropped would be another person's name.
    if kind[0] == "N" or (kind[0] == "L" and kind != "Lm"):
        raise UnwritableName(f"no transliteration for U+{ord(sign):04X}")
    return ""


def _cut(words: str, room: int) -> str:
    """The first `room` signs, ending in a letter: where a filler would be last, the longest word gives up a letter."""
    if len(words) <= room:
        return words
    if words[room - 1] != FILLER:
        return words[:room]
    whole, following = words[: room - 1].split(FILLER), words[room]
    longest = max(range(len(whole)), key=lambda place: len(whole[place]))
    if len(whole[longest]) == 1:  # nothing but initials: no letter to give up
        return words[: room - 1]
    whole[longest] = whole[longest][:-1]
    return FILLER.join([*whole, following])


def _field(text: str, width: int) -> str:
    if len(text) > width or set(text) - set(SIGNS):
        raise ValueError(f"wants at most {width} capital letters and digits")
    return text.ljust(width, FILLER)


def _checked(field: str) -> str:
    return field + check_digit(field)


def _holds(field: str, digit: str) -> bool:
    if digit == FILLER:  # allowed for the optional field only, and only when that is empty
        return set(field) == {FILLER}
    return digit == check_digit(field)


def _day(day: date) -> str:
    return f"{day.year % 100:02d}{day.month:02d}{day.day:02d}"


def _sex(sex: str) -> str:
    if sex not in ("F", "M", "X"):
        raise ValueError("sex is F, M or X")
    return FILLER if sex == "X" else sex
