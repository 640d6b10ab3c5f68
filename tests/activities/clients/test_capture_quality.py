"""The quality service measures real pictures, the same way every time."""

import hashlib
import io
import math

import pytest
import wsq  # noqa: F401  # teaches Pillow to write fingerprints
from PIL import Image, ImageDraw, ImageFilter

from activities.clients.capture import CaptureClient, FingerQuality, Quality


@pytest.fixture
def capture(standins):
    with CaptureClient(standins("capture").url) as client:
        yield client


def portrait(width: int = 413, height: int = 531) -> Image.Image:
    """A drawn face on white."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((width * 0.2, height * 0.15, width * 0.8, height * 0.85), fill=(190, 140, 110))
    for left in (0.35, 0.58):
        draw.ellipse((width * left, height * 0.4, width * (left + 0.07), height * 0.44), fill=(20, 20, 20))
    draw.rectangle((width * 0.1, height * 0.85, width * 0.9, height), fill=(40, 60, 120))
    return image


def finger(width: int = 300, height: int = 400) -> Image.Image:
    """Concentric ridges."""
    image = Image.new("L", (width, height))
    for y in range(height):
        for x in range(width):
            ridge = math.hypot(x - width / 2, y - height / 2) * 2 * math.pi / 9
            image.putpixel((x, y), int(127 + 120 * math.sin(ridge)))
    return image


def encoded(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


GOOD = portrait()
RIDGES = finger()


def test_good_pictures_have_no_findings(capture):
    answer = capture.assess(encoded(GOOD, "JPEG"), [(1, encoded(RIDGES, "WSQ")), (6, encoded(RIDGES, "PNG"))])
    assert answer.face.findings == ()
    assert answer.face.quality >= 40
    assert [(one.finger, one.findings) for one in answer.fingers] == [(1, ()), (6, ())]
    assert answer == capture.assess(encoded(GOOD, "JPEG"), [(1, encoded(RIDGES, "WSQ")), (6, encoded(RIDGES, "PNG"))])


@pytest.mark.parametrize(
    ("spoiled", "finding"),
    [
        (portrait(120, 150), "too_small"),
        (GOOD.point(lambda value: value * 0.15), "too_dark"),
        (GOOD.point(lambda value: 240 + value * 0.05), "too_bright"),
        (GOOD.filter(ImageFilter.GaussianBlur(4)), "blurred"),
        (Image.new("RGB", (413, 531), (128, 128, 128)), "low_contrast"),
    ],
    ids=["small", "dark", "bright", "blurred", "flat"],
)
def test_a_spoiled_portrait_has_its_finding(capture, spoiled, finding):
    face = capture.assess(encoded(spoiled, "PNG"), []).face
    assert finding in face.findings
    assert face.quality < 40


def test_spoiled_fingers_and_other_bytes_are_told_apart(capture):
    blurred = encoded(RIDGES.filter(ImageFilter.GaussianBlur(4)), "WSQ")
    answer = capture.assess(b"no picture at all", [(2, blurred), (3, b"\xff\xa0 torn"), (4, b"")])
    assert answer.face == Quality(0, ("not_an_image",))
    assert "blurred" in answer.fingers[0].findings
    assert answer.fingers[1:] == (FingerQuality(3, 0, ("not_an_image",)), FingerQuality(4, 0, ("not_an_image",)))


def test_an_expectation_forces_the_answer(capture, standins):
    picture = encoded(GOOD, "PNG")
    digest = hashlib.sha256(picture).hexdigest()
    standins("capture").plant("expectations", sha256=digest, quality=12, findings=["eyes_closed"])
    assert capture.assess(picture, []).face == Quality(12, ("eyes_closed",))
