"""What stands in amoCRM now, before it is written to.

One empty answer or one short page is not believed: a card that is missed is made a second time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from connector.errors import NotThere
from connector.wishes import UpsertCard
from providers.amocrm.client import Client
from providers.amocrm.layout import KEY
from providers.amocrm.mapping.cards import in_trash
from providers.amocrm.mapping.values import Row, label, table
from providers.amocrm.paging import Walk, shared
from providers.amocrm.spelling import Slot, shown, shows

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


@dataclass(slots=True)
class Cards:
    """The list of KPI cards while some of them are written. `path`: where its elements are."""

    calls: Client
    path: str
    slots: Mapping[str, Slot]
    zone: ZoneInfo
    owners: dict[str, str] = field(default_factory=dict)
    """By id of a card: whose it is known to be, as in its key."""

    def of(self, wishes: Sequence[UpsertCard]) -> list[Row | None]:
        """The card of each wish, by its id where that is known, else by its key, else by its exact title; None: there
        is none.

        All of the list is read: the search of amoCRM learns of new ones late, and there are a few hundred at most.
        Only where one is missing the list is asked beyond its end, and for a known id by itself.
        """
        for wish in wishes:
            if wish.crm_id is not None:
                self.owners.setdefault(wish.crm_id, key_of(wish))
        rows: list[Row] = []
        walk = Walk(lambda params: self.calls.rows(self.path, "elements", params), {}, shared, limit=250)

        def missed(fresh: Sequence[Row]) -> bool:
            known = _Listed([*rows, *fresh], wishes, self)
            return not all(known.found(wish) for wish in wishes)

        for step in walk.steps(doubt=missed):
            rows += step.rows
        known = _Listed(rows, wishes, self)
        return [known.found(wish) or self._unlisted(wish) or known.without_id(wish) for wish in wishes]

    def made(self, wish: UpsertCard) -> Row | None:
        """The card that was to be made, where the answer was lost: what else bears its title says nothing of it."""
        [row] = self.of([wish])
        if row is None:
            return None
        his = self.key_on(row) == key_of(wish) if self.keyed else shows(row, wish.values, self.slots, self.zone)
        return row if his else None

    def owner(self, row: Row, wish: UpsertCard) -> str:
        """Whose card it is: by its key, else by what is known of ids, else his who comes first."""
        return self.key_on(row) or self.owners.setdefault(str(row["id"]), key_of(wish))

    @property
    def keyed(self) -> bool:
        """Whether cards have keys at all; not every account lets the field be made."""
        return KEY.code in self.slots

    def key_on(self, row: Row) -> str | None:
        """None where it has no key: a person made it, or the program before there were keys."""
        return shown(row, {KEY.code: self.slots[KEY.code]}, self.zone)[KEY.code] if self.keyed else None

    def key_for(self, wish: UpsertCard, row: Row) -> dict[str, str | None]:
        """Whose card it is, to be written on one that does not say so yet."""
        return {KEY.code: key_of(wish)} if self.keyed and self.key_on(row) is None else {}

    def _unlisted(self, wish: UpsertCard) -> Row | None:
        row = alone(self.calls, f"{self.path}/{wish.crm_id}") if wish.crm_id is not None else None
        return None if row is None or in_trash(row) else row


def key_of(wish: UpsertCard) -> str:
    """What stands in the card's key."""
    return f"{wish.user_id}/{wish.period}"


class _Listed:
    """The rows of the list, by what a card is found by."""

    def __init__(self, rows: Iterable[Row], wishes: Sequence[UpsertCard], cards: Cards) -> None:
        self._cards = cards
        keys = [(row, cards.key_on(row)) for row in rows]
        self._ids = {str(row.get("id")): row for row, _ in keys}
        self._keys = {key: row for row, key in reversed(keys) if key is not None}
        self._free: dict[str, list[Row]] = {}
        for row, key in keys:
            if key is None and str(row.get("id")) not in cards.owners:
                self._free.setdefault(label(row.get("name")), []).append(row)
        self._meant = Counter(label(wish.title) for wish in wishes)

    def found(self, wish: UpsertCard) -> Row | None:
        """By key or title only where its id is not known."""
        return self.without_id(wish) if wish.crm_id is None else self._ids.get(wish.crm_id)

    def without_id(self, wish: UpsertCard) -> Row | None:
        return self._keys.get(key_of(wish)) or self._titled(wish)

    def _titled(self, wish: UpsertCard) -> Row | None:
        """A card without a key is taken for his whose title it bears where nobody else can be meant: it shows what is
        wanted, as that does whose answer was lost. One that shows something else is another's, or not ours to write
        over; only where cards have no keys it still goes by its title, as every later one would be made twice.
        """
        title, cards = label(wish.title), self._cards
        free = self._free.get(title, ()) if self._meant[title] == 1 else ()
        same = (row for row in free if shows(row, wish.values, cards.slots, cards.zone))
        return next(same, None) or (None if cards.keyed else next(iter(free), None))
