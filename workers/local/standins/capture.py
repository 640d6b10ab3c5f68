"""Stand-in of the capture quality service: really decodes each picture and measures it, the same way every time.

It knows light, contrast, sharpness and size, not faces or ridges: a drawing may pass, a black or blurred picture may
not. A quality below `ACCEPTABLE` always comes with a finding, and the other way round.
"""

import base64
import hashlib
import io
import json
import math
from dataclasses import dataclass
from typing import Any

import wsq  # noqa: F401  # teaches Pillow the format of fingerprint scanners
from PIL import Image, ImageFilter, ImageStat

from workers.local.standins.base import Call, Place, Reply, Standin, place_from_arguments

SCHEMA = """
CREATE TABLE IF NOT EXISTS expectations (sha256 TEXT PRIMARY KEY, quality INTEGER NOT NULL, findings TEXT NOT NULL);
"""
ACCEPTABLE = 40
FORMATS = ("JPEG", "PNG", "WSQ")
MEASURED_SIDE = 256  # sharpness depends on size, so it is measured at one size
LAPLACE = ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=1, offset=128)


@dataclass(frozen=True, slots=True)
class Ramp:
    """A measure that is worth 0 at `worst` and 1 at `best`, in either direction, with the finding it leads to."""

    finding: str
    worst: float
    best: float

    def worth(self, value: float) -> float:
        """From 0 to 1."""
        return min(1.0, max(0.0, (value - self.worst) / (self.best - self.worst)))


@dataclass(frozen=True, slots=True)
class Scale:
    """What is asked of one kind of picture. Sizes in pixels of the shorter side, light from 0 to 255."""

    size: Ramp
    dark: Ramp
    bright: Ramp
    contrast: Ramp
    sharpness: Ramp


FACE = Scale(
    size=Ramp("too_small", 120, 360),
    dark=Ramp("too_dark", 20, 110),
    bright=Ramp("too_bright", 252, 225),
    contrast=Ramp("low_contrast", 3, 30),
    sharpness=Ramp("blurred", math.log(4), math.log(80)),
)
FINGER = Scale(
    size=Ramp("too_small", 60, 240),
    dark=Ramp("too_dark", 10, 70),
    bright=Ramp("too_bright", 253, 235),
    contrast=Ramp("low_contrast", 5, 40),
    sharpness=Ramp("blurred", math.log(10), math.log(200)),
)


def assess(picture: bytes, scale: Scale) -> dict[str, Any]:
    """Quality from 0 to 100 and findings of one picture; what cannot be decoded is `not_an_image`."""
    try:
        with Image.open(io.BytesIO(picture), formats=FORMATS) as opened:
            grey = opened.convert("L")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return {"quality": 0, "findings": ["not_an_image"]}
    light = ImageStat.Stat(grey)
    measured = (
        (scale.size, float(min(grey.size))),
        (scale.dark, light.mean[0]),
        (scale.bright, light.mean[0]),
        (scale.contrast, light.stddev[0]),
        (scale.sharpness, math.log(max(_sharpness(grey), 1.0))),
    )
    worths = {ramp.finding: round(100 * ramp.worth(value)) for ramp, value in measured}
    return {"quality": min(worths.values()), "findings": [name for name, worth in worths.items() if worth < ACCEPTABLE]}


def _sharpness(grey: Image.Image) -> float:
    """Variance of the Laplacian at `MEASURED_SIDE`; a smaller picture is measured as it is."""
    small = grey.copy()
    small.thumbnail((MEASURED_SIDE, MEASURED_SIDE), Image.Resampling.BILINEAR)
    if min(small.size) < 3:
        return 0.0
    edges = small.filter(LAPLACE).crop((1, 1, small.width - 1, small.height - 1))  # the filter leaves the rim as it was
    return float(ImageStat.Stat(edges).var[0])


def standin(place: Place) -> Standin:
    """The service with its routes."""
    capture = Standin("capture", place.store, SCHEMA)

    def judged(picture: str, scale: Scale) -> dict[str, Any]:
        decoded = base64.b64decode(picture, validate=True)
        digest = hashlib.sha256(decoded).hexdigest()
        forced = capture.db.execute("SELECT * FROM expectations WHERE sha256 = ?", (digest,)).fetchone()
        if forced is not None:
            return {"quality": forced["quality"], "findings": json.loads(forced["findings"])}
        return assess(decoded, scale)

    def assess_all(call: Call) -> Reply:
        fingers = [{"finger": int(one["finger"]), **judged(one["image"], FINGER)} for one in call.body["fingers"]]
        return Reply({"face": judged(call.body["portrait"], FACE), "fingers": fingers})

    def plant(call: Call) -> Reply:
        row = (str(call.body["sha256"]), int(call.body["quality"]), json.dumps(list(call.body.get("findings") or [])))
        capture.db.execute("REPLACE INTO expectations VALUES (?, ?, ?)", row)
        return Reply({"sha256": row[0]}, 201)

    capture.wire("POST", "/assess", assess_all, keyed=False)
    capture.control("POST", "expectations", plant)
    return capture


def main() -> None:
    """Serve the quality service."""
    place = place_from_arguments("Stand-in of the capture quality service.")
    standin(place).run(place.port)


if __name__ == "__main__":
    main()
