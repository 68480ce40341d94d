"""Tokens: early renewal, one spend, moved accounts, and hosts that get nothing."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
import responses

from connector.errors import BadConfig, Broken, Limited, NeedsPerson, Reauthorise, Uncertain
from connector.http import Http, Pacer
from connector.provider import Tokens
from providers.amocrm.auth import Granted, LongLived, claims
from providers.amocrm.verdict import judge_token
from tests.amocrm.kits import BASE, NOW, MemoryVault, error, kit

PAIR = {
    "token_type": "Bearer",
    "expires_in": 86400,
    "server_time": 1,
    "access_token": "access-2",
    "refresh_token": "refresh-2",
}
REVOKED = error(401, hint="Token has been revoked")
OTHER = "https://acme-new.amocrm.ru"
WHERE = "/oauth2/account/current/subdomain"


def jwt(**told: Any) -> str:
    return "h." + base64.urlsafe_b64encode(msgspec.json.encode(told)).decode().rstrip("=") + ".s"


def held(*, age: timedelta = timedelta(0), access: str = "access-1", base: str = BASE) -> Tokens:
    issued = NOW - age
    return Tokens(
        access=access, refresh="refresh-1", expires_at=issued + timedelta(days=1), issued_at=issued, base=base
    )


def granted(tokens: Tokens | None, vault: MemoryVault | None = None) -> Granted:
    http = Http("acme", Pacer(1e9), judge_token, clock=lambda: NOW, sleep=lambda seconds: None)
    return Granted(kit(vault=vault or MemoryVault(tokens)), http, BASE, "id", "the-secret", "https://kpi.example/cb")


@pytest.fixture
def wire() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def sent(wire: responses.RequestsMock, n: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.json.decode(wire.calls[n].request.body)
    return found


def test_a_young_token_is_used(wire: responses.RequestsMock) -> None:
    assert granted(held(age=timedelta(hours=11))).get_access_token() == "access-1"
    assert len(wire.calls) == 0


def test_renewed_at_half_of_its_life(wire: responses.RequestsMock) -> None:
    wire.post(f"{BASE}/oauth2/access_token", json=PAIR)
    access = granted(held(age=timedelta(hours=13)))
    assert access.get_access_token() == "access-2"
    assert sent(wire) == {
        "client_id": "id", "client_secret": "the-secret", "redirect_uri": "https://kpi.example/cb",
        "grant_type": "refresh_token", "refresh_token": "refresh-1",
    }  # fmt: skip
    assert access.get_access_token() == "access-2"
    assert len(wire.calls) == 1


def test_while_renewing_fails_the_old_one_serves(wire: responses.RequestsMock) -> None:
    wire.post(f"{BASE}/oauth2/access_token", status=429, body="slow down")
    access = granted(held(age=timedelta(hours=13)))
    assert [access.get_access_token(), access.get_access_token()] == ["access-1", "access-1"]
    assert len(wire.calls) == 1


def test_an_ended_one_does_not(wire: responses.RequestsMock) -> None:
    wire.post(f"{BASE}/oauth2/access_token", status=429, body="slow down")
    with pytest.raises(Limited):
        granted(held(age=timedelta(hours=25))).get_access_token()
    assert len(wire.calls) == 1


def test_renew_leaves_a_newer_pair_alone(wire: responses.RequestsMock) -> None:
    access = granted(held(access="newer"))
    access.renew("older")
    assert len(wire.calls) == 0


def test_not_connected_yet() -> None:
    with pytest.raises(Reauthorise, match="kpi authorise"):
        granted(None).get_access_token()


def test_revoked(wire: responses.RequestsMock) -> None:
    wire.post(f"{BASE}/oauth2/access_token", status=401, json=REVOKED)
    wire.get(BASE + WHERE, status=401, json=error(401))
    with pytest.raises(Reauthorise, match="revoked"):
        granted(None).spend(held())
    assert len(wire.calls) == 2


@pytest.mark.parametrize("body", [{}, {"access_token": "x"}, [], {**PAIR, "expires_in": "soon"}])
def test_an_answer_without_a_pair_proves_nothing(wire: responses.RequestsMock, body: Any) -> None:
    wire.post(f"{BASE}/oauth2/access_token", json=body)
    with pytest.raises(Uncertain):
        granted(None).spend(held())
    assert len(wire.calls) == 1


def test_a_lost_answer_is_not_repeated(wire: responses.RequestsMock) -> None:
    wire.post(f"{BASE}/oauth2/access_token", status=502, body="<html>")
    with pytest.raises(Uncertain):
        granted(None).spend(held())
    assert len(wire.calls) == 1


def test_a_wrong_client_is_a_matter_of_configuration(wire: responses.RequestsMock) -> None:
    wire.post(f"{BASE}/oauth2/access_token", status=401, json=error(401, title="Некорректный клиент"))
    with pytest.raises(BadConfig, match="client_secret"):
        granted(None).spend(held())


def test_a_moved_account_is_followed(wire: responses.RequestsMock) -> None:
    """Asked at the host its token names, without spending; spent once at the new address."""
    stale = held(access=jwt(api_domain="api-b.amocrm.ru"))
    wire.post(f"{BASE}/oauth2/access_token", status=404, json=error(404))
    wire.get("https://api-b.amocrm.ru" + WHERE, json={"id": 1, "subdomain": "acme-new", "domain": "acme-new.amocrm.ru"})
    wire.post(f"{OTHER}/oauth2/access_token", json=PAIR)
    vault = MemoryVault(stale)
    access = granted(None, vault)
    access.renew(stale.access)
    assert wire.calls[1].request.headers["X-Refresh-Token"] == "refresh-1"
    assert (access.base, access.subdomain, vault.spent) == (OTHER, "acme-new", 1)


@pytest.mark.parametrize(
    "domain", ["evil.example", "acme.amocrm.ru.evil.example", "127.0.0.1:99", "acme.amocrm.ru", "", None]
)
def test_but_not_to_just_any_host(wire: responses.RequestsMock, domain: Any) -> None:
    wire.post(f"{BASE}/oauth2/access_token", status=404, json=error(404))
    wire.get(BASE + WHERE, json={"domain": domain})
    with pytest.raises(Reauthorise, match="address"):
        granted(None).spend(held(access=jwt(api_domain="evil.example")))
    assert [call.request.url for call in wire.calls] == [f"{BASE}/oauth2/access_token", BASE + WHERE]


def test_a_stored_host_that_is_not_the_vendors_gets_nothing(wire: responses.RequestsMock) -> None:
    wire.post(f"{BASE}/oauth2/access_token", json=PAIR)
    access = granted(held(base="https://evil.example"))
    assert access.base == BASE
    assert access.spend(held(base="https://evil.example")).base == BASE


def test_a_code_becomes_a_pair(wire: responses.RequestsMock) -> None:
    wire.post(f"{OTHER}/oauth2/access_token", json=PAIR, headers={"Date": "Tue, 01 Sep 2026 12:00:00 GMT"})
    vault = MemoryVault()
    granted(None, vault).accept("https://kpi.example/cb?code=abc&referer=acme-new.amocrm.ru&state=x&platform=1")
    assert (sent(wire)["grant_type"], sent(wire)["code"]) == ("authorization_code", "abc")
    assert vault.tokens is not None
    assert vault.tokens.expires_at == datetime.fromisoformat("2026-09-02T12:00:00+00:00")
    assert "access-2" not in repr(vault.tokens)


def test_a_bare_code_goes_home(wire: responses.RequestsMock) -> None:
    wire.post(f"{BASE}/oauth2/access_token", json=PAIR)
    granted(None).accept(" abc \n")
    assert sent(wire)["code"] == "abc"


def test_a_forged_referer_gets_no_secret(wire: responses.RequestsMock) -> None:
    with pytest.raises(BadConfig, match=r"evil\.example"):
        granted(None).accept("https://kpi.example/cb?code=abc&referer=evil.example")
    assert len(wire.calls) == 0


def test_denied() -> None:
    with pytest.raises(NeedsPerson, match="access_denied"):
        granted(None).accept("https://kpi.example/cb?error=access_denied&state=x")


def test_the_link_for_the_administrator() -> None:
    link = granted(None).link()
    assert link.startswith("https://www.amocrm.ru/oauth?client_id=id&state=")
    assert "the-secret" not in link


def test_a_token_that_ends_soon_is_told_of() -> None:
    assert LongLived(BASE, jwt(exp=(NOW + timedelta(days=9)).timestamp())).warning(NOW) is not None
    assert LongLived(BASE, jwt(exp=(NOW + timedelta(days=90)).timestamp())).warning(NOW) is None
    assert LongLived(BASE, "opaque").warning(NOW) is None


@pytest.mark.parametrize("token", ["", "a", "a.b", "a.!!.c", "a.W10.c"])
def test_claims_of_what_is_no_jwt(token: str) -> None:
    assert claims(token) == {}


def test_a_page_instead_of_an_answer(wire: responses.RequestsMock) -> None:
    wire.post(f"{BASE}/oauth2/access_token", status=404, json=error(404))
    wire.get(BASE + WHERE, body="<html>", content_type="text/html")
    with pytest.raises((Reauthorise, Broken)):
        granted(None).spend(held())
