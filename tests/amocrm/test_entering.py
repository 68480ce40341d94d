"""The widget's one-time token: only amoCRM's own, for us, of this account, now."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.errors import Forbidden
from connector.provider import Knock
from providers.amocrm.entering import Lock, claims, guest, signed

NOW = datetime(2026, 9, 24, 12, 0, tzinfo=UTC)
SECRET = "s" * 64
LOCK = Lock(SECRET, "uuid-1", "https://kpi.example/oauth", "https://acme.amocrm.ru", "31000001")
TOLD: dict[str, Any] = {
    "iss": "https://acme.amocrm.ru", "aud": "https://kpi.example", "jti": "d628", "iat": int(NOW.timestamp()),
    "nbf": int(NOW.timestamp()), "exp": int(NOW.timestamp()) + 1800, "account_id": 31000001, "user_id": 501,
    "subdomain": "acme", "client_uuid": "uuid-1", "is_admin": False,
}  # fmt: skip


def knock(told: dict[str, Any] | str, place: str = "deal:7001") -> Knock:
    token = told if isinstance(told, str) else signed(told, SECRET)
    return Knock({}, {"place": place}, {"x-auth-token": token})


def test_its_own_token_opens() -> None:
    found = guest(knock(TOLD), LOCK, NOW)
    assert (found.user, found.admin, found.place, found.once) == ("501", False, "deal:7001", "d628")
    assert found.until is not None and found.until > NOW


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "https://other.example"},
        {"aud": "https://kpi.example.evil.org"},
        {"iss": "https://evil.amocrm.ru"},
        {"iss": "http://acme.amocrm.ru"},
        {"account_id": 31000002},
        {"client_uuid": "uuid-2"},
        {"exp": int(NOW.timestamp()) - 61},
        {"exp": int(NOW.timestamp()) + 86400},
        {"nbf": int(NOW.timestamp()) + 120},
        {"iat": int(NOW.timestamp()) + 120},
        {"jti": ""},
        {"user_id": "501; drop"},
    ],
)
def test_whatever_does_not_fit_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(Forbidden):
        guest(knock(TOLD | change), LOCK, NOW)


@pytest.mark.parametrize("missing", ["iss", "aud", "jti", "exp", "account_id", "user_id", "client_uuid"])
def test_a_claim_left_out_is_refused(missing: str) -> None:
    with pytest.raises(Forbidden):
        guest(knock({name: value for name, value in TOLD.items() if name != missing}), LOCK, NOW)


def forged(algorithm: str, digest: Any = None) -> str:
    head, body = (
        base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in ({"alg": algorithm}, TOLD)
    )
    mac = b"" if digest is None else hmac.new(SECRET.encode(), f"{head}.{body}".encode(), digest).digest()
    return f"{head}.{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"


@pytest.mark.parametrize("token", ["", "a.b", "a.b.c.d", "é.é.é", forged("none"), forged("HS512", hashlib.sha512)])
def test_other_algorithms_and_rubbish_are_refused(token: str) -> None:
    with pytest.raises(Forbidden):
        guest(knock(token), LOCK, NOW)


def test_an_algorithm_is_read_from_what_was_signed_and_must_be_ours() -> None:
    with pytest.raises(Forbidden, match="not signed"):
        guest(knock(forged("HS512", hashlib.sha256)), LOCK, NOW)


@given(st.integers(0, 200), st.integers(1, 255))
def test_no_byte_of_it_can_be_changed(place: int, by: int) -> None:
    token = bytearray(signed(TOLD, SECRET).encode())
    spot = place % len(token)
    before = bytes(token)
    token[spot] = (token[spot] ^ by) % 128
    if bytes(token) == before:
        return
    text = token.decode("ascii")
    with contextlib.suppress(Forbidden):
        assert claims(text, SECRET) == claims(before.decode(), SECRET)  # the last bits of base64 may say the same


@pytest.mark.parametrize(("told", "place"), [("deal:7001", "deal:7001"), ("lead:1", ""), ("deal:../x", ""), ("", "")])
def test_a_place_is_a_deal_or_a_page(told: str, place: str) -> None:
    assert guest(knock(TOLD, told), LOCK, NOW).place == place


def test_what_is_refused_tells_nothing_of_the_token() -> None:
    with pytest.raises(Forbidden) as refused:
        guest(knock(TOLD | {"aud": "https://x.example"}), LOCK, NOW)
    assert "d628" not in str(refused.value)
    assert "501" not in str(refused.value)
