"""What is kept and what is counted are equal, whatever happened to the facts, the clock and the rules in between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as changed
from sqlalchemy.engine import Connection

from connector.config import Rules
from connector.fact import STANDS, Fact
from connector.kpi import cells, keeping
from connector.kpi.catalogue import ALL
from connector.kpi.definition import Ago, Measure, Op, Where, thresholds
from connector.kpi.kinds import STANDING
from connector.kpi.look import look
from connector.kpi.measure import Cells, measure
from connector.kpi.tally import tallies_of
from connector.moment import Period, day_number, from_ms, local_day, to_ms
from connector.store import cells as rows
from connector.store import facts
from connector.store.engine import Store
from tests.kpi.ground import ZONE, account, fact, win

KINDS = (
    "win",
    "loss",
    "call_out",
    "call_in",
    "callback",
    "enquiry",
    "lead_won",
    "quote",
    "refund",
    "card",
    "open_deal",
    "open_task",
)
USED = frozenset(KINDS)
MEASURES = tuple(
    dict.fromkeys(one for kpi in ALL.values() for one in kpi.measures if one.additive and USED.issuperset(one.kinds))
)
PERIODS = ("2026-09", "2026-W36", "2026-08-31..2026-10-01", "2026-08-01..2026-09-30", "2026-09-01")
CLOCK_OPS: tuple[Op, ...] = ("ge", "gt", "le", "lt")
TIMES = [datetime(2026, 9, day, hour, tzinfo=UTC) for day, hour in ((1, 10), (1, 11), (1, 12), (2, 12))]
"""23 hours before the last one the calls of the first day are over."""


def told(key: str, kind: str, day: int, user: str | None, n: int, due: int | None, **more: Any) -> Fact:
    at = (
        datetime(2026, 8, 31, 20, 59, 59, tzinfo=UTC).replace(day=31)
        if day == 0
        else datetime(2026, 9, day, 9, tzinfo=UTC)
    )
    return Fact(
        key=key, kind=kind, at=at, day=STANDS if kind in STANDING else local_day(at, ZONE), user=user,
        client="contact:1", deal=key, amount=None if n == 0 else n * 100, number=None if n == 5 else n * 60,
        other=None if n == 3 else n * 4, due_at=None if due is None else TIMES[due], **more,
    )  # fmt: skip


FACTS = st.builds(
    told,
    st.sampled_from("abcdef"),
    st.sampled_from(KINDS),
    st.sampled_from([0, 1, 2, 30]),
    st.sampled_from(["501", "502", None]),
    st.integers(0, 5),
    st.sampled_from([None, 0, 1, 2, 3]),
    confidence=st.sampled_from(["exact", "observed", "assumed"]),
    omitted=st.sampled_from([None, None, None, "junk"]),
)
STEPS = st.one_of(
    st.tuples(st.just("derive"), st.sampled_from(["contact:1", "contact:2"]), st.lists(FACTS, max_size=8)),
    st.tuples(st.just("advance"), st.integers(0, 3), st.none()),
    st.tuples(st.just("rules"), st.sampled_from([30, 60, 120]), st.none()),
)


class Kept:
    """An account whose cells are kept as the pipeline keeps them."""

    measures: tuple[Measure, ...] = MEASURES

    def __init__(self, conn: Connection) -> None:
        self.conn, self.rules, self.moment, self.known = conn, Rules(), to_ms(TIMES[0]), 0
        self.account = account(conn)
        self.make()

    @property
    def layout(self) -> cells.Layout:
        whole = cells.layout(ALL.values(), self.rules)
        return replace(whole, tallies={key: one for key, one in whole.tallies.items() if one.kind in USED})

    def make(self) -> None:
        conn, number = self.conn, self.account
        missing = keeping.stale(conn, number, self.layout)
        numbers = keeping.numbered(conn, number, self.layout)
        for kind in missing:
            keeping.build(conn, number, self.layout, kind, numbers, self.moment)
        keeping.finish(conn, number, self.layout, numbers, self.moment)

    def derive(self, dossier: str, some: list[Fact]) -> None:
        self.known, touched = self.known + 1, set[facts.Touched]()
        facts.replace(self.conn, self.account, {dossier: some}, known_at=self.known, touched=touched)
        keeping.refresh(self.conn, self.account, self.layout, touched)

    def advance(self, hour: int, _: None = None) -> None:
        self.moment = to_ms(TIMES[hour])
        keeping.advance(self.conn, self.account, self.layout, self.moment)

    def change_rules(self, seconds: int, _: None = None) -> None:
        self.rules = Rules(successful_call_seconds=seconds)
        self.make()

    def measured(self, period: str, only: set[str] | None = None) -> Cells:
        seen = look(self.account, Period.parse(period), zone=ZONE, judged_at=self.moment, as_of=None, rules=self.rules)
        return measure(self.conn, replace(seen, only=None if only is None else frozenset(only)), self.measures)

    def counted(self, period: str, only: set[str] | None = None) -> Cells:
        """The same from the facts."""
        with self.conn.begin_nested() as aside:
            rows.forget(self.conn, self.account)
            found = self.measured(period, only)
            aside.rollback()
        return found


@pytest.fixture
def kept(store: Store) -> Callable[[], Any]:
    """Opens an account that is gone afterwards."""
    return lambda: _Aside(store)


class _Aside:
    def __init__(self, store: Store, what: type[Kept] = Kept) -> None:
        self.conn, self.what = store._writer.connect(), what

    def __enter__(self) -> Kept:
        self.open = self.conn.begin()
        return self.what(self.conn)

    def __exit__(self, *_: object) -> None:
        self.open.rollback()
        self.conn.close()


@settings(
    max_examples=min(25, settings().max_examples),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(STEPS, min_size=1, max_size=6))
def test_what_is_kept_is_what_is_counted(kept: Callable[[], Any], steps: list[tuple[str, Any, Any]]) -> None:
    with kept() as ours:
        for what, one, other in steps:
            {"derive": ours.derive, "advance": ours.advance, "rules": ours.change_rules}[what](one, other)
        for period in PERIODS:
            whole = ours.measured(period)
            assert whole == ours.counted(period)
            mine = {one: {"501": people["501"]} for one, people in whole.items() if "501" in people}
            assert ours.measured(period, {"501"}) == ours.counted(period, {"501"}) == mine


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FACTS, max_size=8), st.lists(FACTS, max_size=8))
def test_what_stood_then_is_remembered(kept: Callable[[], Any], before: list[Fact], after: list[Fact]) -> None:
    with kept() as ours:
        end = to_ms(Period.parse("2026-09").bounds(ZoneInfo(ZONE))[1])
        ours.derive("contact:1", before)
        ours.moment = end + 5_000_000
        keeping.advance(ours.conn, ours.account, ours.layout, ours.moment)
        keeping.remember(ours.conn, ours.account, ours.layout, [end])
        book = rows.book(ours.conn, ours.account)
        assert book is not None
        assert {key.partition("@")[2] for key in book.tallies} == {"", str(end)}
        ours.known = end
        ours.derive("contact:1", after)
        for period in ("2026-09", "2026-08-31..2026-09-30", "2026-10"):
            assert ours.measured(period) == ours.counted(period)


def test_the_cells_are_read_and_not_the_facts(kept: Callable[[], Any]) -> None:
    revenue = Measure(("win",), take="sum")
    with kept() as ours:
        ours.derive("contact:1", [win(1000, "501", key="a"), win(None, None, key="b")])
        ours.conn.execute(facts.FACT.delete())
        found = ours.measured("2026-09")
        assert (found[revenue]["501"].total, found[revenue]["501"].n) == (100_000, 1)
        assert (found[revenue][None].total, found[revenue][None].unpriced) == (0, 1)


def test_a_missed_call_is_counted_as_its_day_passes(kept: Callable[[], Any]) -> None:
    """K-27's second line asks how long ago the call was, not when something is due."""
    [overdue] = (one for one in MEASURES if one.kinds == ("callback",) and one.moves and one.where[1].column == "at")
    with kept() as ours:
        ours.derive("contact:1", [told("a", "callback", 1, "501", 3, None)])
        seen = []
        for hour in (0, 3):
            ours.advance(hour)
            assert ours.measured("2026-09") == ours.counted("2026-09")
            seen.append(ours.measured("2026-09").get(overdue, {}))
        assert seen[0] == {}
        assert seen[1]["501"].n == 1


