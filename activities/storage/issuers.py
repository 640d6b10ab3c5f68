"""What an issuer has published: remembered, so that a process that starts while the issuer is away can check tokens."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects.postgresql import insert

from activities.storage.tables import IssuerKeys

# An issuer that withdraws a key while it cannot be asked is believed this long: over a weekend, and no longer.
LONGEST = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The issuer's configuration (OpenID Connect Discovery) and its key set (RFC 7517): nothing of it is secret."""

    configuration: dict[str, Any]
    keys: dict[str, Any]


def keep(conn: Connection, issuer: str, published: Published) -> None:
    """Remember what the issuer says now."""
    now = {"configuration": published.configuration, "keys": published.keys, "asked_at": func.clock_timestamp()}
    row = insert(IssuerKeys).values(issuer=issuer, **now)
    conn.execute(row.on_conflict_do_update(index_elements=[IssuerKeys.issuer], set_=now))


def find(conn: Connection, issuer: str) -> Published | None:
    """What the issuer said last, unless that is too long ago."""
    young = IssuerKeys.asked_at > func.clock_timestamp() - LONGEST
    columns = select(IssuerKeys.configuration, IssuerKeys.keys)
    row = conn.execute(columns.where(IssuerKeys.issuer == issuer, young)).first()
    return Published(configuration=row.configuration, keys=row.keys) if row else None
