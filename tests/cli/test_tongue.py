"""Which language a command speaks, and in which its errors are told."""

from __future__ import annotations

import pytest

from connector.cli.tongue import house, in_house, languages, said, speaking
from connector.errors import BadConfig


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({}, "ru"),
        ({"LANG": "C.UTF-8"}, "ru"),
        ({"LANG": "POSIX"}, "ru"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "ru_RU.UTF-8"}, "ru"),
        ({"LC_ALL": "ru_RU.UTF-8", "KPI_LANGUAGE": "en"}, "en"),
        ({"KPI_LANGUAGE": "", "LANG": "ru_RU"}, "ru"),
    ],
)
def test_this_machines_language(environ: dict[str, str], told: str) -> None:
    assert house(environ) == told


def test_an_error_is_told_in_the_nearest_language_that_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPI_LANGUAGE", "en")
    error = BadConfig(["the configuration names no account: add an [[account]] section"])
    assert said(error).startswith("the configuration names")
    with pytest.raises(BadConfig), speaking("en"), speaking("ru"):
        raise error
    assert said(error).startswith("в конфигурации нет ни одного аккаунта")
    assert str(error).startswith("the configuration names")


def test_nobody_asked_and_no_account_is_the_machines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPI_LANGUAGE", "en")
    assert (in_house(None), languages([])) == ("en", {})
