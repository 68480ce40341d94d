"""Properties of deriving: the same facts whatever the order, whatever stands twice, whatever nonsense the CRM holds."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from connector.derive import derive
from connector.fact import STANDS, Dossier
from connector.kpi.kinds import STANDING
from connector.records import Call, Client, Deadline, Deal, Done, Lead, Meeting, Move, Owner, Price, Task
from tests.derive.ground import sales

SALES = sales()
WATCHED = sales("observed")
START = datetime(2026, 8, 1, tzinfo=UTC)
ABSURD = [datetime(1, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC)]

IDS = st.sampled_from(["1", "2", "3", "10"])
DEALS = IDS.map("deal:{}".format)
ERRANDS = st.one_of(IDS.map("task:{}".format), IDS.map("meeting:{}".format))
OF = st.one_of(DEALS, IDS.map("lead:{}".format))
CLIENTS = st.lists(st.sampled_from(["contact:7", "contact:8", "company:3"]), max_size=2, unique=True).map(tuple)
MOMENTS = st.one_of(st.integers(0, 200).map(lambda hours: START + timedelta(hours=hours)), st.sampled_from(ABSURD))
USERS = st.sampled_from(["501", "502", None])
OUTCOMES = st.sampled_from(["open", "won", "lost"])
AMOUNTS = st.one_of(st.none(), st.integers(-(10**6), 10**12))
VALUES = st.one_of(
    st.none(), st.integers(-10, 10**12), st.text(max_size=6), st.floats(), st.lists(st.integers()), st.booleans()
)
FIELDS = st.dictionaries(st.sampled_from(["CSAT", "CSAT date", "Refund", "Refund date"]), VALUES)
ON = st.lists(st.one_of(OF, st.sampled_from(["contact:7", "company:3"])), max_size=2, unique=True).map(tuple)


def several(kind: Any, **parts: Any) -> st.SearchStrategy[tuple[Any, ...]]:
    """Some records of a kind, each id once, as the store holds them."""
    built = st.builds(kind, id=IDS, updated_at=st.one_of(st.none(), MOMENTS), **parts)
    return st.lists(built, max_size=4, unique_by=lambda record: record.id).map(tuple)


DOSSIERS = st.builds(
    Dossier,
    key=st.sampled_from(["contact:7", "company:3", "deal:1", "lead:1"]),
    clients=st.just((Client(id="contact:7", company="company:3"), Client(id="contact:8"))),
    leads=several(
        Lead, created_at=MOMENTS, created_by=USERS, owner_id=USERS, outcome=OUTCOMES, clients=CLIENTS,
        loss_reason_id=st.sampled_from([None, "77"]), deal=st.one_of(st.none(), DEALS),
    ),
    deals=several(
        Deal, created_at=MOMENTS, created_by=USERS, owner_id=USERS, outcome=OUTCOMES, amount=AMOUNTS, fields=FIELDS,
        pipeline_id=st.sampled_from(["1", "3", "?"]), stage_id=st.sampled_from(["1/a", "1/?"]),
        contacts=CLIENTS,
        currency=st.sampled_from([None, "RUB", "USD", "GBP"]), lead_id=st.one_of(st.none(), IDS),
        closed_at=st.one_of(st.none(), MOMENTS),
    ),
    moves=several(
        Move, of=OF, at=MOMENTS, pipeline_id=st.just("1"), stage_id=st.sampled_from(["1/a", "1/b"]), outcome=OUTCOMES,
        from_outcome=st.one_of(st.none(), OUTCOMES), from_stage_id=st.sampled_from([None, "1/a"]),
        by=USERS,
    ),
    owners=several(Owner, of=OF, at=MOMENTS, user_id=USERS, before=USERS, how=st.sampled_from(["exact", "observed"])),
    prices=several(Price, of=OF, at=MOMENTS, amount=AMOUNTS, before=AMOUNTS),
    calls=several(
        Call, at=MOMENTS, direction=st.sampled_from(["out", "in"]), answered=st.booleans(), user_id=USERS, on=ON,
        seconds=st.integers(0, 600), unique=st.sampled_from([None, "x", "y"]), phone=st.sampled_from([None, "p", "q"]),
    ),
    meetings=several(
        Meeting, user_id=USERS, due_at=st.one_of(st.none(), MOMENTS), done_at=st.one_of(st.none(), MOMENTS), on=ON
    ),
    tasks=several(
        Task, user_id=USERS, due_at=st.one_of(st.none(), MOMENTS), done_at=st.one_of(st.none(), MOMENTS), on=ON,
        ours=st.booleans(),
    ),
    dones=several(Done, of=IDS.map("task:{}".format), at=MOMENTS),
    deadlines=several(
        Deadline, of=ERRANDS, at=MOMENTS, due_at=st.one_of(st.none(), MOMENTS), before=st.one_of(st.none(), MOMENTS),
        by=USERS,
    ),
    gone=st.dictionaries(OF, MOMENTS, max_size=2),
    merged=st.dictionaries(st.one_of(OF, st.just("contact:8")), st.sampled_from(["contact:7", "contact:8"])),
    since=st.dictionaries(OF, st.just(START), max_size=2),
)  # fmt: skip

TUPLES = ("clients", "leads", "deals", "moves", "owners", "prices", "calls", "meetings", "tasks", "dones", "deadlines")


@settings(max_examples=300, deadline=None)
@given(DOSSIERS, st.randoms(use_true_random=False))
def test_the_order_of_what_is_known_changes_nothing(dossier: Dossier, chance: random.Random) -> None:
    turned = {name: tuple(chance.sample(getattr(dossier, name), len(getattr(dossier, name)))) for name in TUPLES}
    for rules in (SALES, WATCHED):
        assert derive(replace(dossier, **turned), rules) == derive(dossier, rules)


@settings(max_examples=300, deadline=None)
@given(DOSSIERS)
def test_moves_that_stand_twice_change_nothing(dossier: Dossier) -> None:
    doubled = dossier.moves + tuple(replace(move, id=move.id + "'") for move in dossier.moves)
    assert derive(replace(dossier, moves=doubled), SALES) == derive(replace(dossier, moves=dossier.moves), SALES)


@settings(max_examples=300, deadline=None)
@given(DOSSIERS)
def test_every_record_makes_at_most_one_fact_of_a_kind(dossier: Dossier) -> None:
    facts = derive(dossier, SALES)
    assert len({fact.key for fact in facts}) == len(facts)
    closes = [fact.deal for fact in facts if fact.kind in ("win", "loss")]
    assert sorted(closes) == sorted(deal.id for deal in dossier.deals if deal.outcome != "open")
    assert sum(fact.kind.startswith("call_") for fact in facts) == len(dossier.calls)


@settings(max_examples=300, deadline=None)
@given(DOSSIERS)
def test_clients_wins_are_numbered_from_one_without_gaps(dossier: Dossier) -> None:
    numbered: dict[str | None, list[float]] = {}
    for fact in derive(dossier, SALES):
        if fact.kind == "win" and fact.number is not None:
            assert fact.omitted is None
            numbered.setdefault(fact.client, []).append(fact.number)
    assert all(sorted(numbers) == list(range(1, len(numbers) + 1)) for numbers in numbered.values())


@settings(max_examples=300, deadline=None)
@given(DOSSIERS)
def test_every_fact_lies_on_its_local_day(dossier: Dossier) -> None:
    for fact in derive(dossier, SALES):
        assert fact.day == (STANDS if fact.kind in STANDING else SALES.day(fact.at))
