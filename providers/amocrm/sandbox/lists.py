"""Paged lists: which rows, in which order, through which filters, a page at a time, each row's bytes kept.

The paid filters of leads, contacts and companies are silently ignored where `filter_on` is false (crm/amocrm 3.4).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from providers.amocrm.sandbox import filters
from providers.amocrm.sandbox import query as ask
from providers.amocrm.sandbox.answers import Rows
from providers.amocrm.sandbox.ordered import Collection, Window
from providers.amocrm.sandbox.query import Query, Tree

MAX_LIMIT = 250
EVENTS_LIMIT, EVENTS_FALLBACK = 100, 50
Shape = Callable[[Any, frozenset[str]], Any]


@dataclass(frozen=True, slots=True)
class Switches:
    """How this account differs from the plainest one."""

    filter_on: bool = True
    """The paid filters of leads, contacts, companies."""
    kommo: bool = False
    """Amounts come with minor units too."""
    terminal_204: bool = False
    """A full last page still links to a next one, which is 204."""
    events_over: int = EVENTS_FALLBACK
    """What a limit above 100 becomes on events; 250 has been seen too."""
    external: bool = False
    """An external integration: users are out of reach."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One list. `within`: filters that an order of the same name answers by itself."""

    key: str
    rows: Collection[Any]
    shape: Shape
    filters: Mapping[str, filters.Maker] = field(default_factory=dict)
    orders: Sequence[str] = ("id",)
    default: tuple[str, bool] = ("id", False)
    withs: frozenset[str] = frozenset()
    scalar: str = "exact"
    """What filter[updated_at]=N means where it is a span: "exact" or "after"."""
    paid: bool = False
    among: Sequence[int] | None = None
    """Only these ids."""
    text: Callable[[Any], str] | None = None
    """What `query` looks in."""
    events: bool = False
    keep: bool = True
    """Keep each row's bytes until it changes."""


def page(listing: Listing, query: Query, url: str, switches: Switches) -> Rows:
    """The asked page."""
    limit = _limit(listing, query.limit, switches)
    window = _window(listing, query, switches)
    number, length = query.page, len(window)
    ids = window.ids((number - 1) * limit, limit)
    more = number * limit < length or (switches.terminal_204 and len(ids) == limit)
    rows = [_bytes(listing, listing.rows.rows[id_], query.with_ & listing.withs) for id_ in ids]
    return Rows(listing.key, rows, query, url, more, number)


def _limit(listing: Listing, asked: int, switches: Switches) -> int:
    if not listing.events:
        return min(asked, MAX_LIMIT)
    return asked if asked <= EVENTS_LIMIT else min(asked, switches.events_over)


def _bytes(listing: Listing, row: Any, with_: frozenset[str]) -> bytes:
    if not listing.keep:
        return msgspec.json.encode(listing.shape(row, with_))
    key = f"{listing.key}{','.join(sorted(with_))}" if with_ else listing.key
    known: bytes | None = row.seen.get(key)
    if known is None:
        known = row.seen[key] = msgspec.json.encode(listing.shape(row, with_))
    return known


def _window(listing: Listing, query: Query, switches: Switches) -> Window:
    asked = {} if listing.paid and not switches.filter_on else query.filter
    name, falling = query.order or listing.default
    if name not in listing.orders:
        name, falling = listing.default
    rest = {key: value for key, value in asked.items() if key in listing.filters}
    low, high = _bounds(listing, name, rest)
    among = listing.among
    if among is None and "id" in rest:
        among = ask.ids(rest.pop("id"))
    tests = [listing.filters[key](value) for key, value in rest.items()]
    if query.text and listing.text is not None:
        tests.append(_finds(listing.text, query.text))
    return listing.rows.window(
        name,
        falling=falling,
        low=low,
        high=high,
        among=among,
        fits=_all(tests),
        query=msgspec.json.encode([listing.key, name, among, rest, query.text]),
    )


def _bounds(listing: Listing, name: str, rest: Tree) -> tuple[int | None, int | None]:
    """A span over the order's own key needs no search; it is taken out of `rest`."""
    if name == "id" or name not in rest:
        return None, None
    span = ask.span(rest.pop(name), scalar=listing.scalar)
    return span.low, span.high


def _all(tests: Sequence[filters.Fits]) -> filters.Fits | None:
    if not tests:
        return None
    if len(tests) == 1:
        return tests[0]
    return lambda row: all(test(row) for test in tests)


def _finds(text: Callable[[Any], str], words: str) -> filters.Fits:
    wanted = words.lower()
    return lambda row: wanted in text(row).lower()
