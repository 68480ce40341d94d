"""The stream: told when numbers change, not before; one look for all who watch; ended when the server stops."""

from __future__ import annotations

import asyncio

from connector.pipeline.bench import Workbench
from connector.pipeline.showing import beat
from connector.store.engine import Store
from connector.web import live, site
from connector.web.cache import Cache
from tests.web.ground import opened, win


class Watcher:
    """A browser that stays."""

    async def is_disconnected(self) -> bool:
        return False


def test_a_sync_that_changes_numbers_is_told(sqlite_store: Store) -> None:
    bench = opened(sqlite_store)
    prepared: list[str] = []
    pulses = live.Pulses(look=0.01, ready=lambda one: prepared.append(one.settings.name))
    here = site.opened([bench], b"k" * 32)

    async def watch() -> list[str]:
        stream = live._news(here, bench, pulses, Watcher())  # type: ignore[arg-type]
        told = [await anext(stream)]
        win(bench, "77")
        told.append(await asyncio.wait_for(anext(stream), 10))
        here.stopping.set()
        return told + [one async for one in stream]

    assert asyncio.run(watch()) == ["retry: 3000\n\n", "event: numbers\ndata: changed\n\n"]
    assert prepared == ["acme"]


def test_many_who_watch_cost_one_look(sqlite_store: Store) -> None:
    bench = opened(sqlite_store)
    looks: list[int] = []

    def counter(_: Workbench) -> str:
        looks.append(1)
        return "same"

    pulses = live.Pulses(look=5, counter=counter)

    async def many() -> None:
        for _ in range(50):
            assert await pulses.of(bench) == "same"

    asyncio.run(many())
    assert len(looks) == 1


def test_a_page_is_measured_again_only_when_numbers_changed(sqlite_store: Store) -> None:
    bench, cache, measured = opened(sqlite_store), Cache(most=2), []

    def part(one: Workbench, what: str) -> str:
        measured.append(what)
        return what

    for _ in range(3):
        assert cache.of(bench, part, "a") == "a"
    before = beat(bench)
    win(bench, "78")
    assert beat(bench) != before
    cache.of(bench, part, "a")
    assert measured == ["a", "a"]
    for what in ("b", "c", "a"):
        cache.of(bench, part, what)
    assert measured == ["a", "a", "b", "c", "a"], "the least used went first"