def test_no_kpi_that_adds_up_leaves_its_board_to_the_facts() -> None:
    """Unless the period itself is in the question, every board of a year would be hundreds of times slower."""
    left = {
        name
        for name, kpi in ALL.items()
        for one in kpi.measures
        if one.additive and not cells.keepable(one) and not {"period_start", "period_end"} & {w.than for w in one.where}
    }
    assert left == set()


def test_who_changes_facts_without_the_cells_forgets_them(kept: Callable[[], Any]) -> None:
    with kept() as ours:
        facts.replace(ours.conn, ours.account, {"contact:1": []}, known_at=1)
        assert rows.book(ours.conn, ours.account) is not None  # nothing changed
        facts.replace(ours.conn, ours.account, {"contact:1": [win()]}, known_at=2)
        assert rows.book(ours.conn, ours.account) is None


def test_another_threshold_is_another_tally(kept: Callable[[], Any]) -> None:
    with kept() as ours:
        ours.derive("contact:1", [fact("call_out", number=90)])
        before = rows.book(ours.conn, ours.account)
        ours.change_rules(120)
        after = rows.book(ours.conn, ours.account)
        assert before and after and before.tallies.keys() != after.tallies.keys()
        assert len(before.tallies) == len(after.tallies)


def test_half_made_cells_are_made_again(kept: Callable[[], Any]) -> None:
    with kept() as ours:
        ours.derive("contact:1", [win(), fact("call_out", number=90)])
        rows.forget(ours.conn, ours.account)
        numbers = keeping.numbered(ours.conn, ours.account, ours.layout)
        rows.sweep(ours.conn, ours.account, ())
        keeping.build(ours.conn, ours.account, ours.layout, "call_out", numbers, ours.moment)
        ours.make()
        assert ours.measured("2026-09") == ours.counted("2026-09")


