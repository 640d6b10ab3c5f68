"""Seats over slots: evenly, always the same, never past the plan, never below what is taken."""

from hypothesis import given
from hypothesis import strategies as st

from activities.storage.spreading import spread

SLOTS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=20)


def test_a_reduced_day_is_spread_evenly() -> None:
    assert spread(5, [12] * 15, [0] * 15) == [0, 1, 0] * 5
    assert spread(90, [12] * 15, [0] * 15) == [6] * 15
    assert spread(500, [12] * 15, [0] * 15) == [12] * 15
    assert spread(50, [100, 50, 0], [0, 0, 0]) == [33, 17, 0]


def test_who_has_a_seat_keeps_it() -> None:
    assert spread(6, [4, 4, 4], [4, 0, 0]) == [4, 1, 1]
    assert spread(2, [4, 4, 4], [4, 0, 3]) == [4, 0, 3]
    assert spread(2, [0], [1]) == [1]


@given(st.integers(0, 300), SLOTS)
def test_it_adds_up_within_plan_and_floor(total: int, slots: list[tuple[int, int]]) -> None:
    weights, floors = [weight for weight, _ in slots], [floor for _, floor in slots]
    found = spread(total, weights, floors)
    most = sum(max(one) for one in slots)
    assert sum(found) == min(max(total, sum(floors)), most)
    assert all(
        floor <= share <= max(weight, floor) for share, weight, floor in zip(found, weights, floors, strict=True)
    )
    assert found == spread(total, weights, floors)
