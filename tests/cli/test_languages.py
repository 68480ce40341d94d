"""Every command in both languages over one account: no English in the Russian, nothing but data in the English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from connector.brought.facts.columns import WHATS
from connector.cli import app, tongue
from connector.cli.demo import sandbox_module
from connector.errors import KpiError
from connector.kpi.catalogue import ALL
from connector.pretend import bulk
from connector.pretend.people import HEADS, SELLERS

CONFIG = """
[store]
url = "sqlite:///{folder}/kpi.db"
[web]
address = "https://kpi.example.ru"
[[account]]
name = "moscow"
provider = "amocrm"
timezone = "Europe/Moscow"
language = "{language}"
[account.options]
base_url = "{base}"
token = {{ env = "AMO_TOKEN" }}
[account.rules]
csat_field = "CSAT"
[account.writeback]
deal_fields = "on"
kpi_card = "on"
tasks = "on"
[[account.plan]]
user = "501"
kpi = "revenue"
period = "2026-02"
value = "45000000"
[[account.kpi_set]]
name = "{set}"
goal = "{goal}"
kpis = {{ revenue = 2, calls = 1 }}
"""
WALK = [
    "sync", "status", "check", "doctor", "runs", "report -p 2026-01", "report -p 2026-07",
    "explain -k win_rate -u 501 -p 2026-01", "diff -k revenue -u 501 -p 2026-01 --from 2026-01-31 --to 2026-03-01",
    "plan list -p 2026-02", "plan set -k revenue -p 2026-03 -u 502 -v 100000",
    "plan set -k revenue -p 2026-03 -u 502 -v 100", "plan show -p 2026-02", "plan history -p 2026-02",
    "plan cascade -p 2026-02", "plan sets", "plan check", "targets suggest -p 2026-03", "advise -u 501", "push",
    "undo 2", "undo 2 --yes", "undo 3 --yes", "undo 99",
    "feedback list", "close -p 2026-01 --force", "close -p 2026-01", "closings --verify",
    "reopen -p 2026-01 -r mistake", "quality", "gaming", "drift list", "drift accept all", "reconcile -p 2026-01",
    "rates fetch -p 2026-01", "absences import {folder}/away.csv", "absences list",
    "import facts {folder}/facts.csv", "import list", "import undo 1", "import facts {folder}/bad.csv",
    "token create shop --scope import", "token revoke shop", "token list",
    "contest open -u 501 --deal 1000009 -r mistake", "contest accept 1 --by 1 -r agreed",
    "contest open -u 501 --deal 1000009 -r mistake -k nothing", "kpis list", "kpis lint", "hooks show",
    "calls status", "calls sample", "calls show 1", "calls score", "transcripts import {folder}",
    "user end --user 501", "widget build --out {folder}/w.zip", "digest preview", "purge", "erase --user 501",
    "backup {folder}/backups", "restore {folder}/facts.csv --verify", "report -p yesterday", "sync -a nowhere",
]  # fmt: skip
NO_ACCOUNT = {"kpis list"}
"""What concerns the catalogue alone speaks this machine's language."""
DATA = "Администратор Розница Опт Продажи Допродажи Сервис Успешно реализовано Дата оценки Сумма возврата Валюта Отпуск"
"""What the pretend CRM calls its own things."""
AS_IT_IS = re.compile(
    r"https?://\S+|`[^`]*`|/[\w./-]+|--?[a-z][\w-]*|\[[\w.]+\](?: \w+)?|[\w.]+ = \S+"  # addresses, paths, options, keys
    r"|\bkpi [a-z]+(?: [a-z]+)?|KPI_\w+|\w+_\w+|\w+:\S+|\w+\.\w+|'[^']*'|\"[^\"]*\"|«[^»]*»"  # commands, codes, names
)
RUN = re.compile(r"\b[A-Za-z]{2,}(?:[ ,]+[A-Za-z]{2,}){2,}")
"""Three English words in a row: two may be a name of a product with its version."""
CYRILLIC = re.compile(r"[А-Яа-яЁё]{2,}")


class Shop:
    """A configuration over a small sandbox, and a way to run commands on it within this process."""

    def __init__(self, folder: Path, base: str, language: str) -> None:
        self.folder, self.config, self.runner = folder, folder / "config.toml", CliRunner()
        told = {"set": "Продавцы", "goal": "Больше продаж"} if language == "ru" else {"set": "Sellers", "goal": "More"}
        self.config.write_text(CONFIG.format(folder=folder, base=base, language=language, **told), "utf-8")
        (folder / "away.csv").write_text("user,from,to,kind\n501,2026-02-02,2026-02-04,vacation\n", "utf-8")
        (folder / "facts.csv").write_text(
            "key,what,at,user,amount,currency\n1,payment,2026-01-20,501,100,RUB\n", "utf-8"
        )
        (folder / "bad.csv").write_text("key,what,at,user,amount\n,gift,tomorrow,nobody,ten\n", "utf-8")

    def says(self, command: str) -> str:
        """Everything it prints, the error of `main` included."""
        words = command.format(folder=self.folder).split()
        done = self.runner.invoke(app, words if command in NO_ACCOUNT else [*words, "--config", str(self.config)])
        error = done.exception
        if isinstance(error, KpiError):
            return done.output + tongue.said(error)
        assert error is None or isinstance(error, SystemExit), f"{command}: {error!r}"
        return done.output


@pytest.fixture(scope="module")
def typed() -> Iterator[pytest.MonkeyPatch]:
    """A narrow terminal, and the tree of commands built once: built anew at every call it is most of the time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", "100")
        tree = get_command(app)
        patch.setattr("typer.testing._get_command", lambda _: tree)
        yield patch


def walked(language: str, folder: Path, patch: pytest.MonkeyPatch) -> dict[str, str]:
    """What each command says, on a pretend CRM of its own: what was written there is in that language too."""
    plan = bulk.build(48, calls_each=1, seconds_apart=57_000)
    with sandbox_module("amocrm").Sandbox(plan, paced=False) as box:
        patch.setenv("AMO_TOKEN", box.options["token"].get_secret_value())
        patch.setenv("KPI_LANGUAGE", language)
        shop = Shop(folder, box.base_url, language)
        return {command: names().sub("·", AS_IT_IS.sub(" · ", shop.says(command))) for command in WALK}


def names() -> re.Pattern[str]:
    """What people and things of the pretend company are called, and the keys of KPIs."""
    people = (*(one.name for one in SELLERS), *(head[1] for head in HEADS))
    told = {word for name in (*people, DATA) for word in name.split()} | set(ALL) | set(WHATS)
    return re.compile(rf"\b(?:{'|'.join(sorted(told, key=len, reverse=True))})\b")


def test_russian_has_no_run_of_english_words(tmp_path: Path, typed: pytest.MonkeyPatch) -> None:
    said = walked("ru", tmp_path, typed)
    assert {command: runs for command, text in said.items() if (runs := RUN.findall(text))} == {}
    assert sum(bool(CYRILLIC.search(text)) for text in said.values()) > len(WALK) - 2


def test_english_has_no_cyrillic_but_data(tmp_path: Path, typed: pytest.MonkeyPatch) -> None:
    said = walked("en", tmp_path, typed)
    assert {command: words for command, text in said.items() if (words := CYRILLIC.findall(text))} == {}
