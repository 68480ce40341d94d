"""A lost key ends every command but those that need none, and doctor tells it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from connector.errors import WrongKey
from tests.cli.test_privacy import NAME, WHO, run

__all__ = ["run"]


@pytest.fixture
def key(run: Any, tmp_path: Path) -> Path:
    """Of a database in which somebody was erased, with a long-lived token: nothing is sealed in it."""
    run("erase", "--client", WHO, "--reason", "asked", "--yes")
    return tmp_path / "kpi.key"


def of_the_key(run: Any, wrong: type[BaseException] | None = SystemExit) -> list[str]:
    told = json.loads(run("doctor", "--json", wrong=wrong))
    return [one["said"] for one in told if (one["what"], one["state"]) == ("key", "bad")]


def test_no_new_key_is_made_for_a_database_that_has_one(run: Any, key: Path) -> None:
    kept = key.read_text("utf-8")
    key.unlink()
    run("personal", "--client", WHO, wrong=WrongKey)
    assert of_the_key(run) == [f"{key}: the key of this database is not there"]
    run("backup")  # what is there can be kept at once
    assert not key.exists()
    key.write_text(kept, "utf-8")
    assert NAME not in run("personal", "--client", WHO)


def test_another_key_is_refused(run: Any, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPI_KEY", Fernet.generate_key().decode())
    run("personal", "--client", WHO, wrong=WrongKey)
    said = f"{tmp_path / 'kpi.db'}: this is the wrong key for this database: it was begun with another one"
    assert of_the_key(run) == [said]


def test_whoever_lost_it_for_good_goes_on_by_saying_so(run: Any, key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key.unlink()
    monkeypatch.setenv("KPI_NEW_KEY", "1")
    run("runs")
    monkeypatch.delenv("KPI_NEW_KEY")
    run("runs")
    assert key.exists()
