"""Every command in both languages over one account: no English in the Russian, nothing but data in the English."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from connector.cli import app, tongue
from connector.cli.demo import sandbox_module
from connector.errors import KpiError
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
    "sync", "status", "check", "doctor", "runs", "report -p 2026-01", "report -p 2026-01 --all",
    "report -p 2026-07", "explain -k revenue -u 501 -p 2026-01", "explain -k win_rate -u 501 -p 2026-01",
    "diff -k revenue -u 501 -p 2026-01 --from 2026-01-31 --to 2026-03-01", "plan list -p 2026-02",
    "plan set -k revenue -p 2026-03 -u 502 -v 100000", "plan set -k revenue -p 2026-03 -u 502 -v 100",
    "plan show -p 2026-02", "plan history -p 2026-02", "plan cascade -p 2026-02", "plan sets", "plan check",
    "plan corrections", "targets suggest -p 2026-03", "targets backtest -p 2026-03", "advise",
    "advise what-if -u 501 -f conversion -v 0.5", "push --preview", "push", "undo 3", "undo 99", "feedback list",
    "feedback show 00", "close -p 2026-01", "close -p 2026-01", "closings --verify", "corrections -p 2026-02",
    "reopen -p 2026-01 -r mistake", "quality", "gaming", "drift list", "drift accept all", "reconcile -p 2026-01",
    "rates list -p 2026-01", "rates fetch -p 2026-01", "absences list", "absences import {folder}/away.csv",
    "absences list", "import facts {folder}/facts.csv", "import list", "import show 1", "import undo 1",
    "import facts {folder}/bad.csv", "import list", "token create shop --scope import", "token list",
    "token revoke shop", "token revoke shop", "contest open -u 501 --deal 1000009 -r mistake",
    "contest list", "contest accept 1 --by {head} -r agreed", "contest list --all", "contest withdraw 1 --by 501",
    "contest open -u 501 --deal 1000009 -r mistake -k nothing", "kpis list", "kpis show revenue", "kpis kinds",
    "kpis lint", "hooks show", "hooks off", "calls status", "calls sample", "calls waiting --rater 501",
    "calls show 1", "calls agreement", "calls learning", "calls score", "transcripts purge", "transcripts forget 1",
    "transcripts import {folder}", "user end --user 501", "user link --user nobody", "widget build --out {folder}/w.zip",
    "digest preview", "digest send", "purge", "erase --user 501", "personal --user nobody", "backup {folder}/backups",
    "restore {folder}/facts.csv --verify", "sweep", "report -p yesterday", "sync -a nowhere", "init",
]  # fmt: skip
NO_ACCOUNT = {"kpis list", "kpis show revenue", "kpis kinds"}
"""What concerns the catalogue alone speaks this machine's language."""
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
        words = command.format(folder=self.folder, head=HEADS[0][0]).split()
        done = self.runner.invoke(app, words if command in NO_ACCOUNT else [*words, "--config", str(self.config)])
        error = done.exception
        if isinstance(error, KpiError):
            return done.output + tongue.said(error)
        assert error is None or isinstance(error, SystemExit), f"{command}: {error!r}"
        return done.output


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Shop]]:
    """One in each language."""
    plan = bulk.build(64, calls_each=2, seconds_apart=43_000)
    with sandbox_module("amocrm").Sandbox(plan, paced=False) as box, pytest.MonkeyPatch.context() as patch:
        patch.setenv("AMO_TOKEN", box.options["token"].get_secret_value())
        patch.setenv("COLUMNS", "100")
        yield {name: Shop(tmp_path_factory.mktemp(name), box.base_url, name) for name in ("ru", "en")}


def names() -> re.Pattern[str]:
    """What people and things of the pretend company are called."""
    told = {word for name in (*(one.name for one in SELLERS), *(one[1] for one in HEADS)) for word in name.split()}
    return re.compile("|".join(sorted(told, key=len, reverse=True)))


def test_russian_has_no_run_of_english_words(shops: dict[str, Shop], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPI_LANGUAGE", "ru")
    found = {}
    for command in WALK:
        said = shops["ru"].says(command)
        runs = RUN.findall(AS_IT_IS.sub(" · ", said))
        if runs:
            found[command] = runs
    assert not found


def test_english_has_no_cyrillic_but_data(shops: dict[str, Shop], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPI_LANGUAGE", "en")
    found = {}
    for command in WALK:
        said = names().sub("", AS_IT_IS.sub(" · ", shops["en"].says(command)))
        if words := CYRILLIC.findall(said):
            found[command] = words
    assert not found
