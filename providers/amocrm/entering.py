"""Who opened a page of ours inside amoCRM: the one-time token that its own script sends along. Source: crm/amocrm 6.5.

A JWT by HS256 with the integration's secret. What it does not prove is believed by nobody; that it comes once only is
seen to by whoever keeps what came before.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from connector.decoding import converted
from connector.errors import Forbidden
from connector.provider import Guest, Knock

HEADER = "x-auth-token"
LEEWAY = 60
"""Seconds by which two machines' clocks may differ."""
LONGEST_LIFE = 3600
"""amoCRM gives half an hour; a token that claims much more is not its."""
_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Lock:
    """What a token must fit. `home`: origin of the account, `audience`: of our redirect address."""

    secret: str = field(repr=False)
    client_id: str
    audience: str
    home: str
    account: str


class Claims(msgspec.Struct):
    """Those that matter; numbers may come as text."""

    iss: str
    aud: str
    jti: str
    exp: float
    account_id: int | str
    user_id: int | str
    client_uuid: str
    iat: float = 0
    nbf: float = 0
    is_admin: bool = False


def guest(knock: Knock, lock: Lock, now: datetime) -> Guest:
    """Who asks, and what he looks at. Raises Forbidden, which says what did not fit and nothing of the token."""
    told = claims(knock.headers.get(HEADER, ""), lock.secret)
    problem = misfit(told, lock, now.timestamp())
    if problem:
        raise Forbidden(f"the widget's token {problem}", where=lock.home, done="nobody was let in")
    until = datetime.fromtimestamp(told.exp + LEEWAY, UTC)
    return Guest(str(told.user_id), told.is_admin, place(knock.form), once=told.jti, until=until)


def claims(token: str, secret: str) -> Claims:
    """What a token says, where our secret signed it and by no other algorithm. Raises Forbidden."""
    head, _, rest = token[:_LONGEST].partition(".")
    body, _, signature = rest.partition(".")
    try:
        known = msgspec.json.decode(_bytes(head))
        wanted = hmac.new(secret.encode(), f"{head}.{body}".encode("ascii"), hashlib.sha256).digest()
        fits = hmac.compare_digest(wanted, _bytes(signature))
        if not fits or not isinstance(known, dict) or known.get("alg") != "HS256":
            raise Forbidden("the widget's token is not signed with this integration's secret", done="nobody was let in")
        return converted(msgspec.json.decode(_bytes(body)), Claims, strict=False)
    except (ValueError, binascii.Error, msgspec.MsgspecError):
        raise Forbidden("the widget's token cannot be read", done="nobody was let in") from None


def misfit(told: Claims, lock: Lock, now: float) -> str:
    """What speaks against it, in words; empty: nothing does."""
    checks: Mapping[str, bool] = {
        "is over": told.exp + LEEWAY > now,
        "is not good yet": max(told.iat, told.nbf) - LEEWAY <= now,
        "lives too long": told.exp - now <= LONGEST_LIFE + LEEWAY,
        "is for another server: check redirect_uri": origin(told.aud) == origin(lock.audience),
        "is of another integration: check client_id": told.client_uuid == lock.client_id,
        "comes from another host": origin(told.iss) == origin(lock.home),
        "is of another account": str(told.account_id) == lock.account,
        "names nobody": bool(told.jti) and str(told.user_id).isdigit(),
    }
    return next((what for what, good in checks.items() if not good), "")


def place(form: Mapping[str, str]) -> str:
    """`deal:7001` where the card says so; everything else is a whole page."""
    kind, _, id = form.get("place", "").partition(":")
    return f"deal:{id}" if kind == "deal" and id.isdigit() and len(id) < 20 else ""


def origin(address: str) -> str:
    """Scheme and host without a port: so the vendor's own check reads them."""
    parts = urlsplit(address if "://" in address else f"https://{address}")
    return f"{parts.scheme.lower()}://{(parts.hostname or '').lower()}"


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))


def signed(told: Mapping[str, Any], secret: str) -> str:
    """Such a token, as amoCRM makes it: for the sandbox and whoever tests a widget."""
    head, body = (_text(msgspec.json.encode(one)) for one in ({"typ": "JWT", "alg": "HS256"}, told))
    signature = hmac.new(secret.encode(), f"{head}.{body}".encode(), hashlib.sha256).digest()
    return f"{head}.{body}.{_text(signature)}"


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
