"""A number's hash follows its facts and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from connector.fact import Fact
from connector.kpi.catalogue import ALL
from connector.kpi.proof import seal, sums
from connector.store.engine import Store
from tests.kpi.ground import account, fact, know, seen, win

TALK = {"number": 200, "key": "call_out|call:1", "deal": None}
KPIS = [ALL[key] for key in ("revenue", "win_rate", "successful_call_share", "pipeline_amount", "lead_won_share")]


def hashes(store: Store, *facts: Fact, users: tuple[str | None, ...] = ("501",)) -> dict[str, str]:
    with store.write() as conn:
        number = account(conn)
        know(conn, number, facts)
        added = sums(conn, seen(number), [one for kpi in KPIS for one in kpi.measures])
        found = {kpi.key: seal(kpi, users, added) for kpi in KPIS}
        conn.rollback()
    return found


WON = win(key="win|deal:1")


@pytest.mark.parametrize(
    ("changed", "moved"),
    [
        (WON, set()),
        (win(2000, key="win|deal:1"), {"revenue", "win_rate"}),
        (win(key="win|deal:2"), {"revenue", "win_rate"}),
        (win(key="win|deal:1", source="site"), {"revenue", "win_rate"}),
        (win(key="win|deal:1", user="502"), {"revenue", "win_rate"}),
        (win(key="win|deal:1", omitted="junk"), {"revenue", "win_rate"}),
        (win(key="win|deal:1", when="2026-08-10T12:00"), {"revenue", "win_rate"}),
        (win(key="win|deal:1", confidence="assumed"), {"revenue", "win_rate"}),
    ],
)
def test_another_fact_is_another_hash_of_what_rests_on_it(sqlite_store: Store, changed: Fact, moved: set[str]) -> None:
    before, after = hashes(sqlite_store, WON), hashes(sqlite_store, changed)
    assert {key for key in before if before[key] != after[key]} == moved


def test_what_passes_no_condition_and_what_only_stands_are_told_apart(sqlite_store: Store) -> None:
    none, short = hashes(sqlite_store), hashes(sqlite_store, fact("call_out", **{**TALK, "number": 5}))
    long, open_one = hashes(sqlite_store, fact("call_out", **TALK)), hashes(sqlite_store, fact("open_deal", amount=5))
    assert len({one["successful_call_share"] for one in (none, short, long)}) == 3
    assert none["revenue"] == short["revenue"] == long["revenue"] == open_one["revenue"]
    assert none["pipeline_amount"] == long["pipeline_amount"] != open_one["pipeline_amount"]


def test_order_is_nothing_and_peoples_make_their_teams(sqlite_store: Store) -> None:
    other: Any = fact("win", amount=5, number=1, user="502", key="win|deal:9")
    one_way = hashes(sqlite_store, WON, other, users=("501", "502"))
    assert one_way == hashes(sqlite_store, other, WON, users=("502", "501"))
    assert one_way["revenue"] != hashes(sqlite_store, WON, other)["revenue"]
    assert hashes(sqlite_store, WON, other)["revenue"] == hashes(sqlite_store, WON)["revenue"]
    assert one_way["revenue"] == hashes(sqlite_store, WON, other, users=("501", "502", "503"))["revenue"]
    assert len(one_way["revenue"]) == 32


def test_a_hash_of_several_is_the_sum_of_theirs_in_its_128_bits(sqlite_store: Store) -> None:
    [revenue] = ALL["revenue"].top
    several = [win(n, deal=str(n), client="contact:1", key=f"win|deal:{n}") for n in range(9)]

    def added(*facts: Fact) -> int:
        with sqlite_store.write() as conn:
            number = account(conn)
            know(conn, number, facts)
            found = sums(conn, seen(number), [revenue])
            conn.rollback()
        return found[revenue, "501"]

    alone = [added(one) for one in several]
    assert all(isinstance(one, int) and 0 <= one < 2**128 for one in alone) and sum(alone) >= 2**128
    assert added(*several) == sum(alone) % 2**128
