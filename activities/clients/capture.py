"""The capture quality service: is a portrait good enough, and each finger?"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass

from activities.clients.http import Client


@dataclass(frozen=True, slots=True)
class Quality:
    """From 0 (useless) to 100, with codes of what is wrong such as `too_small`, `blurred` or `not_an_image`."""

    quality: int
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FingerQuality:
    """Quality of one finger; `finger` is its ISO number, 1 (right thumb) to 10 (left little finger)."""

    finger: int
    quality: int
    findings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the service says of one capture."""

    face: Quality
    fingers: tuple[FingerQuality, ...]


class CaptureClient(Client):
    """Calls the service, which changes nothing and so needs no key. Raises `Unknown` and `Declined`."""

    system = "capture"

    def assess(self, portrait: bytes, fingers: Sequence[tuple[int, bytes]]) -> Assessment:
        """Judge a portrait (JPEG or PNG) and fingers (number, WSQ or PNG)."""
        pictures = {
            "portrait": base64.b64encode(portrait).decode(),
            "fingers": [{"finger": number, "image": base64.b64encode(image).decode()} for number, image in fingers],
        }
        answer = self._wire.call("POST", "/assess", body=pictures)
        with self._wire.reading():
            face = Quality(int(answer["face"]["quality"]), tuple(answer["face"]["findings"]))
            return Assessment(
                face,
                tuple(
                    FingerQuality(int(one["finger"]), int(one["quality"]), tuple(one["findings"]))
                    for one in answer["fingers"]
                ),
            )
