"""pull | save over worlds that move, fail, lie and repeat themselves."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast

import pytest
from msgspec.structs import replace

from connector.errors import (
    Blocked,
    Broken,
    Busy,
    Forbidden,
    KpiError,
    Limited,
    NotThere,
    StoreTrouble,
    Uncertain,
    Unpaid,
    Unreachable,
)  # fmt: skip
from connector.moment import to_ms
from connector.provider import Page
from connector.records import KINDS, Call, Client, Deal, Lead, Move, Owner, Removal, Task, User
from connector.store import cursors, notices
from connector.store.crm import memberships, records
from connector.store.engine import Store
from connector.store.leases import Fence
from connector.sync.again import AGAIN, read_again
from connector.sync.pull import WAVES
from connector.sync.streams import AHEAD_OF_SMALL
from connector.sync.sweep import sweep_account
from connector.testing import FakeProvider, World
from tests.sync.worlds import (
    LATE,
    VERY_LATE,
    BrokenFence,
    busy_people,
    company,
    deal,
    differences,
    digest,
    enroll,
    sync,
)  # fmt: skip


def test_every_kind_has_its_place_in_one_wave() -> None:
    placed = [kind for wave in WAVES for kind in wave]
    assert sorted(placed, key=KINDS.index) == list(KINDS)
    assert [kind for kind in placed if kind in (User, Client, Deal, Call)] == [User, Client, Deal, Call]


def test_a_first_run_stores_the_world_and_says_what_it_did(store: Store) -> None:
    world = company()
    provider, account = FakeProvider(world), enroll(store)
    told: list[tuple[str, int, int | None, int]] = []
    report = sync(store, account, provider, progress=lambda *step: told.append(step))
    assert differences(store, account, world) == []
    assert report.rows["deal"] == len(world.all(Deal)) == 300
    assert report.new == sum(len(world.all(kind)) for kind in KINDS)
    assert (report.changed, report.gone, report.refused, report.problems, report.stopped) == (0, 0, 0, [], False)
    assert report.requests == provider.requests
    assert [step for step in told if step[0] == "deal"][-1][1:3] == (300, 300)
    assert [step[3] for step in told] == sorted(step[3] for step in told)
    waves = [next(n for n, wave in enumerate(WAVES) if kind in {k.kind for k in wave}) for kind, *_ in told]
    assert waves == sorted(waves)


def test_a_quiet_run_changes_nothing(store: Store) -> None:
    world = company(60)
    account = enroll(store)
    sync(store, account, FakeProvider(world))
    before = digest(store)
    report = sync(store, account, FakeProvider(world))
    assert (report.new, report.changed, report.gone) == (0, 0, 0)
    assert digest(store) == before


def test_teams_are_observed(store: Store) -> None:
    world = company(5)
    account = enroll(store)
    sync(store, account, FakeProvider(world))
    world.tick(3600)
    moved = to_ms(world.now)
    world.edit(User, "501", team_ids=("701",))
    sync(store, account, FakeProvider(world))
    with store.read() as conn:
        assert memberships.teams_of(conn, account, moved - 1) == {"501": {"700"}}
        assert memberships.teams_of(conn, account, moved) == {"501": {"701"}}


@pytest.mark.parametrize("how", ["exact", "observed"])
def test_owners_are_observed_where_the_crm_does_not_tell(sqlite_store: Store, how: str) -> None:
    world = company(5)
    account = enroll(sqlite_store)
    sync(sqlite_store, account, FakeProvider(world, owner_history=how, price_history=how))
    world.tick()
    world.edit(Deal, "3", owner_id="502")
    sync(sqlite_store, account, FakeProvider(world, owner_history=how, price_history=how))
    with sqlite_store.read() as conn:
        seen = [o for o in records.directory(conn, account, Owner).values() if o.how == "observed"]
    assert [(o.of, o.before, o.user_id) for o in seen] == ([("deal:3", "501", "502")] if how == "observed" else [])


# -- a world that moves while it is read --------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_lost_while_people_edit_and_delete(sqlite_store: Store, seed: int) -> None:
    """M1: five edits and two deletes for each page fetched, then one quiet run."""
    world = company(500, seed=seed)
    account, provider = enroll(sqlite_store), FakeProvider(world, page_size=25)
    provider.before_request.append(busy_people(world, provider, seed=seed))
    sync(sqlite_store, account, provider)
    sync(sqlite_store, account, FakeProvider(world, page_size=25))
    assert differences(sqlite_store, account, world) == []


def test_nothing_is_lost_where_deletions_are_told_by_no_one(store: Store) -> None:
    """The same without a stream of removals: the sweep finds them."""
    world = company(300, tells_removals=False)
    account, provider = enroll(store), FakeProvider(world, page_size=50)
    provider.before_request.append(busy_people(world, provider, deletes=1))
    sync(store, account, provider)
    sync(store, account, FakeProvider(world))
    ghosts = differences(store, account, world)
    assert ghosts
    report = sweep_account(
        store, account, FakeProvider(world), fence=None, confirmed=True, now=lambda: to_ms(world.now)
    )
    assert report.gone == len(ghosts)
    assert differences(store, account, world) == []


def test_a_second_edit_within_the_same_second_is_seen(store: Store) -> None:
    """M2."""
    world = company(60)
    account = enroll(store)
    world.edit(Deal, "7", amount=10)
    sync(store, account, FakeProvider(world))
    world.edit(Deal, "7", amount=99)
    sync(store, account, FakeProvider(world))
    with store.read() as conn:
        assert records.get(conn, account, Deal, ["7"])["7"].amount == 99


def test_three_thousand_records_in_one_second(store: Store) -> None:
    world = World()
    for n in range(3000):
        world.add(deal(n))
    account, provider = enroll(store), FakeProvider(world, page_size=250)
    report = sync(store, account, provider)
    assert differences(store, account, world) == []
    assert report.rows["deal"] == 3000
    assert provider.requests < 3000 / 250 + 1 + len(KINDS) + 1


def test_a_record_that_commits_late_is_seen_within_the_overlap_and_found_by_the_sweep_beyond_it(store: Store) -> None:
    """An edit has an id that is known: reading the last days again finds it. Older ones are new to the ids' list."""
    world = company(60)
    account = enroll(store)
    world.tick(4 * VERY_LATE.total_seconds())
    world.add(deal(1000))
    sync(store, account, FakeProvider(world))
    world.put(deal(2000, updated_at=world.now - LATE), deal(3000, updated_at=world.now - VERY_LATE))
    world.put(replace(world.all(Deal)["7"], amount=99_999_00, updated_at=world.now - VERY_LATE))
    world.put(deal(4000, updated_at=world.now - AGAIN - VERY_LATE))
    sync(store, account, FakeProvider(world))
    assert differences(store, account, world) == ["deal:3000", "deal:4000", "deal:7"]
    report = read_again(store, account, FakeProvider(world), fence=None, now=lambda: to_ms(world.now))
    assert (report.new, report.changed, report.problems) == (1, 1, [])
    assert differences(store, account, world) == ["deal:4000"]
    report = sweep_account(store, account, FakeProvider(world), fence=None, now=lambda: to_ms(world.now))
    assert (report.found, report.gone) == (1, 0)
    assert differences(store, account, world) == []


