"""A row for each daemon, its own: nobody waits for anybody, and none overwrites what another wrote meanwhile."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from connector.errors import StoreTrouble
from connector.moment import to_ms
from connector.store import daemons
from connector.store.daemons import SECONDS, Daemon
from connector.store.engine import Store, open_store
from tests.conftest import Postgres

NOW = datetime(2026, 9, 1, 9, tzinfo=UTC)
LATER = NOW + timedelta(seconds=SECONDS)
ONE, OTHER = (Daemon(f"{host}/pid:[1]/7", to_ms(NOW)) for host in ("here", "there"))


def beat(store: Store, who: Daemon, now: datetime = NOW, account: int = 1) -> list[str]:
    with store.write() as conn:
        return [one.holder for one in daemons.beat(conn, account, who, now)]


def serving(store: Store, now: datetime = NOW, account: int = 1) -> list[str]:
    with store.read() as conn:
        return [one.holder for one in daemons.serving(conn, account, now)]


def rows(store: Store) -> list[Any]:
    with store.read() as conn:
        return [tuple(row) for row in conn.execute(sa.text("select * from daemon order by account, holder"))]


def test_each_has_a_row_that_says_since_when_and_until_when(store: Store) -> None:
    assert beat(store, ONE) == [] and beat(store, OTHER) == [ONE.holder]
    beat(store, OTHER, account=2)
    assert beat(store, ONE, NOW + timedelta(seconds=20)) == [OTHER.holder]
    since, until = to_ms(NOW), to_ms(LATER)
    assert rows(store) == [
        (1, ONE.holder, since, until + 20_000),
        (1, OTHER.holder, since, until),
        (2, OTHER.holder, since, until),
    ]
    with store.read() as conn:
        assert conn.execute(sa.text("select count(*) from lease")).scalar() == 0
    with store.write() as conn:
        daemons.leave(conn, 1, OTHER)
    assert (serving(store), serving(store, account=2)) == ([ONE.holder], [OTHER.holder])


def test_one_that_starts_anew_under_its_old_name_says_since_when_it_is_there_now(store: Store) -> None:
    beat(store, ONE)
    beat(store, Daemon(ONE.holder, to_ms(LATER)), LATER)
    assert rows(store) == [(1, ONE.holder, to_ms(LATER), to_ms(LATER + timedelta(seconds=SECONDS)))]


def test_rows_of_those_that_are_over_go_when_somebody_beats(store: Store) -> None:
    beat(store, ONE)
    beat(store, ONE, account=2)
    assert beat(store, OTHER, LATER) == []
    assert [row[:2] for row in rows(store)] == [(1, OTHER.holder), (2, ONE.holder)], "others' accounts are let be"


def test_two_that_beat_at_once_both_stay_and_neither_waits(postgres: Postgres, migrated_postgres: str) -> None:
    """SQLite has one writer at a time anyway."""
    with postgres.database(migrated_postgres) as name:
        store = open_store(postgres.address(name))
        with store.write() as one, store.write() as other:
            other.execute(sa.text("set local lock_timeout = 100"))
            daemons.beat(one, 1, ONE, NOW)
            daemons.beat(other, 1, OTHER, NOW)
        assert serving(store) == [ONE.holder, OTHER.holder]
        store.dispose()


def test_two_that_were_frozen_together_wake_up_together(store: Store) -> None:
    """Each writes its own row and finds the other's over: no deadlock, and both are there."""
    beside, waking = threading.Barrier(2, timeout=60), [NOW + n * timedelta(seconds=2 * SECONDS) for n in range(20)]
    troubles: list[StoreTrouble] = []

    def one_of_them(who: Daemon) -> None:
        for at in waking:
            beside.wait()
            try:
                beat(store, who, at)
            except StoreTrouble as trouble:
                troubles.append(trouble)

    with ThreadPoolExecutor(2) as both:
        for done in [both.submit(one_of_them, who) for who in (ONE, OTHER)]:
            done.result()
    assert troubles == []
    assert set(serving(store, waking[-1])) == {ONE.holder, OTHER.holder}
