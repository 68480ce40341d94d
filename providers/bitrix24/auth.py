"""How a call proves who we are: an incoming webhook's secret in the path, or an OAuth token in the body.

OAuth: the refresh token is single-use and rotates (sheet 1.3), so spending one goes through the vault and is never
repeated blindly. The secret goes to the configured auth server only, never to a host that an answer names.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec

from connector.decoding import converted
from connector.errors import Broken, KpiError, NeedsPerson, Reauthorise, Uncertain
from connector.http import Answer, Http
from connector.provider import Kit, Tokens
from providers.bitrix24.verdict import judge_code, problem

_TRY_EARLY_AGAIN = timedelta(minutes=1)
_RENEW_BEFORE = timedelta(minutes=10)
"""The vendor forbids renewal by schedule; this early, a lost answer still leaves time with the old token."""


class Grant(Protocol):
    """Where and with what a method is called."""

    def address(self, base: str, method: str) -> str: ...
    def proof(self) -> Mapping[str, str]: ...
    def renew(self, used: Mapping[str, str], *, expired: bool) -> bool:
        """The portal did not take `used`: whether there is something newer to try, once."""
        ...

    def member(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Webhook:
    """`USER/SECRET` of an incoming webhook; nothing to renew."""

    secret: str = field(repr=False)

    def address(self, base: str, method: str) -> str:
        return f"{base}/rest/{self.secret}/{method}"

    def proof(self) -> Mapping[str, str]:
        return {}

    def renew(self, used: Mapping[str, str], *, expired: bool) -> bool:
        return False

    def member(self) -> str | None:
        return None


@dataclass(slots=True)
class Application:
    """A local application's token pair, kept by the vault."""

    kit: Kit
    http: Http
    """Calls to the auth server, with a judge of their own (`judge_token`)."""
    portal: str
    auth_server: str
    client_id: str
    client_secret: str = field(repr=False)
    _early_again: datetime | None = None
    """A renewal before its time failed: until then the living token is used without another try."""

    def address(self, base: str, method: str) -> str:
        return f"{base}/rest/{method}"

    def proof(self) -> Mapping[str, str]:
        """The access token, renewed shortly before it expires; the vault gives the old one back while that fails."""
        tokens, now = self._tokens(), self._now()
        early = self._early_again is None or now >= self._early_again
        if tokens.expires_at <= now or (early and tokens.expires_at - now < _RENEW_BEFORE):
            fresh = self.kit.vault.refresh(tokens, self._spend)
            self._early_again = now + _TRY_EARLY_AGAIN if fresh.access == tokens.access else None
            tokens = fresh
        return {"auth": tokens.access}

    def renew(self, used: Mapping[str, str], *, expired: bool) -> bool:
        """Take what another process won meanwhile; spend the refresh token only where the portal said "expired"."""
        tokens = self._tokens()
        if tokens.access != used.get("auth"):
            return True
        return expired and self.kit.vault.refresh(tokens, self._spend).access != tokens.access

    def link(self) -> str:
        """Where a person of the portal lets the application in."""
        query = urlencode({"client_id": self.client_id, "state": secrets.token_urlsafe(16)})
        return f"{self.portal}/oauth/authorize/?{query}"

    def accept(self, told: str) -> None:
        """The code of 30 seconds, or the whole address the person was sent back to: get the first pair and keep it."""
        query = parse_qs(urlsplit(told.strip()).query) if "?" in told else {}
        code = query.get("code", [told.strip()])[0]
        self.kit.vault.keep(self._ask({"grant_type": "authorization_code", "code": code}, None))

    def member(self) -> str | None:
        tokens = self.kit.vault.current()
        return tokens.extra.get("member_id") if tokens else None

    def vouch(self, access: str) -> Mapping[str, Any]:
        """What the auth server says of somebody's token: application, installation, person (sheet 1.5)."""
        form = {"auth": access}
        told = self.http.call("POST", f"{self.auth_server}/rest/app.info", kind="token", data=form).json().get("result")
        return told if isinstance(told, dict) else {}

    def application_token(self) -> str | None:
        """What this installation's pages prove themselves with, where installing told it."""
        tokens = self.kit.vault.current()
        return tokens.extra.get("application_token") if tokens else None

    def _now(self) -> datetime:
        return self.kit.clock() + timedelta(seconds=self.http.offset)

    def _tokens(self) -> Tokens:
        tokens = self.kit.vault.current()
        if tokens is None:
            raise Reauthorise("this account was never connected", where=self.kit.account, todo="run `kpi authorise`")
        return tokens

    def _spend(self, stale: Tokens) -> Tokens:
        return self._ask({"grant_type": "refresh_token", "refresh_token": stale.refresh}, stale)

    def _ask(self, what: Mapping[str, str], stale: Tokens | None) -> Tokens:
        form = {"client_id": self.client_id, "client_secret": self.client_secret, **what}
        answer = self.http.call("POST", f"{self.auth_server}/oauth/token/", kind="token", data=form)
        tokens = _pair(answer, self.kit.account)
        if stale is not None and "application_token" in stale.extra:
            kept = {"application_token": stale.extra["application_token"]}
            tokens = replace(tokens, extra={**tokens.extra, **kept})
        before = stale.extra.get("member_id") if stale else None
        if before and tokens.extra.get("member_id") and before != tokens.extra["member_id"]:
            raise NeedsPerson(
                "the new token belongs to another portal", where=self.kit.account, todo="connect the right portal"
            )
        return tokens


