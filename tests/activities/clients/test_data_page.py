"""The data page: equal bytes for equal facts, what stands on it, and what it refuses."""

import dataclasses
import io
import subprocess
import sys
from datetime import date

import pikepdf
import pytest
from PIL import Image

from activities.clients.data_page import DataPage, UnprintablePage, data_page

ZONE = ("P<IDNSPECIMEN<<NI<MADE<CONTOH<<<<<<<<<<<<<<<", "X0000001<4IDN9008179F3504118<<<<<<<<<<<<<<<0")


def portrait(format_name: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((70, 90)).convert("RGB").save(out, format_name)
    return out.getvalue()


def page(**changed: object) -> DataPage:
    facts = DataPage(
        number="X0000001",
        name="NI MADE CONTOH SPECIMEN",
        nationality="INDONESIA",
        sex="P/F",
        birth_date=date(1990, 8, 17),
        birth_place="DENPASAR",
        issued_on=date(2025, 4, 11),
        expires_on=date(2035, 4, 11),
        office="DENPASAR",
        zone=ZONE,
        portrait=portrait(),
    )
    return dataclasses.replace(facts, **changed)  # type: ignore[arg-type]  # any field, by name


def texts(pdf: bytes) -> list[str]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        (sheet,) = document.pages
        return [
            bytes(operands[0]).decode("cp1252")
            for operands, operator in pikepdf.parse_content_stream(sheet)
            if str(operator) == "Tj"
        ]


def test_what_stands_on_the_page() -> None:
    shown = texts(data_page(page(name="JOSÉ CONTOH")))
    for text in ("X0000001", "JOSÉ CONTOH", "DENPASAR", "17 AUG 1990", "11 APR 2025", "11 APR 2035", *ZONE):
        assert text in shown


def test_the_page_has_the_size_of_a_passport_page_and_the_portrait() -> None:
    with pikepdf.open(io.BytesIO(data_page(page()))) as document:
        (sheet,) = document.pages
        assert [round(float(side) / 72 * 25.4) for side in sheet.mediabox] == [0, 0, 125, 88]
        (image,) = sheet.get_images().values()
        assert (image.Width, image.Height) == (70, 90)


def test_equal_facts_give_equal_bytes_in_another_process_too() -> None:
    here = data_page(page())
    code = "import sys, test_data_page as t; sys.stdout.buffer.write(t.data_page(t.page()))"
    folder = __file__.rpartition("/")[0]
    there = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {folder!r}); {code}"], capture_output=True, check=True
    ).stdout
    assert here == there
    assert here.startswith(b"%PDF-")
    assert here.rstrip().endswith(b"%%EOF")


@pytest.mark.parametrize(
    "changed",
    [{"name": "ANOTHER"}, {"birth_date": date(1990, 8, 18)}, {"zone": (ZONE[0], ZONE[1][:-1] + "1")}],
)
def test_other_facts_give_other_bytes(changed: dict[str, object]) -> None:
    assert data_page(page(**changed)) != data_page(page())


def test_a_long_name_is_set_smaller() -> None:
    name = "PUTU AYU KIRANA DEVI WULANSARI MAHARANI NINGRAT KUSUMAWARDHANI"
    assert name in texts(data_page(page(name=name)))


@pytest.mark.parametrize(
    "changed",
    [
        {"portrait": portrait()[:300]},
        {"portrait": b"\xff\xd8\xff no picture"},
        {"portrait": portrait("PNG")},
        {"portrait": b""},
        {"zone": (ZONE[0][:-1], ZONE[1])},
        {"name": "ĐẶNG"},
    ],
)
def test_a_page_that_cannot_be_right_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(UnprintablePage):
        data_page(page(**changed))
