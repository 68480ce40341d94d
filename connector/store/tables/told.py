"""What the CRM told by itself."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Text
from sqlmodel import Field

from connector.store.tables.base import Base, big


class InboxRow(Base):
    """A hook as it came, sealed with the key that is not in this database; gone once what it hints at is stored."""

    __tablename__ = "inbox"
    __table_args__ = (Index("uq_inbox_digest", "account", "digest", unique=True),)
    id: int | None = Field(
        default=None, sa_column=Column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    )
    account: int
    digest: str
    """Keyed, of its bytes: the same hook again, while the first one waits, is no other row."""
    came_at: int = Field(sa_column=big(nullable=False))
    sealed: str = Field(sa_column=Column(Text, nullable=False))


class HookRow(Base):
    """How an account's hooks stand. The secret of their address is derived from `turn` and the key, never stored."""

    __tablename__ = "hook"
    account: int = Field(primary_key=True)
    turn: int = 0
    state: str = "off"
    """off, on or disabled, as the CRM told last."""
    told: str = Field(default="", sa_column=Column(Text, nullable=False))
    """Why the CRM could not be asked for them."""
    checked_at: int = Field(default=0, sa_column=big(nullable=False))
    last_at: int | None = Field(default=None, sa_column=big())
    """When the last one came."""
    missed: int = 0
    """Changes found by reading since then."""
