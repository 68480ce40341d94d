"""`[account.digest]`: who gets short letters about his numbers, when, and by which way. Left out: nobody."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from connector.config.section import Section
from connector.config.values import LOOPBACK, Clock, Mail, shaped
from connector.provider import Secret


class SmtpSettings(Section):
    """A mail server. `security`: starttls (587), tls (465), or none, which is for this machine only."""

    host: Annotated[str, shaped("[A-Za-z0-9.-]+", "the name of a mail server, such as smtp.acme.ru")]
    port: int = Field(587, ge=1, le=65535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: Mail
    user: str | None = None
    password: Secret | None = None

    @model_validator(mode="after")
    def _sealed(self) -> SmtpSettings:
        if self.security == "none" and self.host not in LOOPBACK:
            raise ValueError("security none is for a server on this machine only")
        if (self.user is None) != (self.password is None):
            raise ValueError("user and password, both or neither")
        return self


class TelegramSettings(Section):
    """A bot's token; `address` of another server of the same interface."""

    token: Secret
    address: Annotated[
        str,
        shaped(
            r"https://[A-Za-z0-9.:-]+|http://127\.0\.0\.1:\d+",
            "https:// and a host, such as https://api.telegram.org (or http://127.0.0.1:PORT)",
        ),
    ] = "https://api.telegram.org"


class ReaderSettings(Section):
    """One person: by the CRM's id or name, his mail address, his chat with the bot, or both."""

    user: str
    email: Mail | None = None
    chat: Annotated[str, shaped(r"-?\d+", 'the number of a chat in quotes, such as "123456789"')] | None = None


class DigestSettings(Section):
    """Daily on working days to each about himself, weekly to heads about their people."""

    daily_at: Clock | None = "09:00"
    weekly_on: int = Field(1, ge=1, le=7)
    weekly_at: Clock | None = "09:00"
    smtp: SmtpSettings | None = None
    telegram: TelegramSettings | None = None
    to: tuple[ReaderSettings, ...] = ()

    @model_validator(mode="after")
    def _reachable(self) -> DigestSettings:
        for one in self.to:
            if not ((one.email and self.smtp) or (one.chat and self.telegram)):
                raise ValueError(f"to {one.user!r}: an email with [smtp], or a chat with [telegram]")
        return self
