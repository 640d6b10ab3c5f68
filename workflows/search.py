"""Search attributes: for operators, none of them personal. Officers' lists come from PostgreSQL."""

from datetime import datetime

from temporalio.common import SearchAttributeKey

NUMBER: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("PasporNumber")
OFFICE: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("PasporOffice")
STAGE: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("PasporStage")
KIND: SearchAttributeKey[str] = SearchAttributeKey.for_keyword("PasporKind")
DUE: SearchAttributeKey[datetime] = SearchAttributeKey.for_datetime("PasporDue")

ALL = (NUMBER, OFFICE, STAGE, KIND, DUE)
