"""All versions of some rules at one office, for who asks about many days at once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

VERSIONS = text("""
    SELECT name, effective_from, value FROM paspor.rule
     WHERE name = ANY (:names) AND office IN ('', :office) ORDER BY office DESC, effective_from DESC""")


@dataclass(frozen=True, slots=True)
class Versions:
    """Rules of one office, in the order in which `rules.in_force` prefers them."""

    rows: tuple[tuple[str, date, Mapping[str, Any]], ...]

    def on(self, name: str, day: date) -> Mapping[str, Any] | None:
        """The value of a rule that is in force on a day; None without one."""
        return next((value for known, since, value in self.rows if known == name and since <= day), None)


def versions(conn: Connection, office: str, names: Iterable[str]) -> Versions:
    """An office's own come before the nation's, the newest first."""
    rows = conn.execute(VERSIONS, {"names": list(names), "office": office})
    return Versions(tuple((row.name, row.effective_from, dict(row.value)) for row in rows))
