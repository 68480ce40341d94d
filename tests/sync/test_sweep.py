"""The sweep: finds, confirms, brakes, and never takes a list for proof."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy.engine import Connection

from connector.errors import Blocked, Brake, Busy, Forbidden, KpiError, Unfit, Unreachable
from connector.moment import to_ms
from connector.provider import DoubtsLists
from connector.records import Client, Deal, Gone, Lead, Owner, Price, User
from connector.store import cursors
from connector.store.crm import memberships, records, refusals, versions
from connector.store.engine import Store
from connector.sync.confirmed import Keeper
from connector.sync.sweep import SweepReport, sweep_account
from connector.testing import FakeProvider, World
from connector.testing.world import populate
from tests.sync.worlds import NO_REMOVALS, BrokenFence, company, deal, differences, enroll, sync


def sweep(store: Store, account: int, provider: FakeProvider, **options: Any) -> SweepReport:
    options.setdefault("fence", None)
    return sweep_account(store, account, provider, now=lambda: to_ms(provider.world.now), **options)


def synced(store: Store, deals: int = 100) -> tuple[World, int]:
    """A world whose deletions nobody tells, and a store that holds it."""
    world = company(deals, tells_removals=False)
    account = enroll(store)
    sync(store, account, FakeProvider(world))
    world.tick(60)
    return world, account


def test_nothing_missing_nothing_done(store: Store) -> None:
    world, account = synced(store)
    provider = FakeProvider(world)
    steps: list[tuple[Any, ...]] = []
    report = sweep(store, account, provider, progress=lambda *step: steps.append(step))
    assert report.checked == {"deal": 100, "lead": 30, "client": 49, "user": 2}
    assert (report.gone, report.found, report.problems, report.stopped) == (0, 0, [], False)
    assert report.requests == provider.requests
    assert [step[0] for step in steps] == ["deal", "lead", "client", "user"]


def test_what_vanished_is_confirmed_and_gone(store: Store) -> None:
    world, account = synced(store)
    for kind, id in ((Deal, "3"), (Deal, "4"), (Lead, "5"), (Client, "contact:39")):
        world.delete(kind, id)
    report = sweep(store, account, FakeProvider(world))
    assert report.gone == 4
    assert differences(store, account, world) == []
    assert sweep(store, account, FakeProvider(world)).gone == 0


def test_what_came_back_is_found(store: Store) -> None:
    world, account = synced(store)
    gone = world.all(Deal)["3"]
    world.delete(Deal, "3")
    sweep(store, account, FakeProvider(world))
    world.tick(60)
    world.put(gone)
    report = sweep(store, account, FakeProvider(world))
    assert (report.gone, report.found) == (0, 1)
    assert differences(store, account, world) == []


def test_another_owner_and_amount_first_seen_by_the_sweep_are_recorded(store: Store) -> None:
    world, account = synced(store)
    provider = FakeProvider(world, owner_history="observed", price_history="observed")
    was = world.all(Deal)["3"]
    world.delete(Deal, "3")
    sweep(store, account, provider)
    world.tick(60)
    world.put(replace(was, owner_id="502", amount=5))
    assert sweep(store, account, provider).found == 1
    with store.read() as conn:
        owners = [o for o in records.directory(conn, account, Owner).values() if o.how == "observed"]
        prices = [p for p in records.directory(conn, account, Price).values() if p.how == "observed"]
    assert [(o.of, o.before, o.user_id) for o in owners] == [("deal:3", "501", "502")]
    assert [(p.of, p.before, p.amount) for p in prices] == [("deal:3", 300, 5)]


def test_a_sweep_observes_nothing_where_the_crm_tells_it_all(sqlite_store: Store) -> None:
    world, account = synced(sqlite_store)
    was = world.all(Deal)["3"]
    world.delete(Deal, "3")
    sweep(sqlite_store, account, FakeProvider(world))
    world.tick(60)
    world.put(replace(was, owner_id="502", amount=5))
    assert sweep(sqlite_store, account, FakeProvider(world)).found == 1
    with sqlite_store.read() as conn:
        assert not [o for o in records.directory(conn, account, Owner).values() if o.how == "observed"]
        assert records.directory(conn, account, Price) == {}


def test_what_a_list_does_not_show_but_exists_stays(store: Store) -> None:
    world, account = synced(store)

    class Forgetful(FakeProvider):
        def ids(self, kind: Any) -> Iterator[str]:
            yield from (id for id in super().ids(kind) if id not in ("3", "contact:7"))

    report = sweep(store, account, Forgetful(world))
    assert report.gone == 0
    assert differences(store, account, world) == []


def test_what_nobody_answers_for_stays(store: Store) -> None:
    world, account = synced(store)
    world.delete(Deal, "3")

    class Mute(FakeProvider):
        def fetch(self, kind: Any, ids: Sequence[str]) -> Iterator[Any]:
            yield Gone(kind="deal", id="4")  # nobody asked for this one

    assert sweep(store, account, Mute(world)).gone == 0
    assert differences(store, account, world) == ["deal:3"]


def test_a_user_that_vanished_left_when_that_was_seen(store: Store) -> None:
    world, account = synced(store)
    anna = world.all(User)["501"]
    world.delete(User, "501")
    assert sweep(store, account, FakeProvider(world)).gone == 1
    left = to_ms(world.now)
    assert differences(store, account, world) == []
    with store.read() as conn:
        users = records.directory(conn, account, User)
        assert (users["501"].name, users["501"].active, users["502"].active) == ("Anna", False, True)
        assert versions.directory(conn, account, User, left - 1)["501"] == anna
        assert versions.switched_off(conn, account) == {"501": [(left, None)]}
        assert [memberships.teams_of(conn, account, at).get("501") for at in (left - 1, left)] == [{"700"}, None]
        assert len(deals_of(conn, account, "501")) == 100
    world.tick(60)
    assert sweep(store, account, FakeProvider(world)).gone == 0


def test_a_user_that_is_listed_again_is_back(store: Store) -> None:
    world, account = synced(store)
    anna = world.all(User)["501"]
    world.delete(User, "501")
    sweep(store, account, FakeProvider(world))
    left = to_ms(world.now)
    world.tick(60)
    anna = replace(anna, updated_at=world.now)
    world.put(anna)
    sync(store, account, FakeProvider(world))
    back = to_ms(world.now)
    with store.read() as conn:
        assert records.directory(conn, account, User)["501"] == anna
        assert versions.switched_off(conn, account) == {"501": [(left, back)]}
        assert memberships.teams_of(conn, account, back)["501"] == {"700"}
    assert differences(store, account, world) == []


@pytest.mark.parametrize(("users", "lost", "brakes"), [(6, 3, False), (6, 4, True), (40, 8, False), (40, 9, True)])
def test_of_people_fewer_are_believed(sqlite_store: Store, users: int, lost: int, brakes: bool) -> None:
    """More than three and more than a fifth: so many do not leave in a day, a list is short of them sooner."""
    world = company(10, tells_removals=False)
    populate(world, (User(id=str(600 + n), name=str(n)) for n in range(users - 2)))
    account = enroll(sqlite_store)
    sync(sqlite_store, account, FakeProvider(world))
    for n in range(lost):
        world.delete(User, str(600 + n))
    if brakes:
        with pytest.raises(Brake, match=f"{lost} of {users} user records"):
            sweep(sqlite_store, account, FakeProvider(world))
    assert sweep(sqlite_store, account, FakeProvider(world), confirmed=brakes).gone == lost


def deals_of(conn: Connection, account: int, user: str) -> list[str]:
    return [id for id, deal in records.directory(conn, account, Deal).items() if deal.owner_id == user]


@pytest.mark.parametrize(
    ("deals", "lost", "brakes"), [(100, 20, False), (100, 21, True), (1500, 30, False), (1500, 31, True)]
)
def test_the_brake(sqlite_store: Store, deals: int, lost: int, brakes: bool) -> None:
    """More than max(20, 2 %) at once: nothing is deleted, of no kind, until a person confirms."""
    world, account = synced(sqlite_store, deals)
    for n in range(lost):
        world.delete(Deal, str(n))
    world.delete(Lead, "5")
    if brakes:
        with pytest.raises(Brake, match=f"{lost} of {deals} deal records") as caught:
            sweep(sqlite_store, account, FakeProvider(world))
        assert "kpi sweep --yes" in caught.value.todo
        assert len(differences(sqlite_store, account, world)) == lost + 1
    assert sweep(sqlite_store, account, FakeProvider(world), confirmed=brakes).gone == lost + 1
    assert differences(sqlite_store, account, world) == []


def test_five_of_five_hundred_shown_brakes(store: Store) -> None:
    world, account = synced(store, 500)

    class Blindfolded(FakeProvider):
        def ids(self, kind: Any) -> Iterator[str]:
            yield from list(super().ids(kind))[:5]

    with pytest.raises(Brake):
        sweep(store, account, Blindfolded(world))
    assert differences(store, account, world) == []
    assert sweep(store, account, Blindfolded(world), confirmed=True).gone == 0  # each one is asked for, and is there
    assert differences(store, account, world) == []


@pytest.mark.parametrize("error", [Unreachable("reset"), Forbidden("no right")])
def test_a_partial_list_deletes_nothing(store: Store, error: KpiError) -> None:
    world, account = synced(store)
    world.delete(Deal, "3")
    provider = FakeProvider(world, page_size=10)
    provider.cut_ids = error
    report = sweep(store, account, provider)
    assert report.gone == 0
    told = [problem.partition(":")[0] for problem in report.problems] or list(report.skipped)
    assert told == ["deal", "lead", "client"]
    assert bool(report.problems) == isinstance(error, Unreachable), "a refusal is no failure, an outage is"
    assert differences(store, account, world) == ["deal:3"]


def test_a_question_that_fails_leaves_the_rest_for_the_next_time(store: Store) -> None:
    world, account = synced(store)
    world.delete(Deal, "3")
    world.delete(Lead, "5")
    provider = FakeProvider(world, page_size=1000)
    provider.fail_at(5, Unreachable("reset"))
    report = sweep(store, account, provider)
    assert report.gone == 1
    assert "not every difference could be checked" in report.problems[0]
    assert sweep(store, account, FakeProvider(world)).gone == 1
    assert differences(store, account, world) == []


class Odd(FakeProvider):
    """Some records cannot be read; `by_name`: the CRM's answer says which."""

    odd: frozenset[str] = frozenset()
    by_name = True
    asked: list[list[str]]

    def fetch(self, kind: Any, ids: Sequence[str]) -> Iterator[Any]:
        self.asked = [*getattr(self, "asked", []), list(ids)]
        bad = {id: "no stage" for id in ids if id in self.odd}
        if bad and not self.by_name:
            raise Unfit("a row has no stage")
        yield from super().fetch(kind, [id for id in ids if id not in bad])
        if bad:
            raise Unfit("cannot be read", items=bad)


