"""Several people in one draft: the one whose questions are asked now, and those who are filled in already.

A draft is `field: text`; the people who are filled in are the text of its field `others`.
"""

import json
from collections.abc import Sequence

from api.applicants.questions import Draft

OTHERS, KEY = "others", "key"


def others(draft: Draft) -> list[Draft]:
    """Those who are filled in, in order; the one whose questions are asked now comes after them."""
    found: list[Draft] = json.loads(draft.get(OTHERS, "[]"))
    return found


def everybody(draft: Draft) -> list[Draft]:
    """All people of the draft, in the order in which they are filed for."""
    return [*others(draft), _alone(draft)]


def with_another(draft: Draft, key: str) -> Draft:
    """The draft with its person put aside, for the questions about another one, who is reached the same way."""
    same: Draft = {name: draft[name] for name in ("phone", "email") if name in draft}
    return _draft(same, everybody(draft), key)


def turned_to(draft: Draft, place: int, key: str) -> Draft:
    """The draft with the person at `place` in front, to change an answer."""
    people = everybody(draft)
    return _draft(people.pop(place), people, key)


def without(draft: Draft, place: int, key: str) -> Draft:
    """The draft without the person at `place`; the last of the others is in front then."""
    people = everybody(draft)
    del people[place]
    return _draft(people.pop(), people, key) if people else {}


def _alone(draft: Draft) -> Draft:
    return {name: value for name, value in draft.items() if name not in (OTHERS, KEY)}


def _draft(person: Draft, others: Sequence[Draft], key: str) -> Draft:
    made = {**person, KEY: key}
    return {**made, OTHERS: json.dumps(list(others))} if others else made
