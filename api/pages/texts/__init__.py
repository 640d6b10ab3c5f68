"""What the pages say, in Indonesian and English: one dictionary a subject, `key: (Indonesian, English)`.

A key that is missing is an error, and a test reads every template for the keys it uses.
"""

from api.pages.texts import (
    assisting,
    audit,
    audit_history,
    common,
    desk,
    desk_capture,
    desk_done,
    desk_steps,
    desk_visits,
    draws,
    family,
    filing,
    following,
    money,
    moving,
    office,
    outcomes,
    performance,
    person,
    rush,
    starting,
    visiting,
    waiting,
)

Texts = dict[str, tuple[str, str]]

ALL: Texts = {
    **common.TEXTS,
    **starting.TEXTS,
    **filing.TEXTS,
    **family.TEXTS,
    **assisting.TEXTS,
    **visiting.TEXTS,
    **waiting.TEXTS,
    **following.TEXTS,
    **outcomes.TEXTS,
    **person.TEXTS,
    **rush.TEXTS,
    **performance.TEXTS,
    **office.TEXTS,
    **audit.TEXTS,
    **audit_history.TEXTS,
    **money.TEXTS,
    **moving.TEXTS,
    **draws.TEXTS,
    **desk.TEXTS,
    **desk_capture.TEXTS,
    **desk_done.TEXTS,
    **desk_steps.TEXTS,
    **desk_visits.TEXTS,
}


def text(key: str, language: str, **values: object) -> str:
    """The text of a key; raises `KeyError` where there is none."""
    indonesian, english = ALL[key]
    found = english if language == "en" else indonesian
    return found.format(**values) if values else found


def has(key: str) -> bool:
    """Whether there is a text of that key."""
    return key in ALL
