"""What a CRM says, in CRM-neutral values.

Ids are the CRM's own, as text. Instants are aware UTC. Money is integer minor units with an ISO currency.
A *ref* names a record of any kind: `deal:7001`, `lead:12`, `contact:701`, `company:801`; clients carry the ref as id.
Every record hangs on at most one other (`link()`); following links upwards ends at the client that names the dossier.
Sources: crm/amocrm and crm/bitrix24 vendor pages, cited in each provider's mapping.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, ClassVar, Literal

import msgspec

Outcome = Literal["open", "won", "lost"]
What = Literal["payment", "refund", "rating", "objection", "script", "technique", "invoice", "training"]
"""What is imported."""
Ref = str


class Record(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing as the CRM stated it at `updated_at` (None where the CRM gives no such moment)."""

    kind: ClassVar[str] = "record"
    id: str
    updated_at: datetime | None = None

    @property
    def ref(self) -> Ref:
        """How other records name this one."""
        return f"{self.kind}:{self.id}"

    def link(self) -> Ref | None:
        """What this record hangs on, None for the top of a dossier or for a directory entry."""
        return None


class User(Record, frozen=True, kw_only=True):
    """Who sells. `team_ids` are current; membership over time is kept by the store."""

    kind: ClassVar[str] = "user"
    name: str
    active: bool = True
    admin: bool = False
    team_ids: tuple[str, ...] = ()
    zone: str | None = None


class Team(Record, frozen=True, kw_only=True):
    """A group (amoCRM) or department (Bitrix24); `head_ids` are users who lead it."""

    kind: ClassVar[str] = "team"
    name: str
    parent_id: str | None = None
    head_ids: tuple[str, ...] = ()


class Pipeline(Record, frozen=True, kw_only=True):
    """A sales funnel; `of` tells whose stages it holds."""

    kind: ClassVar[str] = "pipeline"
    name: str
    of: Literal["deal", "lead"] = "deal"
    archived: bool = False


class Stage(Record, frozen=True, kw_only=True):
    """A stage; `id` is unique in the account (amoCRM: `pipeline/status`, as 142 and 143 repeat in each pipeline)."""

    kind: ClassVar[str] = "stage"
    name: str
    pipeline_id: str
    outcome: Outcome = "open"
    sort: int = 0
    unsorted: bool = False


class LossReason(Record, frozen=True, kw_only=True):
    """Why deals or leads are lost; Bitrix24's lost stages are mapped to the same kind."""

    kind: ClassVar[str] = "loss_reason"
    name: str


class Rate(Record, frozen=True, kw_only=True):
    """What one unit of `currency` cost in the account's currency on `day`; id is `USD@2026-09-01`."""

    kind: ClassVar[str] = "rate"
    currency: str
    day: date
    rate: str
    """A decimal as text, exact."""


class Absence(Record, frozen=True, kw_only=True):
    """Somebody was away from `first` to `last`, both included; or was hired or left on that day (`left`: his last one).

    A vacation, an illness and other absence pause his working time (rule C10).
    """

    kind: ClassVar[str] = "absence"
    user_id: str
    first: date
    last: date
    what: Literal["vacation", "sick", "other", "hired", "left"] = "other"

    @classmethod
    def of(
        cls, user: str, what: Literal["vacation", "sick", "other", "hired", "left"], first: date, last: date
    ) -> Absence:
        """One that no CRM numbers: it is named by what it says."""
        return cls(id=f"{user}:{what}:{first}..{last}", user_id=user, what=what, first=first, last=last)


class Client(Record, frozen=True, kw_only=True):
    """Whom we sell to. `id` is the ref itself, `contact:701` or `company:801`; phones are keyed hashes."""

    kind: ClassVar[str] = "client"
    created_at: datetime | None = None
    company: Ref | None = None
    phones: tuple[str, ...] = ()
    name: str | None = None
    """Only where the configuration switches names on."""

    @property
    def ref(self) -> Ref:
        return self.id

    def link(self) -> Ref | None:
        return self.company


class Lead(Record, frozen=True, kw_only=True):
    """An enquiry before it is a deal: Bitrix24 lead, amoCRM unsorted. `deal` where the CRM links it."""

    kind: ClassVar[str] = "lead"
    created_at: datetime
    created_by: str | None = None
    owner_id: str | None = None
    pipeline_id: str | None = None
    stage_id: str | None = None
    outcome: Outcome = "open"
    closed_at: datetime | None = None
    loss_reason_id: str | None = None
    clients: tuple[Ref, ...] = ()
    deal: Ref | None = None
    source: str | None = None
    test: bool = False
    """Its name holds one of the account's words for tests (rule C11); the name itself is not kept."""

    def link(self) -> Ref | None:
        return self.deal or (self.clients[0] if self.clients else None)