def test_deleted_restored_and_deleted_again(store: Store) -> None:
    world = company(20)
    account = enroll(store)
    sync(store, account, FakeProvider(world))
    for _ in range(2):
        gone = world.all(Deal)["3"]
        world.tick()
        world.delete(Deal, "3")
        assert sync(store, account, FakeProvider(world)).gone == 1
        assert differences(store, account, world) == []
        world.tick()
        world.restore(gone)
        sync(store, account, FakeProvider(world))
        assert differences(store, account, world) == []


# -- an API that lies ---------------------------------------------------------------------------------------------


def test_pages_that_come_twice_and_records_that_stand_twice_do_no_harm(store: Store) -> None:
    world = company(60)
    account, provider = enroll(store), FakeProvider(world, page_size=20)
    provider.repeat_pages = provider.twice_in_page = True
    assert sync(store, account, provider).problems == []
    assert differences(store, account, world) == []


def test_paging_that_does_not_advance_is_broken_not_endless(sqlite_store: Store) -> None:
    world = company(60)
    account, provider = enroll(sqlite_store), FakeProvider(world, page_size=20)
    provider.loop = True
    report = sync(sqlite_store, account, provider)
    assert isinstance(report.later["deal"], Broken)
    assert "repeats itself" in report.problems[0]
    assert report.rows["deal"] <= 80
    assert provider.requests < 10 * len(KINDS)
    provider.loop = False
    assert sync(sqlite_store, account, provider).problems == []
    assert differences(sqlite_store, account, world) == []


