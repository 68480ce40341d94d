"""Whatever people do in the CRM and whatever fails meanwhile: after a run that ends well the store is the world."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from connector.errors import Broken, Busy, Forbidden, KpiError, Limited, NeedsPerson, Unreachable
from connector.moment import to_ms
from connector.records import KINDS, Client, Deal, Lead, Record
from connector.store import cursors
from connector.store.engine import open_store
from connector.sync.sweep import sweep_account
from connector.testing import FakeProvider, World
from tests.sync.worlds import BrokenFence, deal, differences, enroll, sync

ERRORS = st.sampled_from(
    [Limited("429"), Unreachable("reset"), Broken("<html>"), Forbidden("no right"), NeedsPerson("pay")]
)
NUMBERS = st.integers(0, 9)
PICKS = st.integers(0, 1000)
OVERLAP = timedelta(seconds=60)


class Syncing(RuleBasedStateMachine):
    """People and syncs, in any order. The world's second may hold any number of changes."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = open_store(f"sqlite:///{Path(self.folder.name) / 'kpi.db'}")
        self.account = enroll(self.store)
        self.world = World()
        self.made = 0
        self.deleted: list[Record] = []
        self.untold = False
        """Something happened of which no stream tells: only a sweep can know."""

    def teardown(self) -> None:
        self.store.dispose()
        self.folder.cleanup()

    # people

    @rule(seconds=st.sampled_from([0.3, 1, 30, 3600]))
    def time_passes(self, seconds: float) -> None:
        self.world.tick(seconds)

    @rule(count=st.integers(1, 12), at_once=st.booleans())
    def deals_come(self, count: int, at_once: bool) -> None:
        for _ in range(count):
            self.made += 1
            self.world.add(deal(self.made))
            self.world.tick(0 if at_once else 1)

    @rule(n=NUMBERS, company=st.none() | NUMBERS)
    def a_client_comes_or_changes_company(self, n: int, company: int | None) -> None:
        self.world.add(Client(id=f"contact:{n}", company=None if company is None else f"company:{company}"))

    @rule(n=NUMBERS)
    def an_enquiry_comes(self, n: int) -> None:
        self.world.add(Lead(id=str(n), created_at=self.world.now, clients=(f"contact:{n}",)))

    @rule(pick=PICKS, amount=st.integers(0, 5), owner=NUMBERS)
    def a_deal_is_edited(self, pick: int, amount: int, owner: int) -> None:
        if deals := sorted(self.world.all(Deal)):
            self.world.edit(Deal, deals[pick % len(deals)], amount=amount, owner_id=str(owner))

    @rule(pick=PICKS, told=st.booleans())
    def a_deal_is_deleted(self, pick: int, told: bool) -> None:
        if deals := sorted(self.world.all(Deal)):
            id = deals[pick % len(deals)]
            self.world.tick(1)  # no CRM deletes in the very moment of the last edit
            self.deleted.append(self.world.all(Deal)[id])
            self.world.tells_removals = told
            self.world.delete(Deal, id)
            self.untold |= not told
            self.world.tick(1)

    @rule(told=st.booleans())
    def a_deal_is_restored(self, told: bool) -> None:
        if self.deleted:
            self.world.tick(1)
            self.world.tells_removals = told
            self.world.restore(self.deleted.pop())
            self.untold |= not told
            self.world.tick(1)

    @rule(seconds=st.integers(1, int(OVERLAP.total_seconds()) - 1))
    def a_deal_commits_late(self, seconds: int) -> None:
        self.made += 1
        self.world.put(deal(self.made, updated_at=self.world.now - timedelta(seconds=seconds)))

    # syncs

    def provider(self, **options: Any) -> FakeProvider:
        return FakeProvider(self.world, page_size=5, overlap=OVERLAP, **options)

    @rule()
    def a_quiet_sync(self) -> None:
        provider = self.provider()
        assert sync(self.store, self.account, provider).problems == []
        if not self.untold:
            assert differences(self.store, self.account, self.world) == []

    @rule(at=st.lists(st.integers(1, 40), max_size=4), error=ERRORS)
    def a_sync_with_failures(self, at: list[int], error: KpiError) -> None:
        provider = self.provider()
        for request in at:
            provider.fail_at(request, error)
        try:
            report = sync(self.store, self.account, provider)
        except NeedsPerson as raised:
            assert raised is error
            return
        if not report.problems and not self.untold:
            assert differences(self.store, self.account, self.world) == []

    @rule(pages=st.integers(0, 30))
    def a_sync_that_loses_its_lease(self, pages: int) -> None:
        try:
            sync(self.store, self.account, self.provider(), fence=BrokenFence(pages))
        except Busy:
            return

    @rule(pages=st.integers(1, 30))
    def a_sync_that_is_stopped(self, pages: int) -> None:
        stored: list[str] = []
        sync(
            self.store, self.account, self.provider(),
            progress=lambda kind, *_: stored.append(kind), stop=lambda: len(stored) >= pages,
        )  # fmt: skip

    @rule(pick=PICKS)
    def a_sync_while_people_work(self, pick: int) -> None:
        provider = self.provider()

        def work() -> None:
            self.world.tick(1)
            if deals := sorted(self.world.all(Deal)):
                self.world.edit(Deal, deals[(pick + provider.requests) % len(deals)], amount=provider.requests)

        provider.before_request.append(work)
        sync(self.store, self.account, provider)
        self.a_quiet_sync()

    @rule(twice=st.booleans(), repeat=st.booleans())
    def a_sync_of_a_stuttering_crm(self, twice: bool, repeat: bool) -> None:
        provider = self.provider()
        provider.twice_in_page, provider.repeat_pages = twice, repeat
        assert sync(self.store, self.account, provider).problems == []

    @rule()
    def a_sweep(self) -> None:
        """After a quiet sync it leaves no difference at all."""
        self.a_quiet_sync()
        self.world.tick(1)
        sweep_account(
            self.store, self.account, self.provider(), fence=None, now=lambda: to_ms(self.world.now), confirmed=True
        )
        self.world.tick(1)
        self.untold = False
        assert differences(self.store, self.account, self.world) == []

    @rule(error=ERRORS)
    def a_sweep_that_sees_a_part(self, error: KpiError) -> None:
        provider = self.provider()
        provider.cut_ids = error
        try:
            sweep_account(self.store, self.account, provider, fence=None, now=lambda: to_ms(self.world.now))
        except NeedsPerson:
            return

    @invariant()
    def no_cursor_is_ahead_of_the_world(self) -> None:
        with self.store.read() as conn:
            told = [row.told_at or 0 for row in cursors.all(conn, self.account).values()]
        assert all(at <= to_ms(self.world.now) for at in told)
        assert len(told) <= len(KINDS)


Syncing.TestCase.settings = settings(
    max_examples=15, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
TestSyncing = Syncing.TestCase
