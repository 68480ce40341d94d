"""The door to a CRM: what every provider gives and takes. A provider is a package with `Options` and `connect(kit)`.

The core loads it by name (`providers.<name>`, or a dotted module) and never imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Annotated, Any, Literal, Protocol, TypeVar, runtime_checkable

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
    """Keeps an account's OAuth pair through crashes; the protocol is in `connector.store.secret.tokens`."""

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
    optional_fields: tuple[str, ...] = ()
    """More of them, to keep once they are there: people make them later or never, so nobody is told that they miss."""
    currency_field: str | None = None
    """amoCRM: the custom field that says a deal is not in the account's currency."""
    test_words: tuple[str, ...] = ()
    """Words in a deal's or lead's name by which its `test` is set (records.names_test); the name is not kept."""
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


@dataclass(frozen=True, slots=True)
class Knock:
    """A request that says it comes out of the CRM, as it came: nothing of it is believed before a provider has.

    `headers` by their names in small letters.
    """

    query: Mapping[str, str] = field(repr=False)
    form: Mapping[str, str] = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Guest:
    """Who stands there, as the CRM itself vouches, and what he looks at.

    `place`: `deal:7001`, `lead:61`, `card:501/2026-09` (the KPI card of a person and month), or "" for a whole page.
    `once`: what must never come a second time before `until`.
    """

    user: str
    admin: bool = False
    place: str = ""
    once: str | None = field(default=None, repr=False)
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Installed:
    """An installation that was proven and carried out. `library` and `script` tell the CRM so in the browser.

    `places`: where pages are shown from now on. `notes`: what could not be done.
    """

    places: tuple[str, ...]
    notes: tuple[str, ...] = ()
    library: str = ""
    script: str = ""


@runtime_checkable
class ShowsPages(Protocol):
    """What a provider may have besides: our pages stand inside the CRM, and it proves who opened them."""

    @property
    def framed_by(self) -> str:
        """The only origin that may show our pages in a frame: https://acme.amocrm.ru."""
        ...

    def admit(self, knock: Knock, known: str | None) -> Guest:
        """Who opened a page; `known` is the account's id as it was first told. Raises Forbidden for anybody else."""
        ...


@runtime_checkable
class InstallsPages(ShowsPages, Protocol):
    """... and it has to be told where they are to stand."""

    def install(self, knock: Knock, known: str | None, address: str) -> Installed:
        """An administrator installs us: prove it, keep the access that comes with it, take our places.

        `address`: of the page that places open. Doing it again adds nothing. Raises Forbidden for anybody else.
        """
        ...


@dataclass(frozen=True, slots=True)
class Hints:
    """Which records a hook may be about: never what it says of them.

    `ids`: to be looked at one by one. `streams`: kinds of which something changed that the hook does not name by our
    ids. `queue`: the CRM's own queue of events is not empty. `refused`: why it is believed to be forged, or what it is.
    """

    ids: Mapping[type[Record], frozenset[str]] = field(default_factory=dict)
    streams: frozenset[type[Record]] = frozenset()
    queue: bool = False
    refused: str = ""


@runtime_checkable
class TakesHooks(Protocol):
    """What a provider may have besides: its CRM tells of changes by itself, and it knows a forged one."""

    follows: Mapping[type[Record], frozenset[type[Record]]]
    """Kinds whose streams tell more of a record that turned out to be another than we knew: its moves, its prices."""

    def hints(self, fields: Mapping[str, Any], known: str | None) -> Hints:
        """Of one form (connector/http/form.py); `known` is the account's id as it was first told. Sends nothing."""
        ...

    def subscribe(self, address: str) -> None:
        """Have changes told to this address, each once. Raises Refused where the access given cannot do that."""
        ...

    def unsubscribe(self, address: str) -> None: ...
    def subscribed(self, address: str) -> Literal["on", "off", "disabled"]:
        """How it stands; "disabled": the CRM gave up calling."""
        ...


@runtime_checkable
class KeepsNames(Protocol):
    """What a provider may have besides: people, stages and the like are not handed out again at every read."""

    def behind(self) -> frozenset[type[Record]]:
        """Kinds of them that should be pulled once more after this read, as its rows name what was not handed out."""
        ...


@runtime_checkable
class ReadsAgain(Protocol):
    """What a provider may have besides: its streams can be set back, to see once more what changed lately."""

    def earlier(self, kind: type[Record], cursor: str, since: datetime) -> str | None:
        """The cursor from which a pull sees again whatever changed since that moment, and goes on as from `cursor`.

        None where there is none: a read is under way, or this kind is not followed by moments of change.
        """
        ...


@runtime_checkable
class DoubtsLists(Protocol):
    """What a provider may have besides: kinds whose records can be looked for in lists only, if all one has is an id.

    `doubted`: kinds of which `fetch` says Gone of whatever no list showed: alone that takes no record out.
    """

    doubted: frozenset[type[Record]]

    def denied(self, records: Sequence[Record]) -> Iterator[str]:
        """Ids of those of these stored records that the CRM, asked again and by their own path, does not have."""
        ...


@runtime_checkable
class KeepsQueue(Protocol):
    """What a provider may have besides: events wait in the CRM until we say that we have them."""

    def queued(self) -> Iterator[tuple[str, Hints]]:
        """Parcels of events with a name each, those of a run that died first; they stay until `settle`."""
        ...

    def settle(self, parcel: str) -> None:
        """What this parcel told of is stored."""
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
        """These, one answer for each id: to confirm a hook or a deletion.

        Raises Unfit for those that cannot be read, the reason by id in its `items`, after the answers for all others.
        """
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
