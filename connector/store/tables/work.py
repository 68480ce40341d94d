"""Who works on an account, what each run did, and what a person should know of it."""

from __future__ import annotations

from sqlalchemy import Column, Index, Text
from sqlmodel import Field

from connector.store.tables.base import Base, big


class RunRow(Base):
    """The history of runs: what each did, in counts, and how it ended."""

    __tablename__ = "run"
    __table_args__ = (Index("ix_run_account", "account", "started_at"),)
    id: int | None = Field(default=None, primary_key=True)
    account: int
    what: str
    """sync, sweep, derive, push, undo."""
    started_at: int = Field(sa_column=big(nullable=False))
    ended_at: int | None = Field(default=None, sa_column=big())
    requests: int = 0
    rows: int = 0
    changed: int = 0
    writes: int = 0
    error: str | None = Field(default=None, sa_column=Column(Text))


class LeaseRow(Base):
    """Who may work on an account, until when; `version` fences off a holder that slept through its lease."""

    __tablename__ = "lease"
    account: int = Field(primary_key=True)
    holder: str
    version: int
    until: int = Field(sa_column=big(nullable=False))


class DaemonRow(Base):
    """Which `kpi run` serves an account, since when, and until when that is believed if it says nothing more."""

    __tablename__ = "daemon"
    account: int = Field(primary_key=True)
    holder: str = Field(primary_key=True)
    """As it names itself in leases."""
    since: int = Field(sa_column=big(nullable=False))
    until: int = Field(sa_column=big(nullable=False))


class TurnRow(Base):
    """When a fleet's next turn of an account is due, and how the last one ended; one row for each sort of turn."""

    __tablename__ = "turn"
    account: int = Field(primary_key=True)
    what: str = Field(primary_key=True)
    """cycle, sweep, hooks, daily, weekly."""
    due_at: int = Field(sa_column=big(nullable=False))
    """Not before this moment (epoch ms)."""
    began_at: int | None = Field(default=None, sa_column=big())
    ended_at: int | None = Field(default=None, sa_column=big())
    failures: int = 0
    """In a row."""
    slow: bool = False
    """The last one took long: the next one waits where it keeps nobody."""
    error: str | None = Field(default=None, sa_column=Column(Text))


class NoticeRow(Base):
    """What a person should know of an account, said once: unknown stages, missing rates, rights, drift."""

    __tablename__ = "notice"
    account: int = Field(primary_key=True)
    code: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    text: str = Field(sa_column=Column(Text, nullable=False))
    first_at: int = Field(sa_column=big(nullable=False))
    last_at: int = Field(sa_column=big(nullable=False))
    count: int = 1
