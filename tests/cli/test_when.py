"""What a command is told of days, people and KPIs, and what it takes where nothing is told."""

from __future__ import annotations

import csv
import io
import re
import subprocess
from pathlib import Path

import pytest

from tests.cli.test_commands import kpi, shop

__all__ = ["shop"]
Shop = tuple[Path, dict[str, str]]


def report(shop: Shop, *words: str) -> subprocess.CompletedProcess[str]:
    return kpi("report", *words, config=shop[0], env=shop[1])


def rows(shop: Shop, *words: str) -> list[dict[str, str]]:
    done = report(shop, *words, "--format", "csv")
    assert done.returncode == 0, done.stderr
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_the_version_is_told() -> None:
    done = kpi("--version")
    assert done.returncode == 0
    assert re.fullmatch(r"kpi-connector \d+\.\d+\.\d+\n", done.stdout)


def test_without_a_period_it_is_the_running_month(shop: Shop) -> None:
    done = report(shop)
    assert done.returncode == 0, done.stderr
    month = re.match(r"moscow · (\d{4}-\d\d) · RUB", done.stdout)
    assert month
    assert report(shop, "-p", month[1]).stdout == done.stdout
    told = kpi("explain", "--kpi", "revenue", "--user", "501", config=shop[0], env=shop[1])
    assert month[1] in told.stdout.splitlines()[0]


def test_a_quarter_is_the_sum_of_its_months(shop: Shop) -> None:
    def won(period: str) -> dict[str, int]:
        found = rows(shop, "-p", period, "--kpi", "won_deals")
        return {row["id"]: int(row["value"] or 0) for row in found if row["subject"] == "user"}

    quarter = won("2026q3")
    months = [won(f"2026-0{n}") for n in (7, 8, 9)]
    assert sum(quarter.values()) > 0
    assert quarter == {who: sum(month.get(who, 0) for month in months) for who in quarter}


def test_one_person_by_name_and_kpis_by_commas(shop: Shop) -> None:
    found = rows(shop, "-p", "2026-08", "--user", "анна", "--kpi", "revenue, won_deals", "-k", "calls")
    assert {(row["subject"], row["id"]) for row in found} == {("user", "501")}
    assert {row["kpi"] for row in found} == {"revenue", "won_deals", "calls"}
    whole = {(row["id"], row["kpi"]): row["value"] for row in rows(shop, "-p", "2026-08")}
    assert [row["value"] for row in found] == [whole["501", row["kpi"]] for row in found]
    table = report(shop, "-p", "2026-08", "--user", "501").stdout
    assert "Анна Белова" in table
    assert "Команда" not in table


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("-p", "2026-09-10..2026-09-01"), "конец 2026-09-01 раньше начала 2026-09-10; поменяйте их местами"),
        (("-p", "2026-Q5"), "'2026-Q5' — не период: 2026-09 (месяц), 2026-Q3 (квартал)"),
        (("--user", "501", "--team", "700"), "report: give either --user or --team"),
        (("--user", "nobody"), "'nobody'"),
        (("--kpi", "revenue,revenu"), "'revenu'"),
    ],
)
def test_a_wrong_one_is_refused_with_the_reason(shop: Shop, words: tuple[str, ...], told: str) -> None:
    done = report(shop, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr
