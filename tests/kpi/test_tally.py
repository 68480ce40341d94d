"""Tallies: the fewest that measures can be read from, what a row says of each, and whose key changes when."""

from __future__ import annotations

import pytest

from connector.config import Rules
from connector.kpi.definition import Measure, Where, thresholds
from connector.kpi.tally import Part, Tally, by_kind, columns_of, parts_of, serving, sql, tallies_of

LIMITS = thresholds(Rules(), 1_000)
LONG = (Where("number", "ge", "successful_call_seconds"),)
WINS, REVENUE, NUMBERS = Measure(("win",)), Measure(("win",), take="sum"), Measure(("win",), take="sum", of="number")


def test_a_count_is_read_from_the_sum_of_the_same_facts() -> None:
    assert tallies_of([WINS]) == [Tally("win")]
    assert tallies_of([WINS, REVENUE]) == tallies_of([REVENUE, WINS]) == [Tally("win", (), "amount")]
    assert tallies_of([WINS, REVENUE, NUMBERS]) == [Tally("win", (), "amount"), Tally("win", (), "number")]
    calls = Measure(("call_out", "call_in"), LONG)
    assert tallies_of([WINS, calls]) == [Tally("call_in", LONG), Tally("call_out", LONG), Tally("win")]
    assert by_kind(tallies_of([WINS, calls, REVENUE])) == {
        "call_in": [Tally("call_in", LONG)],
        "call_out": [Tally("call_out", LONG)],
        "win": [Tally("win", (), "amount")],
    }


def test_from_what_a_measure_can_be_read() -> None:
    squared = ["amount_squared", "number_squared", "other_squared"]
    assert [one.of for one in serving(WINS, "win")] == [None, "amount", "number", "other", *squared]
    assert list(serving(Measure(("win",), take="squares"), "win")) == [Tally("win", (), "amount_squared")]
    assert list(serving(REVENUE, "win")) == [Tally("win", (), "amount")]
    assert list(serving(NUMBERS, "win")) == [Tally("win", (), "number")]
    assert {one.where for one in serving(Measure(("call_out",), LONG), "call_out")} == {LONG}


def test_a_row_has_one_column_for_a_count_and_three_for_a_sum() -> None:
    tallies = [Tally("win"), Tally("win", (), "amount"), Tally("win", LONG), Tally("win", (), "other")]
    names = [one.name for one in columns_of(tallies, LIMITS)]
    assert names == ["passed0", "passed1", "valued1", "total1", "passed2", "passed3", "valued3", "total3"]
    told = list(parts_of(tallies, "observed", [5, 4, 3, 700, 0, 2, 1, 9]))
    assert told == [
        (tallies[0], Part("observed", 5, 0, None)),
        (tallies[1], Part("observed", 4, 3, 700)),
        (tallies[3], Part("observed", 2, 1, 9)),
    ]


def test_a_key_follows_what_is_counted_and_names_moments() -> None:
    later, stricter = thresholds(Rules(), 2_000), thresholds(Rules(successful_call_seconds=999), 1_000)
    due, long = Tally("open_task", (Where("due_at", "le", "as_of"),)), Tally("call_out", LONG)
    assert due.key(LIMITS) == due.key(later)
    assert long.key(LIMITS) == long.key(later) != long.key(stricter)
    named = [Tally("win", (Where("source", "in", names),)) for names in (("site",), ("ads",))]
    others = [Tally("win"), Tally("loss"), Tally("win", (), "amount"), Tally("win", (), "other"), *named, due, long]
    turned = Tally("call_out", (Where("number", "gt", "successful_call_seconds"),))
    else_at = Tally("call_out", (Where("number", "ge", "successful_call_seconds", instead="at"),))
    assert len({one.key(LIMITS) for one in [*others, turned, else_at]}) == 10


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ((), None),
        ((Where("number", "ge", 3),), "fact.number >= 3"),
        ((Where("number", "gt", 3),), "fact.number > 3"),
        ((Where("number", "unknown"),), "fact.number IS NULL"),
        ((Where("number", "known"),), "fact.number IS NOT NULL"),
        ((Where("source", "in", ("site",)),), "fact.source IN ('site')"),
        ((Where("due_at", "le", "as_of"),), "fact.due_at <= 1000"),
        ((Where("number", "known"), Where("source", "in", ("a",))), "fact.number IS NOT NULL AND fact.source IN ('a')"),
    ],
)  # fmt: skip
def test_conditions_as_the_database_tests_them(where: tuple[Where, ...], said: str | None) -> None:
    found = sql(where, LIMITS)
    assert (found if found is None else str(found.compile(compile_kwargs={"literal_binds": True}))) == said
