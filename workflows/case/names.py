"""Names as people have them: one word is enough, no script is refused, nothing invisible gets in."""

import unicodedata

FORBIDDEN = {"Cc": "a control character", "Cf": "an invisible formatting character", "Cs": "half a character"}
FORBIDDEN |= {"Co": "a private-use character", "Cn": "an unassigned character", "Zl": "a line break"}
FORBIDDEN |= {"Zp": "a paragraph break"}
# Letters and marks that show nothing (Unicode's default ignorable code points outside of the categories above, and the
# blank of braille): fillers, the grapheme joiner, variation selectors.
SHAPELESS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
SHAPELESS |= {chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))}


class BadName(ValueError):
    """Text that cannot be a name; the message says why without repeating it."""


def clean_name(text: str, most: int = 100) -> str:
    """The name in normal form (NFC, single spaces). Raises `BadName` for invisible characters, emptiness or length."""
    name = unicodedata.normalize("NFC", text)
    for character in name:
        what = FORBIDDEN.get(unicodedata.category(character))
        if character in SHAPELESS:
            what = "a character without a shape"
        if what:
            raise BadName(f"contains {what} (U+{ord(character):04X})")
    name = " ".join(name.split())
    if not any(character.isalpha() for character in name):
        raise BadName("has no letter")
    if len(name) > most:
        raise BadName(f"is longer than {most} characters")
    return name


def same_name(one: str, other: str) -> bool:
    """Whether two spellings are one name: case and spacing do not count."""
    return _folded(one) == _folded(other)


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
