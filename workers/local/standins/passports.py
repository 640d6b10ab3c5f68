"""Stand-in of the national passport database: which passports a person holds, and the record of each new one."""

from datetime import date

from workers.local.standins.base import Call, Place, Refused, Reply, Standin, place_from_arguments

SCHEMA = """
CREATE TABLE IF NOT EXISTS passports (
    number TEXT PRIMARY KEY, nik TEXT NOT NULL, issued_on TEXT, expires_on TEXT NOT NULL, state TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS passports_nik ON passports (nik);
"""


def standin(place: Place) -> Standin:
    """The database with its routes."""
    passports = Standin("passports", place.store, SCHEMA)

    def holdings(call: Call) -> Reply:
        rows = passports.db.execute(
            "SELECT number, expires_on, state FROM passports WHERE nik = ? ORDER BY expires_on DESC, number",
            (str(call.body["nik"]),),
        )
        return Reply({"passports": [dict(row) for row in rows]})

    def issue(call: Call) -> Reply:
        number, nik = str(call.body["number"]), str(call.body["nik"])
        issued, expires = (date.fromisoformat(call.body[name]) for name in ("issued_on", "expires_on"))
        if passports.db.execute("SELECT 1 FROM passports WHERE number = ?", (number,)).fetchone():
            raise Refused(409, "number_taken")
        # A person holds one valid passport of a kind: the new one takes the place of what was valid before.
        passports.db.execute("UPDATE passports SET state = 'replaced' WHERE nik = ? AND state = 'valid'", (nik,))
        passports.db.execute(
            "INSERT INTO passports VALUES (?, ?, ?, ?, 'valid')", (number, nik, issued.isoformat(), expires.isoformat())
        )
        return Reply({"number": number, "state": "valid"}, 201)

    def plant(call: Call) -> Reply:
        expires = date.fromisoformat(call.body["expires_on"]).isoformat()
        state = str(call.body.get("state") or "valid")
        number, nik = str(call.body["number"]), str(call.body["nik"])
        passports.db.execute("REPLACE INTO passports VALUES (?, ?, NULL, ?, ?)", (number, nik, expires, state))
        return Reply({"number": number, "state": state}, 201)

    passports.wire("POST", "/holdings", holdings, keyed=False)
    passports.wire("POST", "/issues", issue)
    passports.control("POST", "passports", plant)
    return passports


def main() -> None:
    """Serve the passport database."""
    place = place_from_arguments("Stand-in of the national passport database.")
    standin(place).run(place.port)


if __name__ == "__main__":
    main()
