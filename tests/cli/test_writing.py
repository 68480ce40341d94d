"""kpi undo, as a person types it: it shows what returns, asks, and says whose values stand again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from connector.cli import app
from connector.errors import BadConfig
from connector.pipeline import undoing
from connector.pipeline.bench import Workbench
from connector.pipeline.writing import Pushed
from connector.store import accounts, runs
from connector.store.engine import open_store
from connector.store.sent import ledger
from connector.store.sent.ledger import Entry, Status
from connector.writeback.report import DeliveryReport
from tests.cli.test_upkeep import CONFIG

AT = 1_790_000_000_000


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Two accounts; run 57 of the first wrote a field after run 56, run 58 undid it and closed two tasks, run 60 wrote
    another's; run 1 wrote nothing. Who is asked to write answers at once.
    """
    text = CONFIG.format(folder=tmp_path)
    second = text[text.index("[[account]]") :].replace("acme", "other")
    (tmp_path / "config.toml").write_text(text + second, "utf-8")
    monkeypatch.setenv("AMO_TOKEN", "not-a-real-token")
    store = open_store(f"sqlite:///{tmp_path / 'kpi.db'}")
    with store.write() as conn:
        account = accounts.enroll(conn, "acme", "amocrm")
        ledger.append(conn, account, [entry(56, "90", "100", "kpi:501", "done")])
        ledger.append(conn, account, [entry(57, "100", "200", "kpi:501", "done")])
        ledger.append(conn, account, [entry(58, "200", "100", "undo:57:card:501:2026-09#x", "undone")])
        ledger.append(conn, account, [closed(58, "61"), closed(58, "62")])
        ledger.append(conn, account, [replace(entry(60, "1", "2", "kpi:502", "done"), target="card:502:2026-09")])
        assert runs.start(conn, account, "sync", now=AT) == 1
    store.dispose()

    def written(bench: Workbench, undone: int, *, stop: Any) -> Pushed:
        report = DeliveryReport(59, superseded=["card:501:2026-09 KPI_PLAN"])
        report.states["done"] = 1
        report.levels["undo"] = report.states
        asked.append((bench.settings.name, undone))
        return Pushed(run=59, delivery=report)

    monkeypatch.setattr(undoing, "undo_run", written)
    asked: list[tuple[str, int]] = []

    def typed(*words: str, answer: str = "", code: int = 0) -> tuple[str, str, list[tuple[str, int]]]:
        asked.clear()
        done = CliRunner().invoke(app, ["undo", *words, "--config", str(tmp_path / "config.toml")], input=answer)
        assert done.exit_code == code and not isinstance(done.exception, KeyError), done.output
        if isinstance(done.exception, BadConfig):
            raise done.exception
        return done.stdout, " ".join(done.stderr.split()), list(asked)

    typed.asked = asked  # type: ignore[attr-defined]
    return typed


def entry(run: int, before: str, after: str, key: str, status: Status) -> Entry:
    return Entry(
        run=run, key=key, target="card:501:2026-09", field="KPI_FACT", before=before, after=after, wanted=after,
        status=status, reason="", at=AT,
    )  # fmt: skip


def closed(run: int, task: str) -> Entry:
    return Entry(
        run=run, key=f"undo:57:task:{task}#close", target=f"task:{task}", field=ledger.CLOSED, before=None,
        after="Withdrawn", wanted="Withdrawn", status="undone", reason="", at=AT,
    )  # fmt: skip


def test_it_shows_what_returns_and_asks(run: Any) -> None:
    told, shown, asked = run("58", answer="y\n")
    assert "acme: run 58 of 2026-09-21 17:13:20 MSK undid run 57; what run 57 wrote returns: 1 KPI card" in shown
    assert "Fact" in shown and "100" in shown and "200" in shown and "put it back" in shown
    assert asked == [("acme", 58)], "the other account has no such run"
    assert "acme: run 58, which undid run 57, is undone by run 59: what run 57 wrote stands again" in told
    assert "acme: written again later, left as it is: 1" in told


def test_a_no_and_no_terminal_change_nothing(run: Any) -> None:
    assert run("58", answer="n\n", code=1)[2] == []
    assert run("58", code=1)[2] == []


def test_a_script_is_not_asked(run: Any) -> None:
    told, shown, asked = run("58", "--yes", "-l", "ru")
    assert asked == [("acme", 58)] and "вернуть" not in shown
    assert "acme: запуск 58, отменявший запуск 57, отменён запуском 59: снова стоит записанное запуском 57" in told


def test_where_nothing_can_return_it_is_said_without_a_question(run: Any) -> None:
    shown = run("56")[1]
    assert "acme: run 56 of 2026-09-21 17:13:20 MSK: nothing returns" in shown
    assert "written again later, left as it is: 1" in shown and "put it back" not in shown


@pytest.mark.parametrize("yes", [(), ("--yes",)])
def test_what_is_undone_already_is_a_wrong_call(run: Any, yes: tuple[str, ...]) -> None:
    with pytest.raises(BadConfig, match="acme: run 57 is undone already, by run 58") as told:
        run("57", *yes, code=1)
    assert told.value.exit_code == 2 and run.asked == []


@pytest.mark.parametrize("answer", ["y\n", ""])
def test_tasks_that_stay_closed_are_told_before_and_after(run: Any, answer: str) -> None:
    told, shown, _ = run("58", answer=answer) if answer else run("58", "--yes")
    stay = "acme: tasks that run 58 closed stay closed, they are not opened again: 2"
    assert (stay in shown) == bool(answer) and stay in told
    assert "stay closed" not in run("60", "--yes")[0], "it closed none"


def test_a_run_that_never_was_is_a_wrong_call(run: Any) -> None:
    with pytest.raises(BadConfig, match="acme, other: there is no run 99; `kpi runs` lists the runs") as told:
        run("99", code=1)
    assert told.value.exit_code == 2


def test_a_run_that_wrote_nothing_is_told_with_its_account(run: Any) -> None:
    with pytest.raises(BadConfig, match=r"^acme: run 1 wrote nothing"):
        run("1", code=1)
