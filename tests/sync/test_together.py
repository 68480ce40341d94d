"""Pages that wait go in together: no row, no cursor, no order is other than if each went in alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from connector.errors import Broken
from connector.provider import Page
from connector.records import Call, Deal, Move, Record, Refusal
from connector.sync.streams import AHEAD, AHEAD_OF_SMALL, _Room
from connector.sync.together import ROWS, Arrival, Bundle, together

TOLD = datetime(2026, 9, 1, tzinfo=UTC)


def page(number: int, *ids: str, refused: bool = False) -> Page:
    rows = [Call(id=id, at=TOLD, direction="out", answered=True) for id in ids]
    odd = (Refusal(kind="call", id="9", reason="no at", raw="{}"),) if refused else ()
    return Page(rows, f"c{number}", TOLD + timedelta(seconds=number), odd)


def told(*arrivals: Arrival) -> list[tuple[type[Record], list[str] | BaseException | None]]:
    """The cursors of the pages of each bundle."""
    found = together(arrivals)
    return [(kind, [one.cursor for one in item.pages] if isinstance(item, Bundle) else item) for kind, item in found]


def test_pages_of_one_kind_join_across_those_of_another() -> None:
    arrivals = ((Call, page(1, "1")), (Move, page(2, "1")), (Call, page(3, "2")), (Move, page(4, "2")))
    assert told(*arrivals) == [(Call, ["c1", "c3"]), (Move, ["c2", "c4"])]


def test_an_end_comes_after_all_that_came_before_it() -> None:
    broken = Broken("cut")
    arrivals = ((Call, page(1, "1")), (Deal, page(2, "1")), (Deal, broken), (Call, page(3, "2")), (Call, None))
    assert told(*arrivals) == [(Call, ["c1"]), (Deal, ["c2"]), (Deal, broken), (Call, ["c3"]), (Call, None)]


def test_a_record_that_is_told_twice_is_compared_twice() -> None:
    assert told((Call, page(1, "1", "2")), (Call, page(2, "2", "3"))) == [(Call, ["c1"]), (Call, ["c2"])]


def test_what_cannot_be_read_stays_in_the_order_of_its_pages() -> None:
    arrivals = ((Call, page(1, "1")), (Call, page(2, "2", refused=True)), (Call, page(3, "9")), (Call, page(4, "4")))
    assert told(*arrivals) == [(Call, ["c1"]), (Call, ["c2"]), (Call, ["c3", "c4"])]


def test_a_transaction_stays_small() -> None:
    half = [page(n, *(f"{n}-{k}" for k in range(ROWS // 2))) for n in range(3)]
    assert told(*((Call, one) for one in half)) == [(Call, ["c0", "c1"]), (Call, ["c2"])]
    large = page(9, *map(str, range(ROWS + 1)))
    assert told((Call, large), (Call, page(10, "x"))) == [(Call, ["c9"]), (Call, ["c10"])]


def test_a_bundle_is_one_page_with_the_last_ones_cursor() -> None:
    bundle = Bundle([page(1, "1", "2")])
    assert bundle.as_page() is bundle.pages[0]
    bundle.add(page(2, "3"))
    joined = bundle.as_page()
    assert ([record.id for record in joined.records], joined.cursor) == (["1", "2", "3"], "c2")
    assert (joined.told_at, bundle.rows) == (TOLD + timedelta(seconds=2), 3)


def test_there_is_room_for_many_small_pages_or_two_of_any_size() -> None:
    small, large = _Room(), _Room()
    assert [small.enter(1) for _ in range(AHEAD_OF_SMALL + 1)] == [True] * AHEAD_OF_SMALL + [False]
    assert [large.enter(5 * ROWS) for _ in range(AHEAD + 1)] == [True] * AHEAD + [False]
    large.leave(Bundle([page(1, *map(str, range(5 * ROWS)))]))
    assert large.enter(5 * ROWS)
