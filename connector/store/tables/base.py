"""What every table has: one metadata with named constraints, and whole numbers wide enough for milliseconds."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, MetaData
from sqlmodel import SQLModel

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(SQLModel):
    """One metadata with named constraints, so that migrations can name them too.

    Rows of tables are never validated, so the validators that would take a fifth of a command's start are not built.
    """

    model_config = {"defer_build": True}
    metadata = MetaData(naming_convention=NAMING)


def big(*, nullable: bool = True, primary_key: bool = False) -> Column[int]:
    """A column of 64 bits on both databases: SQLite has them anyway, PostgreSQL's INTEGER has half."""
    return Column(BigInteger, nullable=nullable and not primary_key, primary_key=primary_key)
