"""Cells kept up: with the facts, with the clock to the millisecond, with what is wished for, however often begun."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace as changed

from connector.fact import Fact
from connector.kpi import keeping
from connector.kpi.definition import Ago, Measure, Where
from connector.moment import Period, from_ms, to_ms
from connector.store import cells as rows
from connector.store import facts
from connector.store.engine import Store
from tests.kpi.ground import ZONE, fact, win
from tests.kpi.kept import CLOCK_OPS, CLOCKED, FACTS, MEASURES, TIMES, Aside, Clocked, told


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(FACTS, max_size=8), st.lists(FACTS, max_size=8))
def test_what_stood_then_is_remembered(store: Store, before: list[Fact], after: list[Fact]) -> None:
    with Aside(store) as ours:
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


def test_a_missed_call_is_counted_as_its_day_passes(store: Store) -> None:
    """K-27's second line asks how long ago the call was, not when something is due."""
    [overdue] = (one for one in MEASURES if one.kinds == ("callback",) and one.moves and one.where[1].column == "at")
    with Aside(store) as ours:
        ours.derive("contact:1", [told("a", "callback", 1, "501", 3, None)])
        seen = []
        for hour in (0, 3):
            ours.advance(hour)
            assert ours.measured("2026-09") == ours.counted("2026-09")
            seen.append(ours.measured("2026-09").get(overdue, {}))
        assert seen[0] == {}
        assert seen[1]["501"].n == 1


def test_who_changes_facts_without_the_cells_forgets_them(store: Store) -> None:
    with Aside(store) as ours:
        facts.replace(ours.conn, ours.account, {"contact:1": []}, known_at=1)
        assert rows.book(ours.conn, ours.account) is not None  # nothing changed
        facts.replace(ours.conn, ours.account, {"contact:1": [win()]}, known_at=2)
        assert rows.book(ours.conn, ours.account) is None


def test_half_made_cells_are_made_again(store: Store) -> None:
    with Aside(store) as ours:
        ours.derive("contact:1", [win(), fact("call_out", number=90)])
        rows.forget(ours.conn, ours.account)
        numbers = keeping.numbered(ours.conn, ours.account, ours.layout)
        rows.sweep(ours.conn, ours.account, ())
        keeping.build(ours.conn, ours.account, ours.layout, "call_out", numbers, ours.moment)
        ours.make()
        assert ours.measured("2026-09") == ours.counted("2026-09")


def test_what_the_clock_reaches_is_counted_anew_to_the_millisecond(sqlite_store: Store) -> None:
    """A deadline is over at its moment, not before, whichever way a condition is written, and if the clock is set
    back too.
    """
    edges = [to_ms(TIMES[n]) + off for n in (0, 1) for off in (-1, 0, 1)]
    due = [told(f"{kind}{at}", kind, 1, "501", 1, None) for kind in ("task_due", "open_task") for at in edges]
    due = [changed(one, due_at=from_ms(int(one.key.removeprefix(one.kind)))) for one in due]
    with Aside(sqlite_store, Clocked) as ours:
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
    with Aside(sqlite_store, Clocked) as ours:
        ours.advance(1 - to)
        at = to_ms(TIMES[edge])
        due = changed(told("a", "open_task", 1, "501", 1, None), due_at=from_ms(at))
        ours.derive("contact:1", [due, changed(due, key="b", kind="task_due", day=TIMES[0].date())])
        ours.advance(to)
        assert ours.measured("2026-09") == ours.counted("2026-09")


def test_half_made_cells_of_new_wishes_are_made_again(sqlite_store: Store) -> None:
    with Aside(sqlite_store, Clocked) as ours:
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
    with Aside(sqlite_store, Clocked) as ours:
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


def test_each_tally_keeps_its_number_and_new_ones_get_the_next(sqlite_store: Store) -> None:
    with Aside(sqlite_store, Clocked) as ours:
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
    with Aside(sqlite_store, Clocked) as ours:
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
    with Aside(sqlite_store, Clocked) as ours:
        ours.advance(3)
        keeping.remember(ours.conn, ours.account, ours.layout, [end])
        book = rows.book(ours.conn, ours.account)
        assert book and len(book.tallies) == 12 == len(set(book.tallies.values()))
        ours.measures = CLOCKED[:7]
        assert keeping.stale(ours.conn, ours.account, ours.layout) == []
        book = rows.book(ours.conn, ours.account)
        assert book and len(book.tallies) == 7 + 3
