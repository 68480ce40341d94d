"""kpi runs, status, hooks and the log's shape, as a person types them."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from connector.cli import app, logs
from connector.cli.hooks import address
from connector.cli.screens.standing import age
from connector.errors import BadConfig
from connector.redact import RedactingFilter, remember
from connector.store import runs as history
from connector.store.engine import open_store

CONFIG = """
[store]
url = "sqlite:///{folder}/kpi.db"
[[account]]
name = "acme"
provider = "amocrm"
timezone = "Europe/Moscow"
currency = "RUB"
language = "en"
[account.options]
base_url = "http://127.0.0.1:9"
token = {{ env = "AMO_TOKEN" }}
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    (tmp_path / "config.toml").write_text(CONFIG.format(folder=tmp_path), "utf-8")
    monkeypatch.setenv("AMO_TOKEN", "not-a-real-token")
    monkeypatch.setenv("KPI_LANGUAGE", "en")

    def typed(*words: str, code: int = 0) -> str:
        done = CliRunner().invoke(app, [*words, "--config", str(tmp_path / "config.toml")])
        assert done.exit_code == code, done.output
        return done.stdout

    return typed


def test_the_history_of_runs(run: Any, tmp_path: Path) -> None:
    run("status")  # enrols the account
    store = open_store(f"sqlite:///{tmp_path / 'kpi.db'}")
    with store.write() as conn:
        number = history.start(conn, 1, "sync", now=1000)
        history.end(conn, number, now=3500, error="no answer", requests=12, rows=340, writes=5)
        history.start(conn, 1, "push", now=5000)
    store.dispose()
    push, sync = json.loads(run("runs", "--json"))
    assert (push["what"], push["ended_at"], push["seconds"]) == ("push", None, None)
    assert (sync["account"], sync["requests"], sync["rows"], sync["writes"]) == ("acme", 12, 340, 5)
    assert (sync["seconds"], sync["error"]) == (2.5, "no answer")
    assert len(json.loads(run("runs", "--json", "--what", "sync"))) == 1
    assert "running" in run("runs", "--limit", "1")


def test_status_says_how_old_each_number_is(run: Any) -> None:
    told = json.loads(run("status", "--json"))[0]["numbers"]
    assert told["revenue"] is None and "csat" in told
    assert "numbers never read (stale): " in run("status").replace("\n", " ")


def test_hooks_are_shown(run: Any) -> None:
    [one] = json.loads(run("hooks", "show", "--json"))
    assert (one["state"], one["waiting"], one["reachable"]) == ("off", 0, False)
    assert "[web] address" in run("hooks", "show")


def test_an_address_for_hooks_needs_one_of_ours(run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config.toml"
    with pytest.raises(BadConfig, match=r"address = \"https://kpi.acme.ru\", into \[web\] of .*config.toml$"):
        address(config)
    config.write_text('[web]\naddress = "https://kpi.acme.ru"\n' + config.read_text("utf-8"), "utf-8")
    assert run("hooks", "address").startswith("https://kpi.acme.ru/hooks/acme/")


def test_what_is_printed_is_in_the_language_that_was_asked_for(run: Any) -> None:
    assert run("hooks", "show", "-l", "ru").startswith("acme: хуки выключены")
    assert run("hooks", "off", "-l", "ru").startswith("acme: хуки выключены")
    assert run("hooks", "rotate", "-l", "ru").startswith("acme: хуки выключены")
    assert run("purge", "-l", "ru") == "acme: ничего не устарело\n"


@pytest.mark.parametrize(
    ("milliseconds", "told"),
    [(-5, "0 s"), (90_000, "90 s"), (600_000, "10 min"), (3 * 3_600_000, "3 h"), (50 * 3_600_000, "2 d")],
)
def test_ages(milliseconds: int, told: str) -> None:
    assert age(milliseconds) == told


def test_json_lines_are_masked_and_hold_the_traceback() -> None:
    remember("canary-of-the-log")
    try:
        raise ValueError("canary-of-the-log is in here")
    except ValueError:
        record = logging.LogRecord(
            "kpi", logging.ERROR, __file__, 1, "%s failed", ("canary-of-the-log",), sys.exc_info()
        )
    assert RedactingFilter().filter(record)
    told = json.loads(logs.JsonLines().format(record))
    assert (told["message"], told["level"], told["logger"]) == ("*** failed", "ERROR", "kpi")
    assert "ValueError: *** is in here" in told["error"] and "canary-of-the-log" not in json.dumps(told)


@pytest.mark.parametrize(
    ("command", "level"), [("run", "INFO"), ("serve", "INFO"), ("sync", "WARNING"), ("", "WARNING")]
)
def test_a_log_that_is_read_begins_with_what_is_ordinary(command: str, level: str) -> None:
    assert logs.usual(command) == level


def test_a_level_that_is_none_is_a_wrong_call() -> None:
    called = [sys.executable, "-m", "connector", "run"]
    environ = os.environ | {"KPI_LOG": "bogus", "KPI_LANGUAGE": "en"}
    done = subprocess.run(called, env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "kpi: KPI_LOG=bogus is no level: DEBUG, INFO, WARNING, ERROR\n")


@pytest.mark.parametrize(("level", "told"), [("DEBUG", True), ("info", False)])
def test_requests_are_told_at_debug_only(level: str, told: bool) -> None:
    before = {name: logging.getLogger(name).level for name in logs.LIBRARIES}
    try:
        logs.set_up(level, "")
        assert logging.getLogger("urllib3.connectionpool").isEnabledFor(logging.DEBUG) is told
        assert not logging.getLogger("alembic").isEnabledFor(logging.INFO)
    finally:
        for name, known in before.items():
            logging.getLogger(name).setLevel(known)


def test_a_turn_that_waits_for_the_one_before_is_no_warning() -> None:
    """APScheduler says so at WARNING; what a job raised stays an error."""
    before = {name: logging.getLogger(name).level for name in logs.LIBRARIES}
    try:
        logs.set_up("INFO", "")
        assert not logging.getLogger("apscheduler.scheduler").isEnabledFor(logging.WARNING)
        assert logging.getLogger("apscheduler.executors.default").isEnabledFor(logging.ERROR)
    finally:
        for name, known in before.items():
            logging.getLogger(name).setLevel(known)
