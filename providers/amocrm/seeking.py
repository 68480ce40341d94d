"""One stretch of a list in the order of its last change, from one second to another, by pages that cannot shift.

    first page from the last second seen on  ->  rows  ->  again, until a row beyond the stretch, or nothing twice

A row that changes meanwhile leaves for the end of the list: whoever reads on from the moment of the beginning finds it.
Where so many rows bear one second that pages would mostly repeat (an import, a mass edit), the crowd is read by id, by
overlapping pages, some twenty of them at a time. Source: crm/amocrm 3.4; measured in reliability/protocols M1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import takewhile
from typing import Any

from providers.amocrm.client import Rows
from providers.amocrm.paging import Ask, Row, Unfiltered, Walk, by_id, name, verify

EVER = 1 << 40
"""Later than any moment."""
_CROWDED = 40
"""Rows of one second at a page's end that would all come again."""
_AT_ONCE = 20
"""Pages of a crowd that are read by id in one go: what an interruption costs, and what a proof of the end is worth."""


@dataclass(slots=True)
class Stretch:
    """From `low` to `high`, both included; `low` goes up as it is read, `high` may come down while it is.

    `last`: none follows it, rows beyond are kept as well.
    """

    low: int
    high: int
    last: bool = True
    began: int | None = None
    """The first second that was seen."""
    rows: int = 0
    pages: int = 0

    def left(self, limit: int) -> float:
        """Pages that are left, where rows go on as densely as they did; 0 where nothing can be said."""
        if self.began is None or self.low <= self.began:
            return 0.0
        return self.rows / (self.low - self.began) * max(0, self.high - self.low) / limit

    def take(self, part: Part) -> None:
        """A part of it is read."""
        if part.rows and self.began is None:
            self.began = int(part.rows[0]["updated_at"])
        self.low, self.rows, self.pages = part.upto, self.rows + len(part.rows), self.pages + 1

    def halve(self) -> Stretch:
        """Leave the later half to another stretch."""
        middle = (self.low + self.high) // 2
        later = Stretch(middle + 1, self.high, self.last)
        self.high, self.last = middle, False
        return later


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows, and the second from which the rest must still be read."""

    rows: Sequence[Row] = field(repr=False)
    told_at: datetime
    upto: int
    over: bool = False


def seek_through(ask: Ask, stretch: Stretch, *, limit: int) -> Iterator[Part]:
    """The whole stretch. Raises Unfiltered where rows or their order are not as asked for."""
    since, quiet = stretch.low, 0
    known: Mapping[Any, Row] = {}
    while True:
        answer = _from(ask, since, limit)
        top = int(answer.rows[-1]["updated_at"]) if answer.rows else since
        quiet = 0 if answer.more else quiet + 1
        over = quiet > 1 or top > stretch.high
        mine = answer.rows
        if top > stretch.high and not stretch.last:
            mine = [row for row in answer.rows if row["updated_at"] <= stretch.high]
        fresh = [row for row in mine if row["updated_at"] > since or known.get(name(row)) != row]
        crowd = _at_the_end(answer.rows, top)
        crowded = answer.more and not over and (len(crowd) > _CROWDED or top == since)
        yield Part(fresh, answer.told_at, since if crowded else top, over)
        if over:
            return
        since, known = top, crowd
        high = stretch.high  # it may have come down to before this crowd: then the crowd is another stretch's
        if crowded and since <= high:
            span = _AT_ONCE * (top - int(answer.rows[0]["updated_at"])) * limit // len(answer.rows)
            beyond = min(high, top + span)
            yield from _crowd_by_id(ask, since, beyond, limit)
            since, known = beyond + 1, {}
            if since > stretch.high:
                yield Part((), answer.told_at, since, True)
                return


def _at_the_end(rows: Sequence[Row], second: int) -> dict[Any, Row]:
    """The last rows, by name, as far as they bear this second."""
    return {name(row): row for row in takewhile(lambda row: row["updated_at"] == second, reversed(rows))}


def _from(ask: Ask, since: int, limit: int) -> Rows:
    bounds = {"filter[updated_at][from]": since} if since else {}
    answer = ask({**bounds, "order[updated_at]": "asc", "page": 1, "limit": limit})
    verify(answer.rows, since, "updated_at")
    if answer.more and not answer.rows:
        raise Unfiltered(f"a page from {since} on has no row that bears a moment")
    return answer


def _crowd_by_id(ask: Ask, low: int, high: int, limit: int) -> Iterator[Part]:
    """Every row of these seconds. What changes meanwhile shifts the pages: then they do not join and are asked anew."""
    bounds = {"filter[updated_at][from]": low, "filter[updated_at][to]": high, "order[id]": "asc"}
    found = 0
    for step in Walk(ask, bounds, by_id, limit=limit).steps():
        if any(not low <= row["updated_at"] <= high for row in step.rows):
            raise Unfiltered(f"updated_at is not between {low} and {high}")
        found += len(step.rows)
        yield Part(step.rows, step.told_at, high + 1 if step.last else low)
    if not found:
        raise Unfiltered(f"no row where updated_at is between {low} and {high}, though a page of them was seen")
