"""A call that was typed wrong is told in this machine's language, with code 2 and no line of Typer's own."""

from __future__ import annotations

import re
import sys
from typing import Any

import pytest

from connector.app import provider_module
from connector.cli import app, main, wrong_call
from connector.cli.demo import sandbox_module
from connector.errors import BadConfig


def called(monkeypatch: pytest.MonkeyPatch, capsys: Any, line: str, language: str) -> tuple[int, str]:
    monkeypatch.setenv("KPI_LANGUAGE", language)
    monkeypatch.setattr(sys, "argv", ["kpi", *line.split()])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr()
    return int(str(ended.value.code or 0)), said.err + said.out


@pytest.mark.parametrize(
    ("line", "english", "russian"),
    [
        ("close", "Missing option '--period' / '-p'.", "не хватает опции '--period' / '-p'"),
        ("sync --nosuch", "No such option: --nosuch", "нет опции --nosuch"),
        ("sync one two", "Got unexpected extra argument(s) (one two)", "лишнее: one two"),
        ("nosuch", "No such command 'nosuch'.", "нет команды 'nosuch'"),
        (
            "undo x",
            "Invalid value for 'run': Input should be a valid integer",
            "не то значение 'run': нужно целое число",
        ),
        ("report -p", "Option '-p' requires an argument.", "у опции '-p' нет значения"),
        (
            "report -p 2026-09 -f x",
            "'x' is not one of 'table', 'json', 'csv'.",
            "'x' — не одно из 'table', 'json', 'csv'",
        ),
        (
            "run --listen 8800",
            "'--listen': '8800' is not HOST:PORT, such as 127.0.0.1:8800",
            "'--listen': '8800' — не ХОСТ:ПОРТ, например 127.0.0.1:8800",
        ),
        ("serve --listen host:http", "'host:http' is not HOST:PORT", "'host:http' — не ХОСТ:ПОРТ"),
        ("init --web --listen host", "'host' is not HOST:PORT", "'host' — не ХОСТ:ПОРТ"),
        ("runs --limit 0", "should be greater than or equal to 1", "не то значение '--limit': нужно не меньше 1"),
    ],
)
def test_it_says_what_is_wrong_in_both_languages(
    monkeypatch: pytest.MonkeyPatch, capsys: Any, line: str, english: str, russian: str
) -> None:
    placed = line != "report -p"  # before the command is known the parser gives no place
    code, said = called(monkeypatch, capsys, line, "en")
    assert (code, english in said, said.startswith("Usage: ")) == (2, True, placed), said
    code, said = called(monkeypatch, capsys, line, "ru")
    assert (code, russian in said, said.startswith("Использование: ")) == (2, True, placed), said
    assert not re.search("Usage|Error|Try|Missing|Invalid", said)


def test_a_pretend_crm_that_there_is_not_is_told() -> None:
    with pytest.raises(BadConfig, match="'amo' is no pretend CRM; there are: amocrm, bitrix24"):
        sandbox_module("amo")


def test_a_good_call_keeps_its_code(monkeypatch: pytest.MonkeyPatch, capsys: Any, tmp_path: Any) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("KPI_CONFIG", raising=False)
    assert called(monkeypatch, capsys, "kpis list", "ru")[0] == 0
    assert called(monkeypatch, capsys, "sync --help", "ru")[0] == 0
    code, said = called(monkeypatch, capsys, "sync", "ru")
    assert code == 2 and "такого файла нет" in said
    assert wrong_call.REFUSED.__name__ == "UsageError" and app is not None


@pytest.mark.parametrize("name", ["..x", ".amocrm", "nobody.knows", "amo"])
def test_a_provider_that_is_none_is_one_line(name: str) -> None:
    with pytest.raises(BadConfig, match="is not known; amocrm, bitrix24, or a dotted module"):
        provider_module(name)
