"""kpi backup and restore, as a person types them: whose backup it is, and what becomes of what stood there."""

from __future__ import annotations

import json
import os
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from connector.cli import app, backups
from connector.cli.backups import backup
from connector.cli.tongue import said
from connector.errors import BadConfig, KpiError, StoreTrouble
from connector.provider import Account
from connector.store import accounts, runs
from connector.store.engine import open_store
from tests.cli.test_upkeep import CONFIG

DAY = 86_400_000


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    (tmp_path / "config.toml").write_text(CONFIG.format(folder=tmp_path), "utf-8")
    monkeypatch.setenv("AMO_TOKEN", "not-a-real-token")
    monkeypatch.setenv("KPI_LANGUAGE", "en")

    def typed(*words: str, code: int = 0, answer: str = "") -> str:
        done = CliRunner().invoke(app, [*words, "--config", str(tmp_path / "config.toml")], input=answer)
        error = done.exception
        assert (error.exit_code if isinstance(error, KpiError) else done.exit_code) == code, done.output
        return said(error) if isinstance(error, KpiError) else done.output if answer else done.stdout

    return typed


def ran(folder: Path, what: str, *, now: int, host: str = "127.0.0.1:9") -> int:
    """The number of a run of the account, which was met where the configuration says."""
    store = open_store(f"sqlite:///{folder / 'kpi.db'}")
    with store.write() as conn:
        account = accounts.enroll(conn, "acme", "amocrm")
        told = Account(id="1", name="Acme", zone=None, currency=None, host=host)
        accounts.describe(conn, account, told, "UTC", "RUB")
        number = runs.start(conn, account, what, now=now)
        runs.end(conn, number, now=now)
    store.dispose()
    return number


def test_a_backup_there_and_back(run: Any, tmp_path: Path) -> None:
    made = json.loads(run("backup", "--json"))
    assert Path(made["path"]).parent == tmp_path / "backups" and made["rows"]["account"] == 0
    assert "whole: " in run("restore", made["path"], "--verify")
    run("runs")  # enrols the account
    assert json.loads(run("restore", made["path"], "--yes", "--json"))["before"]


def test_a_damaged_database_is_replaced_and_kept(run: Any, tmp_path: Path) -> None:
    run("runs")
    made = json.loads(run("backup", "--json"))
    (tmp_path / "kpi.db").write_bytes(b"no database at all" * 500)
    told = run("restore", made["path"], "--yes")
    assert "what stood there could not be read, it is kept as it is: " in told.replace("\n", " ")
    [aside] = tmp_path.glob("before-restore-*.damaged")
    assert aside.read_bytes() == b"no database at all" * 500
    run("runs")


def test_on_a_new_machine_there_is_nothing_to_keep(run: Any, tmp_path: Path) -> None:
    made = json.loads(run("backup", "--json"))
    for path in tmp_path.glob("kpi.db*"):
        path.unlink()
    assert "before" not in json.loads(run("restore", made["path"], "--yes", "--json"))


def test_a_backup_is_not_made_where_a_file_is_meant(run: Any, tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="name a folder"):
        backup(tmp_path / "mine.db", tmp_path / "config.toml")
    assert not (tmp_path / "mine.db").exists()
    run("backup", str(tmp_path / "mine"))
    assert len(list((tmp_path / "mine").iterdir())) == 1


def test_it_speaks_the_language_that_was_asked_for(run: Any) -> None:
    assert run("backup", "-l", "ru").startswith("копия сделана: ")
    made = json.loads(run("backup", "--json"))["path"]
    assert run("restore", made, "--verify", "-l", "ru").startswith("копия цела: ")
    assert run("restore", made, "--yes", "-l", "ru").startswith("восстановлено: ")


def test_a_backup_says_whose_it_is_and_how_old(run: Any, tmp_path: Path) -> None:
    ran(tmp_path, "sync", now=1_790_000_000_000)
    made = json.loads(run("backup", "--json"))
    assert made["accounts"] == [
        {"name": "acme", "provider": "amocrm", "host": "127.0.0.1:9", "last_run_at": "2026-09-21T14:13:20+00:00"}
    ]
    told = run("restore", made["path"], "--verify")
    assert "acme: amocrm, 127.0.0.1:9; last run 2026-09-21 14:13 UTC (" in told.replace("\n", " ")
    asked = run("restore", made["path"], code=1, answer="n\n")
    assert asked.index("last run 2026-09-21 14:13 UTC") < asked.index("replace the database by")


def test_the_question_is_no_part_of_the_json(run: Any, tmp_path: Path) -> None:
    made = json.loads(run("backup", "--json"))["path"]
    words = ["restore", made, "--json", "-c", str(tmp_path / "config.toml")]
    done = CliRunner().invoke(app, words, input="y\n")
    echoed, _, told = done.stdout.partition("\n")
    assert (echoed.strip(), json.loads(told)["path"]) == ("y", made) and "replace the database by" in done.stderr


def test_a_backup_of_other_accounts_is_refused_before_anything_is_replaced(run: Any, tmp_path: Path) -> None:
    ran(tmp_path, "sync", now=DAY)
    made = json.loads(run("backup", "--json"))["path"]
    config = tmp_path / "config.toml"
    config.write_text(config.read_text("utf-8").replace('name = "acme"', 'name = "other"'), "utf-8")
    told = run("restore", made, "--yes", code=2)
    assert "the backup holds acme, and the configuration has other" in told and "--other-accounts" in told
    assert list(tmp_path.glob("before-restore-*")) == []
    run("restore", made, "--yes", "--other-accounts")
    assert len(list(tmp_path.glob("before-restore-*"))) == 1


