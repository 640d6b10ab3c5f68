"""Upkeep by the minute: what happened is sealed once, and an office without a rule is said aloud."""

import logging

import pytest
from sqlalchemy import Engine

from activities.storage import seal, upkeep
from tests.activities.storage.cases import a_case
from tests.activities.storage.places import an_office


def test_each_minute(engine: Engine) -> None:
    with engine.begin() as conn:
        a_case(conn)
    for _ in range(2):
        for errand in upkeep.EACH_MINUTE:
            with engine.begin() as conn:
                errand(conn)
    with engine.begin() as conn:
        assert [one.events for one in seal.seals(conn)] == [1]


def test_an_office_without_a_rule_is_named(engine: Engine, caplog: pytest.LogCaptureFixture) -> None:
    with engine.begin() as conn:
        an_office(conn, "aan")
        assert upkeep.slots_ahead(conn) == 0
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "aan" in caplog.text
