"""The authorisation server, on the portal's own port: codes of 30 seconds, access for an hour, one refresh each."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from providers.bitrix24.sandbox.answers import RestError
from providers.bitrix24.sandbox.eventing import APPLICATION_TOKEN
from providers.bitrix24.sandbox.portal import MEMBER_ID

CODE_LIFE, ACCESS_LIFE, REFRESH_LIFE = timedelta(seconds=30), timedelta(hours=1), timedelta(days=30)
CLIENT_ID, CLIENT_SECRET = "local.66f000000000a1.12345678", "sandbox-client-secret"
SCOPE = "crm,user,department,telephony,task,im,userfieldconfig,placement"


@dataclass(slots=True)
class Grant:
    """One link of a chain: a pair of tokens for a user, dead once its refresh token was spent."""

    user: int
    access: str
    refresh: str
    born: datetime
    alive: bool = True


@dataclass(slots=True)
class OAuth:
    """`clock` is the portal's; `refreshes` counts what was asked, for tests of racing refreshers."""

    clock: Callable[[], datetime]
    base_url: str = ""
    client_id: str = CLIENT_ID
    client_secret: str = CLIENT_SECRET
    redirect_uri: str = ""
    codes: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=list)
    refreshes: int = 0
    _count: int = 0

    def _secret(self, word: str) -> str:
        self._count += 1
        return hashlib.sha256(f"{word}{self._count}".encode()).hexdigest() + "000000"

    def code(self, user: int) -> str:
        """What the portal hands to the application when a user allows it."""
        code = self._secret("code")
        self.codes[code] = (user, self.clock())
        return code

    def authorize(self, query: Mapping[str, Any], user: int) -> str:
        """Where the browser goes: the application's own address, which is never told in the request."""
        if query.get("client_id") != self.client_id:
            raise RestError("invalid_client", "Invalid client", 400)
        domain = self.base_url.partition("://")[2]
        state = query.get("state", "")
        return (
            f"{self.redirect_uri}?code={self.code(user)}&state={state}&domain={domain}"
            f"&member_id={MEMBER_ID}&scope={SCOPE}&server_domain={domain}"
        )

    def token(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """A pair for a code or for a refresh token."""
        if asked.get("client_id") != self.client_id or asked.get("client_secret") != self.client_secret:
            raise RestError("invalid_client", "Invalid client", 400)
        kind = asked.get("grant_type")
        if kind == "authorization_code":
            return self._pair(self._user_of(str(asked.get("code", ""))))
        if kind == "refresh_token":
            return self._pair(self._spend(str(asked.get("refresh_token", ""))))
        raise RestError("invalid_request", "Unsupported grant type", 400)

    def _user_of(self, code: str) -> int:
        user, born = self.codes.pop(code, (0, self.clock()))
        if not user or self.clock() - born > CODE_LIFE:
            raise RestError("invalid_grant", "Invalid grant", 400)
        return user

    def _spend(self, refresh: str) -> int:
        """Once only; the access token given with it dies too."""
        self.refreshes += 1
        grant = next((g for g in self.grants if g.refresh == refresh and g.alive), None)
        if grant is None or self.clock() - grant.born > REFRESH_LIFE:
            raise RestError("invalid_grant", "Invalid grant", 400)
        grant.alive = False
        return grant.user

    def _pair(self, user: int) -> dict[str, Any]:
        grant = Grant(user, self._secret("access"), self._secret("refresh"), self.clock())
        self.grants.append(grant)
        return {
            "access_token": grant.access,
            "refresh_token": grant.refresh,
            "expires": int((grant.born + ACCESS_LIFE).timestamp()),
            "expires_in": int(ACCESS_LIFE.total_seconds()),
            "scope": SCOPE,
            "domain": self.base_url.partition("://")[2],
            "server_endpoint": f"{self.base_url}/rest/",
            "client_endpoint": f"{self.base_url}/rest/",
            "status": "L",
            "member_id": MEMBER_ID,
            "user_id": user,
        }

    def opening(
        self, user: int, placement: str = "DEFAULT", options: Mapping[str, Any] | None = None
    ) -> dict[str, str]:
        """What a page of the application is posted when this person opens it: each begins a chain of tokens."""
        pair = self._pair(user)
        return {
            "AUTH_ID": pair["access_token"],
            "REFRESH_ID": pair["refresh_token"],
            "AUTH_EXPIRES": str(pair["expires_in"]),
            "SERVER_ENDPOINT": pair["server_endpoint"],
            "APPLICATION_TOKEN": APPLICATION_TOKEN,
            "APPLICATION_SCOPE": SCOPE,
            "member_id": MEMBER_ID,
            "status": "L",
            "PLACEMENT": placement,
            "PLACEMENT_OPTIONS": json.dumps(options or {}),
        }

    def user_of(self, access: str) -> int:
        """Whose token this is; expired and dead ones are told apart."""
        grant = next((g for g in self.grants if g.access == access), None)
        if grant is None:
            raise RestError("NO_AUTH_FOUND", "Wrong authorization data", 401)
        if not grant.alive:
            raise RestError("invalid_token", "Unable to get application by token", 401)
        if self.clock() - grant.born >= ACCESS_LIFE:
            raise RestError("expired_token", "The access token provided has expired.", 401)
        return grant.user

    def revoke(self) -> None:
        """The application was removed from the portal."""
        self.codes.clear()
        for grant in self.grants:
            grant.alive = False

    def app_info(self, access: str, now: str) -> dict[str, Any]:
        """The authorisation server's own word on a token: the proof of who is calling."""
        user = self.user_of(access)
        install = {
            "installed": True,
            "version": "1",
            "status": "L",
            "scope": SCOPE,
            "domain": self.base_url.partition("://")[2],
            "uri": self.redirect_uri,
            "client_endpoint": f"{self.base_url}/rest/",
            "member_id": MEMBER_ID,
            "member_type": "other",
        }
        return {"client_id": self.client_id, "scope": SCOPE, "expires": now, "install": install, "user_id": str(user)}
