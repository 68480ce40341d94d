"""What is kept and what is counted are equal, whatever happened to the facts, the clock and the rules in between."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connector.config import Rules
from connector.kpi import cells, keeping
from connector.kpi.catalogue import ALL
from connector.kpi.definition import Ago, Measure, Where
from connector.kpi.varying import for_interval
from connector.moment import Period, day_number, to_ms
from connector.store import cells as rows
from connector.store import facts
from connector.store.engine import Store
from tests.kpi.ground import ZONE, fact, win
from tests.kpi.kept import FACTS, Aside, Clocked, told

PERIODS = ("2026-09", "2026-W36", "2026-08-31..2026-10-01", "2026-08-01..2026-09-30", "2026-09-01")
STEPS = st.one_of(
    st.tuples(st.just("derive"), st.sampled_from(["contact:1", "contact:2"]), st.lists(FACTS, max_size=8)),
    st.tuples(st.just("advance"), st.integers(0, 3), st.none()),
    st.tuples(st.just("rules"), st.sampled_from([30, 60, 120]), st.none()),
)


@settings(
    max_examples=min(25, settings().max_examples),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(STEPS, min_size=1, max_size=6))
def test_what_is_kept_is_what_is_counted(store: Store, steps: list[tuple[str, Any, Any]]) -> None:
    with Aside(store) as ours:
        for what, one, other in steps:
            {"derive": ours.derive, "advance": ours.advance, "rules": ours.change_rules}[what](one, other)
        for period in PERIODS:
            whole = ours.measured(period)
            assert whole == ours.counted(period)
            mine = {one: {"501": people["501"]} for one, people in whole.items() if "501" in people}
            assert ours.measured(period, {"501"}) == ours.counted(period, {"501"}) == mine


def test_the_cells_are_read_and_not_the_facts(store: Store) -> None:
    revenue = Measure(("win",), take="sum")
    with Aside(store) as ours:
        ours.derive("contact:1", [win(1000, "501", key="a"), win(None, None, key="b")])
        ours.conn.execute(facts.FACT.delete())
        found = ours.measured("2026-09")
        assert (found[revenue]["501"].total, found[revenue]["501"].n) == (100_000, 1)
        assert (found[revenue][None].total, found[revenue][None].unpriced) == (0, 1)


def test_what_the_clock_judges_is_read_at_the_book_s_moment_and_at_no_other(sqlite_store: Store) -> None:
    with Aside(sqlite_store, Clocked) as ours:
        ours.derive("contact:1", [told("a", "open_task", 1, "501", 1, 0), told("b", "task_due", 1, "501", 1, 3)])
        ours.advance(1)
        expected = ours.counted("2026-09")
        ours.conn.execute(facts.FACT.delete())
        assert ours.measured("2026-09") == expected != {}
        ours.moment += 1
        assert ours.measured("2026-09") == {}


def test_what_stood_is_read_where_it_is_kept_whatever_the_clock_says_now(sqlite_store: Store) -> None:
    """A closed month's overdue tasks are not counted again each time the clock moves on."""
    end = to_ms(Period.parse("2026-09").bounds(ZoneInfo(ZONE))[1])
    with Aside(sqlite_store, Clocked) as ours:
        ours.derive("contact:1", [told("a", "open_task", 1, "501", 1, 0), told("b", "open_task", 1, "501", 1, 3)])
        ours.moment = end + 1000
        keeping.advance(ours.conn, ours.account, ours.layout, ours.moment)
        keeping.remember(ours.conn, ours.account, ours.layout, [end, end])
        expected = ours.counted("2026-09")
        ours.moment += 9000
        ours.conn.execute(facts.FACT.delete())
        kept = {one: people["501"].n for one, people in ours.measured("2026-09").items()}
        assert kept == {one: people["501"].n for one, people in expected.items()} != {}
        stood = ours.conn.execute(sa.select(rows.CELL.c.span, rows.CELL.c.tally).where(rows.CELL.c.span < 0)).all()
        assert {span for span, _ in stood} == {-(end // 86_400_000)}  # a place that what is stored already stays at
        assert len(stood) == len(kept) and max(number for _, number in stood) <= 12  # told twice, counted once


def test_no_kpi_that_adds_up_leaves_its_board_to_the_facts() -> None:
    """Unless the period itself is in the question, every board of a year would be hundreds of times slower."""
    left = {
        name
        for name, kpi in ALL.items()
        for one in (*kpi.measures, *for_interval(kpi))
        if one.additive and not cells.keepable(one) and not {"period_start", "period_end"} & {w.than for w in one.where}
    }
    assert left == set()


def test_another_threshold_is_another_tally(store: Store) -> None:
    with Aside(store) as ours:
        ours.derive("contact:1", [fact("call_out", number=90)])
        before = rows.book(ours.conn, ours.account)
        ours.change_rules(120)
        after = rows.book(ours.conn, ours.account)
        assert before and after and before.tallies.keys() != after.tallies.keys()
        assert len(before.tallies) == len(after.tallies)


def test_a_threshold_by_name_and_the_same_by_number_are_one_tally_and_two_measures(sqlite_store: Store) -> None:
    named, numbered, whole = (
        Measure(("call_out",), (Where("number", "ge", than),)) for than in ("successful_call_seconds", 60, 60.0)
    )
    with Aside(sqlite_store, Clocked) as ours:
        ours.measures = (named, numbered, whole)
        ours.make()
        ours.derive("contact:1", [fact("call_out", number=90)])
        assert len(ours.layout.tallies) == 1
        assert {one: people["501"].n for one, people in ours.measured("2026-09").items()} == {named: 1, numbered: 1}
        assert ours.measured("2026-09") == ours.counted("2026-09")


@pytest.mark.parametrize(
    ("one", "kept"),
    [
        (Measure(("win",)), True),
        (Measure(("win",), take="sum"), True),
        (Measure(("win",), take="clients"), False),
        (Measure(("win",), take="quantile"), False),
        (Measure(("win",), credit="now"), False),
        (Measure(("win_part",), take="sum", credit="split"), True),
        (Measure(("task_due",), (Where("due_at", "le", "as_of"),)), True),
        (Measure(("open_deal",), (Where("at", "le", Ago(60)),)), True),
        (Measure(("open_deal",), (Where("amount", "gt", 0), Where("at", "le", "hour_ago"))), True),
    ],
)
def test_what_adds_up_and_belongs_to_the_owner_then_can_be_kept(one: Measure, kept: bool) -> None:
    assert cells.keepable(one) is kept


def test_the_layout_holds_what_mutes_a_kpi_too() -> None:
    kpi = ALL["pipeline_amount"]
    assert kpi.muted
    kinds = {tally.kind for tally in cells.layout([kpi], Rules()).tallies.values()}
    assert kinds == {kind for one in (*kpi.measures, *kpi.muted.measures) for kind in one.kinds}
    assert cells.layout([replace(kpi, muted=None, top=(Measure(("win",)),), bottom=())], Rules()).tallies


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2026-09", [202609]),
        ("2026-09-30..2026-10-01", [20260930, 20261001]),
        ("2026-08-31..2026-10-31", [20260831, 202609, 202610]),
        ("2025-12-01..2026-02-27", [202512, 202601, *range(20260201, 20260228)]),
    ],
)
def test_a_period_is_whole_months_and_the_days_around_them(period: str, expected: list[int]) -> None:
    assert rows.spans(Period.parse(period)) == expected
    assert day_number(Period.parse(period).start) // 100 in {span if span < 10**6 else span // 100 for span in expected}
