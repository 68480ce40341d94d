"""How a call proves who we are: a long-lived token, or an OAuth pair kept by the vault. Source: crm/amocrm 1.

The refresh token is single-use: it is spent only inside `vault.refresh`, early (at half of the access token's life),
once, and never to a host that is not the vendor's. `amocrm-api` gets one of these as its token manager.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from urllib.parse import parse_qs, urlencode, urlsplit

import msgspec

from connector.errors import BadConfig, Broken, NeedsPerson, NotThere, Reauthorise, Refused, TryLater, Uncertain
from connector.http import Answer, Http
from connector.provider import Kit, Tokens
from connector.redact import remember
from providers.amocrm.hosts import beside, grants_at, may_move, subdomain

_TRY_EARLY_AGAIN = timedelta(minutes=10)
_WARN_BEFORE = timedelta(days=30)


class Access(Protocol):
    """What `amocrm-api` calls a token manager, and where the account lives now."""

    @property
    def base(self) -> str: ...
    @property
    def subdomain(self) -> str: ...
    def get_access_token(self) -> str: ...
    def renew(self, stale: str) -> None:
        """The CRM no longer takes `stale`: get another one, or raise Reauthorise."""
        ...


@dataclass(frozen=True, slots=True)
class LongLived:
    """A token made in the integration's Keys tab: nothing to refresh, it ends one day."""

    base: str
    token: str = field(repr=False)

    @property
    def subdomain(self) -> str:
        return subdomain(self.base)

    def get_access_token(self) -> str:
        return self.token

    def renew(self, stale: str) -> None:
        raise Reauthorise(
            "the long-lived token is not accepted: expired, revoked, or the integration is off",
            where=self.base,
            todo="issue a new one in amoCRM (the integration, Keys) and put it where the configuration takes it from",
        )

    def warning(self, now: datetime) -> str | None:
        """What to say when the token ends within a month."""
        ends = claims(self.token).get("exp")
        if not isinstance(ends, int | float) or ends - now.timestamp() > _WARN_BEFORE.total_seconds():
            return None
        day = datetime.fromtimestamp(ends, UTC).date()
        return f"the long-lived token ends on {day}: issue a new one before that"