CLOCKED = tuple(
    Measure((kind,), (Where("due_at", op, "as_of"),)) for kind in ("task_due", "open_task") for op in CLOCK_OPS
)


class Clocked(Kept):
    """Cells of nothing but what is held against the clock, to the millisecond."""

    measures = CLOCKED

    @property
    def layout(self) -> cells.Layout:
        named = thresholds(self.rules, 0)
        return cells.Layout({one.key(named): one for one in tallies_of(self.measures)}, self.rules)


def test_what_the_clock_reaches_is_counted_anew_to_the_millisecond(sqlite_store: Store) -> None:
    """A deadline is over at its moment, not before, whichever way a condition is written, and if the clock is set
    back too.
    """
    edges = [to_ms(TIMES[n]) + off for n in (0, 1) for off in (-1, 0, 1)]
    due = [told(f"{kind}{at}", kind, 1, "501", 1, None) for kind in ("task_due", "open_task") for at in edges]
    due = [changed(one, due_at=from_ms(int(one.key.removeprefix(one.kind)))) for one in due]
    with _Aside(sqlite_store, Clocked) as ours:
        ours.derive("contact:1", due)
        for hour, later in ((1, 4), (0, 1)):
            ours.advance(hour)
            before = {one: cell["501"].n for one, cell in ours.measured("2026-09").items()}
            assert ours.measured("2026-09") == ours.counted("2026-09")
            assert [before.get(one, 0) for one in CLOCKED[:4]] == [6 - later, 5 - later, later + 1, later]


@pytest.mark.parametrize("to", [1, 0])
@pytest.mark.parametrize("edge", [0, 1])
def test_a_deadline_alone_on_its_day_is_reached_at_its_moment(sqlite_store: Store, edge: int, to: int) -> None:
    """Nothing else of that day would have it counted anew."""
    with _Aside(sqlite_store, Clocked) as ours:
        ours.advance(1 - to)
        at = to_ms(TIMES[edge])
        due = changed(told("a", "open_task", 1, "501", 1, None), due_at=from_ms(at))
        ours.derive("contact:1", [due, changed(due, key="b", kind="task_due", day=TIMES[0].date())])
        ours.advance(to)
        assert ours.measured("2026-09") == ours.counted("2026-09")


def test_what_the_clock_judges_is_read_at_the_book_s_moment_and_at_no_other(sqlite_store: Store) -> None:
    with _Aside(sqlite_store, Clocked) as ours:
        ours.derive("contact:1", [told("a", "open_task", 1, "501", 1, 0), told("b", "task_due", 1, "501", 1, 3)])
        ours.advance(1)
        expected = ours.counted("2026-09")
        ours.conn.execute(facts.FACT.delete())
        assert ours.measured("2026-09") == expected != {}
        ours.moment += 1
        assert ours.measured("2026-09") == {}


def test_half_made_cells_of_new_wishes_are_made_again(sqlite_store: Store) -> None:
    with _Aside(sqlite_store, Clocked) as ours:
        ours.derive("contact:1", [win(), fact("loss")])
        ours.measures = (*CLOCKED, Measure(("win",)), Measure(("loss",)))
        assert keeping.stale(ours.conn, ours.account, ours.layout) == ["loss", "win"]
        numbers = keeping.numbered(ours.conn, ours.account, ours.layout)
        keeping.build(ours.conn, ours.account, ours.layout, "win", numbers, ours.moment)  # and killed
        ours.make()
        assert ours.measured("2026-09") == ours.counted("2026-09")


