"""Lists read by ranges of ids: all of it, at hardly more than full batches, resumable at any step."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Mapping
from math import ceil
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.errors import KpiError, Limited
from providers.bitrix24.batch import MOST, Command, Reply
from providers.bitrix24.client import Client
from providers.bitrix24.cursor import Mark, ms
from providers.bitrix24.lane import Lane
from providers.bitrix24.walk import Walker
from tests.bitrix24.test_walk import FULL, LISTED, OTHER, Portal, walked

CHANGING = Lane("deals", "deals.list", changed="UPDATED")


class Quick(Portal):
    """The same portal with lists too long to be looked through for each command."""

    def read(self, commands: Mapping[str, Command]) -> dict[str, Reply | KpiError]:
        with self.lock:
            return super().read(commands)

    def __init__(self, **ids: Any) -> None:
        super().__init__(**ids)
        self.lock = threading.Lock()


def walker(portal: Portal, workers: int = 1) -> Walker:
    return Walker(cast(Client, portal), lambda note: None, workers=workers)


@pytest.mark.parametrize("workers", [1, 4, 8])
def test_a_long_list_costs_its_full_batches_and_a_look(workers: int) -> None:
    portal = Quick(calls=range(1_000_001, 1_030_001))
    found = walked(portal, LISTED, workers=workers)["calls"]
    assert found == list(range(1_000_001, 1_030_001))
    assert len(portal.batches) <= ceil(30_000 / FULL) + 2
    assert max(portal.batches) <= MOST


def test_two_long_lists_share_the_batches_of_their_ends() -> None:
    portal = Quick(calls=range(1, 15_101), moves=range(1, 9_901))
    found = walked(portal, LISTED, OTHER)
    assert (len(found["calls"]), len(found["moves"])) == (15_100, 9_900)
    assert len(portal.batches) <= 25_000 / FULL + 2


def test_other_lists_first_pages_come_with_the_first_look() -> None:
    portal = Quick(calls=range(1, 2401), moves=range(1, 2401))
    reading = walker(portal)
    reading.expect([OTHER])
    rows = [row for step in reading.walk((LISTED,), {}) for row in step.rows.get("calls", ())]
    looked = portal.batches[0]
    rows += [row for step in reading.walk((OTHER,), {}) for row in step.rows.get("moves", ())]
    assert (looked, len(rows), len(portal.batches)) == (4, 4800, 3)


def test_another_lists_trouble_is_not_this_ones() -> None:
    portal = Portal(calls=range(1, 101), moves=range(1, 101))
    honest = portal.read

    def limited(commands: Mapping[str, Command]) -> dict[str, Reply | KpiError]:
        if any(command.method == "moves.list" for command in commands.values()):
            raise Limited("this method has used up its working time", where="moves.list")
        return honest(commands)

    portal.read = limited  # type: ignore[method-assign]
    reading = walker(portal)
    reading.expect([OTHER])
    assert sum(len(step.rows.get("calls", ())) for step in reading.walk((LISTED,), {})) == 100
    portal.read = honest  # type: ignore[method-assign]
    reading.expect([OTHER])
    portal.limits.close("moves.list", None, portal.now())
    assert sum(len(step.rows.get("calls", ())) for step in reading.walk((LISTED,), {})) == 100
    assert portal.batches == [2, 4, 2, 4]


@settings(max_examples=25)
@given(st.integers(0, 1 << 30), st.integers(1, 6000), st.integers(1, 30))
def test_stopped_at_any_step_and_gone_on(seed: int, count: int, apart: int) -> None:
    """Rows are deleted and added between batches; what was there all the time is read, the rest by the next pass."""
    chance = random.Random(seed)
    ids = sorted(chance.sample(range(1, count * apart + 2), count))
    portal, found, marks = Portal(calls=ids), set[int](), dict[str, Mark]()
    stays = set(ids)

    def meddle(number: int) -> None:
        held = portal.ids["calls.list"]
        gone = set(chance.sample(held, min(len(held), chance.randint(0, 3))))
        stays.difference_update(gone)
        portal.ids["calls.list"] = [id for id in held if id not in gone] + [max(held, default=0) + 1]

    portal.between = meddle
    ended = False
    while not ended:
        for step in walker(portal).walk((LISTED,), marks):
            found |= {row["ID"] for row in step.rows.get("calls", ())}
            marks, ended = step.marks, step.ended
            if chance.random() < 0.3:
                break
    assert stays <= found
    portal.between = lambda number: None
    for step in walker(portal).walk((LISTED,), marks):
        found |= {row["ID"] for row in step.rows.get("calls", ())}
    assert set(portal.ids["calls.list"]) <= found


@pytest.mark.parametrize("count", [120, 5000, 7510])
def test_a_highest_id_that_lies_is_not_the_end(count: int) -> None:
    """The first look shows the newest rows of an hour ago."""
    portal = Portal(calls=range(1, count + 1))
    honest = portal.read

    def stale(commands: Mapping[str, Command]) -> dict[str, Reply | KpiError]:
        told = honest(commands)
        if len(portal.batches) == 1:
            told["calls_top"] = Reply([{"ID": id} for id in range(100, 50, -1)], portal.now())
        return told

    portal.read = stale  # type: ignore[method-assign]
    assert walked(portal, LISTED)["calls"] == list(range(1, count + 1))


def test_the_next_pass_begins_when_this_one_did() -> None:
    portal = Portal(deals=range(1, 6001))
    steps = list(walker(portal).walk((CHANGING,), {}))
    [first, *_, last] = steps
    began = ms(first.told_at)
    assert last.marks == {"deals": Mark(since=began)}
    assert all(step.marks["deals"].now == began for step in steps[:-1])
    assert first.marks["deals"].id == 6000


def test_a_read_of_which_only_ended_lists_are_left_ends_without_a_request() -> None:
    """The other list of the kind had not ended and is none of the portal's any more."""
    portal = Portal(moves=range(1, 101))
    reading, marks = walker(portal), {"moves": Mark(now=1_788_000_000_000, id=90, done=True)}
    [step] = reading.walk((OTHER,), marks)
    assert (step.ended, step.rows, portal.batches) == (True, {}, [])
    assert step.marks == {"moves": Mark(since=1_788_000_000_000, id=90)}
    assert ms(step.told_at) == 1_788_000_000_000, "as of when it was read"
    later = [row["ID"] for more in reading.walk((OTHER,), step.marks) for row in more.rows["moves"]]
    assert later == list(range(41, 101)), "the next pass goes on from there"


def test_batches_are_under_way_side_by_side() -> None:
    portal, flying, most = Portal(calls=range(1, 20_001)), [0], [0]
    honest, lock = portal.read, threading.Lock()

    def slow(commands: Mapping[str, Command]) -> dict[str, Reply | KpiError]:
        flying[0] += 1
        most[0] = max(most[0], flying[0])
        time.sleep(0.05)
        flying[0] -= 1
        with lock:
            return honest(commands)

    portal.read = slow  # type: ignore[method-assign]
    assert len(walked(portal, LISTED, workers=4)["calls"]) == 20_000
    assert most[0] == 4


def test_what_rows_need_besides_is_asked_with_their_batch() -> None:
    portal = Portal(calls=range(1, 3001))
    steps = walker(portal).walk((LISTED,), {}, enrich=lambda rows: [row["ID"] for row in rows.get("calls", ())])
    assert sorted(id for step in steps for id in step.extra) == list(range(1, 3001))
