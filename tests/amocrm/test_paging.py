"""Pages that move while they are read: nothing is lost, whatever happens between two of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from typing import Any, TypeVar

import pytest

from connector.errors import Broken
from providers.amocrm.client import Rows
from providers.amocrm.cursor import At
from providers.amocrm.paging import Step, Unfiltered, Walk, by_id, falling, seek, shared, slot
from providers.amocrm.reading import Turn, ascending, descending, from_the_first, within
from providers.amocrm.stretches import side_by_side
from tests.amocrm.kits import Shelf, meddler

T = TypeVar("T")
Way = Callable[[Shelf, At], Iterator[Turn]]


def full_then_down(shelf: Shelf, at: At) -> Iterator[Turn]:
    return from_the_first(shelf, at) if at.upto is None else descending(shelf, at)


def full_then_within(shelf: Shelf, at: At) -> Iterator[Turn]:
    return from_the_first(shelf, at) if at.upto is None else within(shelf, at)


class AtOnce(Executor):
    """Answers when asked, in turn: what happens between two questions stays the same from run to run."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        done: Future[T] = Future()
        try:
            done.set_result(fn(*args, **kwargs))
        except BaseException as error:
            done.set_exception(error)
        return done


def stretches_then_ascending(shelf: Shelf, at: At) -> Iterator[Turn]:
    return side_by_side(shelf, AtOnce(), 3, at) if at.upto is None else ascending(shelf, at)


WAYS: dict[str, Way] = {
    "ascending": ascending,
    "down": full_then_down,
    "within": full_then_within,
    "stretches": stretches_then_ascending,
}


def filled(count: int, seed: int = 1, *, spread: int = 90 * 86400) -> Shelf:
    chance, shelf = random.Random(seed), Shelf()
    for id_ in chance.sample(range(1, count * 3), count):
        shelf.add(id_, shelf.clock - chance.randint(3600, spread))
    return shelf


def pulled(way: Way, shelf: Shelf, at: At, seen: dict[int, Any], *, stop_after: int | None = None) -> At:
    """One pull: what was seen is kept, the last place comes back, as if a store had committed each page."""
    for n, turn in enumerate(way(shelf, at), 1):
        seen.update({row["id"]: row for row in turn.rows})
        at = turn.at
        if n == stop_after:
            break
    return at


def quiet(shelf: Shelf) -> None:
    shelf.meddle = lambda shelf: None
    shelf.clock += 5


@pytest.mark.parametrize("done", [0, 1, 2, 3, 249, 250, 251, 500, 4711, 99_999])
@pytest.mark.parametrize("limit", [50, 100, 250])
def test_slot_begins_at_the_last_row_and_reaches_beyond(done: int, limit: int) -> None:
    page, size = slot(done, limit)
    assert (page - 1) * size < max(done, 1)
    assert page * size > done
    assert 0 < size <= limit


def test_overlap_costs_about_a_tenth() -> None:
    done = calls = 0
    while done < 100_000:
        page, size = slot(done, 250)
        done, calls = page * size, calls + 1
    assert calls < 400 * 1.12


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("seed", range(10))
def test_nothing_is_lost_while_people_work(way: str, seed: int) -> None:
    """Five edits, two deletions and two new rows between any two pages; then one quiet pull."""
    shelf, seen = filled(3000, seed), {}
    shelf.meddle = meddler(seed, edits=5, deletes=2, adds=2)
    at = pulled(WAYS[way], shelf, At(), seen)
    quiet(shelf)
    pulled(WAYS[way], shelf, at, seen)
    assert {id_: seen.get(id_) for id_ in shelf.rows} == shelf.rows


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("seed", range(6))
def test_stopped_anywhere_and_started_again(way: str, seed: int) -> None:
    shelf, seen, at = filled(2000, seed), {}, At()
    shelf.meddle = meddler(seed, edits=3, deletes=1, adds=1)
    chance = random.Random(seed)
    for _ in range(12):
        at = pulled(WAYS[way], shelf, at, seen, stop_after=chance.randint(1, 4))
    at = pulled(WAYS[way], shelf, at, seen)
    quiet(shelf)
    pulled(WAYS[way], shelf, at, seen)
    assert {id_: seen.get(id_) for id_ in shelf.rows} == shelf.rows


@pytest.mark.parametrize("way", WAYS)
def test_many_deletions_between_two_pages(way: str) -> None:
    """Three hundred rows of the first pages vanish at once: the next page does not join and is stepped back from."""
    shelf, seen = filled(1500), {}

    def sweep(shelf: Shelf) -> None:
        shelf.clock += 1
        if shelf.asked == 2:
            by_change = sorted(shelf.rows.values(), key=lambda row: row["updated_at"])
            for row in [*by_change[:100], *by_change[-100:]]:
                del shelf.rows[row["id"]]
            for id_ in sorted(shelf.rows)[:200]:
                del shelf.rows[id_]

    shelf.meddle = sweep
    pulled(WAYS[way], shelf, At(), seen)
    assert {id_: seen.get(id_) for id_ in shelf.rows} == shelf.rows


