from __future__ import annotations

import pytest

from providers.amocrm.hosts import address, allowed, grants_at, may_move, subdomain


@pytest.mark.parametrize(
    "url",
    ["https://acme.amocrm.ru", "https://acme.amocrm.com", "https://acme.kommo.com", "https://api-b.amocrm.ru:443",
     "http://127.0.0.1:8000", "http://localhost:1"],
)  # fmt: skip
def test_tokens_may_go_there(url: str) -> None:
    assert allowed(url)


@pytest.mark.parametrize(
    "url",
    ["http://acme.amocrm.ru", "https://evil.example", "https://amocrm.ru.evil.example", "https://evilamocrm.ru",
     "https://x@acme.amocrm.ru", "https://acme.amocrm.ru:8443", "https://acme.amocrm.ru:port", "ftp://127.0.0.1"],
)  # fmt: skip
def test_tokens_may_not_go_there(url: str) -> None:
    assert not allowed(url)


def test_a_sandbox_never_leads_out_nor_the_vendor_in() -> None:
    assert may_move("https://acme.amocrm.ru", "https://acme2.kommo.com")
    assert may_move("http://127.0.0.1:1", "http://127.0.0.1:2")
    assert not may_move("http://127.0.0.1:1", "https://acme.amocrm.ru")
    assert not may_move("https://acme.amocrm.ru", "http://127.0.0.1:1")
    assert not may_move("https://acme.amocrm.ru", "https://evil.example")
    assert not may_move("https://acme.amocrm.ru", "")


def test_an_address_is_scheme_and_host() -> None:
    assert address("https://Acme.amocrm.ru/leads/?x=1") == "https://acme.amocrm.ru"
    assert address("acme.kommo.com") == "https://acme.kommo.com"
    assert subdomain("https://acme.kommo.com") == "acme"


def test_where_access_is_granted() -> None:
    assert grants_at("https://acme.amocrm.ru") == "https://www.amocrm.ru/oauth"
    assert grants_at("https://acme.kommo.com") == "https://www.kommo.com/oauth"
    assert grants_at("http://127.0.0.1:5") == "http://127.0.0.1:5/oauth"
