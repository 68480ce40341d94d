"""quality, gaming, drift and reconcile as a person and a machine use them."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from tests.cli.test_commands import answer, kpi, shop

__all__ = ["shop"]
Shop = tuple[Path, dict[str, str]]


def test_quality_in_json_and_both_languages(shop: Shop) -> None:
    [told] = answer(shop, "quality", "--period", "2026-05", "--json")
    assert (told["account"], told["period"], told["currency"]) == ("moscow", "2026-05", "RUB")
    found = {one["code"]: one for one in told["findings"]}
    steps = found["deals_without_step"]
    assert steps["examples"][0]["link"].endswith("/leads/detail/" + steps["examples"][0]["ref"].partition(":")[2])
    assert len(steps["examples"]) == 5
    [effect] = [one for one in steps["effects"] if one["kpi"] == "win_rate"]
    assert effect["claim"] == "bound"
    assert effect["low"] <= effect["value"] == effect["high"]
    shown = {language: kpi("quality", "-p", "2026-05", "-l", language, config=shop[0], env=shop[1]).stdout
             for language in ("ru", "en")}  # fmt: skip
    assert "Открытые сделки без следующего шага" in shown["ru"]
    assert "Open deals without a next step" in shown["en"]
    assert "п.п." in shown["ru"]
    assert "points" in shown["en"]


def test_gaming_finds_nothing_in_an_honest_company(shop: Shop) -> None:
    [told] = answer(shop, "gaming", "-p", "2026-08", "--json")
    assert told["suspicions"] == []
    assert "ничего не найдено" in kpi("gaming", "-p", "2026-08", config=shop[0], env=shop[1]).stdout


def test_drifts_are_listed_and_accepting_none_is_a_wrong_call(shop: Shop) -> None:
    assert answer(shop, "drift", "list", "--json") == [{"account": "moscow", "drifts": []}]
    done = kpi("drift", "accept", "stage_outcome", config=shop[0], env=shop[1])
    assert (done.returncode, done.stdout) == (2, "")
    assert "изменение 'stage_outcome' подтверждения не ждёт" in done.stderr


def test_reconcile_ends_with_1_where_anything_differs(shop: Shop) -> None:
    [told] = answer(shop, "reconcile", "-p", "2026-08", "--json")
    assert (told["differs"], told["differences"]) == (False, [])
    assert {one["what"] for one in told["counts"]} >= {"deals_won", "won_amount", "calls_out", "users_active"}
    assert all(one["ours"] == one["crm"] for one in told["counts"])
    database = sqlite3.connect(shop[0].parent / "kpi.db")
    [(kept,)] = database.execute(
        "select id from record where kind = 'deal' and body like '%\"outcome\":\"won\"%' limit 1"
    )
    row = database.execute("select * from record where kind = 'deal' and id = ?", (kept,)).fetchone()
    created = json.loads(row[3])["created_at"][:7]
    with database:
        database.execute("delete from record where kind = 'deal' and id = ?", (kept,))
    done = kpi("reconcile", "-p", created, "--without-calls", config=shop[0], env=shop[1])
    with database:
        database.execute(f"insert into record values ({', '.join('?' * len(row))})", row)
    assert done.returncode == 1
    assert f"сделка {kept} · есть в CRM, нет у нас" in done.stdout
    assert f"/leads/detail/{kept}" in done.stdout
