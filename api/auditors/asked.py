"""What an auditor asks of a list, from the address of a page: empty fields are not asked, wrong ones are pointed at."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Generic, TypeVar
from urllib.parse import urlencode

from pydantic import BeforeValidator, Field, ValidationError
from starlette.requests import Request

from activities.storage.reads import EXCEPTION_KINDS
from api.fields import OFFICE_ID, Form, IsoDate
from workflows.case.facts import Ending, Stage

F = TypeVar("F", bound="Span")

# People write a number in groups, as it is shown.
Digits = Annotated[str, BeforeValidator(lambda given: "".join(str(given).split())), Field(pattern=r"^[0-9]{1,16}$")]
WholeNumber = Annotated[str, BeforeValidator(lambda given: "".join(str(given).split())), Field(pattern=r"^[0-9]{16}$")]
OfficeName = Annotated[str, Field(pattern=OFFICE_ID)]
Who = Annotated[str, Field(max_length=255, pattern=r"^[!-~]+$")]
Cursor = Annotated[str, Field(max_length=512, pattern=r"^[A-Za-z0-9_=-]*$")]

# As the fields stand on every page, from top to bottom: so are errors told.
ORDER = (
    "number",
    "application",
    "kind",
    "office",
    "stage",
    "ending",
    "officer",
    "from",
    "to",
    "overdue",
    "refused",
    "run",
    "cursor",
)


class Span(Form):
    """What every list can be asked: a span of days, and where to go on."""

    first: IsoDate | None = Field(default=None, alias="from")
    last: IsoDate | None = Field(default=None, alias="to")
    cursor: Cursor = ""


class CasesAsked(Span):
    """As `GET /v1/audit/applications`."""

    number: Digits | None = None
    office: OfficeName | None = None
    stage: Stage | None = None
    ending: Ending | None = None
    officer: Who | None = None
    overdue: bool = False


class ReadsAsked(Span):
    """As `GET /v1/audit/reads`."""

    application: WholeNumber | None = None
    officer: Who | None = None
    refused: bool = False


class ExceptionsAsked(Span):
    """As `GET /v1/audit/exceptions`."""

    kind: Annotated[str, Field(pattern=f"^({'|'.join(EXCEPTION_KINDS)})$")] | None = None
    office: OfficeName | None = None


class VerificationAsked(Span):
    """As `GET /v1/audit/verification`; nothing is counted before somebody says so."""

    run: bool = False


@dataclass(frozen=True, slots=True)
class Asked(Generic[F]):
    """What is asked, as it was written, and the names of fields that cannot be."""

    form: F
    given: dict[str, str]
    wrong: tuple[str, ...]

    def value(self, name: str) -> str:
        """What was written in a field."""
        return self.given.get(name, "")

    @property
    def filters(self) -> dict[str, str]:
        """What narrows the list, without the place in it."""
        return {name: value for name, value in self.given.items() if name not in ("cursor", "run")}

    def link(self, **changes: str) -> str:
        """This question with changes, as the end of an address; the list starts anew."""
        found = {**self.filters, **changes}
        return "?" + urlencode({name: value for name, value in found.items() if value})


def asked(form: type[F], request: Request) -> Asked[F]:
    """Read a question from a page's address."""
    names = {field.alias or name for name, field in form.model_fields.items()}
    given = {
        name: value.strip()[:512] for name, value in request.query_params.items() if name in names and value.strip()
    }
    found, wrong = _read(form, given)
    if _backwards(found.first, found.last):
        wrong = (*wrong, "to")
    return Asked(found, given, wrong)


def _read(form: type[F], given: dict[str, str]) -> tuple[F, tuple[str, ...]]:
    try:
        return form.model_validate(given), ()
    except ValidationError as error:
        wrong = tuple(sorted({str(one["loc"][0]) for one in error.errors()}, key=ORDER.index))
        return form.model_validate({name: value for name, value in given.items() if name not in wrong}), wrong


def _backwards(first: date | None, last: date | None) -> bool:
    return first is not None and last is not None and last < first
