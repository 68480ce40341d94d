"""What every table has: one metadata with named constraints, and whole numbers wide enough for milliseconds."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, Column, MetaData, Table
from sqlmodel import SQLModel
from sqlmodel.main import get_column_from_field

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(SQLModel):
    """One metadata with named constraints, so that migrations can name them too.

    Each class describes its table, and its instances are rows of it. SQLModel's own `table=True` would map it for a
    session as well: nobody opens one, and mapping 45 classes is a quarter of a second of every command's start. For the
    same reason a validator is built when the first row is made.
    """

    model_config = {"defer_build": True}
    metadata = MetaData(naming_convention=NAMING)

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """The table of a class: a column for each field, named as it, and what `__table_args__` adds."""
        more = getattr(cls, "__table_args__", ())
        columns = [_named(name, get_column_from_field(field)) for name, field in cls.model_fields.items()]
        args, options = ((), more) if isinstance(more, dict) else (more, {})
        Table(str(cls.__tablename__), cls.metadata, *columns, *args, **options)


def _named(name: str, column: Column[Any]) -> Column[Any]:
    column.name = column.key = name
    return column


def big(*, nullable: bool = True, primary_key: bool = False) -> Column[int]:
    """A column of 64 bits on both databases: SQLite has them anyway, PostgreSQL's INTEGER has half."""
    return Column(BigInteger, nullable=nullable and not primary_key, primary_key=primary_key)


def only(where: str) -> dict[str, str]:
    """Of an index: of which rows it is, for the reader and the test. SQLAlchemy's own `postgresql_where` would load
    PostgreSQL's dialects, all of them, where there is none; the revision that makes the index tells the database.
    """
    return {"where": where}
