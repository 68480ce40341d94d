from __future__ import annotations

from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from connector.config import WritebackSettings
from connector.moment import from_ms, to_ms
from connector.store import accounts, leases
from connector.store.engine import Store
from connector.store.sent import ledger, outbox
from connector.wishes import AddTask, SetFields, UpsertCard, Wish
from connector.writeback.deliver import deliver
from connector.writeback.queue import queue
from connector.writeback.report import DeliveryReport
from connector.writeback.target import card_target, deal_target, key_for
from connector.writeback.undo import undo
from tests.writeback.fake import FakeCrm

ON = WritebackSettings(deal_fields="on", kpi_card="on", tasks="on")
START = datetime(2026, 9, 15, 9, tzinfo=UTC)


def fields(deal: str, last: dict[str, str | None] | None = None, **values: str | None) -> SetFields:
    return SetFields(key=key_for(deal_target(deal), values), deal_id=deal, values=values, last=last or {})


def card(user: str, last: dict[str, str | None] | None = None, **values: str | None) -> UpsertCard:
    target = card_target(user, "2026-09")
    return UpsertCard(
        key=key_for(target, values), user_id=user, period="2026-09", title=user, values=values, last=last or {}
    )


def task(about: str = "501", day: str = "2026-09-15", head: str = "510") -> AddTask:
    key = f"task:user:{about}:revenue#behind_plan@{day}"
    marker = f"[kpi#{about}-{day}]"
    return AddTask(key=key, marker=marker, user_id=head, title=f"{about}", text=f"behind\n{marker}", due_at=START)


@dataclass
class Desk:
    """One account with its CRM, its clock, and runs that are counted."""

    store: Store
    account: int
    crm: FakeCrm = field(default_factory=FakeCrm)
    ms: int = to_ms(START)
    run: int = 0
    fence: leases.Fence | None = None

    def now(self) -> int:
        return self.ms

    def pass_time(self, *, minutes: int = 0, hours: int = 0, days: int = 0) -> None:
        self.ms += ((days * 24 + hours) * 60 + minutes) * 60_000

    def push(
        self,
        wishes: Sequence[Wish] | None = None,
        settings: WritebackSettings = ON,
        *,
        attended: bool = False,
        **more,
    ) -> DeliveryReport:
        self.run += 1
        if wishes is not None:
            self.put(wishes, settings, **more)
        return deliver(
            self.store, self.account, self.crm, fence=self.fence, settings=settings, run=self.run, now=self.now,
            attended=attended,
        )  # fmt: skip

    def put(self, wishes: Sequence[Wish], settings: WritebackSettings = ON, **more) -> outbox.Put:
        return queue(
            self.store, self.account, wishes, fence=self.fence, settings=settings, run=self.run, now=self.ms, **more
        )

    def undo(self, run: int) -> DeliveryReport:
        self.run += 1
        return undo(self.store, self.account, self.crm, run, fence=self.fence, run=self.run, now=self.now)

    def rows(self) -> dict[str, str]:
        with self.store.read() as conn:
            return {row.key: row.state for row in outbox._select(conn, self.account)}

    def written(self):
        with self.store.read() as conn:
            return ledger.written(conn, self.account)

    def entries(self, run: int | None = None) -> list[ledger.Entry]:
        with self.store.read() as conn:
            return ledger.of_run(conn, self.account, self.run if run is None else run)

    @contextmanager
    def held(self):
        with leases.hold(self.store, self.account, "test", seconds=600, clock=lambda: from_ms(self.ms)) as fence:
            self.fence = fence
            yield self


def open_desk(store: Store) -> Desk:
    with store.write() as conn:
        return Desk(store, accounts.enroll(conn, "moscow", "fake"))


@pytest.fixture
def desk(store):
    with open_desk(store).held() as held:
        yield held


@pytest.fixture
def sqlite_desk(sqlite_store):
    with open_desk(sqlite_store).held() as held:
        yield held
