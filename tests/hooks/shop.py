"""A small account whose CRM calls us: forms name its deals, `deals=1,2&account=1`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cryptography.fernet import Fernet

from connector.config import AccountSettings
from connector.http.form import text
from connector.pipeline.bench import Workbench
from connector.pipeline.reading import sync_and_derive
from connector.provider import Hints
from connector.records import Deal, Move, Record
from connector.store import accounts
from connector.store.engine import Store
from connector.testing import FakeProvider
from tests.pipeline.shop import Clock, world

KEY = Fernet.generate_key()
FOLLOWED: Mapping[type[Record], frozenset[type[Record]]] = {Deal: frozenset({Move})}


class Calling(FakeProvider):
    """Tells of changes by itself, and keeps a queue of parcels until they are settled."""

    follows = FOLLOWED

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.looks: list[str] = []
        self.parcels: dict[str, Hints] = {}
        self.state, self.subscriptions = "off", list[str]()

    def hints(self, fields: Mapping[str, Any], known: str | None) -> Hints:
        if text(fields.get("account")) != known:
            return Hints(refused="it names another account")
        return Hints({Deal: frozenset(one for one in text(fields.get("deals")).split(",") if one)})

    def fetch(self, kind: type[Any], ids: Any) -> Iterator[Any]:
        self.looks += ids
        return super().fetch(kind, ids)

    def subscribe(self, address: str) -> None:
        self.subscriptions.append(address)
        self.state = "on"

    def unsubscribe(self, address: str) -> None:
        self.state = "off"

    def subscribed(self, address: str) -> Any:
        return self.state

    def queued(self) -> Iterator[tuple[str, Hints]]:
        yield from list(self.parcels.items())

    def settle(self, parcel: str) -> None:
        del self.parcels[parcel]


def opened(store: Store, name: str = "acme") -> Workbench:
    """Synced once; reached at kpi.example.ru."""
    with store.write() as conn:
        account = accounts.enroll(conn, name, "fake")
    told = {"name": name, "provider": "fake", "timezone": "Europe/Moscow", "currency": "RUB"}
    bench = Workbench(AccountSettings.model_validate(told), store, account, Calling(world()), Clock())
    bench.key, bench.address = KEY, "https://kpi.example.ru"
    sync_and_derive(bench)
    return bench


def crm(bench: Workbench) -> Calling:
    assert isinstance(bench.provider, Calling)
    return bench.provider
