"""The configuration: read whole, refused whole, every problem at once, no secret in clear."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import BaseModel, SecretStr, ValidationError

from connector import redact
from connector.config import AccountSettings, Settings, explain, load
from connector.errors import BadConfig
from connector.provider import Secret
from connector.said import in_language

WHOLE = """
[store]
url = "postgresql://kpi@db/kpi"
[[account]]
name = "moscow"
provider = "amocrm"
every = "5m"
[account.options]
base_url = "https://acme.amocrm.ru"
token = { env = "AMO_TOKEN" }
nested = { deeper = [{ file = "secret" }] }
[account.rules]
office_hours = "10:00-24:00"
days_off = ["2026-12-31"]
csat_field = "CSAT"
refund_amount_field = "CSAT"
[account.rates]
USD = "90.00"
[[account.plan]]
user = "501"
kpi = "revenue"
period = "2026-09"
value = "2500000"
"""
ENVIRON = {"AMO_TOKEN": "tokentoken\n"}


def read(folder: Path, text: str, environ: dict[str, str] | None = None) -> Settings:
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return load(path, ENVIRON if environ is None else environ)


def problems(folder: Path, text: str, environ: dict[str, str] | None = None) -> list[str]:
    """What is wrong, without the file's name, which each line begins with."""
    with pytest.raises(BadConfig) as caught:
        read(folder, text, environ)
    prefix = f"{folder / 'config.toml'}: "
    assert all(problem.startswith(prefix) for problem in caught.value.problems)
    return [problem.removeprefix(prefix) for problem in caught.value.problems]


def account(more: str = "", head: str = 'name = "a"\nprovider = "amocrm"') -> str:
    return f"[[account]]\n{head}\n{more}"


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("filesecret\n")
    settings = read(tmp_path, WHOLE)
    (one,) = settings.account
    assert settings.store.url == "postgresql+psycopg://kpi@db/kpi"
    assert (one.name, one.every, one.sweep_at, one.language) == ("moscow", 300, "03:30", "ru")
    assert one.options["token"].get_secret_value() == "tokentoken"
    assert one.options["nested"]["deeper"][0].get_secret_value() == "filesecret"
    assert one.rules.wanted_fields() == ("CSAT",)
    assert str(one.rates["USD"]) == "90.00"
    assert str(one.plan[0].value) == "2500000"
    assert one.zone(None) == ZoneInfo("UTC")
    assert one.zone("Asia/Almaty") == ZoneInfo("Asia/Almaty")


def test_the_example_is_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    class Everything(dict[str, str]):
        def get(self, key: str, default: Any = None) -> Any:
            return "1/secretsecret"

    example = Path(__file__).parent.parent / "config.example.toml"
    [account] = load(example, Everything()).account
    assert not account.plan and not account.kpi and not account.kpi_set and not account.rates, "nothing is made up"
    assert not account.rules.wanted_fields(), "nobody has these very fields"


def test_what_the_example_has_commented_out_is_valid_too(tmp_path: Path) -> None:
    class Everything(dict[str, str]):
        def get(self, key: str, default: Any = None) -> Any:
            return "1/secretsecret"

    text = (Path(__file__).parent.parent / "config.example.toml").read_text("utf-8")
    whole = re.sub(r"^# (?=\[|[a-z_A-Z]+ = )", "", text, flags=re.M)
    (tmp_path / "config.toml").write_text(whole)
    first, second = load(tmp_path / "config.toml", Everything()).account
    assert first.plan and first.kpi_set and first.digest and first.quality and first.rates_from and len(first.kpi) == 3
    assert first.rules.wanted_fields() and second.provider == "bitrix24"


