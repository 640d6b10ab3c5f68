"""The machine readable zone against the specimens of ICAO Doc 9303 and against its own rules."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.case import mrz

SPECIMEN = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")


def test_the_specimen_of_icao_is_reproduced() -> None:
    lines = mrz.td3("L898902C3", "UTO", date(1974, 8, 12), "F", date(2012, 4, 15), "Anna Maria Eriksson", "ZE184226B")
    assert lines == SPECIMEN
    assert mrz.verify(lines) == ()


@pytest.mark.parametrize(
    ("number", "born", "sex", "name", "expected"),
    [
        (
            "X0000001",
            date(1990, 8, 17),
            "F",
            "Ni Made Contoh Specimen",
            ("P<IDNSPECIMEN<<NI<MADE<CONTOH<<<<<<<<<<<<<<<", "X0000001<4IDN9008179F3504118<<<<<<<<<<<<<<<0"),
        ),
        (
            "X0000002",
            date(1988, 12, 31),
            "M",
            "Specimen",
            ("P<IDNSPECIMEN<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<", "X0000002<7IDN8812315M3504118<<<<<<<<<<<<<<<6"),
        ),
    ],
)
def test_indonesian_specimens(number: str, born: date, sex: str, name: str, expected: tuple[str, str]) -> None:
    assert mrz.td3(number, "IDN", born, sex, date(2035, 4, 11), name) == expected


@pytest.mark.parametrize(
    ("name", "field"),
    [
        # 9303-4 section 4.2.3.1 to 4.2.3.4, where the last word is the primary identifier
        ("Enya Siobhan O'Connor", "OCONNOR<<ENYA<SIOBHAN"),
        ("Susie Margaret Smith-Jones", "SMITH<JONES<<SUSIE<MARGARET"),
        ("Huda Muhammad Jawad Al-Basri", "AL<BASRI<<HUDA<MUHAMMAD<JAWAD"),
        ("Arkfreith", "ARKFREITH"),
        ("Chayapa Dejthamrong Krasuang Nilavadhanananda", "NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K"),
        ("Arnpol Petch Charonguang Nilavadhanananda", "NILAVADHANANANDA<<ARNPOL<PETCH<CHARONGU"),
        ("Jonathon Warren Trevor Papandropoulous", "PAPANDROPOULOUS<<JONATHON<WARREN<TREVOR"),
        # 9303-3 section 6 A
        ("José Müller", "MUELLER<<JOSE"),
        ("Åse Ørjan Þór Weiß", "WEISS<<AASE<OERJAN<THOR"),
        ("Łukasz Đặng İnan Čović", "COVIC<<LUKASZ<DANG<INAN"),
        # marks that vanish, marks that separate
        ("Nur'aini H. Ma\u2019ruf", "MARUF<<NURAINI<H"),
        ("Siti  Nurhaliza, S.", "S<<SITI<NURHALIZA"),
        ("Dewé \u2013", "DEWE"),
    ],
)
def test_names(name: str, field: str) -> None:
    assert mrz.name_field(name) == field.ljust(39, "<")


@pytest.mark.parametrize(
    ("name", "field"),
    [
        # one word of 45: cut; a primary identifier of 45 leaves one letter to the secondary
        ("A" * 45, "A" * 39),
        ("Putri " + "B" * 45, "B" * 36 + "<<P"),
        # the 39th place would be a filler: the longest word gives up a letter, so that a letter shows the truncation
        ("Putu Ayu Kirana Devi Wulansari Maharanidewi", "MAHARANIDEWI<<PUTU<AYU<KIRANA<DEVI<WULA"),
        ("Ketut Sri Ningrat Wulandari Nilavadhanananda", "NILAVADHANANANDA<<KETUT<SRI<NINGRAT<WUL"),
        ("Ketut Sri Wulandaria X Nilavadhanananda", "NILAVADHANANANDA<<KETUT<SRI<WULANDARI<X"),
    ],
)
def test_names_too_long_end_in_a_letter(name: str, field: str) -> None:
    assert mrz.name_field(name) == field
    assert field[-1] != "<"


def test_initials_alone_have_no_letter_to_give_up() -> None:
    assert mrz.name_field(" ".join("A" * 20) + " X") == "X<<" + "A<" * 18


@pytest.mark.parametrize("name", ["", "  ", "--", "Budi 2", "李明", "Юрий", "Budi \u0259li"])
def test_a_name_that_cannot_be_written_is_refused(name: str) -> None:
    with pytest.raises(mrz.UnwritableName):
        mrz.name_field(name)


@pytest.mark.parametrize(
    ("number", "sex", "optional"),
    [("X00000012345", "F", ""), ("x1", "F", ""), ("X1", "P", ""), ("X1", "F", "5171014408900001")],
)
def test_fields_that_do_not_fit_are_refused(number: str, sex: str, optional: str) -> None:
    with pytest.raises(ValueError):
        mrz.td3(number, "IDN", date(1990, 8, 17), sex, date(2035, 4, 11), "Specimen", optional)


def test_reading_back() -> None:
    zone = mrz.read(SPECIMEN)
    assert (zone.primary, zone.secondary, zone.number, zone.state) == ("ERIKSSON", "ANNA MARIA", "L898902C3", "UTO")
    assert (zone.birth_date, zone.sex, zone.expiry, zone.optional) == ("740812", "F", "120415", "ZE184226B")


@pytest.mark.parametrize(
    ("place", "sign", "faults"),
    [
        (0, "K", ("number", "composite")),
        (9, "7", ("number", "composite")),
        (14, "5", ("birth_date", "composite")),
        (22, "3", ("expiry", "composite")),
        (28, "Y", ("optional", "composite")),
        (42, "<", ("optional", "composite")),
        (43, "1", ("composite",)),
        (5, "l", ("form",)),
    ],
)
def test_a_misread_sign_is_found(place: int, sign: str, faults: tuple[str, ...]) -> None:
    lower = SPECIMEN[1][:place] + sign + SPECIMEN[1][place + 1 :]
    assert mrz.verify((SPECIMEN[0], lower)) == faults
    with pytest.raises(mrz.UnsoundZone) as raised:
        mrz.read((SPECIMEN[0], lower))
    assert raised.value.faults == faults


LATIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZéÄøßŁđñ"
names = st.text(st.sampled_from(LATIN + " '-.,’"), min_size=1, max_size=90).filter(lambda name: set(name) & set(LATIN))
dates = st.dates(date(1900, 1, 1), date(2099, 12, 31))
signs = st.sampled_from(mrz.SIGNS)


@given(
    st.text(signs, min_size=1, max_size=9),
    dates,
    st.sampled_from("FMX"),
    dates,
    names,
    st.text(signs, max_size=14),
)
def test_any_zone_is_sound(number: str, born: date, sex: str, expiry: date, name: str, optional: str) -> None:
    lines = mrz.td3(number, "IDN", born, sex, expiry, name, optional)
    assert all(re.fullmatch("[A-Z0-9<]{44}", line) for line in lines)
    assert mrz.verify(lines) == ()
    zone = mrz.read(lines)
    assert (zone.number, zone.optional, zone.sex) == (number, optional, sex)
    assert re.fullmatch("[A-Z]+( [A-Z]+)*", zone.primary)
    assert re.fullmatch("([A-Z]+( [A-Z]+)*)?", zone.secondary)


@given(st.lists(st.text(st.sampled_from("ABC"), min_size=2, max_size=45), min_size=1, max_size=8))
def test_truncation_always_shows(words: list[str]) -> None:
    field = mrz.name_field(" ".join(words))
    whole = sum(map(len, words)) + len(words) - 1 + (len(words) > 1)
    assert (field[-1] != "<") == (whole >= 39)
