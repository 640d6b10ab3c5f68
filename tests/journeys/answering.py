"""The form as a person at a browser answers it: page after page, by the names of its fields."""

from collections.abc import Iterable
from datetime import date

from tests.journeys.browsing import Visitor
from workers.local.demonstration.citizen import Citizen

CHOICES = ("kind", "reason", "sex", "married", "relation", "passport", "service")
SAVE = {"id": "Simpan dan lanjutkan", "en": "Save and continue"}

Page = tuple[str, dict[str, str]]


def parts(name: str, on: date) -> dict[str, str]:
    """The three fields of a date."""
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


def person(citizen: Citizen) -> list[Page]:
    """The pages about the person."""
    return [
        ("nik", {"nik": citizen.nik}),
        ("name", {"full_name": citizen.full_name}),
        ("birth", {**parts("birth_date", citizen.birth_date), "birth_place": citizen.birth_place}),
        ("sex", {"sex": citizen.sex}),
    ]


def contact(citizen: Citizen) -> Page:
    """How the person is reached."""
    return ("contact", {"phone": "+62 811 0000 0000", "email": f"pemohon.{citizen.nik[-6:]}@example.invalid"})


def new_passport(citizen: Citizen) -> list[Page]:
    """A first passport of an adult."""
    wanted: list[Page] = [("passport", {"passport": "ordinary_10"}), ("service", {"service": "regular"})]
    return [("kind", {"kind": "new"}), *person(citizen), contact(citizen), *wanted]


def replacement(citizen: Citizen, expires_on: date) -> list[Page]:
    """A passport that soon expires, replaced by an electronic one."""
    previous = {"passport_number": "x1234567", **parts("expires_on", expires_on)}
    return [
        ("kind", {"kind": "replacement"}),
        ("reason", {"reason": "expired"}),
        ("previous", previous),
        *person(citizen),
        contact(citizen),
        ("passport", {"passport": "electronic_10"}),
        ("service", {"service": "regular"}),
    ]


def for_a_child(child: Citizen, mother: Citizen) -> list[Page]:
    """A first passport of a child, filed by its mother."""
    guardian = {"guardian_name": mother.full_name, "guardian_nik": mother.nik, "relation": "mother"}
    wanted: list[Page] = [("passport", {"passport": "ordinary_5"}), ("service", {"service": "regular"})]
    asked: list[Page] = [("married", {"married": "no"}), ("guardian", guardian)]
    return [("kind", {"kind": "new"}), *person(child), *asked, contact(mother), *wanted]


def answers(visitor: Visitor, pages: Iterable[Page], looked_at: Iterable[str] = ()) -> None:
    """Answer page after page; of those in `looked_at`, first nothing, so that what is wrong is seen too."""
    for question, fields in pages:
        assert visitor.is_at(f"/apply/{question}"), (question, visitor.page.url)
        if question in looked_at:
            visitor.looks(f"question-{question}")
            visitor.presses(SAVE[visitor.language])
            assert visitor.page.locator(".summary li").count() >= 1, question
            visitor.looks(f"question-{question}-wrong")
        for name, value in fields.items():
            if name in CHOICES:
                visitor.page.locator(f"input[name='{name}'][value='{value}']").check()
            else:
                visitor.writes(**{name: value})
        visitor.presses(SAVE[visitor.language])
