"""What stands in amoCRM now, before it is written to.

One empty answer or one short page is not believed: a card that is missed is made a second time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from connector.errors import NotThere
from connector.wishes import UpsertCard
from providers.amocrm.client import Client
from providers.amocrm.layout import KEY
from providers.amocrm.mapping.cards import in_trash
from providers.amocrm.mapping.values import Row, label, table
from providers.amocrm.paging import Walk, shared
from providers.amocrm.spelling import Slot, shown

_TRIES = 2
"""Of a 204, which is also what a thing that is not there is answered with."""
_ANY = ZoneInfo("UTC")
"""A key is no date."""


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


def cards(calls: Client, path: str, wishes: Sequence[UpsertCard], slots: Mapping[str, Slot]) -> list[Row | None]:
    """The card of each wish, by its id where that is known, else by its key, else by its exact title; None: there is
    none.

    All of the list is read: the search of amoCRM learns of new ones late, and there are a few hundred at most. Only
    where one is missing the list is asked beyond its end, and for a known id by itself.
    """
    rows: list[Row] = []
    walk = Walk(lambda params: calls.rows(path, "elements", params), {}, shared, limit=250)

    def missed(fresh: Sequence[Row]) -> bool:
        known = _Listed([*rows, *fresh], wishes, slots)
        return not all(known.found(wish) for wish in wishes)

    for step in walk.steps(doubt=missed):
        rows += step.rows
    known = _Listed(rows, wishes, slots)
    return [known.found(wish) or _unlisted(calls, path, wish) or known.without_id(wish) for wish in wishes]


def key_of(wish: UpsertCard) -> str:
    """What stands in the card's key."""
    return f"{wish.user_id}/{wish.period}"


def key_on(row: Row, slots: Mapping[str, Slot]) -> str | None:
    """Whose card it says it is; None where it has no key: a person made it, or a list that had no such field yet."""
    return shown(row, {KEY.code: slots[KEY.code]}, _ANY)[KEY.code] if KEY.code in slots else None


class _Listed:
    """The rows of the list, by what a card is found by."""

    def __init__(self, rows: Iterable[Row], wishes: Sequence[UpsertCard], slots: Mapping[str, Slot]) -> None:
        keys = [(row, key_on(row, slots)) for row in rows]
        self._ids = {str(row.get("id")): row for row, _ in keys}
        self._keys = {key: row for row, key in reversed(keys) if key is not None}
        held = {wish.crm_id for wish in wishes}
        free = [row for row, key in keys if key is None and str(row.get("id")) not in held]
        self._titles = {label(row.get("name")): row for row in reversed(free)}
        self._meant = Counter(label(wish.title) for wish in wishes)

    def found(self, wish: UpsertCard) -> Row | None:
        """By key or title only where its id is not known."""
        return self.without_id(wish) if wish.crm_id is None else self._ids.get(wish.crm_id)

    def without_id(self, wish: UpsertCard) -> Row | None:
        """A card without a key is taken for his whose title it bears, where nobody else can be meant."""
        title = label(wish.title)
        return self._keys.get(key_of(wish)) or (self._titles.get(title) if self._meant[title] == 1 else None)


def _unlisted(calls: Client, path: str, wish: UpsertCard) -> Row | None:
    row = alone(calls, f"{path}/{wish.crm_id}") if wish.crm_id is not None else None
    return None if row is None or in_trash(row) else row