@pytest.mark.parametrize("by_name", [True, False])
def test_what_cannot_be_read_is_told_and_hides_no_deletion(store: Store, by_name: bool) -> None:
    world, account = synced(store)
    world.delete(Deal, "3")
    for id in ("700", "701", "702"):
        world.put(deal(int(id)))
    provider = Odd(world)
    provider.odd, provider.by_name = frozenset({"701"}), by_name
    report = sweep(store, account, provider)
    assert (report.gone, report.found, report.refused, report.problems) == (1, 2, 1, [])
    assert differences(store, account, world) == ["deal:701"]
    with store.read() as conn:
        [refused] = refusals.all(conn, account)
    assert (refused.kind, refused.id) == ("deal", "701")
    assert "no stage" in refused.reason


def test_what_was_refused_is_not_asked_for_again_every_night(store: Store) -> None:
    """Once it is another, the stream brings it, and the refusal is over."""
    world, account = synced(store)
    world.put(deal(701))
    provider = Odd(world)
    provider.odd = frozenset({"701"})
    assert [sweep(store, account, provider).refused for _ in range(2)] == [1, 0]
    assert provider.asked == [["701"]]
    world.tick(60)
    world.edit(Deal, "701", amount=5)
    sync(store, account, FakeProvider(world))
    assert differences(store, account, world) == []
    with store.read() as conn:
        assert refusals.all(conn, account) == []


