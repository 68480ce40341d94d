"""What may stand in the configuration, and the addresses a secret may go to."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from providers.bitrix24 import Options, connect
from providers.bitrix24.address import checked, followable, is_loopback
from tests.bitrix24.conftest import PORTAL, kit_for

HOOK = {"webhook": SecretStr("1/abc123")}
APP = {"client_id": "local.1", "client_secret": SecretStr("shh-shh")}


@pytest.mark.parametrize(
    "options",
    [
        {"base_url": PORTAL, **HOOK},
        {"base_url": f"{PORTAL}/", **HOOK},
        {"base_url": "https://crm.example.ru", **APP},
        {"base_url": "http://127.0.0.1:8080", **APP},
        {"base_url": "http://localhost:8080", **APP, "auth_server": "http://localhost:8080"},
        {"base_url": PORTAL, **APP, "auth_server": "https://oauth.bitrix.info", "redirect_uri": "https://x.ru/"},
        {"base_url": PORTAL, **HOOK, "enterprise": True},
    ],
)
def test_good_options(options: dict[str, Any]) -> None:
    assert not Options.model_validate(options).base_url.endswith("/")


@pytest.mark.parametrize(
    ("options", "word"),
    [
        ({"base_url": "http://acme.bitrix24.ru", **HOOK}, "https://"),
        ({"base_url": f"{PORTAL}/rest/1/abc", **HOOK}, "https://"),
        ({"base_url": "acme.bitrix24.ru", **HOOK}, "https://"),
        ({"base_url": PORTAL}, "either webhook"),
        ({"base_url": PORTAL, **HOOK, **APP}, "either webhook"),
        ({"base_url": PORTAL, "client_id": "local.1"}, "either webhook"),
        ({"base_url": PORTAL, "webhook": SecretStr("abc123")}, "USER/SECRET"),
        ({"base_url": PORTAL, "webhook": SecretStr("1/abc/")}, "USER/SECRET"),
        ({"base_url": PORTAL, "webhook": "1/abc123"}, "never in clear"),
        ({"base_url": PORTAL, **APP, "auth_server": "https://evil.example"}, "oauth.bitrix24.tech"),
        ({"base_url": PORTAL, **APP, "auth_server": "http://127.0.0.1:1"}, "oauth.bitrix24.tech"),
        ({"base_url": PORTAL, **APP, "auth_server": "http://oauth.bitrix24.tech"}, "oauth.bitrix24.tech"),
        ({"base_url": PORTAL, **HOOK, "token": "x"}, "token"),
    ],
)
def test_bad_options_say_what_is_allowed(options: dict[str, Any], word: str) -> None:
    with pytest.raises(ValidationError, match=word) as refused:
        Options.model_validate(options)
    assert "abc123" not in str(refused.value) or word == "never in clear"


@pytest.mark.parametrize(
    ("options", "server"),
    [
        ({"base_url": PORTAL}, "https://oauth.bitrix24.tech"),
        ({"base_url": "https://acme.bitrix24.com"}, "https://oauth.bitrix.info"),
        ({"base_url": "https://crm.example.de", "auth_server": "oauth.bitrix24.tech"}, "https://oauth.bitrix24.tech"),
        ({"base_url": "http://127.0.0.1:80"}, "http://127.0.0.1:80"),
    ],
)
def test_where_tokens_are_asked_for(options: dict[str, Any], server: str) -> None:
    assert Options.model_validate({**options, **APP}).sign_in() == server


def test_the_plan_sets_the_pace() -> None:
    slow = connect(kit_for({"base_url": PORTAL, **HOOK})).client.http.pacer
    fast = connect(kit_for({"base_url": PORTAL, **HOOK, "enterprise": True})).client.http.pacer
    assert (slow.rate, slow.burst, fast.rate, fast.burst) == (2, 50, 5, 250)


def test_a_sandbox_may_move_on_this_machine_only() -> None:
    assert followable("http://127.0.0.1:1", "http://127.0.0.1:2/rest/x") == "http://127.0.0.1:2"
    assert followable("http://127.0.0.1:1", "https://acme.bitrix24.ru/") is None
    assert followable("https://crm.example.ru", "https://crm2.example.ru/") is None
    assert is_loopback("http://[::1]:80") and not is_loopback("https://acme.bitrix24.ru")
    assert checked("https://ACME.bitrix24.ru/") == PORTAL


def test_cards_have_addresses() -> None:
    provider = connect(kit_for({"base_url": PORTAL, **HOOK}))
    assert provider.link_to("deal:7001") == f"{PORTAL}/crm/deal/details/7001/"
    assert provider.link_to("task:61") == f"{PORTAL}/company/personal/user/0/tasks/task/view/61/"
    assert provider.link_to("meeting:../../x") == f"{PORTAL}/crm/"
    assert provider.authority is None
