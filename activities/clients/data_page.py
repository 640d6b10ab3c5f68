"""The data page as a PDF of the size of a passport page, the same bytes for the same facts.

Equal bytes let the page be hashed once and exactly that be printed. The machine readable zone is set in Courier, whose
12 pt give the pitch of 2.54 mm that ICAO Doc 9303-3 wants; the typeface it wants is OCR-B, which is missing here, so
that a page of this kind is not for real booklets. Texts are limited to the letters of Western European fonts (CP1252).
"""

import io
from dataclasses import dataclass
from datetime import date

from reportlab import rl_config
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

# Pictures as they are: written in signs that every wire of 1990 takes, they cost more than all the rest of the page.
rl_config.useA85 = 0

PAGE = (125 * mm, 88 * mm)  # ID-3, Doc 9303-4 section 2.1
PORTRAIT = (5 * mm, 28 * mm, 35 * mm, 45 * mm)  # x, y, width, height
COLUMNS = (45 * mm, 86 * mm)
FIRST_LINE, LINE_STEP = 75 * mm, 8.2 * mm
ZONE_LEFT = (125 - 44 * 2.54) / 2 * mm
ZONE_BASELINES = (14.6 * mm, 8.25 * mm)
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


class UnprintablePage(ValueError):
    """A text has letters that the font lacks, a line of the zone has not 44 signs, or the portrait is no JPEG."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataPage:
    """What stands on the page. `portrait` is a JPEG, `zone` the two lines of the machine readable zone."""

    number: str
    name: str
    nationality: str
    sex: str
    birth_date: date
    birth_place: str
    issued_on: date
    expires_on: date
    office: str
    zone: tuple[str, str]
    portrait: bytes
    issuing_state: str = "IDN"
    document_code: str = "P"


def data_page(page: DataPage) -> bytes:
    """Draw the page; raises `UnprintablePage`."""
    _check(page)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=PAGE, invariant=1, pageCompression=1)
    canvas.setTitle("Data page")
    _draw_portrait(canvas, page.portrait)
    canvas.setFont("Helvetica-Bold", 9)
    canvas.drawString(5 * mm, 81 * mm, "REPUBLIK INDONESIA / REPUBLIC OF INDONESIA")
    for place, (label, value, column) in enumerate(_fields(page)):
        _draw_field(canvas, label, value, COLUMNS[column], FIRST_LINE - place // 2 * LINE_STEP)
    canvas.setFont("Courier", 12)
    for baseline, line in zip(ZONE_BASELINES, page.zone, strict=True):
        canvas.drawString(ZONE_LEFT, baseline, line)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _fields(page: DataPage) -> list[tuple[str, str, int]]:
    """Label, value and column, two a row."""
    facts = [
        ("Jenis / Type", page.document_code),
        ("No. paspor / Passport no.", page.number),
        ("Kode negara / Country code", page.issuing_state),
        ("Kewarganegaraan / Nationality", page.nationality),
        ("Nama lengkap / Full name", page.name),
        ("", ""),
        ("Tempat lahir / Place of birth", page.birth_place),
        ("Jenis kelamin / Sex", page.sex),
        ("Tanggal lahir / Date of birth", _day(page.birth_date)),
        ("Tanggal pengeluaran / Date of issue", _day(page.issued_on)),
        ("Tanggal habis berlaku / Date of expiry", _day(page.expires_on)),
        ("Kantor / Issuing office", page.office),
    ]
    return [(label, value, place % 2) for place, (label, value) in enumerate(facts)]


def _draw_field(canvas: Canvas, label: str, value: str, left: float, top: float) -> None:
    canvas.setFont("Helvetica", 5)
    canvas.drawString(left, top, label)
    right = COLUMNS[1] - 1 * mm if left == COLUMNS[0] and not label.startswith("Nama") else PAGE[0] - 4 * mm
    size = 8.0
    while size > 4 and canvas.stringWidth(value, "Helvetica-Bold", size) > right - left:
        size -= 0.5
    canvas.setFont("Helvetica-Bold", size)
    canvas.drawString(left, top - 3.2 * mm, value)


def _draw_portrait(canvas: Canvas, portrait: bytes) -> None:
    left, bottom, width, height = PORTRAIT
    try:
        image = ImageReader(io.BytesIO(portrait))
        image.getRGBData()
    except OSError:
        raise UnprintablePage("the portrait is no whole JPEG") from None
    canvas.drawImage(image, left, bottom, width, height, preserveAspectRatio=True, anchor="c")


def _check(page: DataPage) -> None:
    if not page.portrait.startswith(b"\xff\xd8\xff"):  # another picture format would pass, and print otherwise
        raise UnprintablePage("the portrait is no JPEG")
    if any(len(line) != 44 for line in page.zone):
        raise UnprintablePage("a line of the zone has 44 signs")
    for text in (page.name, page.birth_place, page.office, page.number, page.nationality, *page.zone):
        try:
            text.encode("cp1252")
        except UnicodeEncodeError:
            raise UnprintablePage("a text has a letter that the font lacks") from None


def _day(day: date) -> str:
    return f"{day.day:02d} {MONTHS[day.month - 1]} {day.year}"
