"""kpi init --wizard: from an address and the name of a secret to a configuration that loads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from connector.app import read_settings
from connector.cli import app
from connector.cli.first_run import connection
from connector.cli.first_run_screen import accepted, agreed, understood
from connector.errors import BadConfig
from connector.first_run.seen import Proposal
from connector.kpi.catalogue import ALL
from connector.kpi.text import Text
from connector.pretend import company as pretend
from connector.targets.planning.balance import balance
from connector.targets.planning.sets import sets_of
from providers.amocrm import sandbox as amocrm
from providers.bitrix24.sandbox import Sandbox


def test_a_portal_becomes_a_configuration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config.toml"
    with Sandbox(pretend.build(), paced=False) as portal:
        monkeypatch.setenv("B24", portal.webhook)
        typed = f"bitrix24\n{portal.base_url}\nB24\nportal\n" + "\n" * 3 + "-\n" + "\n" * 20
        command = ["init", "--wizard", "--no-dry-run", "--language", "en", "-c", str(path)]
        told = CliRunner().invoke(app, command, input=typed, catch_exceptions=False)
    assert told.exit_code == 0, told.output
    assert portal.webhook.partition("/")[2] not in told.output + path.read_text("utf-8")
    (account,) = read_settings(path, {"B24": portal.webhook}).account
    assert account.rules.csat_field == "CSAT"
    assert set(account.rules.sales_pipelines) == {"Продажи", "Допродажи"}
    assert {account.writeback.deal_fields, account.writeback.kpi_card, account.writeback.tasks} == {"preview"}
    assert account.kpi_set[0].goal and "heads" not in account.options


def test_yes_on_amocrm_names_the_currency_passes_the_check_and_ends_with_heads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config.toml"
    with amocrm.Sandbox(pretend.build(), paced=False) as box:
        monkeypatch.setenv("AMO_TOKEN", box.options["token"].get_secret_value())
        typed = f"amocrm\n{box.base_url}\n"
        command = ["init", "--wizard", "--yes", "--no-dry-run", "--language", "en", "-c", str(path)]
        told = CliRunner().invoke(app, command, input=typed, catch_exceptions=False)
    assert told.exit_code == 0, told.output
    (account,) = read_settings(path, {"AMO_TOKEN": "x"}).account
    assert account.name == "main" and f"kpi sync -c {path}" in told.output
    assert re.search(rf"kpi report --period \d{{4}}-\d\d -c {path}", told.output)
    assert account.rules.currency_field == "Валюта"
    assert "csat" in account.kpi_set[0].kpis
    assert balance(sets_of(account.kpi_set, {}, {}), ALL) == []
    written, _, closing = told.output.partition("Still to be filled in")
    assert "Switch levels on" in written
    assert 'heads = { "' in closing.splitlines()[1] and "goal" in closing and "rates (" in closing


def test_whatever_is_asked_again_is_asked_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    command = typer.Typer()
    command.command()(lambda: found.append((connection("ru", {"AMO": "x"}), agreed("dry_run", "ru"))))
    typed = "excel\namocrm\n\nacme\nhttps://acme.amocrm.ru/\nAMO\n\nmaybe\nнет\n"
    told = CliRunner().invoke(command, [], input=typed, catch_exceptions=False)
    assert [(one.provider, one.base_url, one.name, sure) for one, sure in found] == [
        ("amocrm", "https://acme.amocrm.ru", "acme", False)
    ]
    for reason in ("'excel'", "Без этого не подключиться", "Это не адрес", "нет — n"):
        assert told.output.count(reason) == 1, told.output


def test_declining_the_currency_says_what_that_means() -> None:
    why = Text("", "")
    one = Proposal("currency_field", "Валюта", why, declined=Text("станут RUB", "become RUB"))
    answers: list[Proposal | None] = []
    command = typer.Typer()
    command.command()(lambda: answers.append(accepted(one, "en", yes=False)))
    told = CliRunner().invoke(command, [], input="-\n")
    assert answers == [None] and "become RUB" in told.output


def answers_to(one: Proposal, input: str) -> tuple[Proposal | None, str]:
    """What came of one proposal and what was said."""
    found: list[Proposal | None] = []
    command = typer.Typer()
    command.command()(lambda: found.append(accepted(one, "ru", yes=False)))
    told = CliRunner().invoke(command, [], input=input, catch_exceptions=False)
    return found[0], told.output


def test_a_question_is_in_words_with_its_key_beside() -> None:
    one = Proposal("sales_pipelines", ("Продажи", "Опт"), Text("в них выигрывают", "won"))
    answer, said = answers_to(one, "\n")
    assert answer == one
    assert "Воронки продаж [sales_pipelines]: Продажи, Опт\n    предлагаем: в них выигрывают\n" in said
    _, said = answers_to(Proposal("heads.Розница", (), Text("люди", "people"), sure=False), "\n")
    assert "Кто руководит: Розница [heads.Розница]: ничего\n    проверьте: люди\n  пропустить: Enter" in said


@pytest.mark.parametrize(("told", "value"), [("да", ("Спам",)), ("Y", ("Спам",)), ("нет", None), ("-", None)])
def test_yes_and_no_are_understood_in_words_too(told: str, value: object) -> None:
    answer, _ = answers_to(Proposal("junk_reasons", ("Спам",), Text("", "")), f"{told}\n")
    assert (answer and answer.value) == value


@pytest.mark.parametrize(
    ("key", "value", "bad", "wanted", "good", "means"),
    [
        ("successful_call_seconds", 60, "минута", "целое число, например 60", "45", 45),
        ("successful_call_seconds", 60, "-5", "целое число, например 60", "45", 45),
        ("office_hours", "09:00-18:00", "9-18", "как здесь: 09:00-18:00", "10:00-19:00", "10:00-19:00"),
        ("working_days", (1, 2), "пн, вт", "через запятую, например 1, 2", "1, 2, 6", (1, 2, 6)),
        ("working_days", (1, 2), "8", "через запятую, например 1, 2", "1", (1,)),
        ("kpi_set", {"csat": 5.0}, "revenue = много", "например csat = 5", "revenue = 5", {"revenue": 5.0}),
    ],
)
def test_what_would_not_load_is_asked_again(
    key: str, value: object, bad: str, wanted: str, good: str, means: object
) -> None:
    answer, said = answers_to(Proposal(key, value, Text("", "")), f"{bad}\n{good}\n")
    assert answer is not None and answer.value == means
    assert wanted in said


def test_an_existing_file_and_an_empty_variable_end_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config.toml"
    monkeypatch.delenv("NOTHING", raising=False)
    typed = "amocrm\nhttps://acme.amocrm.ru\nNOTHING\n"
    told = CliRunner().invoke(app, ["init", "--wizard", "-c", str(path)], input=typed)
    assert isinstance(told.exception, BadConfig) and not path.exists()
    path.write_text("x", "utf-8")
    told = CliRunner().invoke(app, ["init", "--wizard", "-c", str(path)])
    assert isinstance(told.exception, BadConfig) and path.read_text("utf-8") == "x"


@pytest.mark.parametrize(
    ("told", "like", "means"),
    [
        ("45", 60, 45),
        ("x", 60, None),
        ("Продажи, Опт ", ("Продажи",), ("Продажи", "Опт")),
        ("1,2,3", (1, 2), (1, 2, 3)),
        ("511", (), ("511",)),
        ('{"revenue": 2}', {"won_deals": 1}, {"revenue": 2}),
        ("[1]", {"won_deals": 1}, None),
        ('{"revenue": "much"}', {"won_deals": 1}, None),
        ('{"revenue": -2}', {"won_deals": 1}, None),
        ("{}", {"won_deals": 1}, None),
        ("revenue = 40, won_deals=15.5", {"won_deals": 1}, {"revenue": 40, "won_deals": 15.5}),
        ("revenue 40", {"won_deals": 1}, None),
        ("nonsense = 40", {"won_deals": 1}, None),
        ("10:00-19:00", "09:00-18:00", "10:00-19:00"),
    ],
)
def test_a_typed_answer_is_of_the_kind_proposed(told: str, like: object, means: object) -> None:
    assert understood(told, like) == means
