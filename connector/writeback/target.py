"""What a wish is about, and the keys by which it is known once. Pure.

A key is `target#fingerprint of the values`: the same wish planned twice is one row, and what the CRM refused is not
asked again until our value changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec

from connector.wishes import AddTask, CloseTask, SetFields, UpsertCard, Wish
from connector.writeback.fields import ANSWER

CARD_ID = "@id"
"""In the ledger: under which id the CRM keeps a card."""
CONTESTS = "contests"
"""The level of answers on cards of deals, which are fields of a deal too."""
LEVELS: dict[type[Wish], str] = {
    SetFields: "deal_fields",
    UpsertCard: "kpi_card",
    AddTask: "tasks",
    CloseTask: "tasks",
}
TASKS = LEVELS[AddTask]
TASK = "task"
"""The sort of a task's target, as `deal` and `card` are of others'."""
ALL_LEVELS = (*dict.fromkeys(LEVELS.values()), CONTESTS)
"""Everything that may be written, by the settings that allow it."""


def level_of(wish: Wish) -> str:
    """The setting that allows it."""
    if isinstance(wish, SetFields) and set(wish.values) == {ANSWER.code}:
        return CONTESTS
    return LEVELS[type(wish)]


def deal_target(deal_id: str) -> str:
    """`deal:7001`."""
    return f"deal:{deal_id}"


def card_target(user_id: str, period: str) -> str:
    """`card:501:2026-09`."""
    return f"card:{user_id}:{period}"


def is_card(target: str) -> bool:
    """Whether it is a seller's card of a period."""
    return target.startswith("card:")


def target_of(wish: Wish) -> str:
    """The thing in the CRM; for a task that is not there yet, what it will be about."""
    match wish:
        case SetFields():
            return deal_target(wish.deal_id)
        case UpsertCard():
            return card_target(wish.user_id, wish.period)
        case CloseTask():
            return f"task:{wish.task_id}"
        case AddTask():
            return wish.key.partition("#")[0]


def fingerprint(values: Mapping[str, str | None]) -> str:
    """Twelve hex digits of the values, whatever their order."""
    return hashlib.sha256(msgspec.json.encode(dict(values), order="sorted")).hexdigest()[:12]


def key_for(target: str, values: Mapping[str, str | None]) -> str:
    """The idempotency key of giving these values to this target."""
    return f"{target}#{fingerprint(values)}"
