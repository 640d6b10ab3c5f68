"""Who may do what: one row for each route. A route without a row lets nobody in."""

from dataclasses import dataclass, replace

from starlette.requests import Request

from api import trail
from api.installation import installed
from api.problems import Problem
from workflows.case.facts import Actor, Role
from workflows.case.record import DECIDERS as DECIDERS_OF

NOBODY_SIGNED_IN = Actor(id="anonymous", roles=())

APPLICANT, ASSISTANT, AUDITOR = Role.APPLICANT, Role.ASSISTANT, Role.AUDITOR
FRONT_DESK = (Role.KIOSK, Role.EXAMINER, Role.SUPERVISOR)
COUNTERS = (Role.EXAMINER, Role.INTERVIEWER)
DECIDERS = (
    Role.EXAMINER,
    Role.INTERVIEWER,
    Role.ADJUDICATOR,
    Role.PRINTER,
    Role.INSPECTOR,
    Role.HANDOVER,
    Role.SUPERVISOR,
    Role.HEAD,
)
FILERS = (APPLICANT, ASSISTANT)
READERS = (*FILERS, *DECIDERS, AUDITOR)
# Who decides on a person, and who compares a booklet with one; whoever is not in charge needs a lease as well.
PAPER_READERS = (
    *FILERS,
    Role.EXAMINER,
    Role.INTERVIEWER,
    Role.ADJUDICATOR,
    Role.HANDOVER,
    Role.SUPERVISOR,
    Role.HEAD,
)
PERSON_READERS = (*PAPER_READERS, Role.INSPECTOR)
# Who compares a person or a page with the portrait of the enrolment.
LIKENESS_READERS = (Role.ADJUDICATOR, Role.INSPECTOR, Role.HANDOVER, Role.HEAD)
STOCK = (Role.PRINTER, Role.SUPERVISOR)
IN_CHARGE = (Role.SUPERVISOR, Role.HEAD)
WALK_IN_DESK = (Role.EXAMINER, Role.SUPERVISOR, ASSISTANT)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table. `open` routes need no token; `keyed` ones need an Idempotency-Key.

    `still` pages are the same for everybody, so nobody is asked for a session; forms of `unsigned` ones need none.
    `limit` is the kind under which the rule `limits` counts requests to it.
    """

    roles: frozenset[Role]
    open: bool = False
    keyed: bool = False
    still: bool = False
    unsigned: bool = False
    limit: str = ""


def _only(*roles: Role) -> Row:
    return Row(frozenset(roles))


def _keyed(*roles: Role) -> Row:
    return Row(frozenset(roles), keyed=True)


def _limited(limit: str, row: Row) -> Row:
    return replace(row, limit=limit)


OPEN = Row(frozenset(), open=True)
CASE, OFFICE = "/v1/applications/{number}", "/v1/offices/{office}"
FAMILY = "/v1/families/{family}"
COUNTER = OFFICE + "/counters/{counter}"

TABLE: dict[tuple[str, str], Row] = {
    ("GET", "/healthz"): OPEN,
    ("GET", "/readyz"): OPEN,
    ("GET", "/version"): OPEN,
    ("GET", "/metrics"): OPEN,
    ("GET", "/v1/offices"): OPEN,
    ("GET", OFFICE + "/availability"): OPEN,
    ("GET", OFFICE + "/draws"): OPEN,
    ("GET", "/v1/draws/{draw}"): OPEN,
    ("POST", OFFICE + "/draws"): _keyed(Role.SUPERVISOR),
    ("GET", OFFICE + "/queue"): OPEN,
    ("GET", OFFICE + "/queue/events"): OPEN,
    # A read, whose question is no business of an address' log; counted by number and address.
    ("POST", "/v1/status"): OPEN,
    ("GET", "/v1/notices"): OPEN,
    ("POST", OFFICE + "/notices"): _keyed(*IN_CHARGE),
    ("GET", OFFICE + "/quota"): OPEN,
    ("PUT", OFFICE + "/quota"): _only(Role.SUPERVISOR),
    # Why somebody needs no appointment is for the office's own people.
    ("GET", OFFICE + "/walk-ins"): _only(Role.EXAMINER, Role.SUPERVISOR),
    ("POST", OFFICE + "/walk-ins"): _keyed(*WALK_IN_DESK),
    ("DELETE", OFFICE + "/notices/{id}"): _only(*IN_CHARGE),
    ("POST", "/v1/payments/notifications"): OPEN,
    ("POST", "/v1/biometrics/results"): OPEN,
    ("POST", "/v1/applications"): _limited("filings", _keyed(*FILERS)),
    ("POST", "/v1/families"): _limited("filings", _keyed(*FILERS)),
    ("GET", FAMILY): _only(*FILERS),
    ("PUT", FAMILY + "/appointment"): _limited("seats", _only(*FILERS)),
    ("GET", CASE): _only(*READERS),
    ("GET", CASE + "/applicant"): _only(*PERSON_READERS),
    ("GET", CASE + "/documents/{kind}"): _only(*PAPER_READERS),
    ("PUT", CASE + "/documents/{kind}"): _only(*FILERS),
    ("PUT", CASE + "/appointment"): _limited("seats", _only(*FILERS)),
    ("GET", CASE + "/draw"): _only(*FILERS),
    ("POST", CASE + "/draw"): _limited("seats", _keyed(*FILERS)),
    ("DELETE", CASE + "/draw"): _only(*FILERS),
    ("GET", CASE + "/waiting"): _only(*READERS),
    ("POST", CASE + "/waiting"): _limited("seats", _keyed(*FILERS)),
    ("DELETE", CASE + "/waiting"): _only(*FILERS),
    ("DELETE", CASE + "/waiting/offer"): _only(*FILERS),
    ("GET", CASE + "/bill"): _only(*READERS),
    ("GET", CASE + "/reseating"): _only(*READERS),
    ("POST", CASE + "/reseating/refusal"): _limited("seats", _keyed(*FILERS)),
    ("POST", CASE + "/reschedule"): _keyed(*IN_CHARGE),
    ("POST", CASE + "/withdrawal"): _keyed(*FILERS),
    ("POST", CASE + "/completion"): _keyed(*FILERS),
    ("GET", CASE + "/events"): _only(*READERS),
    ("GET", CASE + "/pass"): _only(*FILERS),
    ("POST", CASE + "/cancellation"): _keyed(Role.HEAD),
    **{("POST", f"{CASE}/decisions/{step}"): _keyed(*roles) for step, roles in DECIDERS_OF.items()},
    ("POST", OFFICE + "/check-ins"): _keyed(*FRONT_DESK),
    ("POST", COUNTER + "/next"): _keyed(*COUNTERS),
    ("POST", COUNTER + "/recall"): _keyed(*COUNTERS),
    ("POST", COUNTER + "/no-show"): _keyed(*COUNTERS),
    ("POST", COUNTER + "/park"): _keyed(*COUNTERS),
    ("GET", "/v1/tasks"): _only(*DECIDERS),
    ("POST", "/v1/tasks/next"): _keyed(*DECIDERS),
    ("POST", "/v1/tasks/{id}/claim"): _keyed(*DECIDERS),
    ("DELETE", "/v1/tasks/{id}/claim"): _only(*DECIDERS),
    ("POST", "/v1/leases/{id}"): _keyed(*DECIDERS),
    ("GET", OFFICE + "/closures"): _only(*IN_CHARGE),
    ("POST", OFFICE + "/closures"): _keyed(Role.SUPERVISOR),
    ("GET", OFFICE + "/closures/{day}"): _only(*IN_CHARGE),
    ("POST", OFFICE + "/closures/{day}/reopening"): _keyed(Role.SUPERVISOR),
    ("POST", "/v1/printers/{printer}/state"): _keyed(Role.SUPERVISOR),
    ("GET", OFFICE + "/booklets"): _only(*STOCK),
    ("POST", OFFICE + "/booklets"): _keyed(*STOCK),
    ("GET", "/v1/audit/applications"): _only(AUDITOR),
    ("GET", "/v1/audit/applications/{number}/history"): _only(AUDITOR),
    ("GET", "/v1/audit/verification"): _only(AUDITOR),
    ("GET", "/v1/audit/reads"): _only(AUDITOR),
    ("GET", "/v1/audit/exceptions"): _only(AUDITOR),
    ("GET", "/v1/audit/waiting"): _only(AUDITOR),
    ("GET", "/v1/audit/settlements"): _only(AUDITOR),
    ("GET", "/v1/payments/cases"): _only(*IN_CHARGE),
    ("POST", "/v1/payments/cases/{receipt_no}/decision"): _keyed(*IN_CHARGE),
    # A read, whose question is too long for an address.
    ("POST", "/codec/decode"): _only(AUDITOR),
}

# Pages, by the same roles. Whoever is signed in at a browser is the same actor as with a token.
MINE = "/applications/{number}"
AUDITED = "/audit/applications/{number}"
STILL = Row(frozenset(), open=True, still=True)
UNSIGNED = Row(frozenset(), open=True, unsigned=True)
AT_HAND = "/desk/applications/{number}"
WORK = AT_HAND + "/{step}"
CHECKS_IN = (Role.EXAMINER, Role.SUPERVISOR)
PAGES: dict[tuple[str, str], Row] = {
    ("GET", "/static/paspor.css"): STILL,
    ("GET", "/language/{language}"): STILL,
    ("GET", "/"): OPEN,
    ("GET", "/eligibility"): OPEN,
    ("GET", "/status"): OPEN,
    ("GET", "/walk-ins"): OPEN,
    ("POST", "/status"): UNSIGNED,
    ("GET", "/performance"): OPEN,
    ("GET", "/offices"): OPEN,
    ("GET", "/offices/{office}"): OPEN,
    ("GET", "/draws"): OPEN,
    ("GET", "/draws/{draw}"): OPEN,
    ("GET", "/sign-in"): _limited("sign_ins", OPEN),
    ("GET", "/sign-in/callback"): _limited("sign_ins", OPEN),
    ("POST", "/sign-out"): OPEN,
    ("GET", "/applications"): _only(*FILERS),
    ("GET", "/apply"): _only(*FILERS),
    ("POST", "/apply"): _only(*FILERS),
    ("GET", "/apply/check"): _only(*FILERS),
    ("POST", "/apply/check"): _limited("filings", _only(*FILERS)),
    ("POST", "/apply/people"): _only(*FILERS),
    ("GET", "/families/{family}"): _only(*FILERS),
    ("GET", "/families/{family}/appointment"): _only(*FILERS),
    ("POST", "/families/{family}/appointment"): _limited("seats", _only(*FILERS)),
    ("GET", "/apply/{question}"): _only(*FILERS),
    ("POST", "/apply/{question}"): _only(*FILERS),
    ("GET", MINE): _only(*FILERS),
    ("GET", MINE + "/documents"): _only(*FILERS),
    ("POST", MINE + "/documents"): _only(*FILERS),
    ("GET", MINE + "/documents/{kind}"): _only(*FILERS),
    ("POST", MINE + "/documents/{kind}"): _only(*FILERS),
    ("GET", MINE + "/appointment"): _only(*FILERS),
    ("POST", MINE + "/appointment"): _limited("seats", _only(*FILERS)),
    ("GET", MINE + "/waiting"): _only(*FILERS),
    ("POST", MINE + "/waiting"): _limited("seats", _only(*FILERS)),
    ("POST", "/waiting-room/leave"): _only(*FILERS),
    ("GET", MINE + "/draw"): _only(*FILERS),
    ("POST", MINE + "/draw"): _limited("seats", _only(*FILERS)),
    ("GET", MINE + "/bill"): _only(*FILERS),
    ("GET", MINE + "/proof"): _only(*FILERS),
    ("GET", MINE + "/proof.pdf"): _only(*FILERS),
    ("GET", MINE + "/proof.svg"): _only(*FILERS),
    ("GET", MINE + "/data"): _only(*FILERS),
    ("GET", MINE + "/data.json"): _only(*FILERS),
    ("GET", MINE + "/reseating"): _only(*FILERS),
    ("POST", MINE + "/reseating"): _limited("seats", _only(*FILERS)),
    ("GET", MINE + "/withdrawal"): _only(*FILERS),
    ("POST", MINE + "/withdrawal"): _only(*FILERS),
    ("GET", "/audit"): _only(AUDITOR),
    ("GET", "/audit/reads"): _only(AUDITOR),
    ("GET", "/audit/exceptions"): _only(AUDITOR),
    ("GET", "/audit/verification"): _only(AUDITOR),
    ("GET", "/audit/settlements"): _only(AUDITOR),
    ("GET", AUDITED): _only(AUDITOR),
    ("GET", AUDITED + "/history.json"): _only(AUDITOR),
    ("GET", AUDITED + "/history.csv"): _only(AUDITOR),
    # Officers: of which step, and whether under a lease, the page itself looks up, by the rows of the API above.
    ("GET", "/desk"): _only(*DECIDERS),
    ("POST", "/desk/next"): _only(*DECIDERS),
    ("GET", "/desk/check-in"): _only(*CHECKS_IN),
    ("POST", "/desk/check-in"): _only(*CHECKS_IN),
    ("GET", "/desk/counter"): _only(*COUNTERS),
    ("GET", "/desk/counter/{counter}"): _only(*COUNTERS),
    ("POST", "/desk/counter/{counter}/{act}"): _only(*COUNTERS),
    ("GET", "/desk/payments"): _only(*IN_CHARGE),
    ("GET", "/desk/payments/{receipt_no}"): _only(*IN_CHARGE),
    ("POST", "/desk/payments/{receipt_no}"): _only(*IN_CHARGE),
    ("GET", "/desk/notices"): _only(*IN_CHARGE),
    ("POST", "/desk/notices"): _only(*IN_CHARGE),
    ("POST", "/desk/notices/{id}/close"): _only(*IN_CHARGE),
    ("GET", "/desk/closures"): _only(*IN_CHARGE),
    ("POST", "/desk/closures"): _only(Role.SUPERVISOR),
    ("GET", "/desk/closures/{day}"): _only(*IN_CHARGE),
    ("POST", "/desk/closures/{day}"): _only(Role.SUPERVISOR),
    ("GET", "/desk/reschedule"): _only(*IN_CHARGE),
    ("GET", AT_HAND + "/reschedule"): _only(*IN_CHARGE),
    ("POST", AT_HAND + "/reschedule"): _only(*IN_CHARGE),
    ("GET", "/desk/draws"): _only(Role.SUPERVISOR),
    ("POST", "/desk/draws"): _only(Role.SUPERVISOR),
    ("GET", "/desk/cancellation"): _only(Role.HEAD),
    ("GET", AT_HAND + "/cancellation"): _only(Role.HEAD),
    ("POST", AT_HAND + "/cancellation"): _only(Role.HEAD),
    ("GET", AT_HAND + "/papers/{kind}"): _only(*(role for role in PAPER_READERS if role in DECIDERS)),
    ("GET", AT_HAND + "/portrait"): _only(*LIKENESS_READERS),
    ("GET", WORK): _only(*DECIDERS),
    ("POST", WORK): _only(*DECIDERS),
    ("GET", WORK + "/done"): _only(*DECIDERS),
    ("GET", WORK + "/doubles/{place}"): _only(Role.ADJUDICATOR, Role.HEAD),
    ("POST", WORK + "/claim"): _only(*DECIDERS),
    ("POST", WORK + "/release"): _only(*DECIDERS),
}


def page_row(method: str, path: str) -> Row:
    """The row of a page; where there is none, nobody may."""
    return PAGES.get((method, path), Row(frozenset()))


def row_of(method: str, path: str) -> Row:
    """The row of a route; where there is none, nobody may."""
    return TABLE.get((method, path), Row(frozenset()))


async def admit(request: Request, row: Row) -> Actor:
    """Who is calling, if they may call this at all. Raises `not_signed_in` or `role_not_allowed`, which is recorded."""
    if row.open:
        return NOBODY_SIGNED_IN
    return await let_in(request, row, await installed(request).sign_in.actor(request.headers.get("authorization", "")))


async def let_in(request: Request, row: Row, actor: Actor) -> Actor:
    """The one who is calling, if their row lets them in; raises `role_not_allowed`, which is recorded."""
    house = installed(request)
    office = request.path_params.get("office", actor.office)
    if not row.roles & set(actor.roles):
        await trail.refused(house, actor, request, "role_not_allowed")
        raise Problem("role_not_allowed")
    if office != actor.office:
        await trail.refused(house, actor, request, "role_not_allowed", "another office")
        raise Problem("role_not_allowed")
    return actor
