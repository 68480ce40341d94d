"""The provider in memory keeps the contract it ships with; and the contract notices who does not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from connector.provider import Page
from connector.records import (
    Call,
    Client,
    Deal,
    Done,
    Lead,
    LossReason,
    Meeting,
    Move,
    Owner,
    Pipeline,
    Price,
    Rate,
    Record,
    Removal,
    Stage,
    Task,
    Team,
    User,
)  # fmt: skip
from connector.testing import FakeProvider, ProviderContract, World
from connector.testing.world import START, populate
from connector.wishes import AddTask, CloseTask, Delivered, FieldSpec, Layout, SetFields, UpsertCard, Wish

LAYOUT = Layout(
    group="KPI",
    deal_fields=(FieldSpec(code="KPI_RESPONSE", title="Response", type="number"),),
    card_name="KPI card",
    card_fields=(FieldSpec(code="REVENUE", title="Revenue", type="money"),),
)


def small_world() -> World:
    """A few records of each kind."""
    world = World()
    populate(world, [
        Team(id="700", name="North"), User(id="501", name="Anna", team_ids=("700",)), Pipeline(id="1", name="Sales"),
        Stage(id="1/1", name="New", pipeline_id="1"), LossReason(id="5", name="Price"),
        Rate(id="USD@2026-09-01", currency="USD", day=date(2026, 9, 1), rate="90.00"),
        *(Client(id=f"contact:{n}") for n in range(60)),
        Lead(id="1", created_at=START, clients=("contact:1",)),
        *(deal(n) for n in range(130)),
        Move(id="m1", of="deal:1", at=START, pipeline_id="1", stage_id="1/1", outcome="open"),
        Owner(id="o1", of="deal:1", at=START, user_id="501", before=None),
        Price(id="p1", of="deal:1", at=START, amount=5, before=None),
        Removal(id="x1", of="deal:99999", at=START, what="deleted"),
        Call(id="c1", at=START, direction="out", answered=True, seconds=61, on=("contact:1",)),
        Meeting(id="61", on=("deal:1",)), Task(id="62", on=("deal:1",)), Done(id="d1", of="task:62", at=START),
    ])  # fmt: skip
    world.tasks["9000"] = AddTask(key="old", marker="#old", user_id="501", title="", text="do #old", due_at=START)
    return world


def deal(n: int, **more: Any) -> Deal:
    return Deal(
        id=str(n), created_at=START, pipeline_id="1", stage_id="1/1", owner_id="501", amount=100 * n, currency="RUB",
        contacts=(f"contact:{n % 60}",), **more,
    )  # fmt: skip


class FakeBench:
    """The world above, and fakes on it."""

    def __init__(self, make: Callable[..., FakeProvider] = FakeProvider) -> None:
        self.world, self._make = small_world(), make

    def connect(self) -> FakeProvider:
        return self._make(self.world)

    def change(self) -> tuple[type[Record], str]:
        self.world.tick()
        self.world.edit(Deal, "7", amount=1)
        return Deal, "7"

    def remove(self) -> tuple[type[Record], str]:
        self.world.delete(Deal, "8")
        return Deal, "8"

    def layout(self) -> Layout:
        return LAYOUT

    def wishes(self) -> Sequence[Wish]:
        return [
            SetFields(key="f", deal_id="1", values={"KPI_RESPONSE": "12"}),
            UpsertCard(key="c", user_id="501", period="2026-09", title="Anna", values={"REVENUE": "5"}),
            AddTask(key="t", marker="#k7", user_id="501", title="Talk", text="why #k7", due_at=START),
            CloseTask(key="x", task_id="9000"),
        ]


class TestFake(ProviderContract):
    @pytest.fixture
    def bench(self) -> FakeBench:
        return FakeBench()


# -- the contract notices -----------------------------------------------------------------------------------------


class Forgetful(FakeProvider):
    """Taken up again it takes the end for reached."""

    def pull(self, kind: Any, cursor: str | None) -> Iterator[Page]:
        yield from list(super().pull(kind, None))[-1 if cursor else 0 :]


class Naive(FakeProvider):
    def pull(self, kind: Any, cursor: str | None) -> Iterator[Page]:
        for page in super().pull(kind, cursor):
            yield replace(page, told_at=page.told_at.replace(tzinfo=None))


class Short(FakeProvider):
    def ids(self, kind: Any) -> Iterator[str]:
        yield from list(super().ids(kind))[1:]


class Mute(FakeProvider):
    def fetch(self, kind: Any, ids: Sequence[str]) -> Iterator[Any]:
        yield from (answer for answer in super().fetch(kind, ids) if isinstance(answer, Record))


class Careless(FakeProvider):
    def apply(self, wishes: Sequence[Wish]) -> Iterator[Delivered]:
        for delivered in super().apply(wishes):
            yield Delivered(key=delivered.key, status="done", after=delivered.after, crm_id=delivered.crm_id)


class Blind(FakeProvider):
    def find(self, wish: AddTask) -> str | None:
        return None


class Silent(FakeProvider):
    def pull(self, kind: Any, cursor: str | None) -> Iterator[Page]:
        return super().pull(kind, cursor) if kind in self.can.kinds else iter(())


class Floating(FakeProvider):
    def pull(self, kind: Any, cursor: str | None) -> Iterator[Page]:
        for page in super().pull(kind, cursor):
            yield replace(page, records=[_in_roubles(record) for record in page.records])


def _in_roubles(record: Record) -> Record:
    from msgspec.structs import replace as change

    return change(record, amount=record.amount / 100) if isinstance(record, Deal) and record.amount else record


BROKEN_PROMISES = [
    (Forgetful, "test_a_pull_taken_up_at_any_page_loses_nothing"),
    (Naive, "test_every_kind_can_be_pulled_and_its_records_are_sound"),
    (Floating, "test_every_kind_can_be_pulled_and_its_records_are_sound"),
    (Short, "test_ids_are_complete"),
    (Mute, "test_fetch_answers_once_for_each_id"),
    (Careless, "test_a_fulfilled_wish_is_a_noop_the_second_time"),
    (Careless, "test_one_impossible_wish_does_not_spoil_the_others"),
    (Blind, "test_a_task_is_found_by_its_marker"),
    (Silent, "test_a_kind_it_does_not_give_is_refused_by_name"),
]


@pytest.mark.parametrize(("make", "promise"), BROKEN_PROMISES, ids=lambda value: getattr(value, "__name__", value))
def test_the_contract_notices_a_broken_promise(make: Callable[..., FakeProvider], promise: str) -> None:
    with pytest.raises(AssertionError):
        getattr(ProviderContract(), promise)(FakeBench(make))


# -- the switches -------------------------------------------------------------------------------------------------


def ids_of(provider: FakeProvider, kind: type[Record], cursor: str | None = None) -> list[str]:
    return [record.id for page in provider.pull(kind, cursor) for record in page.records]


def test_the_nth_request_fails() -> None:
    provider = FakeProvider(small_world())
    provider.account()
    provider.fail_at(2, TimeoutError("now"))
    with pytest.raises(TimeoutError):
        ids_of(provider, Deal)
    assert provider.requests == 3
    assert len(ids_of(provider, Deal)) == 130


def test_the_world_changes_between_requests() -> None:
    world = small_world()
    provider = FakeProvider(world)

    def edit() -> None:
        world.tick()
        if provider.requests < 4:
            world.edit(Deal, str(provider.requests), amount=7)

    provider.before_request.append(edit)
    assert sorted(set(ids_of(provider, Deal)), key=int) == [str(n) for n in range(130)]


def test_lost_answers_took_effect() -> None:
    provider = FakeProvider(small_world())
    provider.lose_answers = 1
    wish = AddTask(key="t", marker="#k7", user_id="501", title="Talk", text="why #k7", due_at=START)
    assert [delivered.status for delivered in provider.apply([wish, wish])] == ["unknown", "done"]
    assert provider.applied == [wish, wish]
    assert len(provider.world.tasks) == 3


def test_a_persons_value_is_a_conflict() -> None:
    provider = FakeProvider(small_world())
    provider.world.fields["1"] = {"KPI_RESPONSE": "by hand"}
    (delivered,) = provider.apply(
        [SetFields(key="f", deal_id="1", values={"KPI_RESPONSE": "12"}, last={"KPI_RESPONSE": "9"})]
    )
    assert (delivered.status, delivered.before) == ("conflict", {"KPI_RESPONSE": "by hand"})
    assert provider.world.fields["1"] == {"KPI_RESPONSE": "by hand"}


def test_pages_repeat_and_loop_on_demand() -> None:
    provider = FakeProvider(small_world(), page_size=100)
    provider.repeat_pages = provider.twice_in_page = True
    assert [len(page.records) for page in provider.pull(Deal, None)] == [101, 101, 31, 31, 0, 0]
    provider.loop = True
    pages = provider.pull(Deal, None)
    assert len({next(pages).cursor for _ in range(9)}) == 1


def test_a_deletion_is_told_where_the_world_tells_it() -> None:
    for tells in (True, False):
        world = World(tells_removals=tells)
        world.add(deal(1))
        gone = world.all(Deal)["1"]
        world.delete(Deal, "1")
        world.tick()
        world.restore(gone)
        told = [(removal.of, removal.what) for removal in world.all(Removal).values()]
        assert told == ([("deal:1", "deleted"), ("deal:1", "restored")] if tells else [])
        assert world.now == START + timedelta(seconds=1)
