"""Stand-in of the population register: it confirms claims field by field and never gives data away."""

import sqlite3

from workers.local.standins.base import Call, Place, Reply, Standin, place_from_arguments

SCHEMA = """
CREATE TABLE IF NOT EXISTS people (
    nik TEXT PRIMARY KEY, full_name TEXT NOT NULL, birth_date TEXT NOT NULL, birth_place TEXT, sex TEXT,
    status TEXT NOT NULL
);
"""
FIELDS = ("nik", "full_name", "birth_date", "birth_place", "sex")
# The provinces that hand out numbers, by their code in the first two digits.
SPANS = ((11, 19), (21, 21), (31, 36), (51, 53), (61, 65), (71, 76), (81, 82), (91, 96))
PROVINCES = frozenset(str(code) for first, last in SPANS for code in range(first, last + 1))
WOMAN = 40


def in_digits(nik: str) -> tuple[str, str] | None:
    """Birth date as DDMMYY and sex that a NIK states (digits 7 to 12, women day + 40); None if malformed."""
    if len(nik) != 16 or not (nik.isascii() and nik.isdigit()) or nik[:2] not in PROVINCES or nik[12:] == "0000":
        return None
    day, sex = int(nik[6:8]), "M"
    if day > WOMAN:
        day, sex = day - WOMAN, "F"
    if not (1 <= day <= 31 and 1 <= int(nik[8:10]) <= 12):
        return None
    return f"{day:02}{nik[8:12]}", sex


def standin(place: Place) -> Standin:
    """The register with its routes."""
    register = Standin("population", place.store, SCHEMA)

    def verify(call: Call) -> Reply:
        claims = {name: str(call.body[name]) for name in FIELDS}
        row = register.db.execute("SELECT * FROM people WHERE nik = ?", (claims["nik"],)).fetchone()
        return Reply(_compare_planted(claims, row) if row else _compare_digits(claims))

    def plant(call: Call) -> Reply:
        given = call.body
        register.db.execute(
            "REPLACE INTO people VALUES (?, ?, ?, ?, ?, ?)",
            (
                given["nik"],
                given["full_name"],
                given["birth_date"],
                given.get("birth_place"),
                given.get("sex"),
                given.get("status", "found"),
            ),
        )
        return Reply({"nik": given["nik"]}, 201)

    register.wire("POST", "/verify", verify)
    register.control("POST", "people", plant)
    return register


def _compare_digits(claims: dict[str, str]) -> dict[str, object]:
    stated = in_digits(claims["nik"])
    if stated is None:
        return {"status": "not_found", "fields": {}}
    year, month, day = claims["birth_date"].split("-")
    agrees = {"birth_date": stated[0] == day + month + year[2:], "sex": stated[1] == claims["sex"]}
    return {"status": "found", "fields": {name: _word(agrees.get(name, True)) for name in FIELDS}}


def _compare_planted(claims: dict[str, str], row: sqlite3.Row) -> dict[str, object]:
    if row["status"] != "found":
        return {"status": row["status"], "fields": {}}
    known = {name: row[name] for name in FIELDS}
    if known["sex"] is None:
        known["sex"] = (in_digits(row["nik"]) or ("", claims["sex"]))[1]
    agrees = {name: known[name] is None or _folded(known[name]) == _folded(claims[name]) for name in FIELDS}
    return {"status": "found", "fields": {name: _word(agrees[name]) for name in FIELDS}}


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _word(agrees: bool) -> str:
    return "match" if agrees else "mismatch"


def main() -> None:
    """Serve the register."""
    place = place_from_arguments("Stand-in of the population register.")
    standin(place).run(place.port)


if __name__ == "__main__":
    main()
