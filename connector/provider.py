"""The door to a CRM: what every provider gives and takes. A provider is a package with `Options` and `connect(kit)`.

The core loads it by name (`providers.<name>`, or a dotted module) and never imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, Protocol, TypeVar, runtime_checkable

from pydantic import BeforeValidator, SecretStr

from connector.records import Absence, Call, Deadline, Gone, Record, Refusal
from connector.wishes import AddTask, Delivered, Layout, Wish

R = TypeVar("R", bound=Record)


def _not_in_clear(value: object) -> object:
    if not isinstance(value, SecretStr):
        raise ValueError('a secret, by { env = "NAME" } or { file = "PATH" }, never in clear')
    return value


Secret = Annotated[SecretStr, BeforeValidator(_not_in_clear)]
"""For a provider's `Options`: the configuration hands secrets over already wrapped, text in clear is refused."""


@dataclass(frozen=True, slots=True)
class Page:
    """Some records of one kind, and the cursor to store with them in one transaction.

    `cursor` is opaque outside its provider: pulling again from it loses nothing. `told_at` is the server's time of the
    answer. A page may be empty and still move the cursor. `total` is a guess for progress bars.
    """

    records: Sequence[Record]
    cursor: str
    told_at: datetime
    refused: Sequence[Refusal] = ()
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What this account gives and takes. Kinds not in `kinds` have no source here: their KPIs say so, never 0."""

    kinds: frozenset[type[Record]]
    owner_history: str
    """"exact" (the CRM tells every change) or "observed" (we compare what we see)."""
    price_history: str
    writes: frozenset[str] = frozenset()
    """Tags of wishes it can fulfil: set_fields, upsert_card, add_task, close_task."""
    limits: str = ""
    """The vendor's pace in words, for the check."""
    notes: tuple[str, ...] = ()
    """What a person should know: rights missing, filter ignored, plan limits."""

    @property
    def deadline_history(self) -> str:
        """Likewise of tasks' deadlines: the CRM tells every change where it gives them as records."""
        return "exact" if Deadline in self.kinds else "observed"


@dataclass(frozen=True, slots=True)
class Account:
    """What the CRM says of itself."""

    id: str
    name: str
    zone: str | None
    currency: str | None
    host: str
    clock_offset: float = 0.0
    """Server minus local clock, seconds."""


@dataclass(frozen=True, slots=True)
class Field:
    """A custom field found on deals, for the check and the wizard."""

    id: str
    name: str
    code: str | None
    type: str


class TokenVault(Protocol):
    """Keeps an account's OAuth pair through crashes; the protocol is in `connector.store.tokens`."""

    def current(self) -> Tokens | None: ...
    def keep(self, tokens: Tokens) -> None:
        """Store a pair won by an authorisation code."""
        ...

    def refresh(self, stale: Tokens, spend: Callable[[Tokens], Tokens]) -> Tokens:
        """One refresher at a time; `spend` is called once with the newest pair and never repeated blindly.

        `spend` raises Reauthorise when the vendor says revoked, Uncertain/Broken when nobody knows, Unreachable where
        the call certainly never left. What comes back may be `stale` itself: while the outcome of a refresh is unknown
        or the grant is dead, an access token is used as long as it lives.
        """
        ...


@dataclass(frozen=True, slots=True)
class Tokens:
    """An OAuth pair; `base` is the host it was given for, `extra` what the vendor adds (member_id, endpoints)."""

    access: str = field(repr=False)
    refresh: str = field(repr=False)
    expires_at: datetime
    issued_at: datetime
    base: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kit:
    """What the program hands to a provider: settings, clock, vault, what to keep and how fast to go."""

    account: str
    options: Any
    """The provider's own validated `Options`."""
    vault: TokenVault
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]
    hash_phone: Callable[[str], str]
    """Keyed, stable, of the last ten digits."""
    wanted_fields: tuple[str, ...] = ()
    """Custom deal fields to keep in `Deal.fields`, by name, code or id, keyed there exactly as written here."""
    currency_field: str | None = None
    """amoCRM: the custom field that says a deal is not in the account's currency."""
    keep_names: bool = False
    share: Callable[[], float] = lambda: 1.0
    """The part of the vendor's limit to use at this moment, 0..1."""
    workers: int = 4
    """Requests in flight at most."""


@runtime_checkable
class TellsAbsences(Protocol):
    """What a provider may have besides: it knows when people are away."""

    def absences(self, first: date, last: date) -> Sequence[Absence] | None:
        """All that touch these days, both included; None where this account is not asked. Raises Forbidden."""
        ...


@runtime_checkable
class TellsReplies(Protocol):
    """What a provider may have besides: what people wrote when they closed tasks of ours."""

    def replies(self, tasks: Sequence[str]) -> Mapping[str, str]:
        """By id of the task, the text of its result; nothing of tasks without one, and of those that are gone.

        Raises what a read raises.
        """
        ...


@dataclass(frozen=True, slots=True)
class Said:
    """The words of one call as the CRM holds them: plain text, lines with speakers, JSON, subtitles."""

    call: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Recording:
    """Where the sound of one call lies. The address may be signed: it is used once and written nowhere."""

    call: str
    url: str = field(repr=False)


@runtime_checkable
class TellsTranscripts(Protocol):
    """What a provider may have besides: it knows what was said in calls."""

    def transcripts(self, calls: Sequence[Call]) -> Iterator[Said]:
        """Those of these calls that there are now; nothing for the others. Raises Forbidden where it may not."""
        ...


@runtime_checkable
class TellsRecordings(Protocol):
    """What a provider may have besides: it knows where recordings of calls lie."""

    def recordings(self, calls: Sequence[Call]) -> Iterator[Recording]:
        """Those of these calls that were recorded."""
        ...


@runtime_checkable
class Provider(Protocol):
    """One account in one CRM."""

    can: Capabilities
    requests: int
    """HTTP requests made so far, for run history and benchmarks."""

    def account(self) -> Account: ...
    def fields(self) -> Sequence[Field]:
        """Custom deal fields, for the check."""
        ...

    def pull(self, kind: type[R], cursor: str | None) -> Iterator[Page]:
        """What changed since `cursor`; all of it if None. The last page of a pull carries the cursor for the next."""
        ...

    def fetch(self, kind: type[R], ids: Sequence[str]) -> Iterator[Record | Gone]:
        """These, one answer for each id: to confirm a hook or a deletion."""
        ...

    def ids(self, kind: type[R]) -> Iterator[str]:
        """Every id there is now, for the sweep that finds deletions. Raises rather than end early."""
        ...

    def prepare(self, layout: Layout) -> None:
        """Create what is missing of our fields and the card's home; idempotent, touches nothing of others."""
        ...

    def apply(self, wishes: Sequence[Wish]) -> Iterator[Delivered]:
        """One outcome for each wish, in any order, each judged alone."""
        ...

    def find(self, wish: AddTask) -> str | None:
        """The id of the task with this wish's marker, if it exists: look before repeating what may have happened."""
        ...

    def link_to(self, ref: str) -> str:
        """The address of a record's card for a person: `deal:7001`, `contact:701`, `task:61`."""
        ...

    def close(self) -> None: ...