def test_deletions_are_settled_before_what_is_unknown(sqlite_store: Store) -> None:
    world, account = synced(sqlite_store)
    for n in range(60):
        world.put(deal(1000 + n))
    world.delete(Deal, "93")
    provider = Odd(world)
    sweep(sqlite_store, account, provider)
    assert provider.asked[0] == ["93"]


def test_no_right_to_see_one_kind_is_told_once_and_nothing_is_gone(sqlite_store: Store) -> None:
    world, account = synced(sqlite_store, 5000)
    for n in range(60):
        world.delete(Deal, str(n))

    class Shut(FakeProvider):
        def fetch(self, kind: Any, ids: Sequence[str]) -> Iterator[Any]:
            yield Gone(kind="deal", id=ids[0])
            raise Forbidden("only an administrator may see these")

    report = sweep(sqlite_store, account, Shut(world))
    assert report.gone == 2, "what was answered before is kept"
    assert len(report.problems) == 1
    assert "only an administrator" in report.problems[0]


def test_what_lists_alone_do_not_show_is_asked_for_by_its_own_path(store: Store) -> None:
    world, account = synced(store)
    asked: list[str] = []

    class Doubting(FakeProvider):
        doubted = frozenset({Deal})

        def fetch(self, kind: Any, ids: Sequence[str]) -> Iterator[Any]:
            yield from (Gone(kind=kind.kind, id=id) for id in ids)

        def denied(self, records: Sequence[Any]) -> Iterator[str]:
            asked.extend(record.id for record in records)
            yield from (record.id for record in records if record.id not in self.world.all(Deal))

    world.delete(Deal, "3")
    provider = Doubting(world)
    assert isinstance(provider, DoubtsLists)
    keeper = Keeper(store, account, provider, None, lambda: to_ms(world.now))
    kept = keeper.keep(Deal, list(provider.fetch(Deal, ["3", "4", "unheard of"])))
    assert kept.gone == 1
    assert sorted(asked) == ["3", "4"]
    assert differences(store, account, world) == []


