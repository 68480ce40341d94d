"""The whole file: where things are kept, what is served, which accounts.

The keys are a contract (README, config.example.toml); unknown keys are errors.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, field_validator

from connector.config.account import AccountSettings
from connector.config.section import Section
from connector.config.values import host_and_port, shaped
from connector.errors import BadConfig


class StoreSettings(Section):
    """Where everything is kept; `key_file` holds the key that seals tokens (made on first use, mode 0600)."""

    url: str = "sqlite:///kpi.db"
    key_file: Path | None = None
    """Left out: `kpi.key` beside the SQLite file; the environment variable KPI_KEY wins over both."""

    @field_validator("url")
    @classmethod
    def _known(cls, url: str) -> str:
        if not url.startswith(("sqlite:///", "postgresql+psycopg://", "postgresql://")):
            raise ValueError("sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE")
        return url.replace("postgresql://", "postgresql+psycopg://", 1)


class WebSettings(Section):
    """What `kpi run` serves over HTTP besides its work."""

    listen: Annotated[str, AfterValidator(host_and_port)] | None = None
    """HOST:PORT; left out: nothing is served. Other hosts than this one belong behind a proxy with TLS."""
    address: (
        Annotated[
            str,
            shaped(
                r"https?://[A-Za-z0-9.:\[\]-]+(/[A-Za-z0-9._~/-]*)?",
                "an address such as https://kpi.example.ru, without a query",
            ),
        ]
        | None
    ) = None
    """Where people reach the pages, such as https://kpi.example.ru; left out: what is listened on."""
    proxies: tuple[
        Annotated[str, shaped(r"[0-9A-Fa-f.:]+(/\d{1,3})?", "an IP address or a network, such as 10.0.0.0/8")], ...
    ] = ("127.0.0.1",)
    """Addresses or networks whose word on https, host and sender of a request is taken: proxies with TLS."""


class Settings(Section):
    """The whole file."""

    store: StoreSettings = StoreSettings()
    web: WebSettings = WebSettings()
    account: tuple[AccountSettings, ...] = ()

    def pick(self, name: str | None) -> tuple[AccountSettings, ...]:
        """The named account, or all."""
        chosen = tuple(a for a in self.account if name in (None, a.name))
        if not chosen:
            known = ", ".join(a.name for a in self.account)
            if not known:
                raise BadConfig(["the configuration names no account: add an [[account]] section"])
            raise BadConfig([f"there is no account {name!r}; the configuration has: {known}"])
        return chosen
