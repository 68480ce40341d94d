from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from providers.amocrm import Options

TOKEN = SecretStr("t")
OAUTH = {"client_id": "i", "client_secret": SecretStr("s"), "redirect_uri": "https://kpi.example/cb"}


@pytest.mark.parametrize(
    ("told", "base"),
    [
        ({"base_url": "https://acme.amocrm.ru/", "token": TOKEN}, "https://acme.amocrm.ru"),
        ({"base_url": "acme.kommo.com", "token": TOKEN}, "https://acme.kommo.com"),
        ({"subdomain": "acme", **OAUTH}, "https://acme.amocrm.ru"),
        ({"base_url": "http://127.0.0.1:80", "token": TOKEN}, "http://127.0.0.1:80"),
    ],
)
def test_ways_in(told: dict[str, Any], base: str) -> None:
    assert Options.model_validate(told).base == base


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"token": TOKEN}, "base_url or subdomain"),
        ({"base_url": "https://acme.amocrm.ru", "subdomain": "acme", "token": TOKEN}, "one of them"),
        ({"base_url": "https://acme.amocrm.ru"}, "token, or client_id"),
        ({"base_url": "https://acme.amocrm.ru", "client_id": "i"}, "token, or client_id"),
        ({"base_url": "http://acme.amocrm.ru", "token": TOKEN}, "https://"),
        ({"base_url": "https://evil.example", "token": TOKEN}, "amocrm.ru"),
        ({"subdomain": "acme.evil.example/", "token": TOKEN}, "subdomain"),
        ({"base_url": "https://acme.amocrm.ru", "token": "in clear"}, "never in clear"),
        ({"base_url": "https://acme.amocrm.ru", "token": TOKEN, "tokn": 1}, "tokn"),
    ],
)
def test_refused_before_any_call(told: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Options.model_validate(told)
    assert words in str(caught.value)


def test_ids_may_be_numbers() -> None:
    told = Options.model_validate({"subdomain": "a", "token": TOKEN, "heads": {"Опт": [511, "512"]}})
    assert told.heads == {"Опт": ("511", "512")}


def test_the_options_cost_no_library() -> None:
    """The command line checks options without importing requests, let alone the vendor's library."""
    code = "import sys, providers.amocrm; print({'amocrm', 'requests'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"


def test_the_library_writes_nothing_to_stderr() -> None:
    code = "import providers.amocrm.courier, logging; print(logging.getLogger('amocrm').handlers)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
