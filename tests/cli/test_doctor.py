"""What ends every other command (a lost key, a database that does not open) is one of the things that doctor tells."""

from __future__ import annotations

import json
from collections.abc import Callable
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


def of_the_key(run: Any) -> list[tuple[str, str]]:
    told = json.loads(run("doctor", "--json", wrong=SystemExit))
    return [(one["state"], one["said"]) for one in told if one["what"] == "key"]


def test_no_new_key_is_made_for_a_database_that_has_one(run: Any, key: Path) -> None:
    kept = key.read_text("utf-8")
    key.unlink()
    run("personal", "--client", WHO, wrong=WrongKey)
    assert of_the_key(run) == [("bad", f"{key}: the key of this database is not there")]
    run("backup")  # what is there can be kept at once
    assert not key.exists()
    key.write_text(kept, "utf-8")
    assert NAME not in run("personal", "--client", WHO)


def test_another_key_is_refused(run: Any, key: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPI_KEY", Fernet.generate_key().decode())
    run("personal", "--client", WHO, wrong=WrongKey)
    said = f"{tmp_path / 'kpi.db'}: this is the wrong key for this database: it was begun with another one"
    assert ("bad", said) in of_the_key(run)


def test_whoever_lost_it_for_good_goes_on_by_saying_so(run: Any, key: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key.unlink()
    monkeypatch.setenv("KPI_NEW_KEY", "1")
    run("runs")
    monkeypatch.delenv("KPI_NEW_KEY")
    run("runs")
    assert key.exists()


def garbage(folder: Path) -> None:
    (folder / "kpi.db").write_bytes(b"not a database" * 1000)


def rotten(folder: Path) -> None:
    """Its first page is whole: it opens, and then does not read."""
    path = folder / "kpi.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\x55" * (len(whole) - 4096))


def elsewhere(folder: Path) -> None:
    """No server listens there."""
    told = (folder / "config.toml").read_text("utf-8")
    url = f"sqlite:///{folder / 'kpi.db'}"
    assert url in told
    told = told.replace(url, "postgresql+psycopg://kpi@127.0.0.1:9/kpi")
    (folder / "config.toml").write_text(told.replace("[store]", f'[store]\nkey_file = "{folder / "kpi.key"}"'), "utf-8")


def no_folder(folder: Path) -> None:
    told = (folder / "config.toml").read_text("utf-8")
    (folder / "config.toml").write_text(told.replace("kpi.db", "gone/kpi.db"), "utf-8")


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (garbage, "the file is not a database of this program"),
        (rotten, "the file is damaged"),
        (elsewhere, "the database server cannot be reached"),
        (no_folder, "the folder does not exist"),
    ],
)
def test_a_database_that_does_not_open_is_one_thing_among_others(
    run: Any, key: Path, tmp_path: Path, harm: Callable[[Path], None], said: str
) -> None:
    for end in ("-wal", "-shm"):
        (tmp_path / f"kpi.db{end}").unlink(missing_ok=True)
    kept = (tmp_path / "kpi.db").read_bytes() if harm is rotten else b""
    harm(tmp_path)
    told = json.loads(run("doctor", "--json", wrong=SystemExit))
    [trouble] = [one for one in told if one["what"] == "database"]
    assert trouble["state"] == "bad" and said in trouble["said"] and trouble["todo"]
    assert {"file modes", "disk", "backup", "https", "versions"} <= {one["what"] for one in told}
    assert len(kept) == len((tmp_path / "kpi.db").read_bytes()) or harm is not rotten  # left as it is


@pytest.mark.parametrize("harm", [garbage, rotten, elsewhere, no_folder])
def test_beside_a_database_that_does_not_open_no_key_is_made(
    run: Any, key: Path, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    """Nor is one missed that may never have been: what is to be mended first is the database."""
    key.unlink()
    harm(tmp_path)
    there = tmp_path / "gone" / "kpi.key" if harm is no_folder else key
    said = f"{there} is not there, and the database cannot be asked whether it was begun with a key"
    assert of_the_key(run) == [("warn", said)]
    assert not there.exists()


def test_postgresql_without_a_place_for_the_key_has_none_that_lies_well(run: Any, key: Path, tmp_path: Path) -> None:
    elsewhere(tmp_path)
    told = (tmp_path / "config.toml").read_text("utf-8")
    (tmp_path / "config.toml").write_text(told.replace(f'key_file = "{key}"', ""), "utf-8")
    assert of_the_key(run) == [("bad", "store.key_file: PostgreSQL needs a key file, or the key in KPI_KEY")]
