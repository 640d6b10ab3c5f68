"""Stand-in of the prevention list: a check by equal biodata answers with what is in force, and why."""

from datetime import date

from workers.local.standins.base import Call, Place, Refused, Reply, Standin, place_from_arguments

SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, nik TEXT, full_name TEXT, birth_date TEXT, reason TEXT NOT NULL, until TEXT
);
"""
DEFAULT_REASON = "prevention"


def standin(place: Place) -> Standin:
    """The list with its routes."""
    watchlist = Standin("watchlist", place.store, SCHEMA)

    def check(call: Call) -> Reply:
        nik, name = str(call.body["nik"]), _folded(str(call.body["full_name"]))
        born = date.fromisoformat(call.body["birth_date"]).isoformat()
        rows = watchlist.db.execute(
            "SELECT * FROM entries WHERE nik = ? OR (full_name = ? AND birth_date = ?) ORDER BY id", (nik, name, born)
        )
        return Reply(
            {
                "hits": [
                    {"reference": f"W{row['id']:06}", "reason": row["reason"], "until": row["until"]} for row in rows
                ]
            }
        )

    def plant(call: Call) -> Reply:
        given = call.body
        if not given.get("nik") and not (given.get("full_name") and given.get("birth_date")):
            raise Refused(422, "nik_or_name_and_birth_date")
        name = _folded(given["full_name"]) if given.get("full_name") else None
        row = watchlist.db.execute(
            "INSERT INTO entries (nik, full_name, birth_date, reason, until) VALUES (?, ?, ?, ?, ?)",
            (
                given.get("nik"),
                name,
                given.get("birth_date"),
                given.get("reason") or DEFAULT_REASON,
                given.get("until"),
            ),
        )
        return Reply({"id": row.lastrowid}, 201)

    def remove(call: Call) -> Reply:
        if watchlist.db.execute("DELETE FROM entries WHERE id = ?", (int(call.path["id"]),)).rowcount == 0:
            raise Refused(404, "entry_unknown")
        return Reply(status=204)

    watchlist.wire("POST", "/checks", check)
    watchlist.control("POST", "entries", plant)
    watchlist.control("DELETE", "entries/{id}", remove)
    return watchlist


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def main() -> None:
    """Serve the prevention list."""
    place = place_from_arguments("Stand-in of the prevention list.")
    standin(place).run(place.port)


if __name__ == "__main__":
    main()
