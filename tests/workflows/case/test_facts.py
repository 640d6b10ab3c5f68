"""Facts know a little about themselves."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from workflows.case.facts import Appointment, Lane

START = datetime(2027, 6, 14, 4, tzinfo=UTC)
SEAT = Appointment(
    booking="b",
    slot_id="s1",
    office="sanur",
    lane=Lane.REGULAR,
    starts_at=START,
    ends_at=START,
    utc_offset=8,
    revision=2,
)


@pytest.mark.parametrize(
    ("other", "before"),
    [
        (None, False),
        (SEAT, False),
        (replace(SEAT, revision=3), True),
        (replace(SEAT, revision=1), False),
        (replace(SEAT, revision=0), False),
        (replace(SEAT, revision=3, booking="another"), False),
    ],
)
def test_an_earlier_place_of_the_same_seat(other: Appointment | None, before: bool) -> None:
    assert SEAT.is_before(other) is before


def test_a_place_of_which_nobody_said_the_number_is_never_early() -> None:
    assert not replace(SEAT, revision=0).is_before(replace(SEAT, revision=3))
