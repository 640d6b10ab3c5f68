import io
import struct
import zlib
from collections.abc import Callable

import pikepdf
import pytest
import wsq  # noqa: F401 - teaches Pillow the format
from PIL import Image

from api import uploads
from api.problems import Problem
from api.uploads import CleanFile

Clean = Callable[[bytes], CleanFile]


def picture(form: str, size: tuple[int, int] = (60, 80), mode: str = "RGB", **more: object) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, 1 if mode in ("1", "I;16") else None).save(made, form, **more)
    return made.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(2000 * 50_001), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def pdf(pages: int = 2) -> bytes:
    made = io.BytesIO()
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page()
        document.save(made)
    return made.getvalue()


def active_pdf() -> bytes:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        document.Root.OpenAction = script
        document.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=pikepdf.Array(["x", script])))
        launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("calc.exe"))
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, A=launch, Rect=[0, 0, 9, 9])
        document.pages[0].obj.Annots = pikepdf.Array([link])
        document.pages[0].obj.AA = pikepdf.Dictionary(O=script)
        document.attachments["evil.exe"] = b"MZ attachment"
        document.save(made, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return made.getvalue()


def refusal(clean: Clean, raw: bytes) -> str:
    with pytest.raises(Problem) as refused:
        clean(raw)
    return refused.value.code


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_picture_is_made_anew(form: str) -> None:
    made = uploads.document(picture(form) + b"PK\x03\x04 the tail of another file")
    assert made.pages == 1
    assert b"PK" not in made.content
    assert Image.open(io.BytesIO(made.content)).size == (60, 80)


def test_metadata_is_left_behind_and_the_picture_turned_upright() -> None:
    about = Image.Exif()
    about[0x0112] = 6
    about[0x010F] = "camera of Ni Luh"
    made = uploads.document(picture("JPEG", exif=about.tobytes()))
    with Image.open(io.BytesIO(made.content)) as image:
        assert image.size == (80, 60)
        assert not image.getexif()
    assert b"Ni Luh" not in made.content


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "I;16"])
def test_every_kind_of_png_passes(mode: str) -> None:
    assert uploads.document(picture("PNG", mode=mode)).pages == 1


def test_a_jpeg_for_printers_becomes_one_for_screens() -> None:
    made = uploads.document(picture("JPEG", mode="CMYK"))
    assert Image.open(io.BytesIO(made.content)).mode == "RGB"


def test_a_pixel_bomb_is_refused_before_it_is_decoded() -> None:
    bomb = png_that_claims(50_000, 50_000)
    assert len(bomb) < 200_000
    assert refusal(uploads.document, bomb) == "file_too_large"


def test_too_many_bytes_are_refused() -> None:
    for start in (b"%PDF-1.7", b"\xff\xd8\xff"):
        assert refusal(uploads.document, start + bytes(uploads.MOST_FILE_BYTES)) == "file_too_large"


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"hello",
        b"GIF89a" + bytes(100),
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"\xff\xd8\xff\xe0<script>",
        b"\x89PNG\r\n\x1a\nnothing",
        picture("JPEG", (600, 800))[:2000],
        picture("PNG", (600, 800))[:500],
        b"%PDF-1.7 nothing of the kind",
        b"PK\x03\x04" + bytes(100),
    ],
)
def test_what_is_no_picture_and_no_pdf_is_refused(raw: bytes) -> None:
    assert refusal(uploads.document, raw) == "unsupported_file"


def test_a_pdf_keeps_its_pages_and_loses_what_is_active() -> None:
    given = active_pdf()
    assert b"JavaScript" in given
    made = uploads.document(given)
    assert made.pages == 2
    with pikepdf.open(io.BytesIO(made.content)) as document:
        assert set(document.Root.keys()) <= {"/Type", "/Pages", "/Version"}
        assert all("/Annots" not in page.obj and "/AA" not in page.obj for page in document.pages)
        written = b"".join(one.unparse() for one in document.objects)
    assert not any(word in written for word in (b"JavaScript", b"Launch", b"EmbeddedFile", b"calc"))


def test_a_locked_pdf_is_refused() -> None:
    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf())) as document:
        document.save(made, encryption=pikepdf.Encryption(owner="o", user="u"))
    assert refusal(uploads.document, made.getvalue()) == "unsupported_file"


def test_a_pdf_of_too_many_pages_is_refused() -> None:
    assert refusal(uploads.document, pdf(uploads.MOST_PAGES + 1)) == "file_too_large"


def test_a_signature_is_png_only() -> None:
    assert uploads.signature(picture("PNG")).pages == 1
    assert refusal(uploads.signature, picture("JPEG")) == "unsupported_file"
    assert refusal(uploads.picture, pdf()) == "unsupported_file"


def test_a_stored_scan_says_itself_what_it_is() -> None:
    assert uploads.media_of(picture("JPEG")) == ("image/jpeg", "jpg")
    assert uploads.media_of(picture("PNG")) == ("image/png", "png")
    assert uploads.media_of(uploads.document(pdf()).content) == ("application/pdf", "pdf")
    assert uploads.media_of(b"<html>") == ("application/octet-stream", "bin")


def test_a_finger_is_wsq_or_png() -> None:
    captured = picture("WSQ", (300, 400), "L")
    assert uploads.fingerprint(captured).content == captured
    assert uploads.fingerprint(picture("PNG", mode="L")).pages == 1
    assert refusal(uploads.fingerprint, picture("JPEG")) == "unsupported_file"
    assert refusal(uploads.fingerprint, captured[:200]) == "unsupported_file"
    assert refusal(uploads.fingerprint, b"\xff\xa0 nothing") == "unsupported_file"
