"""What stands in amoCRM now, before it is written to.

One empty answer or one short page is not believed: a card that is missed is made a second time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from connector.errors import NotThere
from connector.wishes import UpsertCard
from providers.amocrm.client import Client
from providers.amocrm.mapping.cards import in_trash
from providers.amocrm.mapping.values import Row, label, table
from providers.amocrm.paging import Walk, shared

_TRIES = 2
"""Of a 204, which is also what a thing that is not there is answered with."""


def alone(calls: Client, path: str) -> Row | None:
    """One thing by its address; None where it is not there."""
    for _ in range(_TRIES):
        try:
            row = calls.get(path)
        except NotThere:
            return None
        if row is not None:
            return table(row)
    return None


def cards(calls: Client, path: str, wishes: Sequence[UpsertCard]) -> list[Row | None]:
    """The card of each wish, by its id where that is known, else by its exact title; None where there is none.

    All of the list is read: the search of amoCRM learns of new ones late, and there are a few hundred at most. Only
    where one is missing the list is asked beyond its end, and for a known id by itself.
    """
    rows: list[Row] = []
    walk = Walk(lambda params: calls.rows(path, "elements", params), {}, shared, limit=250)

    def missed(fresh: Sequence[Row]) -> bool:
        return not all(_listed([*rows, *fresh], wish) for wish in wishes)

    for step in walk.steps(doubt=missed):
        rows += step.rows
    return [_listed(rows, wish) or _unlisted(calls, path, wish) or _titled(rows, wish) for wish in wishes]


def _listed(rows: Iterable[Row], wish: UpsertCard) -> Row | None:
    """By its title only where its id is not known: namesakes have cards of one title."""
    if wish.crm_id is None:
        return _titled(rows, wish)
    return next((row for row in rows if str(row.get("id")) == wish.crm_id), None)


def _unlisted(calls: Client, path: str, wish: UpsertCard) -> Row | None:
    row = alone(calls, f"{path}/{wish.crm_id}") if wish.crm_id is not None else None
    return None if row is None or in_trash(row) else row


def _titled(rows: Iterable[Row], wish: UpsertCard) -> Row | None:
    return next((row for row in rows if label(row.get("name")) == label(wish.title)), None)
