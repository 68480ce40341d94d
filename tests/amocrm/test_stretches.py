"""A list read in several stretches of time at once: whole, at hardly more than a page a request, resumable."""

from __future__ import annotations

import random
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

import pytest

from providers.amocrm.client import Rows
from providers.amocrm.cursor import At
from providers.amocrm.paging import Unfiltered
from providers.amocrm.reading import ascending
from providers.amocrm.seeking import EVER, Stretch, seek_through
from providers.amocrm.stretches import side_by_side
from tests.amocrm.kits import Shelf, meddler
from tests.amocrm.test_paging import AtOnce

DAY = 86_400
T = TypeVar("T")


class Sorted(Shelf):
    """A long list that nobody changes, sorted once: thousands of pages take no time."""

    def _answer(self, params: Mapping[str, Any]) -> Rows:
        if not hasattr(self, "held"):
            self.held = sorted(self.rows.values(), key=lambda row: (row["updated_at"], row["id"]))
            self.moments = [row["updated_at"] for row in self.held]
        low, high = params.get("filter[updated_at][from]", 0), params.get("filter[updated_at][to]", EVER)
        found = self.held[bisect_left(self.moments, low) : bisect_right(self.moments, high)]
        if "order[id]" in params:
            found.sort(key=lambda row: row["id"])
        first, limit = (params["page"] - 1) * params["limit"], params["limit"]
        return Rows(found[first : first + limit], first + limit < len(found), self.told_at())


def even(shelf: Shelf, n: int) -> int:
    return shelf.clock - 300 * DAY + n * 1000


def growing(shelf: Shelf, n: int) -> int:
    return shelf.clock - 900 * DAY + int((n / 20_000) ** 0.25 * 890 * DAY)


def three_a_second(shelf: Shelf, n: int) -> int:
    return shelf.clock - 300 * DAY + n // 3 * 1000