def test_what_is_made_during_the_sweep_is_never_missing(store: Store) -> None:
    world, account = synced(store)
    provider = FakeProvider(world, page_size=30)
    made: list[int] = []

    def add() -> None:
        made.append(1)
        world.tick()
        world.add(Lead(id=f"9{len(made)}", created_at=world.now))

    provider.before_request.append(add)
    assert sweep(store, account, provider).gone == 0
    sync(store, account, FakeProvider(world))
    assert differences(store, account, world) == []


def test_the_cursor_and_its_moment_stay_where_they_are(store: Store) -> None:
    world, account = synced(store)
    with store.read() as conn:
        before = {kind: (row.cursor, row.told_at) for kind, row in cursors.all(conn, account).items()}
    world.put(Lead(id="77", created_at=world.now))
    assert sweep(store, account, FakeProvider(world)).found == 1
    with store.read() as conn:
        assert {kind: (row.cursor, row.told_at) for kind, row in cursors.all(conn, account).items()} == before


def test_before_the_first_pull_the_sweep_reads_nothing_in(sqlite_store: Store) -> None:
    account = enroll(sqlite_store)
    report = sweep(sqlite_store, account, FakeProvider(company(30)))
    assert (report.gone, report.found) == (0, 0)


def test_a_flood_of_unknown_ids_is_left_to_a_full_sync(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connector.sync.sweep.MOST_FOUND", 10)
    world, account = synced(sqlite_store)
    for n in range(15):
        world.put(Lead(id=f"7{n:03}", created_at=world.now))
    report = sweep(sqlite_store, account, FakeProvider(world))
    assert report.found == 10
    assert report.problems == ["lead: 5 more are unknown here: run a full sync"]


def test_a_lost_lease_deletes_nothing(store: Store) -> None:
    world, account = synced(store)
    world.delete(Deal, "3")
    with pytest.raises(Busy):
        sweep(store, account, FakeProvider(world), fence=BrokenFence(0))
    assert differences(store, account, world) == ["deal:3"]


def test_a_block_stops_the_sweep(sqlite_store: Store) -> None:
    world, account = synced(sqlite_store)
    provider = FakeProvider(world, page_size=10)
    provider.cut_ids = Blocked("403")
    with pytest.raises(Blocked):
        sweep(sqlite_store, account, provider)


def test_a_stop_ends_it_between_questions(sqlite_store: Store) -> None:
    world, account = synced(sqlite_store)
    world.delete(Deal, "3")
    report = sweep(sqlite_store, account, FakeProvider(world), stop=lambda: True)
    assert report.stopped
    assert differences(sqlite_store, account, world) == ["deal:3"]


def test_only_kinds_that_the_crm_gives_are_compared(sqlite_store: Store) -> None:
    world, account = synced(sqlite_store)
    report = sweep(sqlite_store, account, FakeProvider(world, kinds=NO_REMOVALS - {Lead}))
    assert set(report.checked) == {"deal", "client", "user"}
