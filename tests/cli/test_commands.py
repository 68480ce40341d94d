"""The command line as a person and a machine use it: exit codes, JSON alone on stdout, every problem at once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connector.cli.demo import sandbox_module
from connector.pretend.happenings import Company

CONFIG = """
[store]
url = "sqlite:///{folder}/kpi.db"
[[account]]
name = "moscow"
provider = "amocrm"
[account.options]
base_url = "{base}"
token = {{ env = "AMO_TOKEN" }}
heads = {{ "700" = ["511"], "701" = ["512"] }}
[account.rules]
sales_pipelines = ["Продажи", "Допродажи"]
junk_reasons = ["Спам"]
csat_field = "CSAT"
csat_date_field = "Дата оценки"
[account.rates]
USD = "90.00"
[[account.plan]]
user = "501"
kpi = "revenue"
period = "2026-08"
value = "450000"
"""


def kpi(*words: str, config: Path | None = None, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    more = ["--config", str(config)] if config else []
    command = [sys.executable, "-m", "connector", *words, *more]
    return subprocess.run(
        command, env=os.environ | {"KPI_LANGUAGE": "en"} | (env or {}), capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, str]]]:
    """A configuration over a served sandbox, synced once."""
    from connector.pretend.company import build

    plan: Company = build()
    folder = tmp_path_factory.mktemp("shop")
    with sandbox_module("amocrm").Sandbox(plan, paced=False) as box:
        config = folder / "config.toml"
        config.write_text(CONFIG.format(folder=folder, base=box.base_url), "utf-8")
        env = {"AMO_TOKEN": box.options["token"].get_secret_value()}
        done = kpi("sync", "--json", config=config, env=env)
        assert done.returncode == 0, done.stderr
        yield config, env


def answer(shop: tuple[Path, dict[str, str]], *words: str) -> Any:
    done = kpi(*words, config=shop[0], env=shop[1])
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_help_names_the_exit_codes() -> None:
    done = kpi("--help")
    assert done.returncode == 0
    assert "3 an account needs a person" in " ".join(done.stdout.split())


def test_init_writes_once_and_never_over(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    assert kpi("init", config=config).returncode == 0
    config.write_text("mine", "utf-8")
    again = kpi("init", config=config)
    assert again.returncode == 2
    assert config.read_text("utf-8") == "mine"


def test_every_problem_of_a_configuration_at_once_and_no_call(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    text = CONFIG.format(folder=tmp_path, base="http://127.0.0.1:9")
    text = text.replace("[account.rules]", '[account.rules]\nlead_norm_minutes = "soon"\nunheard_of = 1')
    config.write_text(text.replace("token = { env", "tokin = { env"), "utf-8")
    done = kpi("sync", config=config)
    assert done.returncode == 2
    for word in ("lead_norm_minutes", "unheard_of", "AMO_TOKEN", str(config)):
        assert word in done.stderr
    assert not (tmp_path / "kpi.db").exists()


def test_a_secret_in_clear_is_refused(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    text = CONFIG.format(folder=tmp_path, base="http://127.0.0.1:9")
    config.write_text(text.replace('{ env = "AMO_TOKEN" }', '"S3CRET-IN-CLEAR"'), "utf-8")
    done = kpi("check", config=config)
    assert done.returncode == 2
    assert "S3CRET-IN-CLEAR" not in done.stderr + done.stdout
    assert "env" in done.stderr


def test_a_wrong_call_is_2(shop: tuple[Path, dict[str, str]]) -> None:
    assert kpi("report", "--period", "yesterday", config=shop[0], env=shop[1]).returncode == 2
    assert kpi("close", config=shop[0], env=shop[1]).returncode == 2
    assert (
        kpi("explain", "--kpi", "nonsense", "-p", "2026-08", "-u", "501", config=shop[0], env=shop[1]).returncode == 2
    )
    assert kpi("sync", "--account", "nobody", config=shop[0], env=shop[1]).returncode == 2


def test_a_dead_token_needs_a_person_and_is_not_shown(shop: tuple[Path, dict[str, str]]) -> None:
    done = kpi("sync", config=shop[0], env={"AMO_TOKEN": "CANARY-wrong-token"})
    assert done.returncode == 3
    assert "CANARY" not in done.stdout + done.stderr
    assert "moscow" in done.stderr


def test_an_unreachable_crm_is_1_and_says_so(shop: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(CONFIG.format(folder=tmp_path, base="http://127.0.0.1:9"), "utf-8")
    done = kpi("check", config=config, env=shop[1])
    assert done.returncode == 1
    assert "127.0.0.1:9" in done.stderr


def test_the_report_in_json_is_the_documented_shape(shop: tuple[Path, dict[str, str]]) -> None:
    told = answer(shop, "report", "--period", "2026-08", "--format", "json")
    assert {"account", "period", "as_of", "kpis"} <= set(told)
    assert (told["account"], told["period"]) == ("moscow", "2026-08")
    rows = {(row["kpi"], row["user"]["id"]): row for row in told["kpis"]}
    fields = {
        "kpi",
        "user",
        "value",
        "unit",
        "numerator",
        "denominator",
        "n",
        "interval",
        "enough",
        "confidence",
        "reason",
    }
    assert all(set(row) == fields | {"ripening", "assumed", "first_plan", "against_first"} for row in rows.values())
    revenue, rate = rows["revenue", "501"], rows["win_rate", "503"]
    assert revenue["user"]["name"] == "Анна Белова"
    assert revenue["value"] == "199300.00"
    assert rows["plan_attainment", "501"]["value"] == pytest.approx(199300 / 450000)
    assert 0 <= rate["interval"][0] <= rate["value"] <= rate["interval"][1] <= 1
    assert rows["plan_attainment", "502"]["value"] is None
    assert rows["plan_attainment", "502"]["reason"] == "no_plan"


def test_a_report_after_a_reading_that_failed_says_so(shop: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    folder, (config, env) = tmp_path / "copy", shop
    shutil.copytree(config.parent, folder)
    mine = folder / "config.toml"
    mine.write_text(config.read_text("utf-8").replace(str(config.parent), str(folder)), "utf-8")
    ask = ("report", "-p", "2026-08", "-l", "en")
    assert kpi("sync", config=mine, env=env).returncode == 0
    assert "the last reading" not in kpi(*ask, config=mine, env=env).stderr
    mine.write_text(mine.read_text("utf-8").replace('["Продажи",', '["Продали",'), "utf-8")
    assert kpi("sync", config=mine, env=env).returncode == 2
    told = kpi(*ask, config=mine, env=env)
    assert told.returncode == 0
    assert "the last reading ended with an error" in told.stderr and "'Продали' is no pipeline" in told.stderr


def test_weeks_days_and_spans_add_up(shop: tuple[Path, dict[str, str]]) -> None:
    def calls(period: str) -> int:
        rows = answer(shop, "report", "-p", period, "-f", "json")["kpis"]
        return sum(row["value"] for row in rows if row["kpi"] == "calls")

    month = calls("2026-08")
    assert month == calls("2026-08-01..2026-08-15") + calls("2026-08-16..2026-08-31")
    assert calls("2026-W33") - calls("2026-08-15..2026-08-16") == sum(
        calls(f"2026-08-{day}") for day in (10, 11, 12, 13, 14)
    )


def test_explain_lists_the_records_with_links(shop: tuple[Path, dict[str, str]]) -> None:
    told = answer(shop, "explain", "-k", "revenue", "-u", "501", "-p", "2026-08", "--json")
    text = json.dumps(told)
    assert "/leads/detail/" in text
    shown = kpi("explain", "-k", "revenue", "-u", "белова", "-p", "2026-08", config=shop[0], env=shop[1])
    assert "199" in shown.stdout


def test_check_and_status_in_json(shop: tuple[Path, dict[str, str]]) -> None:
    (found,) = answer(shop, "check", "--json")
    assert found["error"] is None
    assert {"Продажи", "Допродажи", "Сервис"} == {pipeline["name"] for pipeline in found["pipelines"]}
    assert found["limits"] == "7 requests a second, of which at most 6.9 are used"
    (standing,) = answer(shop, "status", "--json")
    assert standing["streams"]["deal"]["as_of"]
    assert standing["runs"][0]["what"] == "sync"


def test_plans_come_from_csv_and_bad_lines_are_all_named(shop: tuple[Path, dict[str, str]], tmp_path: Path) -> None:
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text("user;kpi;period;value\n503;revenue;2026-10;600 000,50\n", "utf-8")
    bad.write_text("user,kpi,period,value\n503,nothing,2026-10,1\n503,revenue,August,1\n", "utf-8")
    assert kpi("plan", "import", str(good), config=shop[0], env=shop[1]).returncode == 0
    refused = kpi("plan", "import", str(bad), config=shop[0], env=shop[1])
    assert refused.returncode == 2
    assert "строка 2" in refused.stderr
    assert "строка 3" in refused.stderr
    plans = answer(shop, "plan", "list", "-p", "2026-10", "--json")
    assert {"user:503": "600000.50"}.items() <= {plan["subject"]: plan["value"] for plan in plans}.items()


def test_push_previews_by_default(shop: tuple[Path, dict[str, str]]) -> None:
    (told,) = answer(shop, "push", "--preview", "--json")
    assert told["result"]["preview"]["changes"]
    (pushed,) = answer(shop, "push", "--json")
    assert pushed["result"]["delivery"] is None
