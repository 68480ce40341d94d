"""OAuth as amoCRM does it: codes and refresh tokens are single-use, access tokens are JWTs, some tokens live for years.

Time is the sandbox's clock. Whoever comes second with a refresh token gets 401 and a hint, and the account is lost.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from providers.amocrm.sandbox.answers import Answer

CODE_SECONDS, ACCESS_SECONDS, REFRESH_SECONDS = 20 * 60, 86_400, 90 * 86_400
_PROBLEM = "https://developers.amocrm.ru/v3/errors/OAuthProblemJson"
_WORDS = "В запросе отсутствует ряд параметров или параметры невалидны"


@dataclass(slots=True)
class Grant:
    """What a token stands for; `ends` in Unix seconds."""

    user: int
    ends: int
    spent: bool = False


class Tokens:
    """The token endpoint of one account and one integration."""

    client_id = "5e1a7f3c-0d6b-4f43-9c53-1f2a0c9d7b11"
    client_secret = "sandbox-client-secret-" + "0123456789abcdef" * 2
    redirect_uri = "https://kpi.example/amocrm/callback"

    def __init__(self, account_id: int, clock: Callable[[], int], address: Callable[[], str]) -> None:
        self._account_id, self._clock, self._address = account_id, clock, address
        self._numbers = itertools.count(1)
        self._access: dict[str, Grant] = {}
        self._refresh: dict[str, Grant] = {}
        self._codes: dict[str, Grant] = {}

    def code(self, user: int) -> str:
        """An authorisation code, as the redirect would bring it: 20 minutes, once."""
        return self._keep(self._codes, self._opaque("code"), user, CODE_SECONDS)

    def long_lived(self, user: int, days: int = 365) -> str:
        """A long-lived token of the integration's Keys tab: no refresh token comes with it."""
        return self._keep(self._access, self._jwt(user, days * 86_400), user, days * 86_400)

    def pair(self, user: int) -> dict[str, Any]:
        """A fresh pair, as the token endpoint gives it."""
        access = self._keep(self._access, self._jwt(user, ACCESS_SECONDS), user, ACCESS_SECONDS)
        refresh = self._keep(self._refresh, self._opaque("refresh"), user, REFRESH_SECONDS)
        return {
            "token_type": "Bearer",
            "expires_in": ACCESS_SECONDS,
            "server_time": self._clock(),
            "access_token": access,
            "refresh_token": refresh,
        }

    def who(self, token: str) -> int | None:
        """The user behind a live access token."""
        grant = self._access.get(token)
        return None if grant is None or grant.spent or grant.ends <= self._clock() else grant.user

    def revoke(self) -> None:
        """The administrator switches the integration off: every token is dead."""
        for grants in (self._access, self._refresh, self._codes):
            for grant in grants.values():
                grant.spent = True

    def expire(self, access: str) -> None:
        """This access token is over; its refresh token lives."""
        self._access[access].ends = self._clock()

    def exchange(self, asked: Mapping[str, Any]) -> Answer:
        """POST /oauth2/access_token."""
        if (asked.get("client_id"), asked.get("client_secret")) != (self.client_id, self.client_secret):
            return _refused("Некорректный клиент", "Авторизация клиента не прошла", "")
        grants = {
            "authorization_code": (self._codes, "code", "Authorization code has been revoked"),
            "refresh_token": (self._refresh, "refresh_token", "Token has been revoked"),
        }
        if asked.get("grant_type") not in grants or asked.get("redirect_uri") != self.redirect_uri:
            return _refused("Некорректный запрос", _WORDS, "Check the `grant_type` and `redirect_uri` parameters", 400)
        known, key, hint = grants[str(asked["grant_type"])]
        grant = known.get(str(asked.get(key)))
        if grant is None:
            return _refused("Некорректный запрос", _WORDS, f"Cannot decrypt the {key.replace('_', ' ')}")
        if grant.spent or grant.ends <= self._clock():
            return _refused("Некорректный запрос", _WORDS, hint if grant.spent else hint.replace("revoked", "expired"))
        grant.spent = True
        return Answer(200, msgspec.json.encode(self.pair(grant.user)), "application/json")

    def subdomain(self, refresh: str) -> Answer:
        """Where the account lives now; does not spend the refresh token."""
        grant = self._refresh.get(refresh)
        if grant is None or grant.spent:
            return _refused("Некорректный запрос", _WORDS, "Token has been revoked")
        told = {
            "id": self._account_id,
            "subdomain": "acme",
            "domain": self._address(),
            "top_level_domain": "ru",
        }
        return Answer(200, msgspec.json.encode(told), "application/json")

    def _keep(self, where: dict[str, Grant], token: str, user: int, seconds: int) -> str:
        where[token] = Grant(user, self._clock() + seconds)
        return token

    def _opaque(self, what: str) -> str:
        seed = f"{what}:{self._address()}:{next(self._numbers)}".encode()
        return "def50200" + hashlib.sha512(seed).hexdigest() * 4

    def _jwt(self, user: int, seconds: int) -> str:
        """JWT-shaped; clients read exp and api_domain without checking the signature, so it is only noise."""
        now, number = self._clock(), next(self._numbers)
        jti = hashlib.sha256(f"{self._address()}:{number}".encode()).hexdigest()
        claims = {
            "aud": self.client_id, "jti": jti, "iat": now, "nbf": now, "exp": now + seconds, "sub": str(user),
            "grant_type": "", "account_id": self._account_id, "base_domain": "amocrm.ru", "version": 2,
            "scopes": ["crm"], "hash_uuid": jti[:32], "user_flags": 0, "api_domain": self._address(),
        }  # fmt: skip
        head = {"typ": "JWT", "alg": "RS256", "jti": jti}
        noise = b"".join(hashlib.sha256(f"{jti}{n}".encode()).digest() for n in range(8))
        return ".".join((_b64(msgspec.json.encode(head)), _b64(msgspec.json.encode(claims)), _b64(noise)))


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _refused(title: str, detail: str, hint: str, status: int = 401) -> Answer:
    told: dict[str, Any] = {"hint": hint} if hint else {}
    told |= {"title": title, "type": _PROBLEM, "status": status, "detail": detail}
    return Answer(status, msgspec.json.encode(told), "application/problem+json")
