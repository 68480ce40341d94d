"""Calls as texts, their scores, and who is asked for more."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Text
from sqlmodel import Field

from connector.store.tables.base import Base, big


class TranscriptRow(Base):
    """What was said in a call, kept for as long as the setting says; then the row stays and the text goes.

    A row without text and without `purged_at` tells that the CRM was asked and had none yet.
    """

    __tablename__ = "transcript"
    __table_args__ = (Index("ix_transcript_taken", "account", "taken_at"),)
    account: int = Field(primary_key=True)
    call_id: str = Field(primary_key=True)
    source: str
    """crm, file or the recogniser's name."""
    language: str
    body: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: the turns, masked unless the setting says otherwise; empty once purged."""
    taken_at: int = Field(sa_column=big(nullable=False))
    asked: int = 0
    """How often nothing was there."""
    begun: int = 0
    """How often hearing or scoring it began and ended with the whole program."""
    purged_at: int | None = Field(default=None, sa_column=big())


class CallScoreRow(Base):
    """One call scored by one scorer (a program or a person) against one version of a checklist; kept for good."""

    __tablename__ = "call_score"
    __table_args__ = (
        Index("uq_call_score", "account", "call_id", "checklist", "scorer", unique=True),
        Index("ix_call_score_at", "account", "at"),
    )
    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    account: int
    call_id: str
    checklist: str
    """`name@version`."""
    scorer: str
    """`local@…`, `llm:model@prompt…`, `person:511`."""
    at: int = Field(sa_column=big(nullable=False))
    void: str = Field(default="", sa_column=Column(Text, nullable=False))
    body: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: every criterion with its answer and its evidence."""
    told: str = ""
    """Under which terms its facts were told last (connector/pipeline/talks/scoring.py); empty: not yet."""


class SampledCallRow(Base):
    """A call drawn by chance for a person to score, and whether he has; `second`: to see whether people agree."""

    __tablename__ = "sampled_call"
    __table_args__ = (Index("ix_sampled_call_week", "account", "week"),)
    account: int = Field(primary_key=True)
    call_id: str = Field(primary_key=True)
    rater: str = Field(primary_key=True)
    week: str
    """ISO, `2026-W40`."""
    user_id: str
    stratum: str
    second: int = 0
    made_at: int = Field(sa_column=big(nullable=False))
    done_at: int | None = Field(default=None, sa_column=big())
