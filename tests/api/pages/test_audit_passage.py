"""How long things took, by the office's clock and calendar; who moved a case; whether two records agree."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from starlette.requests import Request

from api.auditors import lengths
from api.auditors.agreement import agreement
from api.auditors.asked import CasesAsked, asked
from api.auditors.chronicle import Line
from api.auditors.passage import PARTIES, TURNS, Calendar, shares, stays
from api.auditors.timeline import actors, kind_of, moments, narrowed
from api.pages.dates import zone
from api.pages.texts import has
from workflows.case.facts import Role, Stage
from workflows.case.rules import RuleName

# Friday, half past four in the afternoon, in Denpasar.
FRIDAY = datetime(2026, 11, 27, 8, 30, tzinfo=UTC)
CALENDAR = Calendar(zone(8), frozenset({date(2026, 12, 1)}))


def line(hours: float, stage: str = "", **changes: object) -> Line:
    values: dict[str, object] = {
        "actor": "system",
        "role": "system",
        "office": "",
        "action": "case.moved",
        "outcome": "",
        "reason": "",
        "rule": "",
        "sentence": "it moved",
        "event_id": None,
    }
    at = FRIDAY + timedelta(hours=hours)
    return Line(at=at, stage=stage, **{**values, **changes})  # type: ignore[arg-type] # changes of a test


@pytest.mark.parametrize(
    ("hours", "days", "working"),
    [(0, 0, 0), (7, 0, 0), (8, 1, 0), (24, 1, 0), (72, 3, 1), (96, 4, 1), (120, 5, 2)],
)
def test_weekends_and_holidays_are_no_working_days(hours: float, days: int, working: int) -> None:
    found = CALENDAR.lasted(FRIDAY, FRIDAY + timedelta(hours=hours))
    assert (found.days, found.working_days) == (days, working)


def test_a_stay_lasts_until_the_case_stands_elsewhere() -> None:
    story = [line(0, "filed"), line(1), line(2, "filed"), line(3, "booked"), line(5, "filed"), line(6, "booked")]
    found = stays(story, CALENDAR, FRIDAY + timedelta(hours=10))
    assert [(one.stage, one.lasted.time / timedelta(hours=1), one.open) for one in found] == [
        ("filed", 3, False),
        ("booked", 2, False),
        ("filed", 1, False),
        ("booked", 4, True),
    ]
    assert shares(found) == {"applicant": timedelta(hours=10)}


def test_the_end_of_a_case_is_no_stay() -> None:
    found = stays([line(0, "ready"), line(4, "collected")], CALENDAR, FRIDAY + timedelta(days=9))
    assert [(one.stage, one.until - one.since, one.open) for one in found] == [("ready", timedelta(hours=4), False)]
    assert stays([line(0, "ended")], CALENDAR, FRIDAY) == []


def test_every_stage_but_the_last_ones_has_somebody_in_turn() -> None:
    assert set(Stage) - set(TURNS) == {Stage.COLLECTED, Stage.ENDED}
    assert set(TURNS.values()) == set(PARTIES)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (line(0, role="applicant"), "applicant"),
        (line(0, role="assistant"), "applicant"),
        (line(0, role="head"), "office"),
        (line(0, role="kiosk"), "office"),
        (line(0), "system"),
        (line(0, action="due"), "deadline"),
        (line(0, action="failed"), "trouble"),
        (line(0, action="print.unknown", role="printer"), "trouble"),
    ],
)
def test_who_moved_the_case(line: Line, kind: str) -> None:
    assert kind_of(line) == kind


def test_moments_have_their_gap_and_their_rule_with_its_source() -> None:
    story = [line(0, actor="ani", role="examiner"), line(72, rule="promise@2014-03-20/latihan"), line(73, rule="odd")]
    first, second, third = moments(story, CALENDAR, {"promise@2014-03-20/latihan": "art. 22"})
    assert first.since_last is None
    assert first.at.isoformat() == "2026-11-27T16:30:00+08:00"
    assert second.since_last is not None
    assert second.since_last.working_days == 1
    assert (second.rule_name, second.rule_from, second.rule_source) == ("promise", date(2014, 3, 20), "art. 22")
    assert (third.rule_name, third.rule_from) == ("odd", None)
    assert actors(story) == ["ani", "system"]
    assert narrowed(story, "office", "") == narrowed(story, "", "ani") == story[:1]
    assert narrowed(story, "office", "system") == []


@pytest.mark.parametrize(
    ("seconds", "english", "indonesian"),
    [
        (0.04, "< 0.1 s", "< 0,1 dtk"),
        (0.4, "0.4 s", "0,4 dtk"),
        (59, "59 s", "59 dtk"),
        (125, "2 min 5 s", "2 mnt 5 dtk"),
        (3600, "1 h", "1 jam"),
        (12_000, "3 h 20 min", "3 jam 20 mnt"),
        (90_000, "1 day 1 h", "1 hari 1 jam"),
        (172_800, "2 days", "2 hari"),
    ],
)
def test_lengths_in_words(seconds: float, english: str, indonesian: str) -> None:
    time = timedelta(seconds=seconds)
    assert (lengths.length(time, "en"), lengths.length(time, "id")) == (english, indonesian)


def test_gaps_speak_of_working_days_where_days_passed() -> None:
    def gap(hours: float) -> str:
        return lengths.gap(CALENDAR.lasted(FRIDAY, FRIDAY + timedelta(hours=hours)), "en")

    assert gap(0.01) == ""
    assert gap(2) == "2 h"
    assert gap(24) == "0 working days · 1 day"
    assert gap(72) == "1 working day · 3 days"


def test_two_records_that_differ_anywhere_do_not_agree() -> None:
    ledger = [line(0, "filed"), line(1, "booked"), line(2, "paid")]
    engine = [replace(one, event_id=place) for place, one in enumerate(ledger)]
    pushed = line(1.5, action="pushed.payment")
    assert agreement([*engine[:2], pushed, engine[2]], ledger).holds
    assert agreement(engine, ledger).alike == 3
    for other in (replace(ledger[1], actor="x"), replace(ledger[1], at=FRIDAY), replace(ledger[1], stage="paid")):
        assert agreement(engine, [ledger[0], other, ledger[2]]).different == (2,)
    cut = agreement(engine, ledger[:2])
    assert (cut.holds, cut.alike, cut.different) == (False, 2, (3,))
    assert agreement(engine[:2], ledger).different == (3,)


def test_every_role_and_rule_has_its_words() -> None:
    words = {f"audit.role.{role}" for role in Role} | {f"audit.rule.{name}" for name in RuleName}
    words |= {f"audit.stage.{stage}" for stage in Stage}
    assert all(has(word) for word in words)


def test_what_is_asked_is_kept_and_what_cannot_be_is_named() -> None:
    query = b"number=4000+0000&from=2026-02-01&to=2026-01-01&stage=tea&office=&other=x&cursor=abc"
    found = asked(CasesAsked, Request({"type": "http", "query_string": query, "headers": []}))
    assert (found.form.number, found.form.office) == ("40000000", None)
    assert found.wrong == ("stage", "to")
    assert found.value("stage") == "tea"
    assert found.link(stage="", office="sanur") == "?number=4000+0000&from=2026-02-01&to=2026-01-01&office=sanur"
