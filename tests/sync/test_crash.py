"""kill -9 anywhere in a sync, any number of times: one more run, and the store is what an undisturbed one is."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from connector.store import leases
from connector.store.engine import Store, open_store
from connector.testing import FakeProvider
from tests.sync.worlds import company, differences, digest, enroll, sync

FORK = multiprocessing.get_context("fork")
MOMENTS = 20


def provider() -> FakeProvider:
    """The same quiet world each time, in small pages."""
    return FakeProvider(company(400), page_size=10)


def run(url: str) -> None:
    """One sync under the account's lease, as a process of its own does it."""
    store = open_store(url, migrate=False)
    with leases.hold(store, 1, leases.this_process()) as fence:
        sync(store, 1, provider(), fence=fence)


def kill_after(url: str, seconds: float) -> int:
    """Run a sync and kill it after so long; its exit code, 0 where it was faster."""
    child = FORK.Process(target=run, args=(url,))
    child.start()
    child.join(seconds)
    if child.is_alive():
        os.kill(child.pid or 0, signal.SIGKILL)
    child.join(60)
    return child.exitcode or 0


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, float]]:
    """The digest of an undisturbed store, and how long it takes to get there."""
    store = open_store(f"sqlite:///{tmp_path_factory.mktemp('quiet') / 'kpi.db'}")
    enroll(store)
    store.dispose()
    began = time.monotonic()
    assert kill_after(store.url, 60) == 0
    took = time.monotonic() - began
    assert differences(store, 1, company(400)) == []
    yield digest(store), took
    store.dispose()


def test_killed_at_twenty_random_moments(tmp_path: Path, undisturbed: tuple[str, float]) -> None:
    """Each on a store of its own, SQLite."""
    expected, took = undisturbed
    dice, killed = random.Random(7), 0
    for n in range(MOMENTS):
        store = open_store(f"sqlite:///{tmp_path / f'{n}.db'}")
        enroll(store)
        store.dispose()
        began = time.monotonic()
        if kill_after(store.url, dice.uniform(0.02, took * 0.95)) == -signal.SIGKILL:
            killed += 1
        else:  # the machine is quicker than it was at first
            took = min(took, time.monotonic() - began)
        run(store.url)  # at once: the dead holder's lease is seen to be his
        assert digest(store) == expected
        with store.read() as conn:
            assert conn.execute(sa.text("pragma integrity_check")).scalar() == "ok"
        store.dispose()
    assert killed >= MOMENTS // 2


def test_killed_again_and_again_on_the_same_store(store: Store, undisturbed: tuple[str, float]) -> None:
    """On both databases; each run gets a little further, or not."""
    expected, took = undisturbed
    enroll(store)
    url = store.url
    store.dispose()
    dice = random.Random(11)
    for _ in range(6):
        kill_after(url, dice.uniform(0.02, took / 2))
    run(url)
    assert digest(store) == expected


@pytest.mark.parametrize("statement", [1, 2, 3, 7, 20, 55, 120, 300])
def test_killed_at_the_nth_statement(
    store: Store, undisturbed: tuple[str, float], statement: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between any two statements of a transaction, on both databases; each page goes in alone."""
    monkeypatch.setattr("connector.sync.together.ROWS", 0)
    expected, _ = undisturbed
    enroll(store)
    url = store.url
    store.dispose()

    def doomed() -> None:
        count = 0

        def tick(*_: object) -> None:
            nonlocal count
            count += 1
            if count == statement:
                os.kill(os.getpid(), signal.SIGKILL)

        sa.event.listen(sa.Engine, "after_cursor_execute", tick)
        run(url)

    child = FORK.Process(target=doomed)
    child.start()
    child.join(60)
    assert child.exitcode == -signal.SIGKILL
    run(url)
    assert digest(store) == expected
