"""Pages are measured before anybody asks, once for each state of the numbers, and by one of those who ask at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from connector.errors import KpiError, StoreTrouble
from connector.pipeline.bench import Workbench
from connector.pipeline.showing import beat
from connector.store.engine import Store
from connector.web import ahead
from connector.web.ahead import measured_ahead
from connector.web.cache import Cache
from tests.web.ground import opened, win


def test_measured_at_once_and_after_each_change_and_not_in_between(sqlite_store: Store) -> None:
    bench = opened(sqlite_store)
    measured: list[str] = []

    def ready(one: Workbench) -> None:
        measured.append(beat(one))

    with measured_ahead([bench], ready, look=0.01):
        _until(lambda: measured)
        win(bench, "77")
        _until(lambda: measured[-1] == beat(bench))
        threading.Event().wait(0.1)
    assert len(measured) == len(set(measured)) >= 2, "each state once"


@pytest.mark.parametrize("error", [KpiError("the store is busy"), ZeroDivisionError()])
def test_what_cannot_be_measured_stops_nothing(sqlite_store: Store, error: Exception) -> None:
    bench = opened(sqlite_store)
    turns = [threading.Event(), threading.Event()]

    def ready(_: Workbench) -> None:
        if not turns[0].is_set():
            turns[0].set()
            raise error
        turns[1].set()

    with measured_ahead([bench], ready, look=0.01):
        assert turns[0].wait(10)
        win(bench, "78")
        assert turns[1].wait(10)


def test_a_store_that_is_away_is_told_once(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bench, looks, measured = opened(sqlite_store), list[int](), threading.Event()

    def away(one: Workbench) -> str:
        looks.append(1)
        if len(looks) <= 5:
            raise StoreTrouble("the file was moved away")
        return beat(one)

    monkeypatch.setattr(ahead, "beat", away)
    with measured_ahead([bench], lambda _: measured.set(), look=0.01):
        assert measured.wait(10)
    assert [one.getMessage() for one in caplog.records if one.name == "kpi.web"] == [
        "acme: pages could not be measured ahead: the file was moved away"
    ]


def test_of_many_who_ask_at_once_one_measures(sqlite_store: Store) -> None:
    bench, cache = opened(sqlite_store), Cache()
    together = threading.Barrier(4)
    measured: list[str] = []

    def part(_: Workbench, what: str) -> str:
        measured.append(what)
        threading.Event().wait(0.05)
        return what

    def ask(_: int) -> str:
        together.wait(10)
        return cache.of(bench, part, "a")

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(4))) == ["a"] * 4
    assert measured == ["a"]


def test_what_fails_is_measured_anew_by_the_next(sqlite_store: Store) -> None:
    bench, cache = opened(sqlite_store), Cache()
    answers: list[Callable[[], str]] = [lambda: _fail(), lambda: "there"]

    def part(_: Workbench) -> str:
        return answers.pop(0)()

    try:
        cache.of(bench, part)
    except KpiError:
        assert cache.of(bench, part) == "there"
    assert not answers


def _fail() -> str:
    raise KpiError("the store is busy")


def _until(met: Callable[[], object]) -> None:
    for _ in range(1000):
        if met():
            return
        threading.Event().wait(0.01)
    raise AssertionError("not in ten seconds")
