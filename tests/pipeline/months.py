"""An account whose month ends, is closed, and changes afterwards: facts are put in, the clock is moved by the test."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from connector.config import AccountSettings
from connector.fact import Fact
from connector.moment import Period, to_ms
from connector.pipeline import deriving
from connector.pipeline.bench import Workbench
from connector.pipeline.measuring import learned_at
from connector.store import cursors, facts
from connector.store.engine import Store
from connector.testing import FakeProvider, World
from tests.kpi.ground import account

AUGUST = Period.parse("2026-08")
SEPTEMBER = Period.parse("2026-09")


def at(text: str) -> datetime:
    """A UTC moment such as 2026-09-08T09:00."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Month:
    """A workbench whose clock and facts are set; people are those of tests/kpi/ground."""

    def __init__(self, store: Store, now: str = "2026-09-08T09:00", **rules: Any) -> None:
        self.now = at(now)
        with store.write() as conn:
            number = account(conn)
        self.provider = FakeProvider(World(self.now))
        self.rules = rules
        self.bench = Workbench(self.settings(), store, number, self.provider, lambda: self.now)
        self.read("2026-08-01T00:00")

    def settings(self, **rules: Any) -> AccountSettings:
        told = {"name": "moscow", "provider": "fake", "timezone": "Europe/Moscow", "currency": "RUB"}
        return AccountSettings.model_validate(told | {"rules": self.rules | rules})

    def read(self, when: str | None = None) -> None:
        """Every kind was read to its end, at that moment (default: now)."""
        moment = to_ms(self.now if when is None else at(when))
        with self.bench.store.write() as conn:
            for kind in self.provider.can.kinds:
                cursors.advance(conn, self.bench.account, kind.kind, cursor="end", told_at=moment, rows=0)
                cursors.finish(conn, self.bench.account, kind.kind, now=moment)

    def adopt(self, **rules: Any) -> None:
        """The configuration says otherwise, and a sync has seen it."""
        self.bench.settings = self.settings(**rules)
        self.adopt_as_it_is()

    def adopt_as_it_is(self) -> None:
        """A sync has seen what the bench's settings say."""
        with self.bench.store.write() as conn:
            deriving.adopt_rules(self.bench, conn)

    def learn(self, some: Iterable[Fact], when: str | None = None, *, dossier: str = "contact:1") -> None:
        """A sync: from now on (or from that moment on) these are the facts of the dossier."""
        if when is not None:
            self.now = at(when)
        with self.bench.store.write() as conn:
            known_at = learned_at(self.bench, conn)
            facts.replace(conn, self.bench.account, {dossier: list(some)}, known_at=known_at)
        self.read()