class Deal(Record, frozen=True, kw_only=True):
    """A sale being made. `contacts`: the main one first; `fields`: the wanted custom ones."""

    kind: ClassVar[str] = "deal"
    created_at: datetime
    created_by: str | None = None
    """None or a robot's id where no person made it; amoCRM's user 0 is mapped to None."""
    owner_id: str | None = None
    pipeline_id: str
    stage_id: str
    outcome: Outcome = "open"
    closed_at: datetime | None = None
    """The moment of the last close as far as the CRM states it; a fallback where no move is known."""
    amount: int | None = None
    currency: str | None = None
    loss_reason_id: str | None = None
    company: Ref | None = None
    contacts: tuple[Ref, ...] = ()
    lead_id: str | None = None
    source: str | None = None
    unsorted: bool = False
    test: bool = False
    """Its name holds one of the account's words for tests (rule C11); the name itself is not kept."""
    fields: dict[str, Any] = {}

    def link(self) -> Ref | None:
        return self.company or (self.contacts[0] if self.contacts else None)


class Move(Record, frozen=True, kw_only=True):
    """A deal or lead entered a stage. `from_*` are None where the CRM does not tell (Bitrix24)."""

    kind: ClassVar[str] = "move"
    of: Ref
    at: datetime
    pipeline_id: str
    stage_id: str
    outcome: Outcome
    from_stage_id: str | None = None
    from_outcome: Outcome | None = None
    by: str | None = None

    def link(self) -> Ref | None:
        return self.of


class Owner(Record, frozen=True, kw_only=True):
    """The responsible person changed. `how`: told by the CRM, or seen by us between two syncs."""

    kind: ClassVar[str] = "owner"
    of: Ref
    at: datetime
    user_id: str | None
    before: str | None
    by: str | None = None
    how: Literal["exact", "observed"] = "exact"

    def link(self) -> Ref | None:
        return self.of


class Price(Record, frozen=True, kw_only=True):
    """The amount or its currency changed; None is "no amount".

    `currency_before` is None where none stood, or where the CRM tells amounts only (amoCRM: one currency an account).
    """

    kind: ClassVar[str] = "price"
    of: Ref
    at: datetime
    amount: int | None
    before: int | None
    currency: str | None = None
    currency_before: str | None = None
    by: str | None = None
    how: Literal["exact", "observed"] = "exact"

    def link(self) -> Ref | None:
        return self.of


class Removal(Record, frozen=True, kw_only=True):
    """A deal, lead or client was deleted, restored or merged into another, as the CRM tells it."""

    kind: ClassVar[str] = "removal"
    of: Ref
    at: datetime
    what: Literal["deleted", "restored", "merged"]
    into: Ref | None = None
    by: str | None = None

    def link(self) -> Ref | None:
        return self.of


class Call(Record, frozen=True, kw_only=True):
    """A phone call; `seconds` is talk time, 0 where nobody answered. `on`: what it hangs on, most specific first."""

    kind: ClassVar[str] = "call"
    at: datetime
    direction: Literal["out", "in"]
    answered: bool
    seconds: int = 0
    user_id: str | None = None
    on: tuple[Ref, ...] = ()
    phone: str | None = None
    """A keyed hash."""
    unique: str | None = None
    """The telephony's own id: two rows with one `unique` are one call."""

    def link(self) -> Ref | None:
        return self.on[0] if self.on else None


class Message(Record, frozen=True, kw_only=True):
    """We wrote to the client: a chat, a text message, an e-mail. What was written is not kept.

    `user_id` None: a robot wrote it, as far as the CRM tells.
    """

    kind: ClassVar[str] = "message"
    at: datetime
    user_id: str | None = None
    on: tuple[Ref, ...] = ()

    def link(self) -> Ref | None:
        return self.on[0] if self.on else None


class Meeting(Record, frozen=True, kw_only=True):
    """A meeting; counts once `done_at` is set."""

    kind: ClassVar[str] = "meeting"
    user_id: str | None = None
    created_at: datetime | None = None
    due_at: datetime | None = None
    done_at: datetime | None = None
    done_exact: bool = False
    """`done_at` is the moment of completion even where nothing was changed since."""
    has_result: bool | None = None
    activity: bool = False
    """One of the CRM's own to-dos, which are apart from its tasks (Bitrix24)."""
    on: tuple[Ref, ...] = ()

    def link(self) -> Ref | None:
        return self.on[0] if self.on else None


