"""What was asked of the CRM and what became of it."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Text
from sqlmodel import Field

from connector.store.tables.base import Base, big


class OutboxRow(Base):
    """Wishes on their way: planned, approved, sending, then done, noop, conflict, rejected, retry, unknown or dead."""

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_state", "account", "state"),)
    account: int = Field(primary_key=True)
    key: str = Field(primary_key=True)
    wish: str = Field(sa_column=Column(Text, nullable=False))
    level: str
    """deal_fields, kpi_card, tasks or undo."""
    state: str
    tries: int = 0
    not_before: int | None = Field(default=None, sa_column=big())
    sent_at: int | None = Field(default=None, sa_column=big())
    run: int | None = None
    reason: str = ""
    crm_id: str | None = None
    message: str = ""
    created_at: int = Field(sa_column=big(nullable=False))
    updated_at: int = Field(sa_column=big(nullable=False))


class LedgerRow(Base):
    """Everything written, append-only: field by field, before and after, by which run and rule."""

    __tablename__ = "ledger"
    __table_args__ = (Index("ix_ledger_target", "account", "target", "field"), Index("ix_ledger_run", "account", "run"))
    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    account: int
    run: int
    key: str
    target: str
    """`deal:7001`, `card:501:2026-09`, `task:61`."""
    field: str
    before: str | None = None
    after: str | None = None
    """As the CRM shows it, which may be `5.1` where we wrote `5.10`."""
    wanted: str | None = None
    """What we asked for: compared with what we want next, so that a CRM's spelling causes no writes."""
    status: str
    """done, noop, undone, conflict (then `before` is the person's value) or rejected."""
    reason: str = ""
    at: int = Field(sa_column=big(nullable=False))


class SwitchRow(Base):
    """A level of write-back was switched by a person, or a switch of his ended by an edit of the file: append-only,
    the newest of a level tells how it stands.
    """

    __tablename__ = "switch"
    __table_args__ = (Index("ix_switch_level", "account", "level", "id"),)
    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    account: int
    level: str
    """deal_fields, kpi_card or tasks."""
    before: str
    setting: str
    """off, preview or on."""
    configured: str
    """What the file said then: once it says something else, the file has the last word."""
    author: str
    at: int = Field(sa_column=big(nullable=False))


class FeedbackRow(Base):
    """What became of a task of ours: how it was answered, and whether its KPI moved afterwards; append-only."""

    __tablename__ = "feedback"
    account: int = Field(primary_key=True)
    task: str = Field(primary_key=True)
    """Its key in the outbox."""
    step: str = Field(primary_key=True)
    """reply or effect."""
    at: int = Field(sa_column=big(nullable=False))
    body: str = Field(sa_column=Column(Text, nullable=False))
