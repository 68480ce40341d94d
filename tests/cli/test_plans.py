"""kpi plan from the shell: what is agreed on, checked and shown; exit codes, lines of the file, only JSON on stdout."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from connector.cli import app
from connector.cli.demo import sandbox_module
from connector.pretend.company import build
from connector.pretend.people import moscow
from tests.cli.test_closing import Counter

SETS = """
[[account.kpi_set]]
name = "Розница"
goal = "Выручка розницы +20 %"
teams = ["Розница"]
kpis = { revenue = 60, csat = 40 }

[[account.plan]]
company = true
kpi = "revenue"
period = "2026-09"
value = 3000000
"""


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    with sandbox_module("amocrm").Sandbox(build(), paced=False, now=moscow(2026, 9, 24, 18)) as box:
        made = Counter(box, tmp_path_factory.mktemp("plans"))
        made.config.write_text(made.config.read_text("utf-8") + SETS, "utf-8")
        made.says("sync")
        yield made


def agreed(counter: Counter, value: str, *words: str, code: int = 0) -> str:
    return counter.says("plan", "set", "-k", "revenue", "-p", "2026-09", "-u", "502", "-v", value, *words, code=code)


def test_a_plan_from_agreeing_to_its_history(counter: Counter) -> None:
    assert "Борис Громов · Выручка · 2026-09\n  версия 1 · 350 000" in agreed(counter, "350 000").replace("\u00a0", " ")
    assert "не названа причина" in agreed(counter, "300000", code=2)
    told = json.loads(agreed(counter, "300000", "-r", "ушёл клиент", "--json"))
    assert (told[0]["version"], told[0]["reason"]) == (2, "ушёл клиент")
    late = counter.says("plan", "set", "-k", "revenue", "-p", "2026-08", "-u", "501", "-v", "1", "-r", "x", code=2)
    assert "дни на исправления вышли 2026-09-02: задним числом план не ставят" in late
    history = json.loads(counter.says("plan", "history", "-p", "2026-09", "-u", "502", "--json"))
    assert [(one["name"], one["version"], one["value"]) for one in history] == [
        ("Борис Громов", 1, "350000"), ("Борис Громов", 2, "300000")
    ]  # fmt: skip
    [boris] = json.loads(counter.says("plan", "show", "-p", "2026-09", "-u", "Борис Громов", "--json"))
    assert (boris["set"]["name"], boris["kpis"][0]["plan"], boris["kpis"][0]["first_plan"]) == (
        "Розница", "300000.00", "350000.00"
    )  # fmt: skip


def test_the_cascade_and_the_sets(counter: Counter) -> None:
    [told] = json.loads(counter.says("plan", "cascade", "-p", "2026-09", "--json"))
    assert told["cascade"]["plan"] == "3000000.00"
    [one] = json.loads(counter.says("plan", "sets", "--json"))
    assert [kpi["share"] for kpi in one["kpis"]] == [0.6, 0.4]
    assert "60%  Revenue (revenue, financial)" in counter.says("plan", "sets", "-l", "en")


def test_a_list_on_a_narrow_screen_cuts_no_number(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    agreed(counter, "1234567", "-r", "сезон")
    monkeypatch.setenv("COLUMNS", "72")
    told = counter.says("plan", "list", "-p", "2026-09").replace("\u00a0", " ").replace("\u202f", " ")
    assert "1 234 567" in told and "…" not in told and "Аккаунт" not in told


def test_the_check_names_the_line_and_what_to_do(counter: Counter) -> None:
    text = counter.config.read_text("utf-8").splitlines()
    line = 1 + next(n for n, one in enumerate(text) if one.startswith("kpis = "))
    done = CliRunner().invoke(app, ["plan", "check", "--json", "--config", str(counter.config)], env=counter.env)
    assert done.exit_code == 1
    [told] = json.loads(done.stdout)
    [process, quality] = [one for one in told["findings"] if one["code"] == "no_family"]
    assert (process["line"], process["grade"], quality["line"]) == (line, "error", line)
    assert "добавьте" in process["todo"]["ru"]


def test_the_list_has_plans_of_single_pipelines_too(counter: Counter) -> None:
    words = ("plan", "set", "-k", "revenue", "-p", "2026-09", "-u", "503", "-v", "9", "--pipeline", "Допродажи")
    assert "Вера Дёмина · Revenue · Допродажи · 2026-09" in counter.says(*words, "-l", "en")
    listed = json.loads(counter.says("plan", "list", "-p", "2026-09", "--json"))
    assert [one["value"] for one in listed if one["subject"] == "user:503" and one["pipeline"]] == ["9"]


def test_the_list_names_people_and_kpis_as_they_are_called(counter: Counter) -> None:
    text = counter.says("plan", "list", "-p", "2026-09")
    assert "user:" not in text and "Выручка" in text


def test_an_empty_list_says_so_and_what_to_do(counter: Counter) -> None:
    told = counter.says("plan", "list", "-p", "2025-01")
    assert "на 2025-01 планов нет; задать: kpi plan set" in told
    assert "┃" not in told
    assert json.loads(counter.says("plan", "list", "-p", "2025-01", "--json")) == []


def test_a_push_speaks_of_people_and_kpis_by_their_names(counter: Counter) -> None:
    russian, english = (counter.says("push", "--preview", *words) for words in ((), ("-l", "en")))
    for raw in ("kpi_card", "deal_fields", "deal:", "user:"):
        assert raw not in russian + english
    assert "карточки KPI" in russian
    assert "KPI cards" in english
