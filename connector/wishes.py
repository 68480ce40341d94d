"""What we ask of a CRM. Each wish carries an idempotency key; each gets one outcome of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from connector.records import Ref

FieldType = Literal["number", "money", "text", "date", "flag", "url"]


class FieldSpec(msgspec.Struct, frozen=True, kw_only=True):
    """A field of ours. `code` is stable (`KPI_RESPONSE_MINUTES`); titles are what people read."""

    code: str
    title: str
    type: FieldType


class Layout(msgspec.Struct, frozen=True, kw_only=True):
    """What must exist in the CRM before we write: our deal fields in one group, the KPI card's home and its fields."""

    group: str
    deal_fields: tuple[FieldSpec, ...] = ()
    card_name: str = ""
    card_fields: tuple[FieldSpec, ...] = ()


class SetFields(msgspec.Struct, frozen=True, kw_only=True, tag="set_fields"):
    """Give our fields on one deal these values (text as the CRM shows it; None empties).

    `last` is what we wrote before: a value in the CRM that is neither `last` nor ours to begin with is a person's.
    """

    key: str
    deal_id: str
    values: dict[str, str | None]
    last: dict[str, str | None] = {}


class UpsertCard(msgspec.Struct, frozen=True, kw_only=True, tag="upsert_card"):
    """The KPI card of one person and period; `crm_id` where it is known to exist."""

    key: str
    user_id: str
    period: str
    title: str
    values: dict[str, str | None]
    crm_id: str | None = None
    last: dict[str, str | None] = {}


class AddTask(msgspec.Struct, frozen=True, kw_only=True, tag="add_task"):
    """A task for a head. `marker` is a short mark that ends the text, by which a lost answer is looked up."""

    key: str
    marker: str
    user_id: str
    title: str
    text: str
    due_at: datetime
    about: Ref | None = None


class CloseTask(msgspec.Struct, frozen=True, kw_only=True, tag="close_task"):
    """Complete a task of ours."""

    key: str
    task_id: str
    text: str = ""


Wish = SetFields | UpsertCard | AddTask | CloseTask


class Delivered(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one wish. `before`/`after` are the fields' values around the write, as the CRM shows them.

    done: written and answered. noop: already so. conflict: a person changed it, left alone. rejected: the CRM says no
    for good. retry: not executed, may pass later. unknown: sent, answer lost.
    """

    key: str
    status: Literal["done", "noop", "conflict", "rejected", "retry", "unknown"]
    crm_id: str | None = None
    before: dict[str, str | None] = {}
    after: dict[str, str | None] = {}
    message: str = ""


class Raised(msgspec.Struct, frozen=True, kw_only=True):
    """A task that was given to a head earlier, or is on its way there; `closed_at` None while it counts as open."""

    subject: str
    """Whom it is about: `user:501`."""
    kpi: str
    head: str
    """The user who got it."""
    at: datetime
    closed_at: datetime | None = None
    withdrawn: bool = False
    """An undo completed it: it is not open, by whichever clock."""


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger knows of one field of ours: what we wanted last, and what the CRM showed then.

    `theirs`: a person's value stood there (`shown`), and we left it alone.
    """

    wanted: str | None
    shown: str | None
    at: datetime
    theirs: bool = False
