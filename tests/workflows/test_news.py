"""News of the seat: told once by its key, whatever else goes on, and no hindrance to any ending."""

from datetime import timedelta

from tests.workflows.conftest import Start
from tests.workflows.fakes import Outside
from workflows.case.facts import Ending
from workflows.case.notifications import News, NewsKind
from workflows.partners.notices import NoticeKind

FACTS = {"starts_at": "2027-01-05T09:00+08:00", "office": "denpasar", "until": "2027-01-04T12:00+08:00"}
OFFER = News(key="offer-1", kind=NewsKind.OFFERED, facts=FACTS)


def told(outside: Outside) -> list[tuple[NoticeKind, str]]:
    return [(notice.kind, notice.key) for notice in outside.asked["notices.send"]]


async def test_news_is_one_message(start: Start, outside: Outside) -> None:
    case = await start()
    await case.file()
    for news in (OFFER, OFFER, News(key="offer-2", kind=NewsKind.DRAWN, facts={"office": "denpasar", "result": "-"})):
        await case.handle.signal("news", news)
    await case.noted("applicant.told", 2)
    await case.until(lambda: len(told(outside)) == 2, "both messages")
    assert told(outside) == [
        (NoticeKind.OFFERED, f"{case.filing.number}/news/offer-1"),
        (NoticeKind.DRAWN, f"{case.filing.number}/news/offer-2"),
    ]
    assert outside.asked["notices.send"][0].facts == {"number": case.filing.number, **FACTS}
    await case.sleep(timedelta(days=1))
    assert len(told(outside)) == 2


async def test_news_at_any_step_lets_the_case_end(start: Start, outside: Outside) -> None:
    case = await start()
    await case.to_ready()
    await case.handle.signal("news", OFFER)
    await case.hand_over()
    assert await case.ending() is Ending.COLLECTED
    assert outside.actions.count("applicant.told") <= 1