def imported(shelf: Shelf, n: int) -> int:
    """Half of it came in at 60 a second, and was never touched."""
    return shelf.clock - 900 * DAY + (n // 60 if n < 10_000 else n * 600)


SHAPES = {
    "even": (even, 1.06),
    "growing": (growing, 1.08),
    "three": (three_a_second, 1.09),
    "imported": (imported, 1.2),
}


@pytest.mark.parametrize("most", [1, 4])
@pytest.mark.parametrize("shape", SHAPES)
def test_hardly_more_requests_than_pages(shape: str, most: int) -> None:
    moment, surplus = SHAPES[shape]
    shelf = Sorted()
    for n in range(20_000):
        shelf.add(n + 1, moment(shelf, n))
    turns = list(side_by_side(shelf, AtOnce(), most, At()))
    assert {row["id"]: row for turn in turns for row in turn.rows} == shelf.rows
    assert turns[-1].at == At(upto=shelf.clock)
    assert shelf.asked <= surplus * 20_000 / 250


def test_fixed_costs_vanish_in_a_long_list() -> None:
    shelf = Sorted()
    for n in range(75_000):
        shelf.add(n + 1, shelf.clock - 300 * DAY + n * 300)
    seen = {row["id"] for turn in side_by_side(shelf, AtOnce(), 4, At()) for row in turn.rows}
    assert len(seen) == 75_000
    assert shelf.asked <= 1.03 * 300


def test_stretches_are_in_flight_at_once() -> None:
    shelf, flying, most = Sorted(), [0], [0]
    for n in range(20_000):
        shelf.add(n + 1, even(shelf, n))

    def slow(params: Mapping[str, Any]) -> Rows:
        flying[0] += 1
        most[0] = max(most[0], flying[0])
        time.sleep(0.01)
        flying[0] -= 1
        return shelf(params)

    with ThreadPoolExecutor(4) as pool:
        seen = {row["id"] for turn in side_by_side(slow, pool, 4, At()) for row in turn.rows}
    assert seen == set(shelf.rows)
    assert most[0] == 4


@pytest.mark.parametrize("seed", range(6))
def test_killed_anywhere_while_people_work(seed: int) -> None:
    """Pages are stored with their place; four stretches, edits, deletions and new rows between any two questions."""
    chance, shelf, seen, at = random.Random(seed), Shelf(), {}, At()
    for id_ in range(1, 5001):
        shelf.add(id_, shelf.clock - chance.randint(3600, 90 * DAY))
    shelf.meddle = meddler(seed, edits=3, deletes=1, adds=1)
    while at.upto is None:
        for n, turn in enumerate(side_by_side(shelf, AtOnce(), 4, at)):
            seen.update({row["id"]: row for row in turn.rows})
            at = turn.at
            if n == chance.randint(5, 20):
                break
    shelf.meddle = lambda shelf: None
    shelf.clock += 5
    for turn in ascending(shelf, at):
        seen.update({row["id"]: row for row in turn.rows})
    assert {id_: seen.get(id_) for id_ in shelf.rows} == shelf.rows


def test_a_place_names_what_is_left() -> None:
    """Whatever is not in the stretches that are left was handed out before."""
    shelf, seen = Sorted(), set()
    for n in range(12_000):
        shelf.add(n + 1, even(shelf, n))
    for turn in side_by_side(shelf, AtOnce(), 4, At()):
        seen |= {row["id"] for row in turn.rows}
        left = {n for low, high in turn.at.left for n, row in shelf.rows.items() if low <= row["updated_at"] <= high}
        assert set(shelf.rows) - left <= seen
    assert max(len(turn.at.left) for turn in side_by_side(shelf, AtOnce(), 4, At())) >= 3


def test_a_filter_that_is_ignored_is_noticed() -> None:
    shelf = Shelf(filtered=False)
    for n in range(900):
        shelf.add(n + 1, even(shelf, n))
    with pytest.raises(Unfiltered):
        list(side_by_side(shelf, AtOnce(), 4, At()))


def test_a_page_without_any_moment_is_noticed() -> None:
    shelf = Shelf()
    with pytest.raises(Unfiltered, match="bears a moment"):
        list(side_by_side(lambda params: Rows((), True, shelf.told_at()), AtOnce(), 4, At()))


def test_a_row_beyond_the_end_proves_it_and_is_left_to_its_own_stretch() -> None:
    shelf = Shelf()
    for n in range(300):
        shelf.add(n + 1, 1000 + n)
    parts = list(seek_through(shelf, Stretch(1000, 1100, last=False), limit=250))
    assert [row["updated_at"] for part in parts for row in part.rows] == list(range(1000, 1101))
    assert (shelf.asked, parts[-1].over) == (1, True)


def test_a_crowd_smaller_than_a_short_page() -> None:
    """A list that gives fifty rows a page whatever is asked for, all of one second."""
    shelf = Shelf(clamp=50)
    for n in range(200):
        shelf.add(n + 1, 5000)
    seen = {row["id"] for part in seek_through(shelf, Stretch(0, EVER), limit=250) for row in part.rows}
    assert seen == set(shelf.rows)


def test_a_stretch_halved_before_a_crowd_ends_there() -> None:
    """Whoever halves it does not know yet that its last page went beyond the middle: the crowd is the later half's."""
    shelf, stretch = Shelf(), Stretch(1000, 9000, last=False)
    for n in range(250):
        shelf.add(n + 1, 1000 + n if n < 190 else 7000)
    shelf.add(251, 7000)
    parts = seek_through(shelf, stretch, limit=250)
    first = next(parts)
    stretch.take(first)
    later = stretch.halve()
    rest = [*parts, *seek_through(shelf, later, limit=250)]
    assert {row["id"] for part in (first, *rest) for row in part.rows} == set(shelf.rows)


class Late(ThreadPoolExecutor):
    """An answer takes a moment: whoever asked goes on first, and may halve what is being read."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        def slow() -> T:
            time.sleep(0.005)
            return fn(*args, **kwargs)

        return super().submit(slow)


def test_a_mass_edit_after_a_sparse_week() -> None:
    """Half a busy day, a sparse week, sixty rows edited at once: the first middle falls into the week."""
    shelf = Sorted()
    began = shelf.clock - 10 * DAY
    busy = [began + n * DAY // 500 for n in range(250)]
    sparse = [began + DAY // 2 + n * 3200 for n in range(1, 201)]
    after = [began + 8 * DAY + 60 + n * DAY // 800 for n in range(800)]
    for n, moment in enumerate([*busy, *sparse, *[began + 8 * DAY] * 60, *after]):
        shelf.add(n + 1, moment)
    with Late(4) as pool:
        assert {row["id"] for turn in side_by_side(shelf, pool, 4, At()) for row in turn.rows} == set(shelf.rows)
