"""What the population register, the passport database and the prevention list answer."""

from datetime import date

import pytest

from activities.clients.errors import Declined
from activities.clients.passports import HeldPassport, PassportsClient
from activities.clients.population import PopulationClient, Verification
from activities.clients.watchlist import Hit, WatchlistClient

BORN = date(1990, 8, 17)


@pytest.fixture
def population(standins):
    with PopulationClient(standins("population").url) as client:
        yield client


@pytest.fixture
def passports(standins):
    with PassportsClient(standins("passports").url) as client:
        yield client


@pytest.fixture
def watchlist(standins):
    with WatchlistClient(standins("watchlist").url) as client:
        yield client


@pytest.mark.parametrize(
    ("nik", "sex", "born", "expected"),
    [
        ("5171015708900001", "F", BORN, Verification("found", ())),
        ("5171011708900001", "M", BORN, Verification("found", ())),
        ("5171015708900002", "M", BORN, Verification("found", ("sex",))),
        ("5171015708900002", "F", date(1990, 8, 18), Verification("found", ("birth_date",))),
        ("9971015708900001", "F", BORN, Verification("not_found", ())),
        ("5171010008900001", "M", BORN, Verification("not_found", ())),
        ("517101570890000", "F", BORN, Verification("not_found", ())),
    ],
)
def test_a_number_is_held_against_its_own_digits(population, nik, sex, born, expected):
    assert population.verify(f"digits-{nik}-{sex}-{born}", nik, "Siapa Saja", born, "Denpasar", sex) == expected


def test_a_planted_person_is_compared_field_by_field(population, standins):
    nik = "5171015708900077"
    standins("population").plant(
        "people", nik=nik, full_name="Ni Luh  Contoh", birth_date="1990-08-17", birth_place="Denpasar", sex="F"
    )
    right = population.verify("planted-1", nik, "NI LUH CONTOH ", BORN, "denpasar", "F")
    wrong = population.verify("planted-2", nik, "Ni Luh Lain", BORN, "Badung", "F")
    assert right == Verification("found", ())
    assert wrong == Verification("found", ("full_name", "birth_place"))


def test_a_planted_person_may_be_inactive(population, standins):
    nik = "5171015708900078"
    standins("population").plant("people", nik=nik, full_name="X", birth_date="1990-08-17", status="inactive")
    assert population.verify("inactive-1", nik, "X", BORN, "Denpasar", "F").status == "inactive"


def test_a_new_passport_replaces_the_valid_one(passports, standins):
    nik = "5171015708900001"
    assert passports.held_by(nik) == ()
    standins("passports").plant("passports", nik=nik, number="C1234567", expires_on="2027-01-31")
    passports.record_issue("issue-1", nik, "X0000001", date(2026, 11, 24), date(2036, 11, 24))
    assert passports.held_by(nik) == (
        HeldPassport("X0000001", date(2036, 11, 24), "valid"),
        HeldPassport("C1234567", date(2027, 1, 31), "replaced"),
    )


def test_a_number_on_record_is_declined(passports):
    passports.record_issue("issue-2", "5171015708900002", "X0000002", date(2026, 11, 24), date(2036, 11, 24))
    with pytest.raises(Declined) as refusal:
        passports.record_issue("issue-3", "5171015708900003", "X0000002", date(2026, 11, 24), date(2036, 11, 24))
    assert refusal.value.code == "number_taken"
    assert passports.held_by("5171015708900003") == ()


def test_a_person_is_found_by_number_or_by_name_and_birth_date(watchlist, standins):
    standin, nik = standins("watchlist"), "5171015708900009"
    assert watchlist.check("check-1", nik, "Ni Luh Contoh", BORN) == ()
    by_number = standin.plant("entries", nik=nik, reason="court order", until="2027-05-24")["id"]
    standin.plant("entries", full_name="ni luh  contoh", birth_date="1990-08-17")
    hits = watchlist.check("check-2", nik, "Ni Luh Contoh", BORN)
    assert hits[0] == Hit(f"W{by_number:06}", "court order", date(2027, 5, 24))
    assert (hits[1].reason, hits[1].until) == ("prevention", None)
    assert watchlist.check("check-3", "5171015708900010", "Ni Luh Contoh", date(1990, 8, 18)) == ()
    assert standin.control.delete(f"/entries/{by_number}").status_code == 204
    assert len(watchlist.check("check-4", nik, "Ni Luh Contoh", BORN)) == 1
