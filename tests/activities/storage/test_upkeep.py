"""Upkeep: slots ahead, seals, old answers; an office without a rule stops nobody else."""

import logging

import pytest
from sqlalchemy import Engine, text

from activities.storage import seal, upkeep
from tests.activities.storage.cases import a_case
from tests.activities.storage.places import an_office
from tests.activities.storage.test_slots import opened


def test_each_hour(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    with engine.begin() as conn:
        an_office(conn, "aan")
        opened(conn, every_day=True)
    for _ in range(2):
        with engine.begin() as conn:
            upkeep.each_hour(conn)
    with engine.begin() as conn:
        offices = conn.execute(text("SELECT DISTINCT office FROM paspor.slot")).scalars().all()
        assert offices == ["sanur"]
        conn.execute(text("UPDATE paspor.slot SET taken = 1 WHERE id = (SELECT min(id) FROM paspor.slot)"))
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 2
    with engine.begin() as conn:
        upkeep.each_hour(conn)
    assert caplog.records[-1].levelno == logging.ERROR


def test_each_minute(engine: Engine) -> None:
    with engine.begin() as conn:
        a_case(conn)
    for _ in range(2):
        with engine.begin() as conn:
            upkeep.each_minute(conn)
    with engine.begin() as conn:
        assert [one.events for one in seal.seals(conn)] == [1]
