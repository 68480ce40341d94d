"""A merge is told without saying which of the cards went: the CRM is asked about the one the event names.

Source: crm/amocrm 3.8: `entity_merged` carries no values. The card that stays answers; the one that went does not, and
if the event named the one that stays, the sweep of ids finds the other.
"""

from __future__ import annotations

from collections.abc import Sequence

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
    """Whether this deal, contact or company is there and not in the trash."""
    kind, _, id_ = of.partition(":")
    card = calls.thing(f"{PATHS[kind]}/{id_}")
    return isinstance(card, dict) and not in_trash(card)
