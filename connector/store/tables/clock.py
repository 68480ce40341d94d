"""Whose time runs when, and what other currencies cost."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer
from sqlmodel import Field

from connector.store.tables.base import Base, big


class AbsenceRow(Base):
    """When somebody was away, and when he came and left: append-only, two times like facts."""

    __tablename__ = "absence"
    __table_args__ = (Index("ix_absence_account", "account", "user_id"),)
    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    account: int
    user_id: str
    what: str
    """vacation, sick, other, hired or left."""
    first: int
    last: int
    """Days, both included; of hired and left the same day twice."""
    source: str
    """csv, crm or config."""
    known_from: int = Field(sa_column=big(nullable=False))
    known_to: int | None = Field(default=None, sa_column=big())


class ClockRow(Base):
    """Whose working time is another than the account's, as a hash: where it changes his dossiers are derived anew."""

    __tablename__ = "clock"
    account: int = Field(primary_key=True)
    user_id: str = Field(primary_key=True)
    mark: str


class QuoteRow(Base):
    """Rates that no CRM told: of a central bank's table, by file or address. `rate`: decimal text, for one unit."""

    __tablename__ = "quote"
    account: int = Field(primary_key=True)
    currency: str = Field(primary_key=True)
    day: int = Field(primary_key=True)
    rate: str
    source: str
    """csv, or the host it came from."""
    at: int = Field(sa_column=big(nullable=False))
