"""Reading lists that change while they are read. amoCRM has numbered pages only; these ways make them safe.

`Walk`: every page begins at or before the last row of the one before it, and must join on to it. Rows that left an
earlier page shift the rest towards the front, so a gap shows as pages that do not join: then it steps back.
`seek`: always the first page, ascending by `updated_at`, from the last one seen on; nothing can shift there.
`numbered`: plain numbers, for events alone, as those are never changed.

An end is proven by asking beyond it: an empty answer, a short page, a missing `next` alone prove nothing.
Source: crm/amocrm 0 (list envelope), 3.4 (page instability); measured in reliability/protocols M1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from connector.errors import Broken
from providers.amocrm.client import Rows

Row = Mapping[str, Any]
Ask = Callable[[Mapping[str, Any]], Rows]
Joined = Callable[[Sequence[Row], Sequence[Row]], bool]
Doubt = Callable[[Sequence[Row]], bool]
"""Whether an end after these rows must be proven."""
_REMEMBERED = 4000
_SMALLEST = 50
_TRIED = 120
_IDLE = 40


class Unfiltered(Exception):
    """Rows came that the filter forbids, or in another order than asked for: this account ignores it."""


@dataclass(frozen=True, slots=True)
class Step:
    """Rows not seen before on this way. `last`: it ends here; `proven`: the CRM was asked beyond and had no more."""

    rows: Sequence[Row] = field(repr=False)
    told_at: datetime
    last: bool = False
    proven: bool = False


def slot(done: int, limit: int) -> tuple[int, int]:
    """(page, size) that begins at or before row number `done` (from 1) and reaches as far beyond it as pages can.

    Pages begin at multiples of their size only, so sizes a little under the limit are tried too: among them is nearly
    always one that repeats a handful of rows and no more.
    """
    if done <= 1:
        return 1, limit
    fewest = -(-(done - 1) // limit)
    tried = ((n, (done - 1) // n) for n in range(fewest, fewest + _TRIED) if n < done)
    before, size = max(tried, key=lambda pair: ((pair[0] + 1) * pair[1], -pair[0]))
    return (before + 1, size) if (before + 1) * size > done else (1, limit)


def name(row: Row) -> Any:
    """What tells rows of one list apart."""
    return row["uid"] if "uid" in row else row["id"]


def by_id(before: Sequence[Row], after: Sequence[Row]) -> bool:
    """Ascending ids join where the new page does not begin behind the last one seen."""
    return int(after[0]["id"]) <= int(before[-1]["id"])


def shared(before: Sequence[Row], after: Sequence[Row]) -> bool:
    """Whatever the order: the pages share a row."""
    known = {name(row) for row in before}
    return any(name(row) in known for row in after)


def falling(stamp: str) -> Joined:
    """Descending moments join where the pages share a row, or the new one begins with something later."""

    def joined(before: Sequence[Row], after: Sequence[Row]) -> bool:
        return bool(after[0][stamp] > before[-1][stamp]) or shared(before, after)

    return joined


class Walk:
    """One way through a list by overlapping pages.

    `done` rows are behind it: with the last of them, `behind`, a later walk goes on from there.
    """

    def __init__(
        self,
        ask: Ask,
        params: Mapping[str, Any],
        joined: Joined,
        *,
        limit: int,
        done: int = 0,
        behind: Sequence[Row] = (),
    ) -> None:
        self.done = done
        self._ask, self._params, self._joined, self._limit = ask, params, joined, limit
        self._behind = behind
        self._seen: dict[Any, None] = dict.fromkeys(name(row) for row in behind)
        self._back = 0
        self._idle = 0

    def steps(self, doubt: Doubt = lambda rows: True) -> Iterator[Step]:
        """To the end of the list: two answers in a row have nothing beyond. Raises Broken where rows come for ever."""
        closing = False
        while True:
            page, size = slot(self.done - self._back, self._limit)
            answer = self._ask({**self._params, "page": page, "limit": size})
            if not answer.rows:
                if page == 1 and (closing or not doubt(())):
                    yield Step((), answer.told_at, last=True, proven=closing)
                    return
                closing, self._back = True, self._further()
                continue
            if page > 1 and self._behind and not self._joined(self._behind, answer.rows):
                self._back = self._further()
                continue
            before = self.done
            fresh = self._take(answer, page, size)
            over = closing and (not answer.more or (not fresh and self.done >= before))
            doubtless = not answer.more and not closing and not doubt(fresh)
            yield Step(fresh, answer.told_at, last=over or doubtless, proven=over)
            if over or doubtless:
                return
            closing = not answer.more or (closing and not fresh)

    @property
    def last(self) -> Any:
        """The name of the last row behind this walk, None at its beginning."""
        return name(self._behind[-1]) if self._behind else None

    def _further(self) -> int:
        return self._back * 2 or self._limit // 4

    def _take(self, answer: Rows, page: int, size: int) -> Sequence[Row]:
        """Remember the page and how far it got; a short one with a next one means fewer are given than asked for."""
        if answer.more and len(answer.rows) < size:
            self._limit = min(self._limit, max(_SMALLEST, len(answer.rows)))
        fresh = [row for row in answer.rows if name(row) not in self._seen]
        self.done, self._back, self._behind = (page - 1) * size + len(answer.rows), 0, answer.rows
        self._idle = 0 if fresh else self._idle + 1
        if self._idle > _IDLE:
            raise Broken("the same rows come page after page", todo="if it stays, report it: the list cannot be read")
        self._seen.update(dict.fromkeys(name(row) for row in fresh))
        if len(self._seen) > 2 * _REMEMBERED:
            self._seen = dict.fromkeys(list(self._seen)[-_REMEMBERED:])
        return fresh


def numbered(ask: Ask, params: Mapping[str, Any], *, limit: int, doubt: Doubt, first: int = 1) -> Iterator[Step]:
    """By plain page numbers, for rows that never change or move. A page that is not simply full and new is asked again.

    Such a page is short, or repeats rows of the one before; the fuller of both answers counts. The last one is asked
    again only where the page beyond it shows that it lied, an empty one always. `first`: pages before it are read.
    """
    page, before = first, frozenset[Any]()
    while True:
        asked = {**params, "page": page, "limit": limit}
        answer, proven = ask(asked), False
        if not answer.more and answer.rows and (page > 1 or doubt(answer.rows)):
            proven = not ask({**asked, "page": page + 1}).rows
        if not proven and _odd(answer, limit, before) and (page > 1 or doubt(answer.rows)):
            answer, proven = max(answer, ask(asked), key=lambda told: _fullness(told, before)), True
        last = not answer.more or not answer.rows
        yield Step([row for row in answer.rows if name(row) not in before], answer.told_at, last, last and proven)
        if last:
            return
        page, limit, before = page + 1, min(limit, len(answer.rows)), frozenset(map(name, answer.rows))


def _odd(answer: Rows, limit: int, before: frozenset[Any]) -> bool:
    return not answer.more or len(answer.rows) < limit or any(name(row) in before for row in answer.rows)


def _fullness(answer: Rows, before: frozenset[Any]) -> tuple[int, bool]:
    return sum(name(row) not in before for row in answer.rows), answer.more


def seek(ask: Ask, params: Mapping[str, Any], *, since: int, limit: int, stamp: str = "updated_at") -> Iterator[Step]:
    """Ascending from `since` on, inclusive. Raises Unfiltered where rows or their order are not as asked for.

    A second with more rows than a page is walked by id. One page proves nothing and needs no proof, as the next way
    begins at its last row; after several, two answers in a row must have nothing beyond.
    """
    pages = quiet = 0
    while quiet < 2:
        bounds = {f"filter[{stamp}][from]": since} if since else {}
        answer = ask({**params, **bounds, f"order[{stamp}]": "asc", "page": 1, "limit": limit})
        verify(answer.rows, since, stamp)
        pages += 1
        top = int(answer.rows[-1][stamp]) if answer.rows else since
        quiet = 0 if answer.more else quiet + 1
        if pages == 1 and not answer.more:
            quiet = 2
        yield Step(answer.rows, answer.told_at, last=quiet >= 2, proven=quiet >= 2 and pages > 1 and bool(answer.rows))
        if answer.more and top == since:
            yield from _second(ask, params, since, limit, stamp)
            top += 1
        since = top


def verify(rows: Sequence[Row], since: int, stamp: str) -> None:
    """Raises Unfiltered where rows come before `since`, or not in the order of their moments."""
    last = since
    for row in rows:
        if row[stamp] < last:
            raise Unfiltered(f"{stamp} {row[stamp]} came after {last}")
        last = row[stamp]


def _second(ask: Ask, params: Mapping[str, Any], at: int, limit: int, stamp: str) -> Iterator[Step]:
    """Every row of one second, by id."""
    bounds = {f"filter[{stamp}][from]": at, f"filter[{stamp}][to]": at, "order[id]": "asc"}
    found = 0
    for step in Walk(ask, {**params, **bounds}, by_id, limit=limit).steps():
        if any(row[stamp] != at for row in step.rows):
            raise Unfiltered(f"{stamp} is not {at}")
        found += len(step.rows)
        yield Step(step.rows, step.told_at)
    if not found:
        raise Unfiltered(f"no row where {stamp} is {at}, though a page of them was seen")
