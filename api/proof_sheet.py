"""The booking proof as a sheet of A5, the same bytes for the same facts, so that a copy can be compared with it.

Its fonts are those that every PDF reader has; they know the letters of Western Europe, which Indonesian is written in.
What they lack is shown as a question mark.
"""

import io
from dataclasses import dataclass

import segno
from reportlab import rl_config
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A5
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

rl_config.useA85 = 0

WIDTH, HEIGHT = A5
MARGIN = 12 * mm
CODE = 62 * mm  # with its quiet zone: a module of a code of version 12 is then about 0.85 mm
BAND = 16 * mm
BRAND, QUIET = HexColor("#064e52"), HexColor("#45504e")
PLAIN, BOLD = "Helvetica", "Helvetica-Bold"
QUIET_ZONE = 4  # modules (ISO/IEC 18004)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What stands on the sheet, in words of one language; `proof` is the text of the code."""

    proof: str
    title: str
    facts: tuple[tuple[str, str], ...]
    between: str
    bring: str
    papers: tuple[str, ...]
    note: str


def proof_pdf(sheet: Sheet) -> bytes:
    """Draw the sheet."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A5, invariant=1, pageCompression=1)
    canvas.setTitle(sheet.title)
    canvas.setFillColor(BRAND)
    canvas.rect(0, HEIGHT - BAND, WIDTH, BAND, stroke=0, fill=1)
    canvas.setFillColor(HexColor("#ffffff"))
    canvas.setFont(BOLD, 14)
    canvas.drawString(MARGIN, HEIGHT - BAND / 2 - 5, _known(sheet.title))
    _draw_code(canvas, sheet.proof, (WIDTH - CODE) / 2, HEIGHT - BAND - CODE - 2 * mm)
    left = HEIGHT - BAND - CODE - 8 * mm
    for label, value in sheet.facts:
        left = _draw_text(canvas, label, left, size=8, colour=QUIET)
        left = _draw_text(canvas, value, left, font=BOLD, size=11.5) - 1.6 * mm
    left = _draw_text(canvas, sheet.between, left - 1 * mm, size=9.5) - 3 * mm
    left = _draw_text(canvas, sheet.bring, left, font=BOLD, size=10)
    for paper in sheet.papers:
        left = _draw_text(canvas, f"• {paper}", left, size=9.5)
    _draw_text(canvas, sheet.note, left - 3 * mm, size=8, colour=QUIET)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def _draw_code(canvas: Canvas, text: str, left: float, bottom: float) -> None:
    rows = [bytes(row) for row in segno.make_qr(text, error="M").matrix]
    module = CODE / (len(rows) + 2 * QUIET_ZONE)
    path = canvas.beginPath()
    for down, row in enumerate(rows):
        for across, dark in enumerate(row):
            if dark:
                x = left + (QUIET_ZONE + across) * module
                path.rect(x, bottom + CODE - (QUIET_ZONE + down + 1) * module, module, module)
    canvas.setFillColor(HexColor("#000000"))
    canvas.drawPath(path, stroke=0, fill=1)


def _draw_text(
    canvas: Canvas, words: str, top: float, *, font: str = PLAIN, size: float, colour: HexColor = HexColor("#101010")
) -> float:
    """Write lines below `top`; where the next ones begin."""
    canvas.setFont(font, size)
    canvas.setFillColor(colour)
    for line in simpleSplit(_known(words), font, size, WIDTH - 2 * MARGIN):
        top -= size * 1.25
        canvas.drawString(MARGIN, top, line)
    return top


def _known(words: str) -> str:
    return words.encode("cp1252", "replace").decode("cp1252")