def judge_token(answer: Answer) -> KpiError | None:
    """Only the vendor's explicit words mark a grant dead; 5xx, HTML and silence never do."""
    try:
        payload = answer.json()
    except Broken as error:
        return error
    if not isinstance(payload, dict) or answer.status >= 500:
        return Broken(f"the auth server answered {answer.status} with something else", where=answer.where)
    found = problem(payload)
    if found is None:
        return None
    return judge_code(answer.status, *found, where=answer.where)


def _pair(answer: Answer, account: str) -> Tokens:
    try:
        told = converted(answer.json(), _Pair)
    except msgspec.ValidationError as error:
        raise Uncertain(f"the auth server's answer holds no tokens ({error})", where=account) from None
    life = told.expires_in if told.expires_in is not None else 3600
    extra = {
        name: str(value)
        for name, value in (("member_id", told.member_id), ("user_id", told.user_id), ("status", told.status))
        if value
    }
    return Tokens(
        access=told.access_token,
        refresh=told.refresh_token,
        expires_at=answer.told_at + timedelta(seconds=life),
        issued_at=answer.told_at,
        base=_host(told.client_endpoint),
        extra=extra,
    )


class _Pair(msgspec.Struct):
    """The token answer (sheet 1.3); `domain` there is the auth server, the portal stands in `client_endpoint`."""

    access_token: str
    refresh_token: str
    expires_in: int | None = None
    client_endpoint: str = ""
    member_id: str = ""
    user_id: int | str = ""
    status: str = ""


def _host(endpoint: str) -> str:
    return endpoint.removesuffix("/").removesuffix("/rest")


def confirm_member(application: Application, host: str) -> None:
    """Ask the auth server (not the portal) whether our installation now lives at `host`. Raises NeedsPerson if not."""
    form = {"auth": application.proof()["auth"]}
    answer = application.http.call("POST", f"{application.auth_server}/rest/app.info", kind="token", data=form)
    install = answer.json().get("result", {}).get("install", {})
    same = install.get("member_id") in (None, "", application.member())
    if not same or install.get("domain") != host:
        raise NeedsPerson(
            f"the auth server does not know our installation at {host}",
            where=application.kit.account,
            todo="if the portal was renamed, change base_url and connect again",
        )
