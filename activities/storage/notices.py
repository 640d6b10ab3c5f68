"""Public notices of an office: what everybody is told on every page, who opened it, and who closed it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, func, insert, select, update

from activities.storage.tables import Notice, Office

MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticeRow:
    """A notice, with the office that gives it."""

    id: UUID
    office: str
    office_name: str
    utc_offset: int
    text_id: str
    text_en: str
    starts_at: datetime
    ends_at: datetime | None
    repaired_at: datetime | None
    opened_by: str
    opened_at: datetime
    closed_by: str
    closed_at: datetime | None

    def shown(self, now: datetime) -> bool:
        """Whether it is to be read at that moment."""
        return self.closed_at is None and self.starts_at <= now and (self.ends_at is None or now < self.ends_at)


OWN = [getattr(Notice, name) for name in NoticeRow.__dataclass_fields__ if name not in ("office_name", "utc_offset")]
NOTICES = select(*OWN, Office.name.label("office_name"), Office.utc_offset).join(Office, Office.id == Notice.office)


def give(
    conn: Connection,
    *,
    office: str,
    text_id: str,
    text_en: str,
    starts_at: datetime | None,
    ends_at: datetime | None,
    repaired_at: datetime | None,
    by: str,
) -> NoticeRow:
    """Open a notice, from now on where nothing else is said. Raises `IntegrityError` for an end before the start."""
    row = {"office": office, "text_id": text_id, "text_en": text_en, "ends_at": ends_at, "repaired_at": repaired_at}
    start = {"starts_at": starts_at or func.clock_timestamp(), "opened_by": by}
    made = conn.execute(insert(Notice).values({**row, **start}).returning(Notice.id)).scalar_one()
    found = conn.execute(NOTICES.where(Notice.id == made)).mappings().one()
    return NoticeRow(**found)


def close(conn: Connection, office: str, notice: UUID, by: str) -> bool:
    """End a notice of that office now; False where there is none. One that is closed keeps who closed it first."""
    which = (Notice.id == notice, Notice.office == office)
    closing = update(Notice).where(*which, Notice.closed_at.is_(None))
    if conn.execute(closing.values(closed_by=by, closed_at=func.clock_timestamp())).rowcount:
        return True
    return conn.execute(select(Notice.id).where(*which)).first() is not None


def still_open(conn: Connection) -> tuple[NoticeRow, ...]:
    """All that are not closed, or over, the newest first; some may begin later."""
    good = (Notice.closed_at.is_(None), (Notice.ends_at.is_(None)) | (Notice.ends_at > func.clock_timestamp()))
    rows = conn.execute(NOTICES.where(*good).order_by(Notice.opened_at.desc()).limit(MOST)).mappings()
    return tuple(NoticeRow(**row) for row in rows)


def of_office(conn: Connection, office: str) -> tuple[NoticeRow, ...]:
    """What an office has told, the newest first."""
    rows = conn.execute(NOTICES.where(Notice.office == office).order_by(Notice.opened_at.desc()).limit(MOST)).mappings()
    return tuple(NoticeRow(**row) for row in rows)
