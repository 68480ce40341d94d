"""Asking for the next pages while this one is stored: the CRM's latency hides, its pace stays the pacer's.

Which page a `Walk` asks for next is known as long as pages come full. A page asked for ahead may be a little older than
one asked for in turn; pages are joined by their rows, not by when they came. Asked in vain are a few pages at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor, Future
from typing import Any

from providers.amocrm.client import Rows
from providers.amocrm.paging import Ask, slot

Place = tuple[int, int]
"""Page and size."""


def overlapping(page: int, size: int, limit: int) -> Place:
    """What a `Walk` asks for after a full page."""
    return slot(page * size, limit)


def following(page: int, size: int, limit: int) -> Place:
    """What `numbered` asks for after a full page."""
    return page + 1, size


class Ahead:
    """An `Ask` for one way through a list, which asks for pages in the order of `after`.

    Each full page allows one more request in flight, up to `most`: a short list is read in turn.
    """

    def __init__(self, ask: Ask, pool: Executor, most: int, after: Callable[[int, int, int], Place]) -> None:
        self._ask, self._pool, self._most, self._after = ask, pool, most, after
        self._flying: dict[Place, Future[Rows]] = {}
        self._full = self._limit = 0

    def __call__(self, params: Mapping[str, Any]) -> Rows:
        page, size = params["page"], params["limit"]
        waiting = self._flying.pop((page, size), None)
        if waiting is None and self._flying:
            self.close()  # another way than was foreseen
        answer = self._ask(params) if waiting is None else waiting.result()
        if answer.more and len(answer.rows) == size:
            self._full += 1
            self._launch(params, (page, size))
        elif answer.rows:
            self._full = 0  # what is on its way beyond may prove the end
        else:
            self.close()
        return answer

    def close(self) -> None:
        """Drop what was asked for ahead; what is on its way comes back to nobody."""
        for waiting in self._flying.values():
            waiting.cancel()
        self._flying.clear()
        self._full = 0

    def _launch(self, params: Mapping[str, Any], place: Place) -> None:
        self._limit = max(self._limit, params["limit"])
        for _ in range(min(self._most, self._full - 1)):
            place = self._after(*place, self._limit)
            if place not in self._flying:
                asked = {**params, "page": place[0], "limit": place[1]}
                self._flying[place] = self._pool.submit(self._ask, asked)
