"""The methods this portal knows; importing this package registers them."""

from providers.bitrix24.sandbox.methods import (
    activities,
    basics,
    classic,
    directories,
    events,
    fields,
    history,
    items,
    messages,
    people,
    placements,
    remarks,
    smart,
    tasks,
    telephony,
)
from providers.bitrix24.sandbox.methods.registry import METHODS, Method

__all__ = [
    "METHODS",
    "Method",
    "activities",
    "basics",
    "classic",
    "directories",
    "events",
    "fields",
    "history",
    "items",
    "messages",
    "people",
    "placements",
    "remarks",
    "smart",
    "tasks",
    "telephony",
]
