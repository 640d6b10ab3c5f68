"""What an applicant sends. Forms check shape and what can never be right; the procedure judges the rest."""

import datetime
import hashlib
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator, model_validator

from activities.keyring import Keys
from api import numbering
from api.fields import (
    BirthDate,
    Email,
    Form,
    IsoDate,
    NikText,
    PassportNumber,
    PersonName,
    Phone,
    Text,
    Truth,
    Word,
)
from api.problems import invalid
from workflows.case.facts import (
    Actor,
    Applicant,
    Consent,
    ConsentKind,
    DocumentType,
    Filing,
    Guardian,
    Kind,
    PreviousPassport,
    ReplacementReason,
    Role,
    Service,
    Sex,
)
from workflows.case.nik import parse_nik


class GuardianForm(Form):
    """Parent or guardian who answers for a child."""

    nik: NikText
    full_name: PersonName
    relation: Word


class ApplicantForm(Form):
    """The person whom the passport is for. Birth date and sex stand in the NIK too, and have to agree with it."""

    birth_date: BirthDate
    sex: Sex
    nik: NikText
    full_name: PersonName
    birth_place: PersonName
    phone: Phone
    email: Email
    married: Truth = False
    guardians: Annotated[tuple[GuardianForm, ...], Field(max_length=4)] = ()

    @field_validator("nik")
    @classmethod
    def _agrees(cls, nik: str, others: ValidationInfo) -> str:
        read, birth_date, sex = parse_nik(nik), others.data.get("birth_date"), others.data.get("sex")
        if birth_date and not read.agrees_with(birth_date):
            raise ValueError("does not agree with the birth date")
        if sex and read.sex is not sex:
            raise ValueError("does not agree with the sex")
        return nik

    def fact(self) -> Applicant:
        """As the procedure calls it."""
        guardians = tuple(
            Guardian(nik=one.nik, full_name=one.full_name, relation=one.relation) for one in self.guardians
        )
        facts = self.model_dump(exclude={"guardians"})
        return Applicant(**facts, guardians=guardians)


class PreviousPassportForm(Form):
    """The passport that is replaced."""

    number: PassportNumber
    expires_on: IsoDate


class DocumentForm(Form):
    """Which booklet, and for how many years."""

    type: DocumentType
    validity_years: Literal[5, 10]


class ConsentForm(Form):
    """A citizen's consent to be filed for: its kind and date, and the signed document's SHA-256 or a statement."""

    kind: ConsentKind
    date: IsoDate
    document: Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")] = ""
    statement: Text = ""

    @field_validator("date")
    @classmethod
    def _is_past(cls, day: datetime.date) -> datetime.date:
        # A day ahead of us is still today somewhere in the country.
        if day > datetime.datetime.now(datetime.UTC).date() + datetime.timedelta(days=1):
            raise ValueError("has not come yet")
        return day

    @model_validator(mode="after")
    def _has_evidence(self) -> "ConsentForm":
        if not (self.document or self.statement):
            raise ValueError("needs the hash of the signed document, or a statement")
        return self

    def fact(self) -> Consent:
        """As the procedure calls it."""
        evidence = self.document or hashlib.sha256(self.statement.encode()).hexdigest()
        return Consent(kind=self.kind, given_on=self.date, evidence=evidence, statement=self.statement)


class FilingForm(Form):
    """An application. Who files for somebody else, as an institution's operator, has to bring that person's consent."""

    applicant: ApplicantForm
    kind: Kind
    replacement_reason: ReplacementReason | None = None
    previous_passport: PreviousPassportForm | None = None
    document: DocumentForm
    service: Service
    consent: ConsentForm | None = None

    def filing(self, keys: Keys, by: Actor, route: str, key: str, language: str) -> Filing:
        """The filing as a message: number and key follow from who asked with which key.

        Raises `invalid_input` for an operator who files without the citizen's consent.
        """
        previous, assists = self.previous_passport, Role.ASSISTANT in by.roles
        if assists and self.consent is None:
            raise invalid("/consent", "is required of who files for somebody else")
        return Filing(
            number=numbering.application_number(keys, by.id, route, key),
            key=numbering.filing_key(keys, by.id, route, key),
            person_key=keys.person_key(self.applicant.nik),
            owner=by.id,
            applicant=self.applicant.fact(),
            kind=self.kind,
            replacement_reason=self.replacement_reason,
            previous_passport=PreviousPassport(**previous.model_dump()) if previous else None,
            document_type=self.document.type,
            validity_years=self.document.validity_years,
            service=self.service,
            language=language,
            consent=self.consent.fact() if self.consent and assists else None,
            institution=by.office if assists else "",
        )


class SeatForm(Form):
    """The seat that is wanted, by an id from availability."""

    slot_id: Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[!-~]+$")]


class WithdrawalForm(Form):
    """Taking the application back."""

    reason: Text = ""