def test_secrets_are_wrapped_and_masked_from_then_on(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("filesecret")
    settings = read(tmp_path, WHOLE)
    assert "tokentoken" not in repr(settings)
    assert "filesecret" not in repr(settings)
    assert redact.redact("tokentoken filesecret") == "*** ***"


def test_a_mark_and_windows_line_ends_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xef\xbb\xbf" + account().replace("\n", "\r\n").encode())
    assert load(path, {}).account[0].name == "a"


def test_every_problem_at_once(tmp_path: Path) -> None:
    text = (
        account('every = "soon"\ncolour = 1\n[account.options]\ntoken = { env = "NOWHERE" }\nkey = { file = "none" }\n')
        + account("[account.rules]\nlead_norm_minutes = 0\noffice_hour = 1\n")
        + "[store]\nurl = 'mysql://x'\n"
    )
    found = problems(tmp_path, text)
    assert [problem.split(": ")[:3] for problem in found] == [
        ["line 7", "account a", "options.token"], ["line 8", "account a", "options.key"],
        ["line 10", "account a", "name"], ["line 16", "store.url", found[3].split(": ")[2]],
        ["line 4", "account a", "every"], ["line 5", "account a", "colour"],
        ["line 13", "account a", "rules.lead_norm_minutes"], ["line 14", "account a", "rules.office_hour"],
    ]  # fmt: skip
    assert "the environment variable NOWHERE is missing or empty" in found[0]
    assert "'a' stands twice" in found[2]
    assert 'a time span such as "30s", "5m"' in found[4]
    assert "office_hours perhaps" in found[7]


@pytest.mark.parametrize(
    ("section", "allowed"),
    [
        ("[stor]\nurl = 'sqlite:///x'", "store perhaps; allowed are account, store"),
        ("[store]\nurll = 'x'", "url perhaps; allowed are key_file, url"),
        (account("[account.writeback]\ntask = 'on'"), "tasks perhaps; allowed are"),
        (account("[account.pace]\nnight = 1"), "allowed are otherwise, working_hours"),
        ("[web]\nlisten_to = 'x'", "listen perhaps; allowed are address, listen, proxies"),
        (account("[account.feedback]\nramp = 1"), "ramp_days perhaps; allowed are"),
        (account("[account.quality.llm]\nmodal = 'x'"), "model perhaps; allowed are"),
    ],
)
def test_an_unknown_key_is_refused_with_those_there_are(tmp_path: Path, section: str, allowed: str) -> None:
    (found,) = problems(tmp_path, section)
    assert allowed in found


WRONG = [
    ('every = "0s"', "every"), ("every = true", "every"), ("every = -5", "every"), ('every = "99999d"', "every"),
    ('sweep_at = "24:00"', "sweep_at"), ('sweep_at = "03:61"', "sweep_at"), ('timezone = "Moscow"', "timezone"),
    ('currency = "rub"', "currency"), ('language = "de"', "language"),
    ('[account.rules]\noffice_hours = "18:00-09:00"', "rules.office_hours"),
    ('[account.rules]\noffice_hours = "09:00-18:75"', "rules.office_hours"),
    ('[account.rules]\noffice_hours = "9-18"', "rules.office_hours"),
    ("[account.rules]\nworking_days = []", "rules.working_days"),
    ("[account.rules]\nworking_days = [1, 8]", "rules.working_days.1"),
    ('[account.rules]\ndays_off = ["2026-02-30"]', "rules.days_off.0"),
    ('[account.rules]\nworking_extra = ["31.12.2026"]', "rules.working_extra.0"),
    ('[account.rules]\nholidays = "XX"', "rules.holidays"),
    ("[account.rules]\ncsat_good_from = nan", "rules.csat_good_from"),
    ("[account.rates]\nUSD = 0", "rates.USD"), ("[account.rates]\nUSD = inf", "rates.USD"),
    ('[account.rates]\nusd = "90"', "rates.usd"), ('[account.rates]\nUSD = "ninety"', "rates.USD"),
    ('[account.writeback]\ntasks = "yes"', "writeback.tasks"),
    ("[account.pace]\nworking_hours = 1.5", "pace.working_hours"),
    ('[[account.plan]]\nuser = "1"\nkpi = "revenue"\nperiod = "2026-13"\nvalue = 1', "plan.0.period"),
    ('[[account.plan]]\nuser = "1"\nkpi = "revenue"\nperiod = "2026-12"\nvalue = -1', "plan.0.value"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "key"), WRONG, ids=[line for line, _ in WRONG])
def test_a_value_that_cannot_be_is_refused_by_its_key(tmp_path: Path, line: str, key: str) -> None:
    found = problems(tmp_path, account(line))
    [problem] = found
    at, whose, place, *_ = problem.split(": ")
    assert (whose, place) == ("account a", re.sub(r"\.\d+", "", key))
    number = int(at.removeprefix("line "))
    assert place.rpartition(".")[2] in account(line).splitlines()[number - 1]
    assert "pattern" not in problem and in_language(problem, "ru").startswith(f"строка {number}: ")
    assert in_language(problem, "ru") != problem.replace("line", "строка", 1), "it has its Russian"


@pytest.mark.parametrize("country", ["RU", "KZ", ""])
def test_a_calendar_or_none(tmp_path: Path, country: str) -> None:
    settings = read(tmp_path, account(f'[account.rules]\nholidays = "{country}"'))
    assert settings.account[0].rules.holidays == country


PLAN = '[[account.plan]]\nkpi = "calls"\nperiod = "2026-09"\nvalue = 5\n'


@pytest.mark.parametrize(
    ("plans", "words"),
    [
        (PLAN, "needs a user, a team or company = true"),
        (PLAN + 'user = "1"\nteam = "2"\n', "needs a user, a team or company = true"),
        (PLAN + 'user = "1"\ncompany = true\n', "needs a user, a team or company = true"),
        (PLAN + 'user = "1"\n' + PLAN + 'user = "1"\n', "for the same subject"),
    ],
)
def test_a_plan_is_for_one_subject_once(tmp_path: Path, plans: str, words: str) -> None:
    (found,) = problems(tmp_path, account(plans))
    assert words in found
    assert read(tmp_path, account(PLAN + 'user = "1"\n' + PLAN + 'user = "2"\n' + PLAN + 'team = "1"\n')).account


NO_TOML = [
    (b"x = 1\n[store", "строка 2: имя раздела кончается на ]"),
    (b'x = 1\n\na = "\xff"', "строка 3: эти буквы не в UTF-8"),
    (b"\x00", "строка 1: строка — это [раздел]"),
    (b"a = 1\na = 2", "строка 2: такой ключ в разделе уже есть"),
    (b"[a]\nb = 1\n[a]\n", "строка 3: такой раздел в файле уже есть"),
    (b"name = moscow", "строка 1: это не значение: текст пишут в кавычках"),
    ("имя = 1".encode(), "строка 1: строка — это [раздел]"),
    (b"name moscow", "строка 1: за ключом идут ="),
    (b"a = 1 b = 2", "строка 1: после значения строка продолжается"),
    (b"a = [1,\nb = 2\n", "строка 2: "),
    (b'a = "x\nb = 1', "строка 1: текст не закрыт на своей строке"),
    (b'a = "C:\\new\\doc"', "строка 1: знак \\ в тексте пишут дважды"),
    (b"a = { b = 1", "строка 1: таблица в фигурных скобках не закрыта"),
    (b"a = 2026-02-30", "строка 1: нет такого дня или времени"),
    (b"x = " + b"[" * 100_000, "скобки вложены слишком глубоко"),
]


@pytest.mark.parametrize(("data", "told"), NO_TOML, ids=[told for _, told in NO_TOML])
def test_what_is_not_toml_is_refused_with_the_line_and_in_words(tmp_path: Path, data: bytes, told: str) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(data)
    with pytest.raises(BadConfig) as caught:
        load(path, {})
    assert in_language(caught.value.problems[0], "ru").startswith(f"{path}: {told}")


def test_a_file_that_is_not_there_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="kpi init"):
        load(tmp_path / "none.toml", {})
    with pytest.raises(BadConfig):
        load(tmp_path, {})