@dataclass(slots=True)
class Granted:
    """An OAuth pair. `http` has the token endpoint's own judge and shares the account's pace."""

    kit: Kit
    http: Http
    home: str
    """The configured address; the vault's pair may know a newer one."""
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uri: str
    _early_again: datetime | None = None

    @property
    def base(self) -> str:
        tokens = self.kit.vault.current()
        return tokens.base if tokens and may_move(self.home, tokens.base) else self.home

    @property
    def subdomain(self) -> str:
        return subdomain(self.base)

    def get_access_token(self) -> str:
        """The current token, renewed at half of its life; while renewing fails the old one serves until it ends."""
        tokens, now = self._tokens(), self._now()
        if now < tokens.issued_at + (tokens.expires_at - tokens.issued_at) / 2:
            return tokens.access
        alive = now < tokens.expires_at
        if alive and self._early_again is not None and now < self._early_again:
            return tokens.access
        try:
            newer = self.kit.vault.refresh(tokens, self.spend)
        except TryLater:
            if not alive:
                raise
            newer = tokens
        if newer.access == tokens.access:
            self._early_again = now + _TRY_EARLY_AGAIN
        return newer.access

    def renew(self, stale: str) -> None:
        """Refresh, unless someone else already did; raises what the vault or the token endpoint says."""
        tokens = self._tokens()
        if tokens.access == stale:
            self.kit.vault.refresh(tokens, self.spend)

    def link(self) -> str:
        """Where an administrator of the account grants access."""
        query = urlencode({"client_id": self.client_id, "state": secrets.token_urlsafe(16), "mode": "popup"})
        return f"{grants_at(self.home)}?{query}"

    def accept(self, told: str) -> None:
        """The code, or the whole address that the person was sent back to: get the first pair and keep it."""
        query = {key: values[0] for key, values in parse_qs(urlsplit(told).query).items()} if "?" in told else {}
        if "error" in query:
            raise NeedsPerson(f"access was not granted ({query['error']})", where=self.home)
        self.authorise(query.get("code", told.strip()), query.get("referer"))

    def authorise(self, code: str, referer: str | None = None) -> Tokens:
        """Exchange a 20-minute code; `referer` is the account's host as the callback named it."""
        base = beside(self.home, referer) if referer else self.home
        if not may_move(self.home, base):
            raise BadConfig([f"{base} is no host of amoCRM or Kommo: the code is not sent there"], where=self.home)
        tokens = self._ask(base, {"grant_type": "authorization_code", "code": code})
        self.kit.vault.keep(tokens)
        return tokens

    def spend(self, stale: Tokens) -> Tokens:
        """Use up one refresh token for the next pair; called by the vault, once.

        Where the host says it knows nothing of it the account may have moved: asked without spending, it tells the new
        host, and the token is spent there.
        """
        what = {"grant_type": "refresh_token", "refresh_token": stale.refresh}
        base = stale.base if stale.base and may_move(self.home, stale.base) else self.home
        try:
            return self._ask(base, what)
        except (Reauthorise, NotThere) as refusal:
            moved = self._moved(stale, base)
            if moved is None:
                raise _dead(refusal) from None
        return self._ask(moved, what)

    def _moved(self, stale: Tokens, base: str) -> str | None:
        """The account's present address, if it is another one and one of the vendor's; TryLater goes up."""
        told = claims(stale.access).get("api_domain")
        asked = beside(self.home, told) if told else base
        if not may_move(self.home, asked):
            asked = base
        try:
            answer = self.http.call(
                "GET", f"{asked}/oauth2/account/current/subdomain", headers={"X-Refresh-Token": stale.refresh}
            )
            domain = answer.json().get("domain")
        except (NeedsPerson, Refused, BadConfig, AttributeError):
            return None
        new = beside(self.home, domain)
        return new if domain and new != base and may_move(self.home, new) else None

    def _ask(self, base: str, what: Mapping[str, str]) -> Tokens:
        body = {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "redirect_uri": self.redirect_uri,
            **what,
        }
        answer = self.http.call("POST", f"{base}/oauth2/access_token", kind="token", json=body)
        return _pair(answer, base)

    def _tokens(self) -> Tokens:
        tokens = self.kit.vault.current()
        if tokens is None:
            raise Reauthorise("not connected yet", where=self.kit.account, todo="run `kpi authorise`")
        return tokens

    def _now(self) -> datetime:
        return self.kit.clock() + timedelta(seconds=self.http.offset)


def _dead(refusal: Reauthorise | NotThere) -> Reauthorise:
    if isinstance(refusal, Reauthorise):
        return refusal
    return Reauthorise("the account is not at this address any more", where=refusal.where, todo="check base_url")


def _pair(answer: Answer, base: str) -> Tokens:
    """The pair in an answer; an answer without one proves nothing about the grant."""
    try:
        body = answer.json()
        lifetime = timedelta(seconds=int(body["expires_in"]))
        access, refresh = str(body["access_token"]), str(body["refresh_token"])
    except (Broken, KeyError, TypeError, ValueError) as error:
        raise Uncertain("the token endpoint answered without a token pair", where=answer.where) from error
    remember(access, passing=True)
    remember(refresh, passing=True)
    return Tokens(
        access=access, refresh=refresh, expires_at=answer.told_at + lifetime, issued_at=answer.told_at, base=base
    )


def claims(token: str) -> dict[str, Any]:
    """What a JWT says of itself, unverified: good for an expiry and a host to check, for nothing else."""
    try:
        middle = token.split(".")[1]
        body = msgspec.json.decode(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    except (IndexError, ValueError):
        return {}
    return body if isinstance(body, dict) else {}
