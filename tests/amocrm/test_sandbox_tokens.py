"""OAuth of crm/amocrm section 1: single use, hints, JWTs, and the race that burns an account."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from tests.amocrm.small import ANNA, Client, opened, unix


@pytest.fixture
def amo() -> Iterator[Client]:
    with opened() as client:
        yield client


def exchange(amo: Client, *, form: bool = False, **asked: Any) -> requests.Response:
    options = amo.sandbox.oauth_options()
    body = {
        "client_id": options["client_id"],
        "client_secret": options["client_secret"].get_secret_value(),
        "redirect_uri": options["redirect_uri"],
        **asked,
    }
    sent: dict[str, Any] = {"data": body} if form else {"json": body}
    return requests.post(f"{amo.sandbox.base_url}/oauth2/access_token", timeout=10, **sent)


def refresh(amo: Client, token: str) -> requests.Response:
    return exchange(amo, grant_type="refresh_token", refresh_token=token)


@pytest.mark.parametrize("form", [False, True])
def test_a_code_buys_one_pair_once(amo: Client, form: bool) -> None:
    code = amo.sandbox.code()
    pair = exchange(amo, form=form, grant_type="authorization_code", code=code)
    assert pair.status_code == 200 and pair.headers["Content-Type"] == "application/json"
    told = pair.json()
    assert (told["token_type"], told["expires_in"], told["server_time"]) == ("Bearer", 86400, unix(72))
    assert Client(amo.sandbox, told["access_token"]).get("account").status_code == 200
    again = exchange(amo, form=form, grant_type="authorization_code", code=code)
    assert (again.status_code, again.json()["hint"]) == (401, "Authorization code has been revoked")


def test_a_refresh_token_is_spent_by_its_first_use(amo: Client) -> None:
    first = amo.sandbox.tokens.pair(1)
    second = refresh(amo, first["refresh_token"]).json()
    spent = refresh(amo, first["refresh_token"])
    assert spent.status_code == 401
    assert spent.json() == {
        "hint": "Token has been revoked",
        "title": "Некорректный запрос",
        "type": "https://developers.amocrm.ru/v3/errors/OAuthProblemJson",
        "status": 401,
        "detail": "В запросе отсутствует ряд параметров или параметры невалидны",
    }
    assert Client(amo.sandbox, first["access_token"]).get("account").status_code == 200, "old access lives until exp"
    assert refresh(amo, second["refresh_token"]).status_code == 200


def test_of_two_refreshers_at_once_one_wins(amo: Client) -> None:
    token = amo.sandbox.tokens.pair(1)["refresh_token"]
    statuses: list[int] = []
    threads = [threading.Thread(target=lambda: statuses.append(refresh(amo, token).status_code)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 401, 401, 401, 401, 401]


def test_tokens_age_by_the_sandboxs_clock(amo: Client) -> None:
    box, pair = amo.sandbox, amo.sandbox.tokens.pair(1)
    code, client = box.code(), Client(box, pair["access_token"])
    box.advance(box.now + timedelta(minutes=20))
    assert exchange(amo, grant_type="authorization_code", code=code).status_code == 401
    box.advance(box.now + timedelta(hours=23, minutes=39))
    assert client.get("account").status_code == 200
    box.advance(box.now + timedelta(minutes=1))
    assert client.get("account").status_code == 401
    assert amo.get("account").status_code == 200, "the long-lived token lives for years"
    box.advance(box.now + timedelta(days=90))
    late = refresh(amo, pair["refresh_token"])
    assert (late.status_code, late.json()["hint"]) == (401, "Token has been expired")


def test_the_access_token_is_a_jwt_that_says_where_and_until_when(amo: Client) -> None:
    token = amo.sandbox.tokens.pair(ANNA)["access_token"]
    head, claims, _ = (json.loads(_part(part)) if n < 2 else part for n, part in enumerate(token.split(".")))
    assert head["alg"] == "RS256"
    assert (claims["account_id"], claims["sub"], claims["exp"]) == (31000001, str(ANNA), unix(72) + 86400)
    assert claims["api_domain"] == amo.sandbox.base_url.removeprefix("http://")
    lasting = json.loads(_part(amo.sandbox.token().split(".")[1]))
    assert lasting["exp"] - lasting["iat"] == 5 * 365 * 86400


def _part(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_wrong_clients_grants_and_addresses(amo: Client) -> None:
    token = amo.sandbox.tokens.pair(1)["refresh_token"]
    foreign = exchange(amo, grant_type="refresh_token", refresh_token=token, client_secret="x")
    assert (foreign.status_code, foreign.json()["title"]) == (401, "Некорректный клиент")
    assert exchange(amo, grant_type="password").status_code == 400
    other = exchange(amo, grant_type="refresh_token", refresh_token=token, redirect_uri="https://evil.example")
    assert other.status_code == 400
    assert exchange(amo, grant_type="refresh_token", refresh_token="nonsense").status_code == 401
    assert refresh(amo, token).status_code == 200, "none of these spent it"
    assert requests.get(f"{amo.sandbox.base_url}/oauth2/access_token", timeout=10).status_code == 405


def test_where_the_account_lives_is_told_without_spending(amo: Client) -> None:
    token = amo.sandbox.tokens.pair(1)["refresh_token"]
    address = f"{amo.sandbox.base_url}/oauth2/account/current/subdomain"
    told = requests.get(address, headers={"X-Refresh-Token": token}, timeout=10)
    assert told.json()["domain"] == amo.sandbox.base_url.removeprefix("http://") and told.json()["id"] == 31000001
    assert requests.get(address, headers={"X-Refresh-Token": "x"}, timeout=10).status_code == 401
    assert refresh(amo, token).status_code == 200


def test_switching_the_integration_off_kills_every_token(amo: Client) -> None:
    pair = amo.sandbox.tokens.pair(1)
    amo.sandbox.tokens.revoke()
    assert amo.get("account").status_code == 401
    assert refresh(amo, pair["refresh_token"]).json()["hint"] == "Token has been revoked"


def test_no_token_and_a_wrong_one_are_401(amo: Client) -> None:
    for headers in ({"Authorization": ""}, {"Authorization": "Bearer x"}, {"Authorization": "Basic x"}):
        answer = amo.get("leads", headers=headers)
        assert answer.status_code == 401 and answer.headers["Content-Type"] == "application/problem+json"


def test_options_are_what_an_account_needs(amo: Client) -> None:
    options, oauth = amo.sandbox.options, amo.sandbox.oauth_options()
    assert options["token"].get_secret_value() == amo.sandbox.token() and "token" not in oauth
    assert options["heads"] == {"700": ("11",)}
    assert amo.sandbox.token() not in repr(options) and "sandbox-client" not in repr(oauth)
