"""One amoCRM or Kommo account: joins the calls, the streams, single records and the writing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from connector.errors import Forbidden
from connector.http import Http, Pacer
from connector.provider import Account, Capabilities, Field, Guest, Hints, Kit, Knock, Page, Recording, Said
from connector.records import Call, Gone, Record
from connector.wishes import AddTask, Delivered, Layout, Wish
from providers.amocrm import cursor as cursors
from providers.amocrm import hooks
from providers.amocrm.auth import Access, Granted, LongLived
from providers.amocrm.client import Client
from providers.amocrm.directory import Directory
from providers.amocrm.entering import Lock, guest
from providers.amocrm.hosts import address
from providers.amocrm.layout import Layouts
from providers.amocrm.looking import Looking
from providers.amocrm.makers import Makers
from providers.amocrm.mapping import directory as mapping
from providers.amocrm.mapping.values import identity, label
from providers.amocrm.streams import DIRECTORIES, KINDS, Streams
from providers.amocrm.transcripts import Transcripts
from providers.amocrm.verdict import judge, judge_token
from providers.amocrm.writing import WRITES, Writing

if TYPE_CHECKING:
    from providers.amocrm import Options

R = TypeVar("R", bound=Record)
RATE = 6.9
"""Requests a second of one integration; the vendor's limit is 7, and two machines' clocks differ."""
_CARDS = {
    "deal": "leads/detail", "contact": "contacts/detail", "company": "companies/detail", "customer": "customers/detail"
}  # fmt: skip


class AmoCrm:
    """See `connector.provider.Provider`. `authority` is where access is granted, None with a long-lived token."""

    def __init__(self, kit: Kit) -> None:
        options: Options = kit.options
        self._kit = kit
        pacer = Pacer(RATE, share=kit.share, sleep=kit.sleep)
        self._http = Http(kit.account, pacer, judge, clock=kit.clock, sleep=kit.sleep)
        self._tokens = Http(kit.account, pacer, judge_token, clock=kit.clock, sleep=kit.sleep)
        self.authority: Granted | None = None
        access = self._way_in(kit, options)
        self._calls = Client(self._http, access, kit.workers)
        self._access = access
        directory = Directory(self._calls, options.heads, options.meeting_types)
        makers = Makers(kit, self._calls, directory)
        since = options.history_from
        begins = int(datetime.combine(since, time(), UTC).timestamp()) if since else None
        self._directory = directory
        self._streams = Streams(self._calls, directory, makers, begins, self._note)
        self._looking = Looking(self._calls, directory, makers)
        layouts = Layouts(self._calls, self._note)
        self._layouts = layouts
        self._spoken = Transcripts(self._calls, options.transcript_field)
        self._writing = Writing(self._calls, directory, layouts)
        self.can = Capabilities(
            KINDS,
            owner_history="exact",
            price_history="exact",
            writes=WRITES,
            limits=f"7 requests a second, of which at most {RATE:g} are used",
        )
        if isinstance(access, LongLived) and (warning := access.warning(kit.clock())):
            self._note(warning)

    @property
    def requests(self) -> int:
        """HTTP requests so far, those for tokens included."""
        return self._http.sent + self._tokens.sent

    def account(self) -> Account:
        """Who we are connected to; always asked anew, which also sets the server's clock."""
        row = self._directory.account(anew=True)
        zone, told = mapping.zone(row), mapping.told_zone(row)
        if told and zone is None:
            self._note(f"the account's time zone {told!r} is not known here: set `timezone` in the configuration")
        return Account(
            id=identity(row),
            name=label(row.get("name")),
            zone=zone.key if zone else None,
            currency=label(row.get("currency")) or None,
            host=self._access.base.partition("://")[2],
            clock_offset=self._http.offset,
        )

    def fields(self) -> Sequence[Field]:
        """Custom fields of deals."""
        return [
            Field(str(row.get("id")), label(row.get("name")), row.get("code"), str(row.get("type")))
            for row in self._layouts.fields_of("leads")
        ]

    def pull(self, kind: type[R], cursor: str | None) -> Iterator[Page]:
        return self._streams.pull(kind, cursor)

    def behind(self) -> frozenset[type[Record]]:
        """See `connector.provider.KeepsNames`."""
        return self._directory.behind()

    def earlier(self, kind: type[Record], cursor: str, since: datetime) -> str | None:
        """See `connector.provider.ReadsAgain`."""
        found = None if kind in DIRECTORIES else cursors.earlier(cursors.read(cursor), int(since.timestamp()))
        return None if found is None else cursors.write(found)

    doubted = frozenset({Call})

    def denied(self, records: Sequence[Record]) -> Iterator[str]:
        """See `connector.provider.DoubtsLists`."""
        return self._looking.denied(records)

    def fetch(self, kind: type[R], ids: Sequence[str]) -> Iterator[Record | Gone]:
        return self._looking.fetch(kind, ids)

    def ids(self, kind: type[R]) -> Iterator[str]:
        return self._looking.ids(kind)

    def transcripts(self, calls: Sequence[Call]) -> Iterator[Said]:
        """See `connector.provider.TellsTranscripts`."""
        return self._spoken.transcripts(calls)

    def recordings(self, calls: Sequence[Call]) -> Iterator[Recording]:
        """See `connector.provider.TellsRecordings`."""
        return self._spoken.recordings(calls)

    def prepare(self, layout: Layout) -> None:
        self._layouts.prepare(layout)

    def apply(self, wishes: Sequence[Wish]) -> Iterator[Delivered]:
        return self._writing.apply(wishes)

    def find(self, wish: AddTask) -> str | None:
        return self._writing.find(wish)

    def replies(self, tasks: Sequence[str]) -> Mapping[str, str]:
        """See `connector.provider.TellsReplies`."""
        return self._writing.replies(tasks)

    follows = hooks.FOLLOWS

    def hints(self, fields: Mapping[str, Any], known: str | None) -> Hints:
        """See `connector.provider.TakesHooks`."""
        return hooks.hints(fields, known)

    def subscribe(self, address: str) -> None:
        hooks.Subscription(self._calls).on(address)

    def unsubscribe(self, address: str) -> None:
        hooks.Subscription(self._calls).off(address)

    def subscribed(self, address: str) -> Literal["on", "off", "disabled"]:
        return hooks.Subscription(self._calls).state(address)

    def link_to(self, ref: str) -> str:
        """amoCRM has pages for cards; a task is shown in the list of tasks, anything else on the account's start."""
        kind, _, id_ = ref.partition(":")
        base = address(self._access.base)
        if kind in _CARDS:
            return f"{base}/{_CARDS[kind]}/{id_}"
        return f"{base}/todo/line/" if kind in ("task", "meeting") else f"{base}/"

    @property
    def framed_by(self) -> str:
        """See `connector.provider.ShowsPages`."""
        return address(self._access.base)

    def admit(self, knock: Knock, known: str | None) -> Guest:
        """See `connector.provider.ShowsPages`; by the one-time token of the widget."""
        options: Options = self._kit.options
        if known is None or not (options.client_id and options.client_secret and options.redirect_uri):
            raise Forbidden(
                "the widget cannot be trusted yet",
                where=self._kit.account,
                todo="client_id, client_secret and redirect_uri in [account.options], then `kpi sync`",
            )
        secret = options.client_secret.get_secret_value()
        lock = Lock(secret, options.client_id, options.redirect_uri, self.framed_by, known)
        return guest(knock, lock, self._kit.clock())

    def close(self) -> None:
        self._streams.close()
        self._http.close()
        self._tokens.close()

    def _way_in(self, kit: Kit, options: Options) -> Access:
        if options.token is not None:
            return LongLived(options.base, options.token.get_secret_value())
        assert options.client_id and options.client_secret and options.redirect_uri
        secret = options.client_secret.get_secret_value()
        self.authority = Granted(kit, self._tokens, options.base, options.client_id, secret, options.redirect_uri)
        return self.authority

    def _note(self, text: str) -> None:
        """Something a person should know, said once."""
        if text not in self.can.notes:
            self.can = replace(self.can, notes=(*self.can.notes, text))
