"""Closing from the shell: exit codes, JSON alone on stdout, closed numbers that stand, the past in the same bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from connector.cli import app, tongue
from connector.cli.demo import sandbox_module
from connector.errors import KpiError
from connector.pretend.company import build
from connector.pretend.people import moscow
from tests.cli.test_commands import CONFIG

RULES = 'close_grace_days = 1\nclose_months = "manual"\n'


class Counter:
    """A CRM whose clock the test moves, and the commands that a person types beside it."""

    def __init__(self, box: Any, folder: Path) -> None:
        self.box = box
        self.config = folder / "config.toml"
        told = CONFIG.format(folder=folder, base=box.base_url).replace("[account.rates]", f"{RULES}[account.rates]")
        self.config.write_text(told, "utf-8")
        self.env = {"AMO_TOKEN": box.options["token"].get_secret_value()}

    def says(self, *words: str, code: int = 0) -> str:
        """What the command prints, or what it complains of. In this process: two dozen interpreters take minutes."""
        done = CliRunner().invoke(app, [*words, "--config", str(self.config)], env=self.env)
        problem, ended = done.exception, done.exit_code
        if isinstance(problem, KpiError):
            return self.expected(code, problem.exit_code, tongue.said(problem))
        assert problem is None or isinstance(problem, SystemExit), problem
        return self.expected(code, ended, done.stdout if ended == 0 else done.stderr)

    @staticmethod
    def expected(code: int, ended: int, told: str) -> str:
        assert ended == code, told
        return told


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    with sandbox_module("amocrm").Sandbox(build(), paced=False, now=moscow(2026, 6, 30, 20)) as box:
        made = Counter(box, tmp_path_factory.mktemp("counter"))
        made.says("sync")
        yield made


def test_a_month_from_open_to_corrected(counter: Counter) -> None:
    assert "ни один месяц ещё не закрывали" in counter.says("closings")
    assert "до конца этого периода ни один месяц не был закрыт" in counter.says("corrections", "-p", "2026-06")
    assert "2026-06 не закончился; закрыть можно с 2026-07-02" in counter.says("close", "-p", "2026-06", code=2)
    counter.box.advance(moscow(2026, 7, 2, 10))
    counter.says("sync")
    (closed,) = json.loads(counter.says("close", "-p", "2026-06", "--reason", "salaries", "--json"))
    assert (closed["account"], closed["period"], closed["version"]) == ("moscow", "2026-06", 1)
    frozen = counter.says("report", "-p", "2026-06", "-f", "json")
    past = counter.says("report", "-p", "2026-06", "-f", "json", "--as-of", "2026-07-02 12:00")
    of_may = counter.says("report", "-p", "2026-05", "-f", "json", "--as-of", "2026-07-02 12:00")
    assert json.loads(frozen)["closed_at"].startswith("2026-07-02T07:00")

    counter.box.advance(moscow(2026, 7, 3, 20))
    counter.says("sync")
    the_past_is_told_in_the_same_bytes(counter, frozen, past, of_may)
    what_was_learned_is_told_apart(counter)
    it_is_opened_again(counter)


def the_past_is_told_in_the_same_bytes(counter: Counter, frozen: str, past: str, of_may: str) -> None:
    assert counter.says("report", "-p", "2026-06", "-f", "json") == frozen
    assert counter.says("report", "-p", "2026-06", "-f", "json", "--as-of", "2026-07-02 12:00") == past
    assert counter.says("report", "-p", "2026-05", "-f", "json", "--as-of", "2026-07-02 12:00") == of_may
    today = json.loads(counter.says("report", "-p", "2026-06", "-f", "json", "--recalculated"))
    assert today["closed_at"] is None
    assert revenue(json.loads(frozen)) - revenue(today) == 110_000
    lines = counter.says("report", "-p", "2026-06", "-f", "csv").splitlines()
    assert lines[0].endswith(",closed_at")
    assert all(line.split(",")[-1].startswith("2026-07-02T07:00") for line in lines[1:])
    asked = ("explain", "-k", "revenue", "-u", "505", "-p", "2026-06", "--json")
    assert "9005" in counter.says(*asked)
    assert json.loads(counter.says(*asked))["value"] != json.loads(counter.says(*asked, "--recalculated"))["value"]


def revenue(told: Any) -> float:
    return float(next(one["value"] for one in told["kpis"] if (one["kpi"], one["user"]["id"]) == ("revenue", "505")))


def what_was_learned_is_told_apart(counter: Counter) -> None:
    text = counter.says("corrections", "-p", "2026-07", "-u", "505", "-k", "revenue")
    assert "2026-07-03  −110\u00a0000,00 · сделка 9005: удалена · http" in text
    (told,) = json.loads(counter.says("corrections", "-p", "2026-07", "--json"))
    assert told["closed"][0]["month"] == "2026-06"
    numbers = [(one["user"]["id"], one["kpi"]) for one in told["closed"][0]["numbers"]]
    rated = {("502", "csat"), ("502", "csat_response")}  # clients answered in July about wins of June
    assert rated <= set(numbers) and {user for user, _ in set(numbers) - rated} == {"505"}
    assert "2026-08 ещё не начался" in counter.says("corrections", "-p", "2026-08", code=2)
    assert "не показатель" in counter.says("corrections", "-p", "2026-07", "-k", "profit", code=2)
    assert "'999' — никто" in counter.says("corrections", "-p", "2026-07", "-u", "999", code=2)


def it_is_opened_again(counter: Counter) -> None:
    assert "доказательство цело" in counter.says("closings", "--verify")
    assert "2026-06 уже закрыт" in counter.says("close", "-p", "2026-06", code=2)
    assert "--reason" in counter.says("reopen", "-p", "2026-06", code=2)
    assert "2026-06 снова открыт (версия 2)" in counter.says("reopen", "-p", "2026-06", "--reason", "forgot one")
    assert "2026-06 не закрыт" in counter.says("reopen", "-p", "2026-06", "--reason", "again", code=2)
    rows = json.loads(counter.says("closings", "--json", "--verify"))
    assert [(row["what"], row["reason"], row.get("sound")) for row in rows] == [
        ("closed", "salaries", True),
        ("reopened", "forgot one", None),
    ]
