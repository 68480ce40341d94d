"""Rows as amoCRM shows them."""

from __future__ import annotations

from providers.amocrm.sandbox.shapes.activity import event, event_id, event_number, note, task, unsorted
from providers.amocrm.sandbox.shapes.base import link
from providers.amocrm.sandbox.shapes.cards import company, contact, lead
from providers.amocrm.sandbox.shapes.layout import (
    ROLES,
    catalog,
    custom_field,
    element,
    loss_reason,
    pipeline,
    status,
    user,
)

__all__ = [
    "ROLES", "catalog", "company", "contact", "custom_field", "element", "event", "event_id", "event_number", "lead",
    "link", "loss_reason", "note", "pipeline", "status", "task", "unsorted", "user",
]  # fmt: skip
