"""News of the seat (an offer, a closed day, a draw): sent to the applicant once, beside whatever else goes on."""

from temporalio import workflow
from temporalio.exceptions import FailureError, is_cancelled_exception

from workflows.case.notifications import News
from workflows.casework import Casework
from workflows.partners.notices import NoticeKind


async def pass_on_news(case: Casework) -> None:
    """Send each as it comes; runs beside the procedure until the case ends."""
    while True:
        await workflow.wait_condition(lambda: case.desk.news.filled)
        delivery = case.desk.news.take()
        if delivery and delivery.message.key not in case.file.news:
            await _passed_on(case, delivery.message)


async def _passed_on(case: Casework, news: News) -> None:
    case.file.news.add(news.key)
    # The key comes with the news: one that is brought twice, even by two relays, is one message.
    case.send(NoticeKind(news.kind), key=f"news/{news.key}", **news.facts)
    try:
        await case.note(case.entry("applicant.told", outcome=news.kind))
    except FailureError as error:
        if not is_cancelled_exception(error):
            raise