class Task(Record, frozen=True, kw_only=True):
    """A task or to-do that is not a meeting. `ours`: made by this program, invisible to KPIs (rule C13)."""

    kind: ClassVar[str] = "task"
    user_id: str | None = None
    created_at: datetime | None = None
    due_at: datetime | None = None
    done_at: datetime | None = None
    done_exact: bool = False
    """`done_at` is the moment of completion even where nothing was changed since."""
    on: tuple[Ref, ...] = ()
    ours: bool = False
    activity: bool = False
    """As of a meeting."""

    def link(self) -> Ref | None:
        return self.on[0] if self.on else None


class Done(Record, frozen=True, kw_only=True):
    """A task or meeting was completed at `at`, told by an event (amoCRM tasks carry no such moment)."""

    kind: ClassVar[str] = "done"
    of: Ref
    """`meeting:61` and `task:61` share ids in amoCRM: the ref here is always `task:61`."""
    at: datetime
    by: str | None = None

    def link(self) -> Ref | None:
        return self.of


class Deadline(Record, frozen=True, kw_only=True):
    """The deadline of a task or meeting was moved, set or taken away. `how`: told by the CRM, or seen by us.

    amoCRM's is of `task:61` whatever 61 is, as that of Done.
    """

    kind: ClassVar[str] = "deadline"
    of: Ref
    at: datetime
    due_at: datetime | None
    before: datetime | None
    by: str | None = None
    how: Literal["exact", "observed"] = "exact"

    def link(self) -> Ref | None:
        return self.of


class Filling(Record, frozen=True, kw_only=True):
    """Custom fields of a deal were filled or emptied, as we saw: between `since` and `at` the CRM told other values.

    `before`: the names of those of `Deal.fields` that held something until then. What stood in them is not kept.
    """

    kind: ClassVar[str] = "filling"
    of: Ref
    at: datetime
    since: datetime
    """Of when the version before was, as the CRM told it."""
    before: tuple[str, ...] = ()

    def link(self) -> Ref | None:
        return self.of


class External(Record, frozen=True, kw_only=True):
    """What no CRM tells and somebody imported; `id` is the importer's own key, `updated_at` when it was taken in.

    `number`: the score, the share 0..1 (objection, technique), or the script items passed of `items`. `paid`: minor
    units of an invoice's `currency`. `source` and `by`: the file or address, and who brought it.
    """

    kind: ClassVar[str] = "external"
    what: What
    at: datetime
    user_id: str | None = None
    deal: Ref | None = None
    client: Ref | None = None
    amount: int | None = None
    currency: str | None = None
    number: float | None = None
    items: float | None = None
    due_at: datetime | None = None
    paid: int | None = None
    technique: str | None = None
    reason: str | None = None
    """Why a refund was made, in the words of `refund_excused_reasons`."""
    source: str = ""
    by: str = ""
    call: str | None = None
    """The call that was scored: it tells whose and of which deal the row is, whatever becomes of it."""

    def link(self) -> Ref | None:
        return f"call:{self.call}" if self.call is not None else self.deal or self.client


class Gone(msgspec.Struct, frozen=True, kw_only=True):
    """The CRM confirmed, asked for this one id, that it is not there (any more)."""

    kind: str
    id: str
    at: datetime | None = None


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """A row that could not be read: kept raw and reported, never fatal."""

    kind: str
    id: str
    reason: str
    raw: str


KINDS: tuple[type[Record], ...] = (
    Team, User, Pipeline, Stage, LossReason, Rate, Client, Lead, Deal,
    Move, Owner, Price, Removal, Call, Message, Meeting, Task, Done, Deadline,
)  # fmt: skip
"""In the order in which a sync reads them: directories, then clients, then what hangs on them."""

BY_NAME: dict[str, type[Record]] = {kind.kind: kind for kind in KINDS} | {
    Filling.kind: Filling,
    External.kind: External,
}
"""Every kind that is kept: what is imported comes from no CRM, and nobody tells when a field was filled."""


def filled(value: Any) -> bool:
    """Whether there is anything in a custom field; a box that is not ticked is empty."""
    return value is not None and value is not False and value not in ("", [], {})


def names_test(name: Any, words: Iterable[str]) -> bool:
    """Whether any of these words or phrases stands in the name, whole and in any case (rule C11)."""
    told = " ".join(str(name or "").casefold().split())
    return any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", told) for one in words if (word := _folded(one)))


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
