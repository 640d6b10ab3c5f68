"""Free text that officers write: what must not be in it is left out before it is kept."""

import re

from activities.storage.tables.cases import NIK_FORM

NIK = re.compile(rf"(?<![0-9]){NIK_FORM}(?![0-9])")


def without_nik(words: str) -> str:
    """The text without any NIK: what is kept of a decision is never erased."""
    return NIK.sub("[NIK]", words)
