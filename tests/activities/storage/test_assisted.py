"""Filings for citizens: counted once each, for operator and institution, and never more than the rule says."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from activities.storage import assisted, rules

FEW = {"operator_filings": 5, "institution_filings": 12}


@pytest.fixture
def strict(engine: Engine) -> Engine:
    with engine.begin() as conn:
        rules.enact(conn, "assistance", date(2026, 1, 1), FEW, "test")
    return engine


def count(engine: Engine, numbers: list[str], operator: str = "o-1", institution: str = "panti") -> str | None:
    with engine.begin() as conn:
        return assisted.count(conn, numbers, operator, institution)


def counted(engine: Engine, operator: str = "o-1") -> tuple[int, int]:
    with engine.connect() as conn:
        found = assisted.today(conn, operator, "panti")
    assert (found.operator_most, found.institution_most) == (5, 12)
    return found.operator, found.institution


def test_each_filing_is_counted_once(strict: Engine) -> None:
    assert count(strict, ["1"]) is None
    assert count(strict, ["1"]) is None
    assert count(strict, ["1", "2"]) is None
    assert counted(strict) == (2, 2)


def test_the_operators_limit_is_reached_before_the_institutions(strict: Engine) -> None:
    assert count(strict, list("12345")) is None
    assert count(strict, ["6"]) == "operator"
    assert count(strict, ["5"]) is None  # it was counted
    assert count(strict, ["6"], "o-2") is None
    assert counted(strict) == (5, 6)


def test_a_family_is_counted_whole_or_not_at_all(strict: Engine) -> None:
    assert count(strict, list("abc")) is None
    assert count(strict, list("def")) == "operator"
    assert counted(strict) == (3, 3)
    assert count(strict, [str(place) for place in range(6)], "o-2") == "operator"
    assert count(strict, ["f"]) is None


def test_the_institutions_limit_undoes_what_the_operator_was_counted(strict: Engine) -> None:
    for operator in ("o-1", "o-2"):
        assert count(strict, [f"{operator}{place}" for place in range(5)], operator) is None
    assert count(strict, ["x", "y", "z"], "o-3") == "institution"
    assert counted(strict, "o-3") == (0, 10)


@pytest.mark.parametrize("seed", [1, 20261124])
def test_many_at_once_are_as_many_as_the_rule_says(strict: Engine, seed: int) -> None:
    print("seed", seed)
    luck = random.Random(seed)
    asked = [([f"{place}"], f"o-{luck.randrange(4)}") for place in range(60)]
    asked += [(numbers, operator) for numbers, operator in asked[::3]]  # repeats
    luck.shuffle(asked)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda one: count(strict, *one), asked))
    with strict.connect() as conn:
        rows = conn.execute(text("SELECT scope, who, filings FROM paspor.assisted_day ORDER BY 1, 2")).all()
        filings = conn.execute(text("SELECT count(*) FROM paspor.assisted_filing")).scalar()
    assert ("institution", "panti", 12) in [tuple(row) for row in rows]
    assert filings == sum(row.filings for row in rows if row.scope == "operator") == 12
    assert all(row.filings <= 5 for row in rows if row.scope == "operator")
    assert {"operator", "institution"} & set(answers)


def test_the_same_load_runs_over_where_one_counts_and_then_writes(strict: Engine) -> None:
    """The control: were this load too light to find a race, the test before would prove nothing."""

    def naive(place: int) -> None:
        with strict.begin() as conn:
            if int(conn.execute(text("SELECT count(*) FROM paspor.assisted_filing")).scalar_one()) < 12:
                conn.execute(
                    text("INSERT INTO paspor.assisted_filing VALUES (:number, 'o-1', 'panti', paspor.capital_day())"),
                    {"number": str(place)},
                )

    def made() -> int:
        with strict.begin() as conn:
            conn.execute(text("DELETE FROM paspor.assisted_filing"))
        with ThreadPoolExecutor(10) as pool:
            list(pool.map(naive, range(300)))
        with strict.connect() as conn:
            return int(conn.execute(text("SELECT count(*) FROM paspor.assisted_filing")).scalar_one())

    assert max(made() for _ in range(3)) > 12


def test_the_schema_itself_keeps_within_the_limit(strict: Engine) -> None:
    count(strict, list("12345"))
    with pytest.raises(IntegrityError, match="within_limit"), strict.begin() as conn:
        conn.execute(text("UPDATE paspor.assisted_day SET filings = filings + 1 WHERE scope = 'operator'"))


def test_the_limits_begin_anew_within_a_day(strict: Engine) -> None:
    with strict.connect() as conn:
        assert 0 < assisted.seconds_to_the_next_day(conn) <= 24 * 3600
