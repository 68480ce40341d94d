"""What opens something; of our own only hashes."""

from __future__ import annotations

from sqlalchemy import Column, Index, Text
from sqlmodel import Field

from connector.store.tables.base import Base, big


class TokenRow(Base):
    """An OAuth pair, sealed with the key that is not in this database."""

    __tablename__ = "token"
    account: int = Field(primary_key=True)
    version: int
    sealed: str = Field(sa_column=Column(Text, nullable=False))
    state: str = "good"
    """good, refresh_unknown, reauth_required."""
    intent_at: int | None = Field(default=None, sa_column=big())
    message: str = ""


class ApiTokenRow(Base):
    """Who may call in over HTTP, and for what. Only a hash of the token is kept."""

    __tablename__ = "api_token"
    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    hash: str = Field(unique=True)
    scope: str
    account: int | None = None
    """None: every account."""
    created_at: int = Field(sa_column=big(nullable=False))
    revoked_at: int | None = Field(default=None, sa_column=big())


class SignInRow(Base):
    """A link by which a person signs in, used once; only its code's hash is kept. `ended_at`: its session is over."""

    __tablename__ = "sign_in"
    __table_args__ = (Index("ix_sign_in_person", "account", "user_id"),)
    id: int | None = Field(default=None, primary_key=True)
    account: int
    user_id: str
    hash: str = Field(unique=True)
    created_at: int = Field(sa_column=big(nullable=False))
    expires_at: int = Field(sa_column=big(nullable=False))
    used_at: int | None = Field(default=None, sa_column=big())
    ended_at: int | None = Field(default=None, sa_column=big())
