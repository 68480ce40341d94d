"""Fact: one countable thing that happened. Dossier: all that is known of one client."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from connector.contest.values import Ruling
from connector.records import (
    Call,
    Client,
    Deadline,
    Deal,
    Done,
    External,
    Filling,
    Lead,
    Meeting,
    Message,
    Move,
    Owner,
    Price,
    Ref,
    Task,
)

Confidence = Literal["exact", "observed", "assumed"]
STANDS = date.max
"""The day of facts that stand instead of having happened: an open deal is one as long as it is open."""
TASK, ACTIVITY = "task", "activity"
"""Sorts of what is to be done, as `stage` of its facts: a task, or one of the CRM's own to-dos and meetings, where it
keeps those apart (Bitrix24)."""


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One countable thing: what, when, whose, how much, from which records.

    `key` identifies it within its dossier (`win|deal:7001`). `day` is the account's local date of `at`, or STANDS.
    `amount` is minor units of the account's currency, None where there is no rate (then `note` says which).
    `number` and `other` are seconds, a score or an ordinal, `stage` a stage, step, outcome or sort, by kind
    (kpi/kinds.py).
    `due_at`: until then it is too early to judge. `owner_now`, `actor`, `creator`: who else may be credited.
    `omitted` names why it counts nowhere; such facts are only shown by explain.
    """

    key: str
    kind: str
    at: datetime
    day: date
    user: str | None = None
    client: Ref | None = None
    deal: str | None = None
    lead: str | None = None
    call: str | None = None
    pipeline: str | None = None
    source: str | None = None
    amount: int | None = None
    number: float | None = None
    other: float | None = None
    stage: str | None = None
    owner_now: str | None = None
    actor: str | None = None
    creator: str | None = None
    due_at: datetime | None = None
    confidence: Confidence = "exact"
    omitted: str | None = None
    note: str | None = None


class Dossier(msgspec.Struct, frozen=True, kw_only=True):
    """Everything known of one client, deleted records included (`gone` says since when), each tuple ordered by id.

    `since` holds, for each deal, lead, task and meeting ref, when we first saw it: history before that is not observed.
    `rulings`: which of its facts count nowhere by a head's decision, in force now.
    """

    key: Ref
    clients: tuple[Client, ...] = ()
    leads: tuple[Lead, ...] = ()
    deals: tuple[Deal, ...] = ()
    moves: tuple[Move, ...] = ()
    owners: tuple[Owner, ...] = ()
    prices: tuple[Price, ...] = ()
    calls: tuple[Call, ...] = ()
    messages: tuple[Message, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    tasks: tuple[Task, ...] = ()
    dones: tuple[Done, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    fillings: tuple[Filling, ...] = ()
    externals: tuple[External, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    gone: dict[Ref, datetime] = {}
    merged: dict[Ref, Ref] = {}
    since: dict[Ref, datetime] = {}
