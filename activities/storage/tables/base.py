"""What all tables share: one schema, names of constraints that error handlers can rely on, and column types."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, Integer, LargeBinary, MetaData, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column

SCHEMA = "paspor"
NOW = text("clock_timestamp()")

Texts = Annotated[list[str], mapped_column(ARRAY(Text))]
BigInt = Annotated[int, mapped_column(BigInteger)]
Stamp = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=NOW)]
MadeId = Annotated[UUID, mapped_column(primary_key=True, server_default=text("gen_random_uuid()"))]
Blank = Annotated[str, mapped_column(Text, server_default="")]


class Base(DeclarativeBase):
    """Text with a CHECK instead of an enum type: a word is added without ALTER TYPE."""

    metadata = MetaData(
        schema=SCHEMA,
        naming_convention={
            "ix": "%(table_name)s_%(column_0_N_name)s_idx",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "ck": "%(table_name)s_%(constraint_name)s_check",
            "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
            "pk": "%(table_name)s_pkey",
        },
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own declaration
        str: Text,
        datetime: DateTime(timezone=True),
        date: Date,
        dict[str, Any]: JSONB,
        bytes: LargeBinary,
        int: Integer,
    }


def among(column: str, words: Iterable[str]) -> CheckConstraint:
    """The column holds one of these words, or nothing where it may be null."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")


def filled(column: str) -> CheckConstraint:
    """The column holds more than blanks."""
    return CheckConstraint(f"{column} ~ '[^ ]'", name=f"{column}_filled")


def pattern(column: str, expression: str) -> CheckConstraint:
    """The column has this form (a POSIX regular expression)."""
    return CheckConstraint(f"{column} ~ '{expression}'", name=f"{column}_form")
