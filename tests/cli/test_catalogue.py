"""kpi kpis: no configuration and no database are needed to ask what a KPI means."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from connector.kpi.catalogue import ALL
from tests.cli.test_commands import kpi


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    monkeypatch.chdir(tmp_path)


def test_list_names_every_key() -> None:
    told = json.loads(kpi("kpis", "list", "--json").stdout)
    assert [one["key"] for one in told] == list(ALL)
    assert [line.split()[0] for line in kpi("kpis", "list").stdout.splitlines()] == list(ALL)
    assert os.listdir() == []


def test_show_tells_one_in_the_language_asked() -> None:
    assert (
        "Формула: число выигрышей / (число выигрышей + число проигрышей)"
        in kpi("kpis", "show", "win_rate", "-l", "ru").stdout
    )
    assert "Formula: number of wins / (number" in kpi("kpis", "show", "win_rate", "-l", "en").stdout
    (told,) = json.loads(kpi("kpis", "show", "win_rate", "--json").stdout)
    assert told["formula"]["en"] == "number of wins / (number of wins + number of losses)"


def test_a_key_that_is_none_is_a_wrong_call_and_names_what_may_be_meant() -> None:
    done = kpi("kpis", "show", "revenuee")
    assert (done.returncode, done.stdout) == (2, "")
    assert "'revenuee' is no KPI; near it: revenue, " in done.stderr and "kpi kpis list" in done.stderr


OWN = """
[store]
url = "sqlite:///{folder}/kpi.db"
[[account]]
name = "moscow"
provider = "amocrm"
[account.options]
base_url = "http://127.0.0.1:9"
token = {{ env = "AMO_TOKEN" }}

[[account.kpi]]
key = "long_call_share"
title = {{ ru = "Доля длинных", en = "Long ones" }}
share = {{ of = "call_out", where = ["number >= 3m"] }}
{more}
"""
ENV = {"AMO_TOKEN": "tokentokentoken"}


def configured(folder: Path, more: str = "") -> Path:
    path = folder / "own.toml"
    path.write_text(OWN.format(folder=folder, more=more), "utf-8")
    return path


def test_with_a_configuration_its_own_kpis_are_listed_and_marked(tmp_path: Path) -> None:
    path = configured(tmp_path)
    told = json.loads(kpi("kpis", "list", "--json", config=path, env=ENV).stdout)
    assert [one["key"] for one in told if one["own"]] == ["long_call_share"]
    assert "Доля длинных · свой (moscow)" in kpi("kpis", "list", "-l", "ru", config=path, env=ENV).stdout
    shown = kpi("kpis", "show", "long_call_share", "-l", "en", config=path, env=ENV).stdout
    assert "Formula: number of outgoing calls [seconds of talk ≥ 3m] / number of outgoing calls" in shown
    assert "Own KPI of: moscow" in shown
    found = kpi("kpis", "show", "long_call_share", env=ENV | {"KPI_CONFIG": str(path)})
    assert found.returncode == 0, "the configuration is found as by every other command"


def test_lint_tells_lines_and_reasons_and_fails_only_on_what_cannot_be_computed(tmp_path: Path) -> None:
    good = kpi("kpis", "lint", config=configured(tmp_path, "minimum = 3"), env=ENV)
    assert good.returncode == 0, good.stderr
    assert ":15: предупреждение: moscow, № 1 long_call_share, minimum: minimum = 3 меньше 20" in good.stdout
    assert "своих показателей 1, считаются 1; отказов 0, без источника 0, предупреждений 1" in good.stdout
    path = configured(tmp_path, '[[account.kpi]]\nkey = "calls"\nsum = { of = "call_out", value = "amount" }')
    bad = kpi("kpis", "lint", "--json", "-l", "en", config=path, env=ENV)
    assert bad.returncode == 2
    (told,) = json.loads(bad.stdout)
    assert [(one["line"], one["path"], one["code"]) for one in told["findings"]] == [
        (16, "key", "taken"),
        (17, "sum.value", "no_money"),
    ]


def test_every_other_command_refuses_such_a_file_before_any_call(tmp_path: Path) -> None:
    path = configured(tmp_path, '[[account.kpi]]\nkey = "x1"\ncount = "call_outt"\nunit = "money"\ncounter = "no"')
    for words in (("sync",), ("report", "-p", "2026-09"), ("kpis", "list")):
        done = kpi(*words, config=path, env=ENV)
        assert (done.returncode, done.stdout) == (2, "")
        lines = done.stderr.removeprefix("kpi: ").splitlines()
        assert [line.split(": ")[1:5] for line in lines] == [
            ["line 17", "account moscow", "kpi x1", "count.of"],
            ["line 19", "account moscow", "kpi x1", "counter"],
        ]
    assert not (tmp_path / "kpi.db").exists()


def test_kinds_tell_what_conditions_may_ask() -> None:
    lines = kpi("kpis", "kinds", "-l", "en").stdout.splitlines()
    assert "call_out         outgoing call" in "\n".join(lines)
    told = json.loads(kpi("kpis", "kinds", "--json").stdout)
    assert told["kinds"]["win"]["columns"] == {"amount": "money", "number": "ordinal", "other": "days"}
    assert ["enquiry", "win"] in told["conversions"]
