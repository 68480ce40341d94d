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
    assert "Формула: число выигрышей / (число выигрышей + число проигрышей)" in kpi("kpis", "show", "win_rate").stdout
    assert "Formula: number of wins / (number" in kpi("kpis", "show", "win_rate", "-l", "en").stdout
    (told,) = json.loads(kpi("kpis", "show", "win_rate", "--json").stdout)
    assert told["formula"]["en"] == "number of wins / (number of wins + number of losses)"


def test_a_key_that_is_none_is_a_wrong_call_and_names_those_there_are() -> None:
    done = kpi("kpis", "show", "profit")
    assert (done.returncode, done.stdout) == (2, "")
    assert "'profit' is no KPI; there are: revenue" in done.stderr
