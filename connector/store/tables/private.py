"""What went for good, and what may never come back."""

from __future__ import annotations

from sqlalchemy import Column, Text
from sqlmodel import Field

from connector.store.tables.base import Base, big


class ErasedRow(Base):
    """Whose personal data are never kept again: a keyed hash of the record's name, whatever the CRM still shows."""

    __tablename__ = "erased"
    account: int = Field(primary_key=True)
    mark: str = Field(primary_key=True)
    at: int = Field(sa_column=big(nullable=False))


class DestructionRow(Base):
    """A record of what was destroyed, by whom, on what ground: append-only, naming nobody."""

    __tablename__ = "destruction"
    id: int | None = Field(default=None, primary_key=True)
    account: int
    mark: str
    at: int = Field(sa_column=big(nullable=False))
    author: str
    reason: str = Field(sa_column=Column(Text, nullable=False))
    counts: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: how many rows of each sort."""
