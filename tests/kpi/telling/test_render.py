"""Reports for machines keep the documented shape; those for people read as people write."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal
from typing import Any

import pytest

from connector.config import Rules
from connector.kpi.catalogue import ALL
from connector.kpi.engine import Report, report
from connector.kpi.telling.render import as_csv, as_json, left_out, shown
from connector.kpi.telling.table import as_table
from connector.moment import Period
from connector.records import User
from connector.result import Plan
from connector.store.agreed import plans
from connector.store.engine import Store
from tests.kpi.ground import NOW, USERS, ZONE, account, fact, know, win

HOSTILE = User(id="=1", name="=HYPERLINK(1) [bold]", team_ids=("701",))


@pytest.fixture
def told(sqlite_store: Store) -> Report:
    facts = [win(1000), win(500, number=2), win(None, note="no_rate:GBP"), fact("loss"), fact("loss", omitted="junk")]
    facts += [fact("enquiry", number=90), fact("rating", number=5), fact("rating", number=2)]
    with sqlite_store.write() as conn:
        number = account(conn, users=(*USERS, HOSTILE))
        know(conn, number, facts)
        plans.add(conn, number, [Plan(subject="user:501", kpi="revenue", period="2026-09", value=Decimal(4500))], now=0)
    with sqlite_store.read() as conn:
        sources = frozenset({"deal", "call"})
        return report(
            conn, number, Period.parse("2026-09"), zone=ZONE, now=NOW, rules=Rules(csat_field="CSAT"), sources=sources
        )


def row(told: Report, kpi: str, user: str = "501") -> dict[str, Any]:
    [found] = [one for one in json.loads(as_json(told))["kpis"] if one["kpi"] == kpi and one["user"]["id"] == user]
    return dict(found)


def test_the_json_has_the_documented_shape(told: Report) -> None:
    whole = json.loads(as_json(told))
    assert {name: whole[name] for name in ("account", "period", "as_of", "currency", "omitted")} == {
        "account": "moscow",
        "period": "2026-09",
        "as_of": "2026-10-01T00:00:00+00:00",
        "currency": "RUB",
        "omitted": {"junk": 1, "no_rate:GBP": 1},
    }
    keys = [
        "value",
        "unit",
        "numerator",
        "denominator",
        "n",
        "interval",
        "enough",
        "confidence",
        "reason",
        "ripening",
        "assumed",
        "first_plan",
        "against_first",
    ]
    assert all(list(one) == ["kpi", "user", *keys] for one in whole["kpis"])
    assert all(list(one) == ["kpi", "team", *keys] for one in whole["teams"])
    assert len(whole["kpis"]) == 4 * len(ALL)
    assert {one["team"]["name"] for one in whole["teams"]} == {"Все", "Розница", "Опт"}


def test_money_is_a_decimal_string_and_shares_and_counts_are_numbers(told: Report) -> None:
    assert row(told, "revenue") == {
        "kpi": "revenue",
        "user": {"id": "501", "name": "Анна"},
        "value": "1500.00",
        "unit": "money",
        "numerator": "1500.00",
        "denominator": None,
        "n": 2,
        "interval": None,
        "enough": True,
        "confidence": "exact",
        "reason": "no_rate",
        "ripening": 0,
        "assumed": 0,
        "first_plan": None,
        "against_first": None,
    }
    average = row(told, "average_deal")
    assert (average["value"], average["numerator"], average["denominator"]) == ("750.00", "1500.00", 2)
    attained = row(told, "plan_attainment")
    assert (attained["numerator"], attained["denominator"]) == ("1500.00", "4500.00")
    assert attained["value"] == pytest.approx(1 / 3)
    rate = row(told, "win_rate")
    assert (rate["value"], rate["numerator"], rate["denominator"], rate["reason"]) == (0.75, 3, 4, "few_data")
    assert 0 < rate["interval"][0] < 0.75 < rate["interval"][1] < 1
    assert (row(told, "won_deals")["value"], row(told, "lead_response_minutes")["value"]) == (3, 1.5)


def test_nothing_to_measure_is_null_with_a_reason(told: Report) -> None:
    assert (row(told, "calls_to_deals")["value"], row(told, "calls_to_deals")["reason"]) == (None, "no_calls")
    assert row(told, "meetings")["reason"] == "no_source"
    assert row(told, "plan_attainment", "502")["reason"] == "no_plan"


def test_the_csv_says_the_same_and_is_inert(told: Report) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(told))))
    assert len(rows) == (4 + 3) * len(ALL)
    [revenue] = [one for one in rows if (one["id"], one["kpi"]) == ("501", "revenue")]
    assert (revenue["value"], revenue["subject"], revenue["enough"], revenue["reason"]) == (
        "1500.00",
        "user",
        "True",
        "no_rate",
    )
    assert {one["name"] for one in rows if "HYPERLINK" in one["name"]} == {"'=HYPERLINK(1) [bold]"}
    assert {one["id"] for one in rows if "HYPERLINK" in one["name"]} == {"'=1"}


def test_the_table_reads_in_both_languages(told: Report) -> None:
    russian = as_table(told, "ru", width=160).replace("\u00a0", " ")
    assert "Деньги: менеджер" in russian and "Сделки: команда" in russian
    assert "1 500,00!" in russian and "33,3 %" in russian and "—" in russian
    assert "=HYPERLINK(1) [bold]" in russian  # a name is text, never markup
    assert (
        "Не учтено событий (у обращения-сделки их несколько): спам и другой мусор 1; нет курса валюты GBP 1" in russian
    )
    english = as_table(told, "en", width=160)
    assert (
        "1,500.00!" in english
        and "Events left out (an enquiry that is a deal has several): junk 1; the currency has no rate GBP 1" in english
    )


def test_a_mark_says_what_it_stands_for_and_where(told: Report) -> None:
    text = as_table(told, "en", width=2000)
    assert "! incomplete: a currency has no rate (Revenue, " in text
    [dash] = [line for line in text.splitlines() if line.startswith("— ")]
    assert (
        "not observed yet on that day (Age of undecided deals, " in dash and "no calls (Successful call share, " in dash
    )
    assert " more)" in dash, "of many KPIs the first are named"
    assert "no source" not in dash, "what has no source anywhere is in its own line"
    assert "Revenue, RUB" in text and "Lead response, min" in text and "Calls, " not in text


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("width", [40, 60, 80, 137])
def test_no_number_and_no_word_of_a_heading_is_cut(told: Report, language: Any, width: int) -> None:
    text = as_table(told, language, width=width)
    rows = [line for line in text.splitlines() if line[:1] in "┏┡└│┃"]
    assert rows and "…" not in text and {len(one) <= width for one in rows} == {True}
    numbers = {
        shown(one.value, one.unit, "RUB", language) for one in told.results if one.n and one.reason != "no_source"
    }
    assert all(one in text for one in numbers)


@pytest.mark.parametrize(
    ("value", "unit", "ru", "en"),
    [
        (None, "money", "—", "—"),
        ("1234567.5", "money", "1 234 567,50", "1,234,567.50"),
        ("0.3333", "share", "33,3 %", "33.3 %"),
        ("12.34", "minutes", "12,3", "12.3"),
        ("1500", "count", "1 500", "1,500"),
    ],
)
def test_numbers_as_people_write_them(value: str | None, unit: str, ru: str, en: str) -> None:
    number = None if value is None else Decimal(value)
    assert shown(number, unit, "RUB", "ru").replace("\u00a0", " ") == ru
    assert shown(number, unit, "RUB", "en").replace("\u00a0", " ") == en


def test_a_reason_without_words_is_shown_as_it_is() -> None:
    assert left_out("amount out of range", "ru") == "amount out of range"