# -- what goes wrong ----------------------------------------------------------------------------------------------


class Faulty(FakeProvider):
    """Pulls of some kinds end with an error, after so many pages."""

    def __init__(self, world: World, errors: dict[type[Any], BaseException], *, after: int = 0) -> None:
        super().__init__(world, page_size=20)
        self.errors, self.after = errors, after

    def pull(self, kind: Any, cursor: str | None) -> Iterator[Page]:
        for n, page in enumerate(super().pull(kind, cursor)):
            if kind in self.errors and n >= self.after:
                raise self.errors[kind]
            yield page


@pytest.mark.parametrize("refusal", [Forbidden("no right to calls"), NotThere("no such method")])
def test_a_forbidden_kind_is_noted_and_the_others_are_read(store: Store, refusal: KpiError) -> None:
    world = company(60)
    account = enroll(store)
    report = sync(store, account, Faulty(world, {Call: refusal}))
    assert list(report.forbidden) == ["call"]
    assert report.problems == [f"call: {refusal}"]
    assert {ref.partition(":")[0] for ref in differences(store, account, world)} == {"call"}
    with store.read() as conn:
        assert [(n.code, n.subject, n.text) for n in notices.all(conn, account)] == [
            ("unreadable", "call", str(refusal))
        ]
        row = cursors.get(conn, account, "call")
        assert row is not None
        assert row.problem == str(refusal)
    sync(store, account, FakeProvider(world))  # the right was given
    assert differences(store, account, world) == []
    with store.read() as conn:
        assert notices.all(conn, account) == []
        assert cursors.all(conn, account)["call"].problem is None


@pytest.mark.parametrize("error", [Limited("429"), Broken("502"), Unreachable("reset")])
def test_a_kind_that_fails_for_now_lets_the_others_finish(store: Store, error: KpiError) -> None:
    world = company(60)
    account = enroll(store)
    report = sync(store, account, Faulty(world, {Deal: error}, after=1))
    assert report.later == {"deal": error}
    assert report.rows["deal"] == 20  # the page before it is kept
    assert {ref.partition(":")[0] for ref in differences(store, account, world)} == {"deal"}
    assert sync(store, account, FakeProvider(world)).problems == []
    assert differences(store, account, world) == []


def test_where_nothing_can_be_reached_the_rest_is_not_asked_for(sqlite_store: Store) -> None:
    world = company(10)
    provider = Faulty(world, dict.fromkeys(KINDS, Unreachable("no route")))
    report = sync(sqlite_store, enroll(sqlite_store), provider)
    assert set(report.later) == {kind.kind for kind in WAVES[0]}
    assert not report.stopped


@pytest.mark.parametrize(
    "error", [Blocked("403"), Unpaid("402"), Uncertain("?"), StoreTrouble("full"), KeyError("bug")]
)
def test_what_concerns_the_whole_account_stops_everything(sqlite_store: Store, error: Exception) -> None:
    world = company(60)
    account = enroll(sqlite_store)
    with pytest.raises(type(error)) as caught:
        sync(sqlite_store, account, Faulty(world, {Deal: error}, after=1))
    assert caught.value is error
    assert "call" not in held_kinds(sqlite_store, account)
    sync(sqlite_store, account, FakeProvider(world))
    assert differences(sqlite_store, account, world) == []


def held_kinds(store: Store, account: int) -> set[str]:
    with store.read() as conn:
        return set(cursors.all(conn, account))


def test_readers_are_gone_after_a_run_however_it_ended(sqlite_store: Store) -> None:
    world = company(60)
    account = enroll(sqlite_store)
    before = threading.active_count()
    sync(sqlite_store, account, FakeProvider(world))
    with pytest.raises(Blocked):
        sync(sqlite_store, account, Faulty(world, {Deal: Blocked("403")}))
    with pytest.raises(Busy):
        sync(sqlite_store, account, FakeProvider(world, page_size=5), fence=BrokenFence(3))
    assert threading.active_count() == before