@pytest.mark.parametrize("content", [b"", b" \n", b"\xff\xfe"])
def test_an_empty_or_damaged_secret_is_missing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "s").write_bytes(content)
    (found,) = problems(tmp_path, account('[account.options]\ntoken = { file = "s" }'))
    assert "is missing or empty" in found


def test_a_secret_in_clear_is_refused_and_not_repeated() -> None:
    class Options(BaseModel):
        token: Secret

    with pytest.raises(ValidationError) as caught:
        Options.model_validate({"token": "S3CRET-in-clear"})
    (line,) = explain(caught.value, "config.toml", ("account", 0, "options"))
    assert line.startswith("config.toml: account.options.token: a secret, by {")
    assert "S3CRET" not in line
    assert Options.model_validate({"token": SecretStr("x")}).token.get_secret_value() == "x"


def test_picking_an_account() -> None:
    settings = Settings(account=(AccountSettings(name="a", provider="p"), AccountSettings(name="b", provider="p")))
    assert [one.name for one in settings.pick(None)] == ["a", "b"]
    assert [one.name for one in settings.pick("b")] == ["b"]
    with pytest.raises(BadConfig, match="no account 'c'; the configuration has: a, b"):
        settings.pick("c")
    with pytest.raises(BadConfig, match="names no account"):
        Settings().pick(None)


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        AccountSettings(name="a", provider="p").rules.lead_norm_minutes = 5  # type: ignore[misc]
