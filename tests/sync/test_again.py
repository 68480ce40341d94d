"""The last days once more: what commits late is found, what is the same costs its pages only."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from connector.errors import Busy, Unreachable
from connector.moment import to_ms
from connector.provider import ReadsAgain
from connector.records import Client, Deal
from connector.store import cursors
from connector.store.engine import Store
from connector.sync.again import AGAIN, read_again
from connector.sync.progress import SyncReport
from connector.testing import FakeProvider, World
from tests.sync.worlds import BrokenFence, company, differences, digest, enroll, sync

LATE = timedelta(hours=5)


def again(store: Store, account: int, provider: FakeProvider, **options: Any) -> SyncReport:
    options.setdefault("fence", None)
    return read_again(store, account, provider, now=lambda: to_ms(provider.world.now), **options)


def synced(store: Store) -> tuple[World, int]:
    """A day after everything was read and one deal was edited."""
    world = company(60)
    account = enroll(store)
    sync(store, account, FakeProvider(world))
    world.tick(86_400)
    world.edit(Deal, "1", amount=5)
    sync(store, account, FakeProvider(world))
    return world, account


def edited_late(world: World, id: str = "7") -> None:
    world.put(replace(world.all(Deal)[id], amount=99_999_00, updated_at=world.now - LATE))


def test_an_edit_that_commits_late_is_found(store: Store) -> None:
    world, account = synced(store)
    edited_late(world)
    sync(store, account, FakeProvider(world))
    assert differences(store, account, world) == ["deal:7"]
    assert again(store, account, FakeProvider(world)).changed == 1
    assert differences(store, account, world) == []


def test_what_is_the_same_changes_nothing(store: Store) -> None:
    world, account = synced(store)
    before = digest(store)
    report = again(store, account, FakeProvider(world))
    assert (report.new, report.changed, report.gone) == (0, 0, 0)
    assert digest(store) == before


def test_ended_in_the_middle_the_next_reading_goes_on(store: Store) -> None:
    world, account = synced(store)
    edited_late(world)
    provider = FakeProvider(world, page_size=10)
    provider.fail_at(1, Unreachable("reset"))
    assert again(store, account, provider).later
    sync(store, account, FakeProvider(world))
    assert differences(store, account, world) == []


def test_a_lost_lease_sets_nothing_back(sqlite_store: Store) -> None:
    world, account = synced(sqlite_store)
    before = digest(sqlite_store)
    with pytest.raises(Busy):
        again(sqlite_store, account, FakeProvider(world), fence=BrokenFence(0))
    assert digest(sqlite_store) == before


def test_what_was_not_read_whole_is_left_to_its_first_read(sqlite_store: Store) -> None:
    world = company(60)
    account = enroll(sqlite_store)
    provider = FakeProvider(world, page_size=10)
    provider.fail_at(12, Unreachable("reset"))
    sync(sqlite_store, account, provider)
    with sqlite_store.read() as conn:
        whole = {kind for kind, row in cursors.all(conn, account).items() if row.whole_at is not None}
    report = again(sqlite_store, account, FakeProvider(world))
    assert set(report.rows) <= whole
    assert Client.kind not in report.rows or Client.kind in whole


def test_a_crm_that_cannot_be_set_back_is_asked_nothing(sqlite_store: Store) -> None:
    world, account = synced(sqlite_store)

    class Onwards(FakeProvider):
        earlier = None  # type: ignore[assignment]

    class Underway(FakeProvider):
        def earlier(self, kind: Any, cursor: str, since: Any) -> str | None:
            return None

    assert isinstance(FakeProvider(world), ReadsAgain)
    for provider in (Onwards(world), Underway(world)):
        assert again(sqlite_store, account, provider).rows == {}
        assert provider.requests == 0


def test_it_reaches_back_so_far_and_no_farther(sqlite_store: Store) -> None:
    world, account = synced(sqlite_store)
    asked: dict[str, Any] = {}

    class Watching(FakeProvider):
        def earlier(self, kind: Any, cursor: str, since: Any) -> str | None:
            asked[kind.kind] = since
            return super().earlier(kind, cursor, since)

    again(sqlite_store, account, Watching(world))
    assert set(asked.values()) == {world.now - AGAIN}
