"""Events window by window, and pages asked for ahead."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from providers.amocrm.ahead import Ahead, following, overlapping
from providers.amocrm.client import Rows
from providers.amocrm.cursor import At
from providers.amocrm.reading import from_the_first, windows
from tests.amocrm.kits import Shelf
from tests.amocrm.test_paging import filled, pulled

YEAR = 365 * 86400
START = 1_700_000_000


class History:
    """Events that were, newest first, at most a hundred a page."""

    def __init__(self, moments: Sequence[int]) -> None:
        self.rows = [{"id": f"e{n}", "created_at": at} for n, at in enumerate(sorted(moments, reverse=True))]
        self.asked: list[tuple[int, int, int]] = []
        self.oldest_first = False
        self._found: dict[tuple[int, int], list[Any]] = {}

    def __call__(self, params: Mapping[str, Any]) -> Rows:
        low, high = params["filter[created_at][from]"], params["filter[created_at][to]"]
        page, limit = params["page"], params["limit"]
        self.asked.append((low, high, page))
        if (low, high) not in self._found:
            rows = reversed(self.rows) if self.oldest_first else self.rows
            self._found[low, high] = [row for row in rows if low <= row["created_at"] <= high]  # type: ignore[operator]
        found = self._found[low, high]
        shown = found[(page - 1) * limit : page * limit]
        return Rows(shown, bool(shown) and page * limit < len(found), datetime.fromtimestamp(START + YEAR, UTC))


def even(count: int) -> list[int]:
    return [START + n * YEAR // count for n in range(count)]


def bursts() -> list[int]:
    chance = random.Random(5)
    return [START + day * 86400 + chance.randint(0, 60) for day in (1, 2, 200, 364) for _ in range(900)] + even(50)


SHAPES = {
    "none": [],
    "one": [START + 5],
    "sparse": even(60),
    "even": even(6000),
    "crowded": even(40_000),
    "bursts": bursts(),
    "one second": [START + 99] * 7000,
    "long after a quiet end": [*([START + 86400] * 30_000), START + 29 * 86400],
}


@pytest.mark.parametrize("oldest_first", [False, True])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_event_comes(shape: str, oldest_first: bool) -> None:
    """In whatever order the CRM gives them, at about a page a request."""
    history = History(SHAPES[shape])
    history.oldest_first = oldest_first
    turns = list(windows(history, At(), since=START, until=START + YEAR))
    assert {row["id"] for turn in turns for row in turn.rows} == {row["id"] for row in history.rows}
    assert turns[-1].at == At(upto=START + YEAR)
    assert len(history.asked) < 1.1 * len(history.rows) / 100 + 300


def test_a_place_is_the_end_of_a_window() -> None:
    """Nothing up to it is missing, wherever one stops."""
    history = History(even(6000))
    seen: set[Any] = set()
    for turn in windows(history, At(), since=START, until=START + YEAR):
        seen |= {row["id"] for row in turn.rows}
        upto = turn.at.upto or 0
        assert {row["id"] for row in history.rows if row["created_at"] <= upto} <= seen  # type: ignore[operator]


@pytest.mark.parametrize("stop", [1, 7, 41, 59])
def test_a_window_goes_on_where_it_stopped(stop: int) -> None:
    """Its pages are stored with their number; later events come in a window of their own."""
    history, seen = History(even(6000)), set[Any]()
    for n, turn in enumerate(windows(history, At(), since=START, until=START + YEAR), 1):
        seen |= {row["id"] for row in turn.rows}
        if n == stop:
            break
    history.rows[:0] = [{"id": f"later {n}", "created_at": START + YEAR + n} for n in range(1, 300)]
    history.asked.clear()
    history._found.clear()
    for again in windows(history, turn.at, since=START, until=START + YEAR + 500):
        seen |= {row["id"] for row in again.rows}
    assert seen == {row["id"] for row in history.rows}
    assert len(history.asked) < 60 - stop + 8
    assert again.at == At(upto=START + YEAR + 500)


def test_pages_that_were_cut_are_read_again_after_a_stop() -> None:
    """Fifty instead of a hundred from the tenth page on: by number that would be another place."""
    history, seen = History(even(3000)), set[Any]()

    def cut(params: Mapping[str, Any]) -> Rows:
        return history({**params, "limit": min(50, params["limit"])} if len(history.asked) > 9 else params)

    for n, turn in enumerate(windows(cut, At(), since=START, until=START + YEAR), 1):
        seen |= {row["id"] for row in turn.rows}
        if n == 20:
            break
    assert turn.at.done <= 10
    seen |= {row["id"] for again in windows(history, turn.at, since=START, until=START + YEAR) for row in again.rows}
    assert seen == {row["id"] for row in history.rows}


def test_events_ahead_are_the_same_events() -> None:
    history = History(even(40_000))
    with ThreadPoolExecutor(4) as pool:
        turns = list(windows(Ahead(history, pool, 3, following), At(), since=START, until=START + YEAR))
    assert {row["id"] for turn in turns for row in turn.rows} == {row["id"] for row in history.rows}
    assert len(history.asked) < 1.25 * 400


@pytest.mark.parametrize("workers", [1, 4])
def test_pages_ahead_are_the_same_pages(workers: int) -> None:
    shelf, seen = filled(6000), {}
    with ThreadPoolExecutor(workers) as pool:
        pulled(lambda shelf, at: from_the_first(Ahead(shelf, pool, workers - 1, overlapping), at), shelf, At(), seen)
    assert seen == shelf.rows
    assert shelf.asked < 6000 / 250 * 1.12 + 5


def test_several_pages_are_in_flight_at_once() -> None:
    """A slow CRM: the time of one page is spent on four."""
    shelf, seen, flying, most = filled(6000), {}, [0], [0]

    def slow(params: Mapping[str, Any]) -> Rows:
        flying[0] += 1
        most[0] = max(most[0], flying[0])
        time.sleep(0.02)
        flying[0] -= 1
        return shelf(params)

    with ThreadPoolExecutor(4) as pool:
        pulled(lambda shelf, at: from_the_first(Ahead(slow, pool, 3, overlapping), at), shelf, At(), seen)
    assert seen == shelf.rows
    assert most[0] == 3


def test_deletions_while_pages_are_asked_for_ahead() -> None:
    shelf, seen = filled(6000), {}

    def sweep(shelf: Shelf) -> None:
        if shelf.asked in (6, 12):
            for id_ in sorted(shelf.rows)[:300]:
                del shelf.rows[id_]

    shelf.meddle = sweep
    with ThreadPoolExecutor(4) as pool:
        pulled(lambda shelf, at: from_the_first(Ahead(shelf, pool, 3, overlapping), at), shelf, At(), seen)
    assert {id_: seen.get(id_) for id_ in shelf.rows} == shelf.rows


def test_an_error_ahead_is_raised_in_its_turn() -> None:
    shelf = filled(4000)

    def fails(params: Mapping[str, Any]) -> Rows:
        if params["page"] > 8:
            raise RuntimeError("page nine")
        return shelf(params)

    seen: dict[int, Any] = {}
    with ThreadPoolExecutor(4) as pool, pytest.raises(RuntimeError, match="page nine"):
        pulled(lambda shelf, at: from_the_first(Ahead(fails, pool, 3, overlapping), at), shelf, At(), seen)
    assert len(seen) > 1900


@pytest.mark.parametrize("lie", ["empty", "short", "short without next", "repeated", "half"])
@pytest.mark.parametrize("nth", range(1, 8))
def test_a_page_of_events_that_lies_once(lie: str, nth: int) -> None:
    history = History(even(2500))
    before: list[Rows] = []

    def lying(params: Mapping[str, Any]) -> Rows:
        answer = history(params)
        before.append(answer)
        if len(before) != nth:
            return answer
        lies = {
            "empty": Rows((), False, answer.told_at),
            "short": Rows(answer.rows[:7], True, answer.told_at),
            "short without next": Rows(answer.rows[:7], False, answer.told_at),
            "repeated": Rows(before[-2].rows, True, answer.told_at) if nth > 1 else answer,
            "half": Rows([*before[-2].rows[50:], *answer.rows[:50]], True, answer.told_at) if nth > 1 else answer,
        }
        return lies[lie]

    seen = {row["id"] for turn in windows(lying, At(), since=START, until=START + YEAR) for row in turn.rows}
    assert seen == {row["id"] for row in history.rows}


def test_events_given_fifty_at_a_time() -> None:
    """Older field reports: asked for more, amoCRM gives fifty, and numbers its pages by that."""
    history = History(even(1000))

    def clamped(params: Mapping[str, Any]) -> Rows:
        return history({**params, "limit": min(50, params["limit"])})

    seen = {row["id"] for turn in windows(clamped, At(), since=START, until=START + YEAR) for row in turn.rows}
    assert seen == {row["id"] for row in history.rows}
