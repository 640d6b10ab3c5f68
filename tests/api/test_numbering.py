from string import digits

from hypothesis import given
from hypothesis import strategies as st

from activities.keyring import Keys
from api.numbering import application_number, filing_key, is_application_number, luhn_digit

BODIES = st.text(digits, min_size=15, max_size=15)


def test_luhn_digit_is_that_of_the_standard() -> None:
    # ISO/IEC 7812-1 annex B: 7992739871 has the check digit 3.
    assert luhn_digit("7992739871") == "3"


@given(BODIES, st.integers(0, 14), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(body: str, place: int, by: int) -> None:
    wrong = body[:place] + str((int(body[place]) + by) % 10) + body[place + 1 :]
    assert not is_application_number(wrong + luhn_digit(body))


def test_the_same_request_gets_the_same_number(keys: Keys) -> None:
    number = application_number(keys, "applicant-1", "/v1/applications", "a-key")
    assert is_application_number(number)
    assert number[0] != "0"
    assert number == application_number(keys, "applicant-1", "/v1/applications", "a-key")


def test_another_caller_or_key_gets_another_number(keys: Keys) -> None:
    numbers = {
        application_number(keys, caller, "/v1/applications", key)
        for caller in ("applicant-1", "applicant-2")
        for key in ("a", "b")
    }
    assert len(numbers) == 4


def test_filing_key_tells_nothing_of_the_number(keys: Keys) -> None:
    about = ("applicant-1", "/v1/applications", "a-key")
    assert application_number(keys, *about) not in filing_key(keys, *about)
