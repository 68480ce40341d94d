"""A merge is told without saying which of the cards went: the CRM is asked about the one the event names.

Source: crm/amocrm 3.8: `entity_merged` carries no values. The card that stays answers; the one that went does not, and
if the event named the one that stays, the sweep of ids finds the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connector.errors import NotThere
from connector.records import Record, Ref, Removal
from providers.amocrm.client import Client
from providers.amocrm.mapping.cards import in_trash

PATHS = {"deal": "leads", "contact": "contacts", "company": "companies"}


def settled(calls: Client, records: Sequence[Record]) -> list[Record]:
    """The same removals without merges whose card is still there."""
    named = {record.of for record in records if isinstance(record, Removal) and record.what == "merged"}
    there = {of for of in named if exists(calls, of)}
    return [record for record in records if not (isinstance(record, Removal) and _stays(record, there))]


def _stays(record: Removal, there: set[Ref]) -> bool:
    return record.what == "merged" and record.of in there


def exists(calls: Client, of: Ref) -> bool:
    """Whether this deal, contact or company is there and not in the trash. One empty answer may be a slip: what is gone
    is denied twice."""
    kind, _, id_ = of.partition(":")
    path = f"{PATHS[kind]}/{id_}"
    card = _card(calls, path) or _card(calls, path)
    return card is not None and not in_trash(card)


def _card(calls: Client, path: str) -> dict[str, Any] | None:
    """204 and 404 both say that it is not there."""
    try:
        card = calls.get(path)
    except NotThere:
        return None
    return card if isinstance(card, dict) else None
