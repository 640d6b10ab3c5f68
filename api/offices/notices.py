"""Notices of an office, with the expected time of repair: for everybody to read, for who is in charge to write."""

from datetime import UTC, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from fastapi import Path, Response
from pydantic import BaseModel, Field, model_validator

from activities.storage import notices
from activities.storage.notices import NoticeRow
from api.fields import Form, Moment, Reason
from api.installation import Caller, House, Installation
from api.listing import Listed
from api.lookup import KnownOffice
from api.pages.dates import zone
from api.problems import Problem
from api.routing import SHOWN, router
from workflows.case.facts import Actor

routes = router("offices")


class Both(Form):
    """The same in Indonesian and in English."""

    id: Reason
    en: Reason


class NoticeForm(Form):
    """What is told, from when until when, and when it is expected to be repaired."""

    text: Both
    from_: Annotated[Moment | None, Field(alias="from")] = None
    until: Moment | None = None
    repair_expected_at: Moment | None = None

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.until is not None and self.until <= (self.from_ or datetime.now(UTC)):
            raise ValueError("`until` is not after `from`")
        return self


class NoticeShown(BaseModel):
    """A notice; times are the office's."""

    id: UUID
    office: str
    text: Both
    from_: Annotated[datetime, Field(alias="from")]
    until: datetime | None = None
    repair_expected_at: datetime | None = None


@routes.get("/v1/notices", **SHOWN)
async def current_notices(house: House) -> Listed[NoticeShown]:
    """What every page shows now."""
    await house.notices.look()
    return Listed(items=[shown(one) for one in house.notices.shown()])


@routes.post("/v1/offices/{office}/notices", status_code=201, **SHOWN)
async def open_notice(office: KnownOffice, form: NoticeForm, actor: Caller, house: House) -> NoticeShown:
    """Tell everybody something; who did it is recorded."""
    return shown(await given(house, office, form, actor))


@routes.delete("/v1/offices/{office}/notices/{id}", status_code=204)
async def close_notice(office: KnownOffice, id: Annotated[UUID, Path()], actor: Caller, house: House) -> Response:
    """It is over; nothing happens to one that is closed already."""
    await closed(house, office, id, actor)
    return Response(status_code=204)


async def given(house: Installation, office: str, form: NoticeForm, actor: Actor) -> NoticeRow:
    """Open it, for the desk's page too."""
    row = await house.database.run(
        notices.give,
        office=office,
        text_id=form.text.id,
        text_en=form.text.en,
        starts_at=form.from_,
        ends_at=form.until,
        repaired_at=form.repair_expected_at,
        by=actor.id,
    )
    house.notices.changed()
    return row


async def closed(house: Installation, office: str, notice: UUID, actor: Actor) -> None:
    """Close it; raises `not_found` where the office has none of this id."""
    if not await house.database.run(notices.close, office, notice, actor.id):
        raise Problem("not_found")
    house.notices.changed()


def shown(row: NoticeRow) -> NoticeShown:
    """A notice as it is read, in the office's time."""
    local = zone(row.utc_offset)
    about: dict[str, Any] = {"from": row.starts_at.astimezone(local)}
    if row.ends_at:
        about["until"] = row.ends_at.astimezone(local)
    if row.repaired_at:
        about["repair_expected_at"] = row.repaired_at.astimezone(local)
    text = {"id": row.text_id, "en": row.text_en}
    return NoticeShown.model_validate({"id": row.id, "office": row.office, "text": text, **about})
