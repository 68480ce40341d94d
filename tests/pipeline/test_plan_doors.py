"""Every door by which a plan comes in: none of them changes what is over, and nothing changes what was in force.

A door takes a value with a reason at the account's own time. Whatever is done through any of them in any order, the
plan in force at a past moment stays what it was, and once a month's grace is over or it was closed it gets no version.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from connector.config import AccountSettings
from connector.errors import BadConfig
from connector.moment import to_ms
from connector.pipeline import agreeing, pulling
from connector.pipeline.measuring import import_plans, learned_at
from connector.pipeline.planning.plans import agree
from connector.result import Plan
from connector.store import notices
from connector.store.agreed import closings, plans
from connector.store.engine import Store, open_store
from tests.pipeline.months import Month, at

Door = Callable[[Month, int, str, Path], None]


def by_configuration(month: Month, value: int, reason: str, folder: Path, *, full: bool = False) -> None:
    """What the file says is met at the next sync; what is refused is told as a notice and the sync goes on."""
    section: dict[str, Any] = {"user": "501", "kpi": "revenue", "period": "2026-08", "value": value, "reason": reason}
    told = month.settings().model_dump(mode="json") | {"plan": [section]}
    month.bench.settings = AccountSettings.model_validate(told)
    pulling.begin(month.bench, full=full)
    agreeing.tell_notes(month.bench)
    month.read()


def by_a_full_sync(month: Month, value: int, reason: str, folder: Path) -> None:
    by_configuration(month, value, reason, folder, full=True)


def by_csv(month: Month, value: int, reason: str, folder: Path) -> None:
    file = folder / "plans.csv"
    file.write_text(f"user;kpi;period;value;reason\n501;revenue;2026-08;{value};{reason}\n", "utf-8")
    import_plans(month.bench, file)


def by_hand(month: Month, value: int, reason: str, folder: Path) -> None:
    """The command line and the page."""
    named = Plan(subject="user:Анна", kpi="revenue", period="2026-08", value=Decimal(value), author="v", reason=reason)
    agree(month.bench, named)


def by_the_store(month: Month, value: int, reason: str, folder: Path) -> None:
    """What a proposal that was approved ends in."""
    plan = Plan(subject="user:501", kpi="revenue", period="2026-08", value=Decimal(value), author="v", reason=reason)
    with month.bench.store.write() as conn:
        plans.add(conn, month.bench.account, [plan], now=month.bench.now())


DOORS: list[Door] = [by_configuration, by_a_full_sync, by_csv, by_hand, by_the_store]


@pytest.fixture
def month(sqlite_store: Store) -> Month:
    """The tenth of August, with 1000 agreed on in July."""
    made = Month(sqlite_store, "2026-07-20T09:00")
    by_the_store(made, 1000, "", Path())
    made.now = at("2026-08-10T09:00")
    return made


def values(month: Month, as_of: int | None = None) -> list[Decimal]:
    with month.bench.store.read() as conn:
        found = plans.histories(conn, month.bench.account, "2026-08", as_of=as_of)
    return [one.value for one in found.get(("user:501", "revenue", "2026-08", ""), [])]


@contextmanager
def refused(month: Month, door: Door) -> Iterator[None]:
    """By an error, or by a notice where a sync must go on."""
    if door in (by_configuration, by_a_full_sync):
        yield
        with month.bench.store.read() as conn:
            told = [one.text for one in notices.all(conn, month.bench.account) if one.code == "refused_plan"]
        assert len(told) == 1, told
    else:
        with pytest.raises(BadConfig, match="2026-08"):
            yield


@pytest.mark.parametrize("door", DOORS)
def test_a_change_in_time_counts_from_its_moment(month: Month, door: Door, tmp_path: Path) -> None:
    before = to_ms(month.now)
    door(month, 800, "a client left", tmp_path)
    assert values(month) == [1000, 800]
    assert values(month, before - 1) == [1000]


@pytest.mark.parametrize("door", DOORS)
def test_a_change_without_a_reason_is_refused(month: Month, door: Door, tmp_path: Path) -> None:
    with refused(month, door):
        door(month, 800, "", tmp_path)
    assert values(month) == [1000]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("now", ["2026-09-08T09:00", "2026-12-01T09:00"])
def test_what_is_over_is_refused(month: Month, door: Door, now: str, tmp_path: Path) -> None:
    month.now = at(now)
    with refused(month, door):
        door(month, 800, "a client left", tmp_path)
    assert values(month) == [1000]


@pytest.mark.parametrize("door", DOORS)
def test_what_is_closed_is_refused_within_its_grace(month: Month, door: Door, tmp_path: Path) -> None:
    month.now = at("2026-09-03T09:00")
    with month.bench.store.write() as conn:
        closings.close(conn, month.bench.account, "2026-08", [], {}, now=to_ms(month.now), author="x")
    with refused(month, door):
        door(month, 800, "a client left", tmp_path)
    assert values(month) == [1000]


def test_a_csv_says_which_line_and_takes_nothing(month: Month, tmp_path: Path) -> None:
    file = tmp_path / "plans.csv"
    file.write_text("user;kpi;period;value;reason\n502;revenue;2026-08;5;\n\n501;revenue;2026-08;800;\n", "utf-8")
    with pytest.raises(BadConfig, match=r"plans\.csv: line 4: user:501 revenue 2026-08: a reason is missing"):
        import_plans(month.bench, file)
    with month.bench.store.read() as conn:
        assert [subject for subject, _ in plans.current(conn, month.bench.account, "2026-08")] == ["user:501"]


def test_the_configuration_that_was_refused_is_told_as_long_as_it_says_so(month: Month, tmp_path: Path) -> None:
    with refused(month, by_configuration):
        by_configuration(month, 800, "", tmp_path)
    by_configuration(month, 800, "a client left", tmp_path)
    with month.bench.store.read() as conn:
        assert not [one for one in notices.all(conn, month.bench.account) if one.code == "refused_plan"]
    assert values(month) == [1000, 800]


STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(range(len(DOORS))), st.integers(1, 3), st.sampled_from(["", "why"])),
        st.tuples(st.just("wait"), st.integers(1, 400), st.just("")),
        st.tuples(st.sampled_from(["close", "reopen"]), st.just(0), st.just("")),
    ),
    min_size=2,
    max_size=10,
)


@limits(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whatever_is_done_the_past_stays_as_it_was(
    steps: list[tuple[Any, int, str]], migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("doors")
    shutil.copy(migrated_sqlite, folder / "kpi.db")
    store = open_store(f"sqlite:///{folder / 'kpi.db'}")
    try:
        month = Month(store, "2026-08-20T09:00")
        seen: list[tuple[int, list[Decimal]]] = []
        shut = False
        for what, much, reason in steps:
            before = values(month)
            month.now += timedelta(hours=much) if what == "wait" else timedelta(minutes=1)
            shut |= _step(month, what, much, reason, folder)
            over = month.now >= at("2026-09-07T21:00")
            assert not (over or shut) or values(month) == before
            shut &= what != "reopen"
            seen.append((to_ms(month.now), values(month)))
        assert all(values(month, moment) == known for moment, known in seen)
    finally:
        store.dispose()


def _step(month: Month, what: Any, much: int, reason: str, folder: Path) -> bool:
    """Do it, whether or not it is taken; whether August is closed by it."""
    try:
        if what not in ("wait", "close", "reopen"):
            DOORS[what](month, much * 100, reason, folder)
    except BadConfig:
        return False
    with month.bench.store.write() as conn:
        now, closed = learned_at(month.bench, conn), closings.current(conn, month.bench.account, "2026-08") is not None
        if what == "close" and not closed:
            closings.close(conn, month.bench.account, "2026-08", [], {}, now=now, author="x")
        if what == "reopen" and closed:
            closings.reopen(conn, month.bench.account, "2026-08", now=now, author="x", reason="y")
    return what == "close"
