"""kpi diff from the shell: the differences of the JSON make the change, the text is for people."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.test_commands import kpi, shop

__all__ = ["shop"]
ASKED = ("diff", "--kpi", "revenue", "--user", "501", "--period", "2026-08", "--from", "2026-01-01")
Shop = tuple[Path, dict[str, str]]


def test_the_first_reading_made_the_number(shop: Shop) -> None:
    done = kpi(*ASKED, "--json", config=shop[0], env=shop[1])
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["from"]["value"], told["from"]["reason"], told["to"]["value"]) == (None, "not_observed", "199300.00")
    assert told["first_read"] > told["from"]["at"]
    assert sum(Decimal(one["numerator"]) for one in told["differences"]) == Decimal("199300.00")
    assert all("/leads/detail/" in one["link"] for one in told["differences"])


def test_the_text_names_deals(shop: Shop) -> None:
    done = kpi(*ASKED, config=shop[0], env=shop[1])
    assert "Выручка · Анна Белова · 2026-08" in done.stdout
    assert "сделка" in done.stdout
    assert "До первого чтения CRM (20" in done.stdout
    assert "нет источника данных" not in done.stdout


def test_a_wrong_call_is_2(shop: Shop) -> None:
    for more in (("--to", "2025-01-01"), ("--to", "yesterday"), ("--user", "999")):
        done = kpi(*ASKED, *more, config=shop[0], env=shop[1])
        assert (done.returncode, done.stdout) == (2, ""), more
    backwards = kpi(*ASKED[:-1], "2099-01-01", "--to", "2098-01-01", config=shop[0], env=shop[1])
    assert "--from должен быть раньше --to" in backwards.stderr


def test_a_moment_before_the_first_reading_is_told_with_that_reading(shop: Shop) -> None:
    for words in (("report",), ("explain", "--kpi", "revenue", "--user", "501")):
        done = kpi(*words, "--period", "2026-08", "--as-of", "2020-01-01", config=shop[0], env=shop[1])
        assert (done.returncode, done.stdout) == (2, ""), words
        assert "на 2020-01-01 00:00 MSK ещё ничего не было известно: впервые CRM прочитали 20" in done.stderr


@pytest.mark.parametrize(
    ("told", "read"),
    [
        ("2020-01-01", "2019-12-31T21:00:00+00:00"),
        ("2020-01-01 12:30", "2020-01-01T09:30:00+00:00"),
        ("2020-01-01T12:30:00Z", "2020-01-01T12:30:00+00:00"),
        ("2020-01-01T12:30+05:00", "2020-01-01T07:30:00+00:00"),
    ],
)
def test_a_moment_without_an_offset_is_the_accounts_own(shop: Shop, told: str, read: str) -> None:
    done = kpi(*ASKED[:-1], told, "--json", config=shop[0], env=shop[1])
    assert done.returncode == 0, done.stderr
    assert datetime.fromisoformat(json.loads(done.stdout)["from"]["at"]) == datetime.fromisoformat(read)


def test_a_period_that_is_to_come_is_told_as_such(shop: Shop) -> None:
    done = kpi("report", "--period", "2031-01", config=shop[0], env=shop[1])
    assert done.returncode == 0
    assert "moscow: 2031-01 ещё не начался: первый день 2031-01-01, а там сейчас 20" in done.stderr
