"""Ways through one list, each giving rows with the place to remember beside them. Source: crm/amocrm 3.4, 3.8, 3.9.

`from_the_first`  all of it, by id                        a first read of tasks, or where filters are not honoured
`ascending`       by updated_at from the last one seen    later, where filters are honoured
`descending`      by a moment, newest first, down to it   later, where they are not; «Неразобранное», the trash
`within`          by id, of what changed since            tasks, which cannot be ordered by their last change
`windows`         closed stretches of time                events, which are never changed

A place moves on proof only: to a moment up to which everything was certainly seen, by the server's clock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from connector.errors import Broken
from providers.amocrm.cursor import At
from providers.amocrm.paging import Ask, Row, Step, Walk, by_id, falling, numbered, seek

OVERLAP = 600
"""Seconds read again: rows become visible in lists with a delay."""
LIMIT, EVENTS_LIMIT = 250, 100
_SHORT = 3600
"""Seconds of a window that is read to its end, however much is in it."""
_FEW, _MANY, _TOO_MANY = 250, 1000, 2500
"""Pages of a window: few make the next one longer, many shorter; too many, as its first page looks, begin a shorter one
anew. How deep pages may go is not documented. Each window costs a proof and what was asked ahead beyond its end."""


@dataclass(frozen=True, slots=True)
class Turn:
    """Some rows, and where to go on once they are stored."""

    rows: Sequence[Row] = field(repr=False)
    at: At
    told_at: datetime


def epoch(at: datetime) -> int:
    """Whole Unix seconds, amoCRM's only unit of time."""
    return int(at.timestamp())


def from_the_first(ask: Ask, at: At, *, limit: int = LIMIT) -> Iterator[Turn]:
    """Every row, ascending by id; an interrupted read goes on where it stopped."""
    behind: Sequence[Row] = [{"id": at.last}] if at.done and at.last is not None else ()
    walk = Walk(ask, {"order[id]": "asc"}, by_id, limit=limit, done=at.done if behind else 0, behind=behind)
    begun, before = at.begun, at.last or 0
    for step in walk.steps():
        begun = begun or epoch(step.told_at)
        rows = [row for row in step.rows if int(row["id"]) > before]
        before = _ascending(rows, before)
        place = At(upto=begun) if step.last else At(done=walk.done, last=walk.last, begun=begun)
        yield Turn(rows, place, step.told_at)


def _ascending(rows: Sequence[Row], before: int) -> int:
    """The last id. Raises Broken where they are not in order: then pages cannot be joined by them."""
    for row in rows:
        if int(row["id"]) < before:
            raise Broken(
                f"id {row['id']} came after {before}",
                done="nothing of this page was stored",
                todo="if it stays, report it: the list is not ordered by id as asked for",
            )
        before = int(row["id"])
    return before


def ascending(ask: Ask, at: At, *, stamp: str = "updated_at", limit: int = LIMIT) -> Iterator[Turn]:
    """What changed since, oldest change first. Raises Unfiltered where the filter or the order is ignored."""
    top, begun = at.upto or 0, 0
    for step in seek(ask, {}, since=max(0, top - OVERLAP), limit=limit, stamp=stamp):
        begun = begun or epoch(step.told_at)
        top = max(top, newest(step.rows, stamp, begun))
        if step.proven:
            top = max(top, begun)
        yield Turn(step.rows, At(upto=top) if top else At(), step.told_at)


def descending(ask: Ask, at: At, *, stamp: str = "updated_at", limit: int = LIMIT) -> Iterator[Turn]:
    """What changed since, newest first; the place moves at the end only, as nothing before it is certain."""
    upto = at.upto or 0
    floor, begun, top = upto - OVERLAP, 0, upto
    walk = Walk(ask, {f"order[{stamp}]": "desc"}, falling(stamp), limit=limit)
    for step in walk.steps(doubt=lambda rows: not upto or newest(rows, stamp) > upto):
        begun = begun or epoch(step.told_at)
        rows = [row for row in step.rows if row[stamp] >= floor]
        top = max(top, newest(rows, stamp, begun))
        reached = len(rows) < len(step.rows)
        if reached or step.last:
            place = At(upto=max(upto, begun)) if reached or step.proven else At(upto=top or None)
            yield Turn(rows, place, step.told_at)
            return
        yield Turn(rows, at, step.told_at)


def within(ask: Ask, at: At, *, stamp: str = "updated_at", limit: int = LIMIT) -> Iterator[Turn]:
    """What changed since, by id."""
    upto = at.upto or 0
    params = {f"filter[{stamp}][from]": max(0, upto - OVERLAP), "order[id]": "asc"}
    begun = 0
    for step in Walk(ask, params, by_id, limit=limit).steps(doubt=lambda rows: newest(rows, stamp) > upto):
        begun = begun or epoch(step.told_at)
        yield Turn(step.rows, At(upto=max(upto, begun)) if step.proven else at, step.told_at)


def newest(rows: Sequence[Row], stamp: str, ceiling: int | None = None) -> int:
    """The latest moment of these rows; one beyond `ceiling`, dated into the future, does not count."""
    return max((row[stamp] for row in rows if ceiling is None or row[stamp] <= ceiling), default=0)


def windows(ask: Ask, at: At, *, since: int, until: int, limit: int = EVENTS_LIMIT) -> Iterator[Turn]:
    """Events from `since` up to `until`, window by window; within one the order does not matter.

    `at.left` is a window that was begun: as events are never changed, its first `at.done` pages are what they were.
    """
    start, end = at.left[0] if at.left else (since, until)
    full = at.done
    while start <= end:
        pages = crowd = full
        for step in window(ask, start, end, limit=limit, first=full + 1):
            pages += 1
            crowd = max(_crowd(step.rows, end - start, limit), pages) if pages == 1 else crowd
            if crowd > _TOO_MANY and end - start > _SHORT and not step.last:
                break
            full = pages if len(step.rows) == limit and full == pages - 1 else full
            whole = At(upto=max(at.upto or 0, end))
            begun = At(upto=at.upto, done=full, left=((start, end),))
            yield Turn(step.rows, whole if step.last else begun, step.told_at)
        else:
            start, at, crowd, span = end + 1, At(upto=max(at.upto or 0, end)), pages, end - start
        span, full = _next_span(end - start if crowd > pages else span, crowd), 0
        end = min(until, start + span)


def _crowd(rows: Sequence[Row], span: int, limit: int) -> int:
    """How many pages a window holds if all of it is as crowded as its first page: a look that saves reading many."""
    if len(rows) < limit:
        return 0
    moments: list[int] = [row["created_at"] for row in rows]
    return span // max(1, max(moments) - min(moments))


def _next_span(span: int, pages: int) -> int:
    """Aim at _MANY pages: far too many shrink the window at once, a few let it grow."""
    if pages > _TOO_MANY:
        return span * _MANY // pages
    return max(1, span * 2) if pages <= _FEW else span // 2 if pages > _MANY else span


def window(
    ask: Ask, start: int, end: int, *, limit: int = EVENTS_LIMIT, known: int | None = None, first: int = 1
) -> Iterator[Step]:
    """Every event created from `start` to `end`, both included; an end without any after `known` needs no proof."""
    params = {"filter[created_at][from]": start, "filter[created_at][to]": end}

    def doubt(rows: Sequence[Row]) -> bool:
        return known is None or newest(rows, "created_at") > known

    return numbered(ask, params, limit=limit, doubt=doubt, first=first)