def test_what_grew_old_is_counted_anew_whatever_zone_its_day_is_of(sqlite_store: Store) -> None:
    """A day of the account's zone may be the one before or after that of Greenwich."""
    aged = tuple(Measure(("callback",), (Where("at", op, Ago(3600)),)) for op in CLOCK_OPS)
    edges = [TIMES[n] - timedelta(hours=1, milliseconds=off) for n in (0, 1) for off in (-1, 0, 1)]
    some = [
        changed(fact("callback"), at=at, day=at.date() + timedelta(days=days)) for at in edges for days in (-1, 0, 1)
    ]
    with _Aside(sqlite_store, Clocked) as ours:
        ours.measures = aged
        ours.make()
        ours.derive("contact:1", some)
        for hour in (1, 0):
            ours.advance(hour)
            book = rows.book(ours.conn, ours.account)
            assert book and book.moment == ours.moment
            found = ours.measured("2026-08-30..2026-09-30")
            assert found == ours.counted("2026-08-30..2026-09-30")
            assert [found[one]["501"].n for one in aged[:2]] == ([6, 3] if hour else [15, 12])


def test_what_stood_is_read_where_it_is_kept_whatever_the_clock_says_now(sqlite_store: Store) -> None:
    """A closed month's overdue tasks are not counted again each time the clock moves on."""
    end = to_ms(Period.parse("2026-09").bounds(ZoneInfo(ZONE))[1])
    with _Aside(sqlite_store, Clocked) as ours:
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


def test_each_tally_keeps_its_number_and_new_ones_get_the_next(sqlite_store: Store) -> None:
    with _Aside(sqlite_store, Clocked) as ours:
        first = rows.book(ours.conn, ours.account)
        assert first and sorted(first.tallies.values()) == list(range(1, 9))
        ours.measures = (*CLOCKED[1:], Measure(("win",)), Measure(("win",), take="sum"), Measure(("loss",)))
        kinds = keeping.stale(ours.conn, ours.account, ours.layout)
        assert kinds == ["loss", "win"]
        numbers = keeping.numbered(ours.conn, ours.account, ours.layout)
        assert len(set(numbers.values())) == len(numbers) == 9
        assert {key: numbers[key] for key in first.tallies if key in numbers} == {
            key: number for key, number in first.tallies.items() if key in numbers
        }
        book = rows.book(ours.conn, ours.account)
        assert book and first.tallies.keys() - book.tallies.keys() == first.tallies.keys() - ours.layout.tallies.keys()


def test_the_number_of_a_tally_that_is_gone_can_be_given_again(sqlite_store: Store) -> None:
    """Its cells are gone with it: else the month's would be counted with what stood, which got its number."""
    end = to_ms(Period.parse("2026-09").bounds(ZoneInfo(ZONE))[1])
    happened, standing = (Measure((kind,), (Where("amount", "gt", 0),)) for kind in ("task_due", "open_task"))
    with _Aside(sqlite_store, Clocked) as ours:
        for measures in ((standing,), (standing, happened)):  # the later one has the higher number
            ours.measures = measures
            ours.make()
        ours.derive("contact:1", [told("a", "task_due", 1, "501", 1, 0), told("b", "open_task", 1, "501", 1, 0)])
        ours.measures = (standing,)
        ours.make()
        ours.moment = end + 1000
        keeping.advance(ours.conn, ours.account, ours.layout, ours.moment)
        keeping.remember(ours.conn, ours.account, ours.layout, [end])
        assert ours.measured("2026-09") == ours.counted("2026-09")


def test_what_was_remembered_of_a_wish_that_is_gone_goes_with_it(sqlite_store: Store) -> None:
    end = to_ms(Period.parse("2026-09").bounds(ZoneInfo(ZONE))[1])
    with _Aside(sqlite_store, Clocked) as ours:
        ours.advance(3)
        keeping.remember(ours.conn, ours.account, ours.layout, [end])
        book = rows.book(ours.conn, ours.account)
        assert book and len(book.tallies) == 12 == len(set(book.tallies.values()))
        ours.measures = CLOCKED[:7]
        assert keeping.stale(ours.conn, ours.account, ours.layout) == []
        book = rows.book(ours.conn, ours.account)
        assert book and len(book.tallies) == 7 + 3


def test_a_threshold_by_name_and_the_same_by_number_are_one_tally_and_two_measures(sqlite_store: Store) -> None:
    named, numbered, whole = (
        Measure(("call_out",), (Where("number", "ge", than),)) for than in ("successful_call_seconds", 60, 60.0)
    )
    with _Aside(sqlite_store, Clocked) as ours:
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
