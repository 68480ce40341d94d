"""Facts as rows of a table: when, what, how much, why it counts or does not, and where to look at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from connector.kpi.explain import Explanation
from connector.kpi.items import Item
from connector.kpi.kinds import KINDS
from connector.kpi.telling.render import left_out
from connector.kpi.telling.words import CONFIDENCE
from connector.kpi.text import Language, Text
from connector.moment import Zone, from_ms, zone_of
from connector.money import to_units
from connector.quality.telling import Names
from connector.web import locale
from connector.web.views import spoken

LinkTo = Callable[[str], str]
"""The address of a record's card, from its ref."""
_ROLES = {
    "top": Text("в числителе", "numerator"),
    "bottom": Text("в знаменателе", "denominator"),
    "both": Text("в числителе и знаменателе", "numerator and denominator"),
}
_CARDS = {
    "deal": Text("Сделка", "Deal"),
    "lead": Text("Лид", "Lead"),
    "contact": Text("Контакт", "Contact"),
    "company": Text("Компания", "Company"),
    "client": Text("Клиент", "Client"),
    "import": Text("Загрузка", "Import"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """A record's card in the CRM; `href` empty where it has none that a browser may open."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    """One fact."""

    at: str
    what: str
    much: str
    role: str
    why: str
    sure: str
    contest: str
    """Where its owner contests it; empty for whoever is not."""
    contested: bool
    cards: tuple[Card, ...]
    said: tuple[str, ...] = ()
    """What the score of a call rests on, a line a criterion."""


def rows(
    told: Explanation, zone: Zone, language: Language, *, own: bool = False, names: Names | None = None
) -> tuple[list[Row], list[Row]]:
    """What counted and what did not, the newest first. `own`: the reader's numbers, which he may contest. `names`: of
    the checklists' criteria, by key.
    """
    counted, left = (
        [_row(item, told, zone, language, own=own and side == 0, names=names or {}) for item in reversed(items)]
        for side, items in enumerate((told.items, told.left_out))
    )
    return counted, left


def card(ref: str, address: str, language: Language) -> Card:
    """A link to a card."""
    kind, _, id = ref.partition(":")
    words = _CARDS[kind](language) if kind in _CARDS else kind
    return Card(f"{words} {id}", opens(address))


def opens(address: str) -> str:
    """The address where a browser may follow it, else nothing: only http and https lead anywhere."""
    return address if address.startswith(("https://", "http://")) else ""


def _row(item: Item, told: Explanation, zone: Zone, language: Language, *, own: bool, names: Names) -> Row:
    kind = KINDS[item.kind]
    much = []
    if item.amount is not None:
        much.append(locale.money(to_units(item.amount, told.currency), told.currency, language))
    if item.number is not None and (said := kind.says(item.number, language)):
        much.append(said)
    notes = [item.note] if item.note and item.note.split(":")[0] == item.why else [item.why, item.note]
    return Row(
        at=locale.moment(from_ms(item.at).astimezone(zone_of(zone)), language),
        what=kind.one(language),
        much=" · ".join(much),
        role=_ROLES[item.role](language) if item.role and told.kpi.bottom else "",
        why=", ".join(left_out(note, language) for note in notes if note),
        sure="" if item.confidence == "exact" else CONFIDENCE[item.confidence](language),
        contest=f"/contests/new?fact={quote(item.key, safe='')}" if own and item.key and not item.contested else "",
        contested=item.contested is not None,
        cards=tuple(card(ref, address, language) for ref, address in item.links.items()),
        said=spoken.lines(item, names, language),
    )
