"""The national id number: what it says of its holder, and what is none."""

from datetime import date

import pytest

from workflows.case.facts import Sex
from workflows.case.nik import MalformedNik, parse_nik, without_nik


@pytest.mark.parametrize(
    ("digits", "day", "month", "year", "sex"),
    [
        ("5171010107900001", 1, 7, 90, Sex.MALE),
        ("5171013107900001", 31, 7, 90, Sex.MALE),
        ("5171014107900001", 1, 7, 90, Sex.FEMALE),
        ("5171017107900001", 31, 7, 90, Sex.FEMALE),
        ("5171012902000001", 29, 2, 0, Sex.MALE),
        ("5171016902960001", 29, 2, 96, Sex.FEMALE),
        ("5171016902040001", 29, 2, 4, Sex.FEMALE),
        ("1171010107900001", 1, 7, 90, Sex.MALE),
        ("9771010107909999", 1, 7, 90, Sex.MALE),
    ],
    ids=[
        "first_day", "last_day", "woman_first_day", "woman_last_day", "leap_day_of_2000", "leap_day_of_1996",
        "leap_day_of_2004_or_1904", "first_province", "last_province_last_serial",
    ],
)  # fmt: skip
def test_what_a_nik_says(digits: str, day: int, month: int, year: int, sex: Sex) -> None:
    nik = parse_nik(digits)
    assert (nik.digits, nik.day, nik.month, nik.year, nik.sex) == (digits, day, month, year, sex)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "16 digits"),
        ("517101010790000", "16 digits"),
        ("51710101079000010", "16 digits"),
        ("517101010790000a", "16 digits"),
        (" 517101010790001", "16 digits"),
        ("-171010107900001", "16 digits"),
        ("5171.01010790001", "16 digits"),
        ("５１７１０１０１０７９０００１１", "16 digits"),
        ("٥١٧١٠١٠١٠٧٩٠٠٠٠١", "16 digits"),
        ("517101010790000²", "16 digits"),
        ("1071010107900001", "province"),
        ("9871010107900001", "province"),
        ("0071010107900001", "province"),
        ("5171010107900000", "serial"),
        ("5171010007900001", "date"),
        ("5171013207900001", "date"),
        ("5171014007900001", "date"),
        ("5171017207900001", "date"),
        ("5171019907900001", "date"),
        ("5171010100900001", "date"),
        ("5171010113900001", "date"),
        ("5171013106900001", "date"),
        ("5171012902990001", "date"),
        ("5171016902010001", "date"),
        ("5171013002000001", "date"),
        ("5171017002000001", "date"),
    ],
    ids=[
        "empty", "fifteen", "seventeen", "letter", "space", "sign", "dot", "full_width", "arabic", "superscript",
        "province_10", "province_98", "province_00", "serial_zero", "day_0", "day_32", "day_40", "woman_day_32",
        "day_99", "month_0", "month_13", "31_june", "no_leap_year", "woman_no_leap_year", "30_february",
        "woman_30_february",
    ],
)  # fmt: skip
def test_what_is_no_nik(text: str, why: str) -> None:
    with pytest.raises(MalformedNik, match=why) as raised:
        parse_nik(text)
    assert not text.strip() or text not in str(raised.value)


@pytest.mark.parametrize(
    ("digits", "birth_date", "agrees"),
    [
        ("5171014107900001", date(1990, 7, 1), True),
        ("5171010107900001", date(1990, 7, 1), True),
        ("5171010107200001", date(1920, 7, 1), True),
        ("5171010107200001", date(2020, 7, 1), True),
        ("5171012902000001", date(2000, 2, 29), True),
        ("5171014107900001", date(1990, 7, 2), False),
        ("5171014107900001", date(1990, 8, 1), False),
        ("5171014107900001", date(1991, 7, 1), False),
        ("5171010107900001", date(1990, 1, 7), False),
    ],
    ids=[
        "woman", "man", "last_century", "this_century", "leap_day", "other_day", "other_month", "other_year",
        "day_and_month_swapped",
    ],
)  # fmt: skip
def test_agreement_with_a_birth_date(digits: str, birth_date: date, agrees: bool) -> None:
    assert parse_nik(digits).agrees_with(birth_date) is agrees


def test_a_reason_holds_no_nik() -> None:
    longer = "517101570890000199"
    assert without_nik(f"NIK 5171015708900001, sakit; {longer}") == f"NIK [NIK], sakit; {longer}"
