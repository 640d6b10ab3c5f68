"""What an applicant sends. Forms check shape and what can never be right; the procedure judges the rest."""

from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

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
from workflows.case.facts import (
    Actor,
    Applicant,
    DocumentType,
    Filing,
    Guardian,
    Kind,
    PreviousPassport,
    ReplacementReason,
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


class FilingForm(Form):
    """An application."""

    applicant: ApplicantForm
    kind: Kind
    replacement_reason: ReplacementReason | None = None
    previous_passport: PreviousPassportForm | None = None
    document: DocumentForm
    service: Service

    def filing(self, keys: Keys, by: Actor, route: str, key: str, language: str) -> Filing:
        """The filing as a message: number and key follow from who asked with which key."""
        previous = self.previous_passport
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
        )


class SeatForm(Form):
    """The seat that is wanted, by an id from availability."""

    slot_id: Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[!-~]+$")]


class WithdrawalForm(Form):
    """Taking the application back."""

    reason: Text = ""
