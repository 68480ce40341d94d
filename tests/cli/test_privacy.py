"""kpi personal, erase and purge, as a person types them."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from connector.cli import app
from connector.errors import BadConfig
from connector.records import Client
from connector.store import accounts, runs
from connector.store.crm import records
from connector.store.engine import open_store
from tests.cli.test_upkeep import CONFIG

NAME, WHO = 'ООО "Ромашка"', "company:801"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The account knows one client, and has a run of two years ago."""
    (tmp_path / "config.toml").write_text(CONFIG.format(folder=tmp_path), "utf-8")
    monkeypatch.setenv("AMO_TOKEN", "not-a-real-token")
    store, now = open_store(f"sqlite:///{tmp_path / 'kpi.db'}"), datetime.now(UTC)
    with store.write() as conn:
        account = accounts.enroll(conn, "acme", "amocrm")
        records.keep(conn, account, [Client(id=WHO, name=NAME, phones=("h4sh",))], now=1)
        runs.start(conn, account, "sync", now=int((now - timedelta(days=730)).timestamp() * 1000))
    store.dispose()

    def typed(*words: str, answer: str = "", wrong: type[BaseException] | None = None) -> str:
        done = CliRunner().invoke(app, [*words, "--config", str(tmp_path / "config.toml")], input=answer)
        assert (done.exception is None) if wrong is None else isinstance(done.exception, wrong), done.output
        return done.stdout

    return typed


def test_what_is_kept_is_told_and_destroyed_when_somebody_says_why(run: Any, tmp_path: Path) -> None:
    [told] = json.loads(run("personal", "--client", WHO))["record"]
    assert told["body"]["name"] == NAME
    run("erase", "--client", WHO, "--yes", wrong=BadConfig)
    run("erase", "--client", WHO, "--reason", "asked", answer="n\n", wrong=SystemExit)
    assert "Ромашка" in run("personal", "--client", WHO)
    echoed, _, told = run("erase", "--client", WHO, "--reason", "asked", "--json", answer="y\n").partition("\n")
    done = json.loads(told)
    assert echoed.strip() == "y", "the question goes to stderr"
    assert done["account"] == "acme" and done["rows"]["record"] == 1
    assert done["mark"] in (tmp_path / "kpi.erased").read_text("utf-8")
    left = run("personal", "--client", WHO)
    assert "Ромашка" not in left and "h4sh" not in left


def test_nobody_and_everybody_are_no_person(run: Any) -> None:
    run("personal", "--client", "contact:999", wrong=BadConfig)
    run("personal", wrong=BadConfig)
    run("erase", "--client", WHO, "--user", "501", "--reason", "asked", wrong=BadConfig)


def test_what_is_too_old_goes_and_is_counted(run: Any) -> None:
    assert json.loads(run("purge", "--json")) == [{"account": "acme", "rows": {"runs": 1}}]
    assert json.loads(run("purge", "--json")) == [{"account": "acme", "rows": {}}]


def test_restored_means_erased_again(run: Any, tmp_path: Path) -> None:
    """As it is written, and not when some command comes by."""
    made = json.loads(run("backup", "--json"))
    run("erase", "--client", WHO, "--reason", "asked", "--yes")
    told = json.loads(run("restore", made["path"], "--yes", "--json"))
    assert "not_opened" not in told
    assert "Ромашка" not in kept(tmp_path)


def test_and_where_it_cannot_be_that_is_said(run: Any, tmp_path: Path) -> None:
    made = json.loads(run("backup", "--json"))
    run("erase", "--client", WHO, "--reason", "asked", "--yes")
    key = (tmp_path / "kpi.key").rename(tmp_path / "elsewhere")
    back = json.loads(run("restore", str(late(run, made["path"], key, tmp_path)), "--yes", "--json", wrong=SystemExit))
    assert "the key of this database is not there" in back["not_opened"]["acme"]
    key.rename(tmp_path / "kpi.key")
    run("restore", made["path"], "--yes")
    assert "Ромашка" not in kept(tmp_path)


def late(run: Any, path: str, key: Path, folder: Path) -> Path:
    """The backup with the mark of the key, as one has that was made after the first command."""
    key.rename(folder / "kpi.key")
    made = json.loads(run("backup", str(folder / "late"), "--json"))
    (folder / "kpi.key").rename(key)
    return Path(made["path"])


def kept(folder: Path) -> str:
    """All bodies of clients."""
    with closing(sqlite3.connect(folder / "kpi.db")) as conn:
        return str(conn.execute("select body from record where kind = 'client'").fetchall())
