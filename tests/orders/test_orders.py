"""Random orders on the real rule and the real tables; their number and seed are printed, and can be given.

`make orders` tries ten thousand of them. Each order is one transaction that is rolled back: what is tried here is who
writes what in which order, not what happens between two transactions (tests/activities/storage/test_payments.py).
"""

import os
import secrets
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import Engine, text

from activities.storage.engine import make_engine
from activities.storage.migrate import upgrade
from tests.orders.machine import Orders
from workers.local.postgres import LocalPostgres

MANY, FEW, STEPS = int(os.environ.get("PASPOR_ORDERS", "60")), 60, 20
SEED = int(os.environ.get("PASPOR_SEED", "0")) or secrets.randbelow(2**31) + 1


def attempt(machine: type[Orders], orders: int) -> None:
    """Try so many orders, and print what they were."""
    began, machine.tried, machine.causes = time.monotonic(), 0, Counter()
    limits = settings(
        max_examples=orders,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    print(f"\n{machine.__name__}: {orders} orders of at most {STEPS} steps, seed {SEED}")
    try:
        run_state_machine_as_test(seed(SEED)(machine), settings=limits)
    finally:
        took, causes = time.monotonic() - began, dict(machine.causes.most_common())
        print(f"{machine.__name__}: {machine.tried} orders tried in {took:.0f} s, seed {SEED}; receipts: {causes}")


@pytest.mark.timeout(7200)
def test_no_order_leaves_a_receipt_without_exactly_one_outcome(session_engine: Engine) -> None:
    machine: Any = type("TriedOrders", (Orders,), {"engine": session_engine})
    attempt(machine, MANY)
    assert machine.tried >= MANY * 0.9


@pytest.fixture(scope="module")
def unguarded(postgres: LocalPostgres, session_engine: Engine) -> Iterator[Engine]:
    """A database of which the guards can be taken away."""
    name = "unguarded"
    with session_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text(f"CREATE DATABASE {name}"))
        upgrade(postgres.url(name))
        engine = make_engine(postgres.url(name), pool=2)
        yield engine
        engine.dispose()
        conn.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


WITHOUT_KEY = """
    ALTER TABLE paspor.payment_case DROP CONSTRAINT payment_case_pkey;
    CREATE OR REPLACE FUNCTION paspor.enter_receipt(
        p_receipt text, p_bill text, p_number text, p_amount bigint, p_paid_at timestamptz, p_outcome text,
        p_cause text, p_excess bigint, p_says text, p_rule text, p_choose_by timestamptz
    ) RETURNS boolean LANGUAGE sql AS $$
        INSERT INTO paspor.payment_case
               (receipt_no, bill_code, number, amount, paid_at, outcome, cause, excess, says, rule, choose_by)
        VALUES (p_receipt, p_bill, p_number, p_amount, p_paid_at, p_outcome, p_cause, p_excess, p_says, p_rule,
                p_choose_by)
        RETURNING true
    $$"""
FORGETFUL = "DROP TRIGGER outcome_first ON paspor.inbox"


class ForgetfulOrders(Orders):
    """With a relay that lays a payment aside and says nothing of it, as an earlier one did."""

    forgetful = True


@pytest.mark.parametrize(
    ("machine", "guard", "found"),
    [
        (ForgetfulOrders, FORGETFUL, "a receipt without an outcome"),
        (Orders, WITHOUT_KEY, "two outcomes"),
    ],
)
def test_without_a_guard_the_machine_finds_it(unguarded: Engine, machine: type[Orders], guard: str, found: str) -> None:
    """The negative control: one guard is taken away, and a few orders are enough."""
    with unguarded.begin() as conn:
        conn.execute(text(guard))
    careless: Any = type(f"Careless{machine.__name__}", (machine,), {"engine": unguarded})
    with pytest.raises(Exception, match=found):
        attempt(careless, FEW)
