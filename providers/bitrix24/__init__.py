"""Bitrix24, cloud and self-hosted: `Options` says how to reach a portal, `connect` opens it. Nothing is sent here."""

from __future__ import annotations

from dataclasses import replace

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from connector.http import Http, Pacer
from connector.provider import Kit, Secret
from connector.redact import remember
from providers.bitrix24.address import AUTH_SERVERS, checked, is_loopback
from providers.bitrix24.auth import Application, Grant, Webhook, judge_token
from providers.bitrix24.client import Client, judge_with
from providers.bitrix24.limits import Limits
from providers.bitrix24.provider import Bitrix24

__all__ = ["Options", "connect"]


class Options(BaseModel):
    """`[account.options]` of a Bitrix24 account: a webhook, or a local application's id and secret."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    base_url: str
    """https://acme.bitrix24.ru, or the address of a self-hosted portal."""
    webhook: Secret | None = Field(None, examples=["B24_WEBHOOK"])
    """`USER/SECRET`, the end of an incoming webhook's address; the example is its variable's usual name."""
    client_id: str | None = None
    client_secret: Secret | None = Field(None, examples=["B24_SECRET"])
    redirect_uri: str | None = None
    """As entered in the application's settings; the portal does not ask for it again."""
    auth_server: str | None = None
    """Left out: the vendor's server of the portal's zone; of a sandbox, the sandbox itself."""
    enterprise: bool = False
    """The Enterprise plan allows 5 requests a second instead of 2."""
    application_token: Secret | None = Field(None, examples=["B24_APPLICATION_TOKEN"])
    """What events and outgoing webhooks of the portal prove themselves with; left out: their address alone does."""
    absences: bool = False
    """Read once a day who is marked absent in his calendar; the webhook needs the scope `calendar`."""

    @field_validator("base_url")
    @classmethod
    def _portal(cls, url: str) -> str:
        return checked(url)

    @field_validator("webhook")
    @classmethod
    def _two_parts(cls, webhook: Secret | None) -> Secret | None:
        if webhook is not None:
            user, _, secret = webhook.get_secret_value().partition("/")
            if not user.isdigit() or not secret.isalnum():
                raise ValueError(
                    "USER/SECRET, the two parts between /rest/ and the last slash of the webhook's address"
                )
        return webhook

    @model_validator(mode="after")
    def _one_way(self) -> Options:
        application = self.client_id is not None and self.client_secret is not None
        half = (self.client_id is None) != (self.client_secret is None)
        if half or application == (self.webhook is not None):
            raise ValueError("either webhook, or client_id and client_secret")
        if self.auth_server is not None:
            server = self.auth_server.removeprefix("https://").rstrip("/")
            if server not in AUTH_SERVERS and not (is_loopback(self.base_url) and is_loopback(self.auth_server)):
                raise ValueError(f"auth_server is one of {', '.join(AUTH_SERVERS)}")
        return self

    def sign_in(self) -> str:
        """Where tokens are asked for; the client's secret goes nowhere else."""
        if self.auth_server is not None:
            server = self.auth_server.rstrip("/")
            return server if "://" in server else f"https://{server}"
        if is_loopback(self.base_url):
            return self.base_url
        return f"https://{AUTH_SERVERS[0] if self.base_url.endswith(('.ru', '.by', '.kz')) else AUTH_SERVERS[1]}"


def connect(kit: Kit) -> Bitrix24:
    """A provider for the account; the first call is made when something is asked of it."""
    options: Options = kit.options
    rate, burst = (5.0, 250.0) if options.enterprise else (2.0, 50.0)
    limits = Limits()
    pacer = Pacer(rate, burst, share=kit.share, sleep=kit.sleep)
    http = Http(f"{kit.account} (Bitrix24)", pacer, judge_with(limits), clock=kit.clock, sleep=kit.sleep)
    portal = Bitrix24(kit, Client(http, _grant(kit, options), options.base_url, kit.sleep, limits=limits))
    told = f"{rate:g} requests a second, {burst:g} at once; operating time of each method as the portal tells"
    portal.can = replace(portal.can, limits=told)
    return portal


def _grant(kit: Kit, options: Options) -> Grant:
    if options.webhook is not None:
        secret = options.webhook.get_secret_value()
        remember(secret)
        return Webhook(secret)
    assert options.client_id is not None and options.client_secret is not None
    secret = options.client_secret.get_secret_value()
    remember(secret)
    http = Http(f"{kit.account} (Bitrix24 sign-in)", Pacer(1.0, 5.0), judge_token, clock=kit.clock, sleep=kit.sleep)
    return Application(kit, http, options.base_url, options.sign_in(), options.client_id, secret)
