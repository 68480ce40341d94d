"""What the CRMs said: accounts, records, how far each was read, who was where, what changed about the CRM itself."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Text
from sqlmodel import Field

from connector.store.tables.base import Base, big


class AccountRow(Base):
    """One connected account. `remote_id` guards against a token of another account."""

    __tablename__ = "account"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    provider: str
    remote_id: str | None = None
    host: str | None = None
    zone: str | None = None
    currency: str | None = None
    clock_offset: float = 0.0
    rules_hash: str | None = None
    """Of the rules the facts were derived with; another hash makes every dossier dirty."""


class RecordRow(Base):
    """A record as last seen. `link`: what it hangs on; `dossier`: the top of that chain. `gone_at`: a tombstone."""

    __tablename__ = "record"
    __table_args__ = (
        Index("ix_record_dossier", "account", "dossier"),
        Index("ix_record_link", "account", "link"),
    )
    account: int = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    body: str = Field(sa_column=Column(Text, nullable=False))
    hash: str
    updated_at: int | None = Field(default=None, sa_column=big())
    first_seen: int = Field(sa_column=big(nullable=False))
    changed_at: int = Field(sa_column=big(nullable=False))
    gone_at: int | None = Field(default=None, sa_column=big())
    link: str | None = None
    dossier: str | None = None


class CursorRow(Base):
    """How far a stream was read; committed with the rows. `told_at`: data as of (server time of the last pull)."""

    __tablename__ = "cursor"
    account: int = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    cursor: str | None = Field(default=None, sa_column=Column(Text))
    told_at: int | None = Field(default=None, sa_column=big())
    whole_at: int | None = Field(default=None, sa_column=big())
    """When this kind was first read to its end; before that nothing may be concluded from what is not there."""
    rows: int = Field(default=0, sa_column=big(nullable=False))
    problem: str | None = None


class DirtyRow(Base):
    """Dossiers touched since they were last derived."""

    __tablename__ = "dirty"
    account: int = Field(primary_key=True)
    dossier: str = Field(primary_key=True)


class MembershipRow(Base):
    """Who was in which team when, from the first sync on; `until` None: still."""

    __tablename__ = "membership"
    account: int = Field(primary_key=True)
    user_id: str = Field(primary_key=True)
    team_id: str = Field(primary_key=True)
    since: int = Field(sa_column=big(primary_key=True))
    until: int | None = Field(default=None, sa_column=big())


class RefusedRow(Base):
    """Rows that could not be read: kept raw, reported once."""

    __tablename__ = "refused"
    account: int = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    reason: str
    raw: str = Field(sa_column=Column(Text, nullable=False))
    at: int = Field(sa_column=big(nullable=False))


class VersionRow(Base):
    """What people and teams were called and where they stood: each version of such a record as it was seen.

    CRMs tell only the present; a report of a past moment is made of these.
    """

    __tablename__ = "version"
    account: int = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    id: str = Field(primary_key=True)
    since: int = Field(sa_column=big(primary_key=True))
    body: str = Field(sa_column=Column(Text, nullable=False))


class WorldRow(Base):
    """What the account's CRM is made of (connector/health/world.py): as last accepted, and as last seen."""

    __tablename__ = "world"
    account: int = Field(primary_key=True)
    accepted: str = Field(sa_column=Column(Text, nullable=False))
    seen: str = Field(sa_column=Column(Text, nullable=False))
    at: int = Field(sa_column=big(nullable=False))


class DriftRow(Base):
    """A change of that world. While it is not accepted the KPIs it touches stay as they were known at `since`."""

    __tablename__ = "drift"
    __table_args__ = (Index("ix_drift_account", "account", "code", "subject"),)
    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    account: int
    code: str
    subject: str
    """`stage:31/142`, `pipeline:31`, `field:csat_field`, `telephony`."""
    since: int = Field(sa_column=big(nullable=False))
    """The last moment at which what was known is sure to be from before the change."""
    found_at: int = Field(sa_column=big(nullable=False))
    accepted_at: int | None = Field(default=None, sa_column=big())
    accepted_by: str | None = None
    """A person, or: noted (froze nothing), config (it names the new thing), undone (it is as it was again)."""
    text: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: what changed, in Russian and English."""
    kpis: str = Field(sa_column=Column(Text, nullable=False))
    """JSON: the keys of the KPIs that it freezes."""
