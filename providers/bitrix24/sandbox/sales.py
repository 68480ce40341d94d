"""What can be done to a lead or deal, by the company or through REST: open, move, price, convert; with its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from providers.bitrix24.sandbox.history import CATEGORY, CLOSED, CREATED, WORKED
from providers.bitrix24.sandbox.portal import Portal
from providers.bitrix24.sandbox.rows import DEAL, LEAD, Item
from providers.bitrix24.sandbox.stages import coded


@dataclass(frozen=True, slots=True)
class Draft:
    """What a new lead or deal starts with."""

    id: int
    title: str
    owner: int
    by: int
    category: int = 0
    stage: str = "NEW"
    contact: int = 0
    company: int = 0
    lead: int | None = None
    source: str = ""
    amount: int = 0
    currency: str = "RUB"


def open_item(portal: Portal, kind: int, draft: Draft, at: datetime) -> Item:
    """A new item, and the first row of its history (TYPE_ID 1)."""
    item = Item(
        kind,
        draft.id,
        draft.title,
        draft.owner,
        at,
        draft.by,
        at,
        draft.by,
        category=draft.category,
        stage=draft.stage,
        semantics=portal.statuses.semantics(kind, draft.category, draft.stage) or "P",
        moved=at,
        moved_by=draft.by,
        amount=draft.amount,
        currency=draft.currency,
        contact=draft.contact,
        company=draft.company,
        lead=draft.lead,
        source=draft.source,
        begin=at.astimezone(portal.zone).date(),
        close=(at + timedelta(days=7)).astimezone(portal.zone).date(),
        active=at,
        active_by=draft.by,
    )
    portal.items[kind].put(item.id, item)
    portal.histories[kind].record(item, CREATED, at)
    return item


def move(portal: Portal, item: Item, category: int, stage: str, by: int, at: datetime) -> bool:
    """To a stage, perhaps of another pipeline; False where it already stands there, then nothing is saved.

    A change of pipeline is a row of TYPE_ID 5 in the new pipeline's first stage or wherever it is put; a final stage
    always gets its own row of TYPE_ID 3.
    """
    if (category, stage) == (item.category, item.stage):
        return False
    history = portal.histories[item.kind]
    semantics = portal.statuses.semantics(item.kind, category, stage) or "P"
    if category != item.category:
        item.category = category
        entry = stage if semantics == "P" else first_stage(item.kind, category)
        _stand(item, entry, "P", by, at)
        history.record(item, CATEGORY, at)
        history.show(item)
    if item.stage != stage:
        _stand(item, stage, semantics, by, at)
        history.record(item, WORKED if semantics == "P" else CLOSED, at)
    _close(portal, item, at)
    portal.touch(item, by, at)
    return True


def first_stage(kind: int, category: int) -> str:
    """Where an item of a pipeline begins."""
    if kind in (LEAD, DEAL):
        return coded(category, "NEW")
    return f"DT{kind}_{category}:NEW"


def _stand(item: Item, stage: str, semantics: str, by: int, at: datetime) -> None:
    item.stage, item.semantics, item.moved, item.moved_by = stage, semantics, at, by


def _close(portal: Portal, item: Item, at: datetime) -> None:
    """A closed deal's `closedate` becomes today; a lead has a moment of closing."""
    item.closed_at = at if item.semantics != "P" else None
    if item.semantics != "P" and item.kind != LEAD:
        item.close = at.astimezone(portal.zone).date()


def convert(portal: Portal, lead: Item, category: int, by: int, at: datetime) -> Item:
    """The lead becomes CONVERTED; a deal with the same number starts in the first stage and knows its lead."""
    move(portal, lead, 0, "CONVERTED", by, at)
    draft = Draft(
        lead.id,
        lead.title,
        lead.owner,
        by,
        category=category,
        stage=first_stage(DEAL, category),
        contact=lead.contact,
        company=lead.company,
        lead=lead.id,
        source=lead.source,
        amount=lead.amount,
        currency=lead.currency,
    )
    deal = open_item(portal, DEAL, draft, at)
    deal.uf = dict(lead.uf)
    return deal


def set_value(portal: Portal, item: Item, label: str, value: Any) -> None:
    """Fill the custom field that carries this label."""
    field = portal.field_named(label)
    if field is not None:
        item.uf[field.name] = value
