"""One Bitrix24 portal behind the door: joins reading, looking and writing."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal
from urllib.parse import urlsplit

from connector.provider import Account, Capabilities, Field, Guest, Hints, Installed, Kit, Knock, Page, Recording, Said
from connector.records import Absence, Call, Gone, Move, Record, User
from connector.wishes import AddTask, Delivered, Layout, Wish
from providers.bitrix24 import cursor as cursors
from providers.bitrix24 import entering, hooks, placements
from providers.bitrix24.absences import absences
from providers.bitrix24.auth import Application
from providers.bitrix24.client import Client
from providers.bitrix24.layout import prepare
from providers.bitrix24.looking import Looking
from providers.bitrix24.portal import DIRECTORIES
from providers.bitrix24.streams import KINDS, Streams
from providers.bitrix24.transcripts import recordings, transcripts
from providers.bitrix24.writing import Writing

_CARDS = {
    "deal": "/crm/deal/details/{}/",
    "lead": "/crm/lead/details/{}/",
    "contact": "/crm/contact/details/{}/",
    "company": "/crm/company/details/{}/",
    "user": "/company/personal/user/{}/",
    "task": "/company/personal/user/0/tasks/task/view/{}/",
}
_WRITES = frozenset({"set_fields", "upsert_card", "add_task", "close_task"})


@dataclass(slots=True)
class Bitrix24:
    """See `connector.provider.Provider`."""

    kit: Kit
    client: Client
    can: Capabilities = field(
        default_factory=lambda: Capabilities(
            kinds=frozenset(KINDS), owner_history="observed", price_history="observed", writes=_WRITES
        )
    )
    _lock: threading.Lock = field(default_factory=threading.Lock)
    follows = hooks.FOLLOWS
    _streams: Streams = field(init=False)
    _writing: Writing = field(init=False)
    _events: hooks.Events = field(init=False)

    def __post_init__(self) -> None:
        self.client.noticed = self.notice
        self._streams = Streams(self.client, self.kit, self.notice)
        self._writing = Writing(self.client, self._streams, self.kit.account)
        self._events = hooks.Events(self.client)

    @property
    def authority(self) -> Application | None:
        """Who lets this program in; None with a webhook, which is let in already."""
        return self.client.grant if isinstance(self.client.grant, Application) else None

    @property
    def requests(self) -> int:
        return self.client.http.sent

    def notice(self, text: str) -> None:
        """What a person should know goes into the capabilities, once."""
        with self._lock:
            if text not in self.can.notes:
                self.can = replace(self.can, notes=(*self.can.notes, text))

    def account(self) -> Account:
        """`id` is the installation's member_id, or the configured host: a webhook knows no other lasting name."""
        known = self._streams.portal()
        host = urlsplit(self.client.base).netloc
        own = urlsplit(self.kit.options.base_url).netloc
        return Account(
            id=self.client.grant.member() or own,
            name=host,
            zone=known.zone,
            currency=known.currency,
            host=host,
            clock_offset=self.client.http.offset,
        )

    def fields(self) -> Sequence[Field]:
        return [custom.shown() for custom in self._streams.portal().customs]

    def pull(self, kind: type[Record], cursor: str | None) -> Iterator[Page]:
        return self._streams.pull(kind, cursor)

    def earlier(self, kind: type[Record], cursor: str, since: datetime) -> str | None:
        """See `connector.provider.ReadsAgain`. Calls read their last days again by themselves, history goes by ids."""
        found = (
            None if kind in (*DIRECTORIES, Call, Move) else cursors.earlier(cursors.decode(cursor), cursors.ms(since))
        )
        return None if found is None else found.encode()

    def fetch(self, kind: type[Record], ids: Sequence[str]) -> Iterator[Record | Gone]:
        return Looking(self._streams).fetch(kind, ids)

    def ids(self, kind: type[Record]) -> Iterator[str]:
        return Looking(self._streams).ids(kind)

    def absences(self, first: date, last: date) -> Sequence[Absence] | None:
        """See `connector.provider.TellsAbsences`; None unless the options ask for it."""
        if not self.kit.options.absences:
            return None
        users = [user.id for user in self._streams.portal().records[User] if isinstance(user, User) and user.active]
        return absences(self.client, users, first, last)

    def transcripts(self, calls: Sequence[Call]) -> Iterator[Said]:
        """See `connector.provider.TellsTranscripts`."""
        return transcripts(self.client, calls)

    def recordings(self, calls: Sequence[Call]) -> Iterator[Recording]:
        """See `connector.provider.TellsRecordings`."""
        return recordings(self.client, calls)

    def prepare(self, layout: Layout) -> None:
        home = prepare(self.client, layout, self._streams.portal().customs, self.notice)
        self._streams.portal(afresh=True)
        self._writing.settle(home)

    def apply(self, wishes: Sequence[Wish]) -> Iterator[Delivered]:
        return self._writing.apply(wishes)

    def find(self, wish: AddTask) -> str | None:
        return self._writing.find(wish)

    def replies(self, tasks: Sequence[str]) -> Mapping[str, str]:
        """See `connector.provider.TellsReplies`."""
        return self._writing.replies(tasks)

    def hints(self, fields: Mapping[str, Any], known: str | None) -> Hints:
        """See `connector.provider.TakesHooks`."""
        token = self.kit.options.application_token
        return hooks.hints(fields, known, token.get_secret_value() if token is not None else None)

    def subscribe(self, address: str) -> None:
        self._events.on(address)

    def unsubscribe(self, address: str) -> None:
        self._events.off(address)

    def subscribed(self, address: str) -> Literal["on", "off", "disabled"]:
        return self._events.state(address)

    def queued(self) -> Iterator[tuple[str, Hints]]:
        """See `connector.provider.KeepsQueue`."""
        return self._events.queued()

    def settle(self, parcel: str) -> None:
        self._events.settle(parcel)

    def link_to(self, ref: str) -> str:
        kind, _, ident = ref.partition(":")
        path = _CARDS.get(kind, "/crm/").format(ident) if ident.isdigit() else "/crm/"
        return self.client.base + path

    @property
    def framed_by(self) -> str:
        """See `connector.provider.ShowsPages`."""
        return self.client.base

    def admit(self, knock: Knock, known: str | None) -> Guest:
        """See `connector.provider.ShowsPages`; by what the auth server and the portal say of the posted token."""
        told = self.kit.options.application_token
        installed = self.authority.application_token() if self.authority is not None else None
        return entering.guest(self.client, knock, known, installed or (told.get_secret_value() if told else None))

    def install(self, knock: Knock, known: str | None, address: str) -> Installed:
        """See `connector.provider.InstallsPages`."""
        return placements.install(self.client, knock, known, address)

    def close(self) -> None:
        self.client.http.close()
