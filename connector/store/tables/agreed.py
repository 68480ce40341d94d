"""What people agreed on and decided: plans, closed months, contests, corrections."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Text
from sqlmodel import Field

from connector.store.tables.base import Base, big


class PlanRow(Base):
    """Plans; a change is a new version, nothing is overwritten. `value` is a decimal as text in the KPI's unit.

    `pipeline`: the only one whose facts it is measured on, "" for all.
    """

    __tablename__ = "plan"
    account: int = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    kpi: str = Field(primary_key=True)
    period: str = Field(primary_key=True)
    pipeline: str = Field(default="", primary_key=True)
    version: int = Field(primary_key=True)
    value: str
    author: str
    reason: str = ""
    at: int = Field(sa_column=big(nullable=False))


class ClosingRow(Base):
    """A month was closed or opened again: append-only, the newest version tells how it stands."""

    __tablename__ = "closing"
    account: int = Field(primary_key=True)
    period: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    what: str
    """closed or reopened."""
    at: int = Field(sa_column=big(nullable=False))
    as_of: int = Field(sa_column=big(nullable=False))
    """The moment of the data: its facts, plans, names and rules are the proof."""
    reached: int | None = Field(default=None, sa_column=big())
    """How far the data reached then: nobody is blamed for what had not been read. None where it was opened again."""
    author: str
    reason: str = ""
    digest: str = ""
    omitted: str = Field(default="{}", sa_column=Column(Text, nullable=False))


class ClosedValueRow(Base):
    """What was frozen by a closing: each number with a hash of the facts it was made of."""

    __tablename__ = "closed_value"
    account: int = Field(primary_key=True)
    period: str = Field(primary_key=True)
    closing: int = Field(primary_key=True)
    place: int = Field(primary_key=True)
    subject: str
    name: str
    kpi: str
    formula: str
    """The KPI's version: numbers of another one are not compared."""
    body: str = Field(sa_column=Column(Text, nullable=False))
    digest: str


class ContestRow(Base):
    """Somebody said that a record is wrong in his numbers; append-only, decisions stand in `contest_verdict`."""

    __tablename__ = "contest"
    __table_args__ = (Index("ix_contest_account", "account", "user_id"),)
    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    account: int
    about: str
    """The record: `deal:7001`, `call:55`."""
    user_id: str
    """In whose numbers."""
    fact: str | None = None
    """The key of the one fact that is meant."""
    kinds: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: facts of these kinds are meant, all of the record where there are none."""
    kpi: str | None = None
    by: str
    via: str
    """cli, card or web."""
    reason: str = Field(sa_column=Column(Text, nullable=False))
    at: int = Field(sa_column=big(nullable=False))
    ticked: bool = False
    """Its box on the deal's card was ticked when it was last seen; the only column that changes."""


class ContestVerdictRow(Base):
    """What was decided over a contest, by whom and why; the newest version is in force."""

    __tablename__ = "contest_verdict"
    account: int = Field(primary_key=True)
    contest: int = Field(sa_column=big(primary_key=True))
    version: int = Field(primary_key=True)
    what: str
    """accepted, declined or withdrawn."""
    by: str
    via: str
    reason: str = Field(sa_column=Column(Text, nullable=False))
    kinds: str = Field(sa_column=Column(Text, nullable=False))
    at: int = Field(sa_column=big(nullable=False))


class PlanCorrectionRow(Base):
    """A plan that the evidence speaks against: another value was proposed, and a head approved or declined it, once."""

    __tablename__ = "plan_correction"
    __table_args__ = (Index("ix_plan_correction_account", "account", "period"),)
    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    account: int
    subject: str
    kpi: str
    period: str
    body: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: the proposal with its evidence and simulation (connector/advice/correction.py)."""
    at: int = Field(sa_column=big(nullable=False))
    state: str = "proposed"
    """proposed, approved, declined, or overtaken: the plan or the evidence became another."""
    by: str | None = None
    reason: str = ""
    decided_at: int | None = Field(default=None, sa_column=big())