# -- fences, stops, threads ---------------------------------------------------------------------------------------


def test_a_lost_lease_stops_the_run_before_the_page_is_stored(store: Store) -> None:
    world = company(60)
    account = enroll(store)
    with pytest.raises(Busy):
        sync(store, account, FakeProvider(world, page_size=10), fence=cast(Fence, BrokenFence(12)))
    with store.read() as conn:
        assert sum(row.rows for row in cursors.all(conn, account).values()) <= 12 * 10
    sync(store, account, FakeProvider(world))
    assert differences(store, account, world) == []


def test_a_stop_comes_between_pages_and_the_next_run_goes_on_from_there(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connector.sync.together.ROWS", 0)  # each page goes in alone
    world = company(300)
    account = enroll(store)
    pages: list[str] = []
    report = sync(
        store, account, FakeProvider(world, page_size=20),
        progress=lambda kind, *_: pages.append(kind), stop=lambda: len(pages) >= 20,
    )  # fmt: skip
    assert report.stopped
    assert len(pages) == 20
    assert 0 < report.rows["deal"] < 300
    assert "call" not in report.rows
    with store.read() as conn:
        row = cursors.get(conn, account, "deal")
        assert row is not None
        assert row.rows == report.rows["deal"]
    again = sync(store, account, FakeProvider(world, page_size=20, overlap=timedelta(seconds=30)))
    assert again.rows["deal"] < 300  # by the overlap, not from the beginning
    assert differences(store, account, world) == []


def test_a_stop_before_the_first_page_does_nothing(sqlite_store: Store) -> None:
    report = sync(sqlite_store, enroll(sqlite_store), FakeProvider(company(5)), stop=lambda: True)
    assert report.stopped
    assert not report.rows


def test_a_stop_does_not_wait_for_a_slow_crm(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connector.sync.streams.PARTING", 0.2)
    release = threading.Event()

    class Hanging(FakeProvider):
        def pull(self, kind: Any, cursor: str | None) -> Iterator[Page]:
            if kind is User:
                release.wait(30)
            return super().pull(kind, cursor)

    began = time.monotonic()
    report = sync(sqlite_store, enroll(sqlite_store), Hanging(company(5)), stop=lambda: time.monotonic() - began > 0.3)
    assert time.monotonic() - began < 5
    assert report.stopped
    release.set()


def test_streams_of_a_wave_are_read_at_the_same_time(sqlite_store: Store) -> None:
    """Lead and Deal wait for one another inside their pulls: one after the other would never end."""
    both = threading.Barrier(2, timeout=20)

    class Meeting(FakeProvider):
        def pull(self, kind: Any, cursor: str | None) -> Iterator[Page]:
            if kind in (Lead, Deal):
                both.wait()
            yield from super().pull(kind, cursor)

    world = company(20)
    account = enroll(sqlite_store)
    sync(sqlite_store, account, Meeting(world))
    assert differences(sqlite_store, account, world) == []


def test_a_fast_crm_does_not_run_far_ahead_of_the_store(sqlite_store: Store) -> None:
    world = World()
    for n in range(400):
        world.add(deal(n))
    provider = FakeProvider(world, page_size=10, kinds=frozenset({Deal}))
    ahead: list[int] = []

    def slow(_kind: str, rows: int, _total: int | None, _requests: int) -> None:
        time.sleep(0.01)
        ahead.append(provider.requests - rows // 10)

    sync(sqlite_store, enroll(sqlite_store), provider, progress=slow)
    assert max(ahead) <= AHEAD_OF_SMALL + 2


def test_only_kinds_that_the_crm_gives_are_asked_for(sqlite_store: Store) -> None:
    world = company(20)
    account = enroll(sqlite_store)
    provider = FakeProvider(world, kinds=frozenset({Deal, Move, Removal, Task}))
    assert set(sync(sqlite_store, account, provider).rows) <= {"deal", "move", "removal", "task"}
    assert held_kinds(sqlite_store, account) == {"deal", "move", "removal", "task"}
