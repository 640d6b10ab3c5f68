"""Names as people have them: what is kept, what is tidied, what is refused."""

import unicodedata

import pytest

from workflows.case.names import BadName, clean_name, same_name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Suharto", "Suharto"),
        ("A", "A"),
        ("Ni Made Contoh", "Ni Made Contoh"),
        ("  Ni \u00a0 Made\u3000Contoh ", "Ni Made Contoh"),
        ("H. Ma'ruf, S.H.", "H. Ma'ruf, S.H."),
        ("Ma\u2019ruf", "Ma\u2019ruf"),
        ("Rene\u0301", "Ren\u00e9"),
        ("\u212bsa", "\u00c5sa"),
        ("Dewi\u0325", "Dewi\u0325"),
        ("\u674e\u660e", "\u674e\u660e"),
        ("\u0e2a\u0e21\u0e0a\u0e32\u0e22", "\u0e2a\u0e21\u0e0a\u0e32\u0e22"),
        ("x" * 100, "x" * 100),
        (" " + "x" * 100 + " ", "x" * 100),
        ("e\u0301" * 100, "\u00e9" * 100),
    ],
    ids=[
        "one_word", "one_letter", "three_words", "spaces_of_all_kinds", "marks", "typographic_apostrophe",
        "combining_accent", "angstrom_sign", "combining_without_precomposed", "han", "thai", "hundred",
        "hundred_within_spaces", "hundred_after_normalising",
    ],
)  # fmt: skip
def test_names_that_are_kept(text: str, name: str) -> None:
    assert clean_name(text) == name
    assert unicodedata.is_normalized("NFC", clean_name(text))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "no letter"),
        (" ", "no letter"),
        ("-", "no letter"),
        ("123", "no letter"),
        ("\u0301", "no letter"),
        ("x" * 101, "longer than 100"),
        ("Budi\x00", r"a control character \(U\+0000\)"),
        ("Budi\tContoh", r"a control character \(U\+0009\)"),
        ("Budi\n", r"a control character \(U\+000A\)"),
        ("Budi\x7f", r"a control character \(U\+007F\)"),
        ("Budi\u202eContoh", r"an invisible formatting character \(U\+202E\)"),
        ("\u200fBudi", r"an invisible formatting character \(U\+200F\)"),
        ("\u2066Budi\u2069", r"an invisible formatting character \(U\+2066\)"),
        ("Bu\u200bdi", r"an invisible formatting character \(U\+200B\)"),
        ("Bu\u200ddi", r"an invisible formatting character \(U\+200D\)"),
        ("Bu\u00addi", r"an invisible formatting character \(U\+00AD\)"),
        ("\ufeffBudi", r"an invisible formatting character \(U\+FEFF\)"),
        ("Budi\U000e0041", r"an invisible formatting character \(U\+E0041\)"),
        ("Bu\u034fdi", r"a character without a shape \(U\+034F\)"),
        ("Budi\u3164", r"a character without a shape \(U\+3164\)"),
        ("\uffa0", r"a character without a shape \(U\+FFA0\)"),
        ("Budi\u2800Contoh", r"a character without a shape \(U\+2800\)"),
        ("Budi\ufe0f", r"a character without a shape \(U\+FE0F\)"),
        ("Budi\ufe00", r"a character without a shape \(U\+FE00\)"),
        ("Budi\U000e0100", r"a character without a shape \(U\+E0100\)"),
        ("Budi\U000e01ef", r"a character without a shape \(U\+E01EF\)"),
        ("Budi\u2028Contoh", r"a line break \(U\+2028\)"),
        ("Budi\u2029Contoh", r"a paragraph break \(U\+2029\)"),
        ("Budi\ud83d", r"half a character \(U\+D83D\)"),
        ("Budi\ue000", r"a private-use character \(U\+E000\)"),
        ("Budi\u0378", r"an unassigned character \(U\+0378\)"),
        ("Budi\uffff", r"an unassigned character \(U\+FFFF\)"),
    ],
    ids=[
        "empty", "space", "dash", "digits", "accent_alone", "hundred_and_one", "nul", "tab", "newline", "delete",
        "bidi_override", "bidi_mark", "bidi_isolate", "zero_width_space", "zero_width_joiner", "soft_hyphen",
        "byte_order_mark", "tag", "grapheme_joiner", "hangul_filler", "half_width_hangul_filler", "braille_blank",
        "last_variation_selector", "variation_selector", "ideographic_variation_selector",
        "last_ideographic_variation_selector", "line_separator", "paragraph_separator", "lone_surrogate",
        "private_use", "unassigned", "no_character",
    ],
)  # fmt: skip
def test_what_is_no_name(text: str, why: str) -> None:
    with pytest.raises(BadName, match=why) as raised:
        clean_name(text)
    assert "Budi" not in str(raised.value)


def test_another_length() -> None:
    assert clean_name("Contoh", most=6) == "Contoh"
    with pytest.raises(BadName, match="longer than 5"):
        clean_name("Contoh", most=5)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("NI MADE CONTOH", "Ni Made Contoh", True),
        ("Ni  Made Contoh ", "Ni Made Contoh", True),
        ("Ren\u00e9", "RENE\u0301", True),
        ("Wei\u00df", "WEISS", True),
        ("Rene", "Ren\u00e9", False),
        ("Ni Made", "Nimade", False),
        ("Contoh", "Contoh Contoh", False),
    ],
    ids=["case", "spaces", "combining", "sharp_s", "accent_counts", "space_between_counts", "one_word_more"],
)
def test_two_spellings(one: str, other: str, same: bool) -> None:
    assert same_name(one, other) is same
    assert same_name(other, one) is same
