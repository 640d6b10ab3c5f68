"""Money that waits for a decision, at the desk of who is in charge: the list, and one receipt with its two answers."""

from pydantic import ValidationError
from starlette.responses import Response

from api.installation import Caller, House
from api.officers.pages_work import DESK, place_of
from api.officers.payments import DecisionForm, ReceiptNo, case_of, decide, list_cases
from api.pages.layout import Page, Shown
from api.pages.routing import pages
from api.problems import Problem

routes = pages()
LIST = DESK + "/payments"
ONE = LIST + "/{receipt_no}"
# What another officer, or a second click, was quicker with is read on the page itself.
SAID = {"same_officer": "money.wrong.same_officer", "not_your_turn": "money.wrong.decided"}


@routes.get(LIST)
async def waiting(page: Shown, actor: Caller, house: House, state: str = "open", cursor: str = "") -> Response:
    """What waits, or what is decided; the oldest first."""
    asked = "settled" if state == "settled" else "open"
    found = await list_cases(actor, house, asked, 25, cursor)  # type: ignore[arg-type]  # one of its two words
    return page.show("desk/payments.html", found=found, asked=asked, place=await place_of(house, actor))


@routes.get(ONE)
async def look(receipt_no: ReceiptNo, page: Shown, actor: Caller, house: House) -> Response:
    """One receipt, what the rule says of it, and what may be decided."""
    return await _shown(page, actor, house, receipt_no)


@routes.post(ONE)
async def answer(receipt_no: ReceiptNo, page: Shown, actor: Caller, house: House) -> Response:
    """Decide by the very code of the API."""
    given = {"outcome": page.field("outcome"), "reason": page.field("reason")}
    try:
        form = DecisionForm.model_validate(given)
    except ValidationError as error:
        wrong = {str(one["loc"][0]) for one in error.errors()}
        fields: list[str] = [name for name in ("outcome", "reason") if name in wrong]
        errors = [(name, page.t(f"money.wrong.{name}")) for name in fields]
        return await _shown(page, actor, house, receipt_no, errors)
    try:
        await decide(receipt_no, form, actor, house)
    except Problem as problem:
        if problem.code not in SAID:
            raise
        return await _shown(page, actor, house, receipt_no, [("outcome", page.t(SAID[problem.code]))])
    return page.go(ONE.format(receipt_no=receipt_no))


async def _shown(
    page: Page, actor: Caller, house: House, receipt_no: str, errors: list[tuple[str, str]] | None = None
) -> Response:
    one = await case_of(house, actor, receipt_no)
    typed = {"outcome": page.field("outcome"), "reason": page.field("reason")}
    about = {"one": one, "typed": typed, "place": await place_of(house, actor), "errors": errors or []}
    return page.show("desk/payment.html", 422 if errors else 200, **about)