@pytest.mark.parametrize("way", WAYS)
def test_three_thousand_edits_in_one_second(way: str) -> None:
    shelf, seen = filled(4000), {}
    at = pulled(WAYS[way], shelf, At(), seen)
    shelf.clock += 3600
    for id_ in sorted(shelf.rows)[:3000]:
        shelf.edit(id_)
    shelf.clock += 60
    shelf.meddle = meddler(3, edits=2)
    at = pulled(WAYS[way], shelf, at, seen)
    quiet(shelf)
    pulled(WAYS[way], shelf, at, seen)
    assert {id_: seen.get(id_) for id_ in shelf.rows} == shelf.rows


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("terminal", [False, True])
@pytest.mark.parametrize("count", [0, 1, 2, 249, 250, 251, 500, 750])
def test_a_full_last_page(way: str, terminal: bool, count: int) -> None:
    shelf, seen = filled(count), {}
    shelf.terminal_204 = terminal
    at = pulled(WAYS[way], shelf, At(), seen)
    assert seen == shelf.rows
    pulled(WAYS[way], shelf, at, seen)
    assert shelf.asked < 14


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("nth", range(1, 9))
def test_an_empty_answer_in_the_middle_is_not_the_end(way: str, nth: int) -> None:
    shelf, seen = filled(1600), {}
    shelf.lies = {nth: None}
    at = pulled(WAYS[way], shelf, At(), seen)
    pulled(WAYS[way], shelf, at, seen)
    assert seen == shelf.rows


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("nth", range(1, 8))
def test_a_short_page_without_a_next_is_not_the_end(way: str, nth: int) -> None:
    shelf, seen = filled(1600), {}
    honest = shelf._answer

    def shortened(params: Any) -> Rows:
        answer = honest(params)
        return Rows(answer.rows[:7], False, answer.told_at) if shelf.asked == nth else answer

    shelf._answer = shortened  # type: ignore[method-assign]
    at = pulled(WAYS[way], shelf, At(), seen)
    pulled(WAYS[way], shelf, at, seen)
    assert seen == shelf.rows


@pytest.mark.parametrize("way", WAYS)
def test_fewer_rows_than_asked_for(way: str) -> None:
    """A list that silently gives 50 a page (older field reports on events)."""
    shelf, seen = filled(400), {}
    shelf.clamp = 50
    pulled(WAYS[way], shelf, At(), seen)
    assert seen == shelf.rows


@pytest.mark.parametrize("way", WAYS)
def test_a_quiet_pull_costs_one_question(way: str) -> None:
    shelf, seen = filled(1600), {}
    at = pulled(WAYS[way], shelf, At(), seen)
    shelf.clock += 300
    shelf.asked = 0
    again = pulled(WAYS[way], shelf, at, {})
    assert shelf.asked == 1
    assert (again.upto or 0) >= (at.upto or 0)


@pytest.mark.parametrize("way", WAYS)
def test_an_empty_answer_does_not_move_a_quiet_place(way: str) -> None:
    """A 204 that lies: the change it hid is found the next time, however much later."""
    shelf, seen = filled(600), {}
    at = pulled(WAYS[way], shelf, At(), seen)
    shelf.clock += 60
    shelf.edit(min(shelf.rows))
    shelf.clock, shelf.asked, shelf.lies = shelf.clock + 10, 0, {1: None, 2: None, 3: None}
    at = pulled(WAYS[way], shelf, at, seen)
    shelf.clock, shelf.lies = shelf.clock + 86400, {}
    pulled(WAYS[way], shelf, at, seen)
    assert seen == shelf.rows


def test_a_row_dated_into_the_future_does_not_move_the_place() -> None:
    shelf, seen = filled(300), {}
    shelf.rows[min(shelf.rows)]["updated_at"] = shelf.clock + 10 * 365 * 86400
    at = pulled(ascending, shelf, At(), seen)
    assert at.upto is not None and at.upto <= shelf.clock
    shelf.clock += 60
    shelf.edit(max(shelf.rows))
    pulled(ascending, shelf, at, seen)
    assert seen == shelf.rows


def test_an_ignored_filter_is_noticed() -> None:
    shelf = filled(900)
    shelf.filtered = False
    with pytest.raises(Unfiltered):
        list(seek(shelf, {}, since=0, limit=250))


def test_the_same_page_for_ever_is_an_error() -> None:
    shelf = filled(250)
    page = list(shelf.rows.values())
    with pytest.raises(Broken, match="same rows"):
        list(Walk(lambda params: Rows(page, True, shelf.told_at()), {}, shared, limit=250).steps())


def test_a_list_that_ignores_the_order_is_an_error() -> None:
    shelf = Shelf()
    rows = [{"id": 3, "updated_at": 1}, {"id": 2, "updated_at": 1}]
    with pytest.raises(Broken, match="came after"):
        list(from_the_first(lambda params: Rows(rows, False, shelf.told_at()), At()))


def test_pages_join() -> None:
    before, after = [{"id": 1, "updated_at": 9}, {"id": 4, "updated_at": 7}], [{"id": 5, "updated_at": 8}]
    assert not by_id(before, after)
    assert not shared(before, after)
    assert falling("updated_at")(before, after)
    assert not falling("updated_at")(before, [{"id": 5, "updated_at": 7}])


def test_a_step_is_new_rows_only() -> None:
    shelf = filled(600)
    steps: list[Step] = list(Walk(shelf, {"order[id]": "asc"}, by_id, limit=250).steps())
    ids = [row["id"] for step in steps for row in step.rows]
    assert ids == sorted(shelf.rows)
    assert [step.last for step in steps] == [False] * (len(steps) - 1) + [True]
