"""An invented citizen, another one each time, and drawn pictures: none is of a person."""

import io
import random
from dataclasses import dataclass
from datetime import date, timedelta

from PIL import Image, ImageDraw

GIVEN = ("Wayan", "Made", "Nyoman", "Ketut", "Putu", "Kadek", "Komang")
OWN = ("Contoh", "Latihan", "Peraga", "Misal", "Umpama")
PLACES = ("Denpasar", "Badung", "Gianyar", "Tabanan", "Klungkung")
EASE = random.SystemRandom()


@dataclass(frozen=True, slots=True)
class Citizen:
    """Who applies."""

    nik: str
    full_name: str
    birth_date: date
    birth_place: str
    sex: str

    def claims(self) -> dict[str, object]:
        """As the form asks."""
        return {
            "nik": self.nik,
            "full_name": self.full_name,
            "birth_date": self.birth_date.isoformat(),
            "birth_place": self.birth_place,
            "sex": self.sex,
            "phone": "+6281100000000",
            "email": f"pemohon.{self.nik[-6:]}@example.invalid",
        }


def citizen() -> Citizen:
    """Somebody of 20 to 60 years whose NIK agrees with birth date and sex."""
    birth_date = date(1966, 1, 1) + timedelta(days=EASE.randrange(40 * 365))
    sex = EASE.choice("FM")
    day = birth_date.day + (40 if sex == "F" else 0)
    nik = f"517101{day:02d}{birth_date:%m%y}{EASE.randrange(1, 9999):04d}"
    title = "Ni" if sex == "F" else "I"
    return Citizen(
        nik=nik,
        full_name=f"{title} {EASE.choice(GIVEN)} {EASE.choice(OWN)}",
        birth_date=birth_date,
        birth_place=EASE.choice(PLACES),
        sex=sex,
    )


def portrait() -> bytes:
    """A drawn head and shoulders, as JPEG, of the size of a passport portrait."""
    picture = Image.new("RGB", (413, 531), (235, 235, 235))
    draw = ImageDraw.Draw(picture)
    tone = EASE.randrange(90, 150)
    draw.ellipse((40, 400, 373, 760), fill=(60, 70, 110))
    draw.ellipse((110, 110, 303, 370), fill=(tone + 60, tone + 20, tone))
    draw.pieslice((100, 80, 313, 300), 180, 360, fill=(30, 25, 20))
    for x in (165, 240):
        draw.ellipse((x, 220, x + 20, 232), fill=(20, 20, 20))
    draw.line((175, 310, 240, 310), fill=(120, 40, 40), width=5)
    for _ in range(900):  # the weave of cloth, so that the picture has something sharp in it
        x, y = EASE.randrange(60, 350), EASE.randrange(430, 530)
        draw.line((x, y, x + 6, y + 3), fill=(EASE.randrange(40, 200),) * 3)
    return _encoded(picture, "JPEG")


def finger() -> bytes:
    """Drawn ridges, as PNG."""
    picture = Image.new("L", (300, 400), 230)
    draw = ImageDraw.Draw(picture)
    lean = EASE.randrange(-30, 30)
    for radius in range(6, 190, 9):
        box = (150 - radius + lean // 3, 200 - radius * 1.3, 150 + radius + lean // 3, 200 + radius * 1.3)
        draw.ellipse(box, outline=EASE.randrange(20, 60), width=4)
    return _encoded(picture, "PNG")


def signature() -> bytes:
    """A drawn stroke, as PNG."""
    picture = Image.new("L", (300, 100), 255)
    points = [(x, 50 + EASE.randrange(-30, 30)) for x in range(20, 280, 20)]
    ImageDraw.Draw(picture).line(points, fill=0, width=3)
    return _encoded(picture, "PNG")


def document(title: str) -> bytes:
    """A page with a title on it, as PNG."""
    picture = Image.new("L", (600, 400), 255)
    ImageDraw.Draw(picture).text((40, 40), f"CONTOH / SPECIMEN: {title} {EASE.random()}", fill=0)
    return _encoded(picture, "PNG")


def _encoded(picture: Image.Image, format_name: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, format_name)
    return out.getvalue()