def configure(folder: Path, before: str, after: str) -> None:
    text = (folder / "config.toml").read_text("utf-8")
    assert before in text
    (folder / "config.toml").write_text(text.replace(before, after), "utf-8")


def test_an_account_that_is_named_by_its_subdomain_is_told_from_another_one_too(run: Any, tmp_path: Path) -> None:
    ran(tmp_path, "sync", now=DAY, host="other.amocrm.ru")
    made = json.loads(run("backup", "--json"))["path"]
    configure(tmp_path, 'base_url = "http://127.0.0.1:9"', 'subdomain = "acme"')
    (tmp_path / "kpi.db").unlink()  # as on a new machine: nothing but the address tells
    told = run("restore", made, "--yes", code=2)
    assert "acme is at other.amocrm.ru in the backup and at acme.amocrm.ru in the configuration" in told
    assert not (tmp_path / "kpi.db").exists()


def test_an_account_that_moved_since_takes_its_own_backup_of_before(run: Any, tmp_path: Path) -> None:
    ran(tmp_path, "sync", now=DAY, host="before.amocrm.ru")
    made = json.loads(run("backup", "--json"))["path"]
    ran(tmp_path, "sync", now=2 * DAY)
    run("restore", made, "--yes")


def test_what_the_backup_lacks_is_said(run: Any, tmp_path: Path) -> None:
    ran(tmp_path, "sync", now=DAY)
    made = json.loads(run("backup", "--json"))["path"]
    config = tmp_path / "config.toml"
    text = config.read_text("utf-8")
    config.write_text(text + text[text.index("[[account]]") :].replace("acme", "late"), "utf-8")
    told = CliRunner().invoke(app, ["restore", made, "--yes", "-c", str(config)])
    assert told.exit_code == 0 and "late is not in the backup: kpi sync reads it anew" in told.stderr


def test_no_run_gets_a_number_that_was_given_before(run: Any, tmp_path: Path) -> None:
    """Whoever noted `run 2` for an undo must not find another run under it."""
    ran(tmp_path, "sync", now=1)
    made = json.loads(run("backup", "--json"))["path"]
    assert ran(tmp_path, "push", now=2) == 2
    run("restore", made, "--yes")
    last = json.loads(run("runs", "--json"))[0]
    assert (last["run"], last["what"]) == (3, "restore") and last["ended_at"] is not None
    assert ran(tmp_path, "push", now=3) == 4
    assert "run 3, restore" in run("runs")


def test_where_nobody_knows_what_was_given_that_is_said(run: Any, tmp_path: Path) -> None:
    ran(tmp_path, "sync", now=1)
    made = json.loads(run("backup", "--json"))["path"]
    ran(tmp_path, "push", now=2)
    for path in tmp_path.glob("kpi.db*"):
        os.unlink(path)
    told = CliRunner().invoke(app, ["restore", made, "--yes", "-c", str(tmp_path / "config.toml")])
    assert "numbers of runs after 1 are given again: look at kpi runs before kpi undo" in told.stderr


def test_a_backup_of_nobody_gives_no_number_again_either(run: Any, tmp_path: Path) -> None:
    made = json.loads(run("backup", "--json"))["path"]  # before the first sync
    assert [ran(tmp_path, "push", now=n) for n in (1, 2)] == [1, 2]
    run("restore", made, "--yes")
    assert ran(tmp_path, "push", now=3) == 4


def test_a_restore_that_was_ended_halfway_is_made_up_for_by_the_next_ones(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was replaced first knows the highest number, not what is replaced then."""
    ran(tmp_path, "sync", now=1)
    made = json.loads(run("backup", "--json"))["path"]
    assert ran(tmp_path, "push", now=2) == 2

    def ended(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(backups, "_opened_all", ended)
        for hour in (1, 2):
            patch.setattr(backups, "datetime", at(hour))
            done = CliRunner().invoke(app, ["restore", made, "--yes", "-c", str(tmp_path / "config.toml")])
            assert done.exit_code != 0
    assert len(list(tmp_path.glob("before-restore-*.db"))) == 2
    told = CliRunner().invoke(app, ["restore", made, "--yes", "-c", str(tmp_path / "config.toml")])
    assert told.exit_code == 0 and "given again" not in told.stderr
    assert json.loads(run("runs", "--json"))[0]["run"] == 3
    assert ran(tmp_path, "push", now=3) == 4


def at(hour: int) -> type[datetime]:
    """A clock that stands: what two restores put aside is named by the second."""

    class Standing(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Standing:
            return cls(2026, 9, 1, hour, tzinfo=tz)

    return Standing


def test_where_no_run_could_be_noted_it_is_said_that_numbers_come_again(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran(tmp_path, "sync", now=1)
    made = json.loads(run("backup", "--json"))["path"]
    assert ran(tmp_path, "push", now=2) == 2

    def full(*_: object) -> None:
        raise StoreTrouble("the disk is full")

    monkeypatch.setattr(backups, "_noted", full)
    told = CliRunner().invoke(app, ["restore", made, "--yes", "-c", str(tmp_path / "config.toml")])
    assert told.exit_code == 1 and "acme could not be opened" in told.stderr
    assert "numbers of runs after 1 are given again" in told.stderr


def test_a_lost_key_keeps_no_number_from_being_taken(run: Any, tmp_path: Path) -> None:
    made = json.loads(run("backup", "--json"))["path"]
    assert ran(tmp_path, "push", now=1) == 1
    (tmp_path / "kpi.key").write_text("no key at all", "utf-8")
    told = CliRunner().invoke(app, ["restore", made, "--yes", "-c", str(tmp_path / "config.toml")])
    assert told.exit_code == 2 and "acme could not be opened" in told.stderr and "given again" not in told.stderr
    assert ran(tmp_path, "push", now=2) == 3
