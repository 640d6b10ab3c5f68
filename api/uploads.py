"""Uploaded files, made anew before anybody opens them: what cannot be decoded is refused, what is active is dropped."""

import asyncio
import io
from collections.abc import Callable
from dataclasses import dataclass

import pikepdf
from PIL import Image, ImageOps

from api.problems import Problem

MOST_FILE_BYTES = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
MOST_PAGES = 50
JPEG, PNG, PDF, WSQ = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"%PDF-", b"\xff\xa0"
WSQ_TABLES, WSQ_FRAME, WSQ_END = (b"\xff\xa4", b"\xff\xa5", b"\xff\xa6", b"\xff\xa8"), b"\xff\xa2", b"\xff\xa1"
SCANS = {JPEG: ("image/jpeg", "jpg"), PNG: ("image/png", "png"), PDF: ("application/pdf", "pdf")}
PAGE_ACTIONS = ("/AA", "/Annots", "/PieceInfo", "/Metadata", "/Thumb", "/B")

# Pillow warns between one and two times its own limit; ours is checked before any pixel is decoded.
Image.MAX_IMAGE_PIXELS = None

_one_at_a_time = asyncio.Semaphore(2)


@dataclass(frozen=True, slots=True)
class CleanFile:
    """A file as we made it, and how many pages it has."""

    content: bytes
    pages: int


async def cleaned(clean: Callable[[bytes], CleanFile], raw: bytes) -> CleanFile:
    """Run one of the functions below beside the event loop, at most two at a time."""
    async with _one_at_a_time:
        return await asyncio.to_thread(clean, raw)


def document(raw: bytes) -> CleanFile:
    """A scan: JPEG, PNG or PDF. Raises `unsupported_file` or `file_too_large`."""
    if raw.startswith(PDF):
        _check_size(raw)
        return _pdf(raw)
    return picture(raw)


def picture(raw: bytes) -> CleanFile:
    """A photograph or signature: JPEG or PNG, without metadata, right side up."""
    _check_size(raw)
    form = "JPEG" if raw.startswith(JPEG) else "PNG" if raw.startswith(PNG) else None
    if form is None:
        raise Problem("unsupported_file")
    image = ImageOps.exif_transpose(_decoded(raw, form))
    made = io.BytesIO()
    if form == "JPEG":
        image.convert("L" if image.mode == "L" else "RGB").save(made, "JPEG", quality=92)
    else:
        image.convert(_png_mode(image)).save(made, "PNG")
    return CleanFile(made.getvalue(), 1)


def signature(raw: bytes) -> CleanFile:
    """A signature from a pad: PNG only."""
    if not raw.startswith(PNG):
        raise Problem("unsupported_file")
    return picture(raw)


def fingerprint(raw: bytes) -> CleanFile:
    """A finger: PNG, or WSQ, which is kept as captured since it is lossy."""
    if not raw.startswith(WSQ):
        return signature(raw)
    _check_size(raw)
    _check_wsq(raw)
    return CleanFile(raw, 1)


def media_of(content: bytes) -> tuple[str, str]:
    """Media type and file ending of a stored scan, by its own first bytes."""
    known = (about for start, about in SCANS.items() if content.startswith(start))
    return next(known, ("application/octet-stream", "bin"))


def _check_size(raw: bytes) -> None:
    if len(raw) > MOST_FILE_BYTES:
        raise Problem("file_too_large")


def _decoded(raw: bytes, form: str) -> Image.Image:
    try:
        image = Image.open(io.BytesIO(raw), formats=(form,))
        if image.width * image.height > MOST_PIXELS:
            raise Problem("file_too_large")
        image.load()
    except (OSError, ValueError, SyntaxError, EOFError, IndexError) as error:
        raise Problem("unsupported_file") from error
    return image


def _check_wsq(raw: bytes) -> None:
    """Walk the segments up to the frame header (ANSI/NIST-CSL 1-1993 WSQ). The decoder is C code, and not run here."""
    place = len(WSQ)
    while raw[place : place + 2] in WSQ_TABLES:
        place += 2 + int.from_bytes(raw[place + 2 : place + 4])
    height, width = raw[place + 6 : place + 8], raw[place + 8 : place + 10]
    framed = raw[place : place + 2] == WSQ_FRAME and raw.rstrip(b"\0").endswith(WSQ_END)
    if not framed or not 0 < int.from_bytes(height) * int.from_bytes(width) <= MOST_PIXELS:
        raise Problem("unsupported_file")


def _png_mode(image: Image.Image) -> str:
    if image.mode in ("1", "L", "I", "I;16", "F"):
        return "L"
    return "RGBA" if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info else "RGB"


def _pdf(raw: bytes) -> CleanFile:
    made = io.BytesIO()
    try:
        with pikepdf.open(io.BytesIO(raw)) as given, pikepdf.new() as fresh:
            if len(given.pages) > MOST_PAGES:
                raise Problem("file_too_large")
            # The catalog is not copied: scripts, open actions, attachments and forms hang there.
            fresh.pages.extend(given.pages)
            for page in fresh.pages:
                for action in PAGE_ACTIONS:
                    if action in page.obj:
                        del page.obj[action]
            fresh.remove_unreferenced_resources()
            fresh.save(made)
            pages = len(fresh.pages)
    except (pikepdf.PdfError, pikepdf.PasswordError, ValueError, RuntimeError) as error:
        raise Problem("unsupported_file") from error
    if not pages:
        raise Problem("unsupported_file")
    return CleanFile(made.getvalue(), pages)
