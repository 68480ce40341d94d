"""amoCRM and Kommo: `Options`, and `connect(kit)`. The README says what is read, what is written, what it needs."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from connector.provider import Kit, Secret
from providers.amocrm.hosts import ALLOWED, address, allowed

if TYPE_CHECKING:
    from providers.amocrm.provider import AmoCrm

Id = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int) else value)]


class Options(BaseModel):
    """`[account.options]`. A long-lived `token`, or OAuth: `client_id`, `client_secret`, `redirect_uri`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str | None = None
    """`https://acme.amocrm.ru`; a loopback address for a sandbox."""
    subdomain: str | None = None
    """Instead of `base_url`: `acme` is `https://acme.amocrm.ru`."""
    token: Secret | None = Field(None, examples=["AMO_TOKEN"])
    """Secrets come from variables: its usual name is the example."""
    client_id: str | None = None
    client_secret: Secret | None = Field(None, examples=["AMO_SECRET"])
    redirect_uri: str | None = None
    heads: dict[str, tuple[Id, ...]] = {}
    """Who leads a group, by its name or id: amoCRM does not say."""
    history_from: date | None = None
    """Events before this day are not read; left out: from the oldest deal on."""
    meeting_types: tuple[Id, ...] = ()
    """Names or ids of further task types that are meetings; MEETING always is one."""

    transcript_field: str | None = None
    """The deal's field in which an integration leaves the last call's words, by name or id; notes are looked into
    anyway.
    """

    @field_validator("subdomain")
    @classmethod
    def _label(cls, told: str | None) -> str | None:
        if told is not None and not re.fullmatch("[A-Za-z0-9-]{1,63}", told):
            raise ValueError("the part of the address before .amocrm.ru, such as acme")
        return told

    @field_validator("base_url")
    @classmethod
    def _ours(cls, url: str | None) -> str | None:
        if url is None:
            return None
        if not allowed(found := address(url)):
            raise ValueError(f"https:// and a host ending in {', '.join(ALLOWED)} (or http://127.0.0.1:PORT)")
        return found

    @model_validator(mode="after")
    def _one_way_in(self) -> Options:
        if (self.base_url is None) == (self.subdomain is None):
            raise ValueError("base_url or subdomain, one of them")
        oauth = (self.client_id, self.client_secret, self.redirect_uri)
        if self.token is None and None in oauth:
            raise ValueError("token, or client_id with client_secret and redirect_uri")
        return self

    @property
    def base(self) -> str:
        """Where the account lives, without a slash at the end."""
        return self.base_url or f"https://{self.subdomain}.amocrm.ru"


def connect(kit: Kit) -> AmoCrm:
    """One account. Nothing is sent yet; the library is imported here, not when the command line starts."""
    from providers.amocrm.provider import AmoCrm

    return AmoCrm(kit)


def build_widget(address: str, account: str, version: str) -> bytes:
    """The archive to upload in the integration's settings. Raises ValueError with every flaw of a bad one."""
    from providers.amocrm.widget import build, flaws

    packed = build(address, account, version)
    if found := flaws(packed):
        raise ValueError("; ".join(found))
    return packed
