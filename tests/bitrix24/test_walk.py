"""How many batches a list costs, and that nothing is taken for its end unseen. The portal is a list of ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.errors import KpiError
from providers.bitrix24.batch import MOST, PAGE, Command, Reply
from providers.bitrix24.client import Client
from providers.bitrix24.lane import Lane
from providers.bitrix24.limits import Limits
from providers.bitrix24.walk import Walker

LISTED = Lane("calls", "calls.list")
OTHER = Lane("moves", "moves.list")
FULL = MOST * PAGE


class Portal:
    """Answers batches from lists of ids by method; `between` may change them before each."""

    def __init__(self, **ids: Any) -> None:
        self.ids = {f"{name}.list": list(some) for name, some in ids.items()}
        self.batches: list[int] = []
        self.limits = Limits()
        self.between: Callable[[int], None] = lambda number: None
        self._now = datetime(2026, 9, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self._now

    def read(self, commands: Mapping[str, Command]) -> dict[str, Reply | KpiError]:
        self.between(len(self.batches))
        self.batches.append(len(commands))
        self._now += timedelta(seconds=1)
        found: dict[str, list[dict[str, Any]]] = {}
        for name, command in commands.items():
            after = command.parameters["filter"][">ID"]
            if isinstance(after, str):  # an earlier command's last row; what is not there counts as nothing
                named = re.match(r"\$result\[(\w+)\]", after)
                page = found[named[1]] if named else []
                after = page[PAGE - 1]["ID"] if len(page) == PAGE else 0
            ids = [id for id in self.ids[command.method] if id > after]
            newest = command.parameters["order"]["ID"] == "DESC"
            found[name] = [{"ID": id} for id in (ids[::-1] if newest else ids)[:PAGE]]
        return {name: Reply(rows, self._now) for name, rows in found.items()}


def walked(portal: Portal, *lanes: Lane, workers: int = 1) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {lane.name: [] for lane in lanes}
    for step in Walker(cast(Client, portal), lambda note: None, workers=workers).walk(lanes, {}):
        for name, rows in step.rows.items():
            found[name] += [int(row["ID"]) for row in rows]
    return {name: sorted(ids) for name, ids in found.items()}


@pytest.mark.parametrize("count", [0, 1, 49, 50, 51, 2500, 30_000, 30_001])
def test_a_whole_read_costs_few_batches_more_than_full_ones(count: int) -> None:
    portal = Portal(calls=range(1, count + 1))
    assert walked(portal, LISTED)["calls"] == list(range(1, count + 1))
    assert len(portal.batches) <= ceil(count / FULL) + 2
    assert max(portal.batches) <= MOST


def test_two_lists_share_a_batch_and_the_rest_is_the_longer_ones() -> None:
    portal = Portal(calls=range(1, 20_001), moves=range(1, 5_001))
    found = walked(portal, LISTED, OTHER)
    assert len(found["calls"]) == 20_000 and len(found["moves"]) == 5_000
    assert len(portal.batches) <= ceil(25_000 / FULL) + 3


@settings(max_examples=30)
@given(st.integers(1, 40), st.integers(0, 12_000), st.integers(0, 2_000), st.integers(1, 6))
def test_whatever_the_holes_and_however_the_end_goes_away_nothing_is_lost(
    apart: int, count: int, cut: int, batch: int
) -> None:
    """Ids lie `apart` in the first half only; before a batch the `cut` last rows are deleted."""
    ids = sorted({n * apart if n * 2 < count else count * apart + n for n in range(1, count + 1)})
    portal = Portal(calls=ids)
    left = ids[: max(0, len(ids) - cut)]

    def delete(number: int) -> None:
        if number == batch:
            portal.ids["calls.list"] = left

    portal.between = delete
    found = walked(portal, LISTED)["calls"]
    assert found == sorted(set(found)) and set(left) <= set(found) <= set(ids)


def test_rows_that_are_shown_and_never_handed_out_are_an_error() -> None:
    portal = Portal(calls=range(1, 101))
    honest = portal.read

    def read(commands: Mapping[str, Command]) -> dict[str, Reply | KpiError]:
        told = honest(commands)
        return {name: reply if name.endswith("_top") else Reply([], portal.now()) for name, reply in told.items()}

    portal.read = read  # type: ignore[method-assign]
    with pytest.raises(KpiError, match="holds back rows"):
        walked(portal, LISTED)


def test_a_row_more_on_a_quiet_list_costs_no_batch_of_its_own() -> None:
    """What is read again for safety fills a page: the one after it is asked for in the same batch."""
    portal = Portal(calls=range(1, 501))
    walker = Walker(cast(Client, portal), lambda note: None, workers=1)
    marks = list(walker.walk([LISTED], {}))[-1].marks
    portal.ids["calls.list"].append(501)
    before = len(portal.batches)
    rows = [int(row["ID"]) for step in walker.walk([LISTED], marks) for row in step.rows["calls"]]
    assert 501 in rows and len(portal.batches) == before + 1
