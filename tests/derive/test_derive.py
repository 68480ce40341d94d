"""Properties of deriving: the same facts whatever the order, whatever stands twice, whatever nonsense the CRM holds."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from connector.derive import derive
from connector.fact import STANDS, Dossier, Fact
from connector.kpi.kinds import OF_DEALS, STANDING
from connector.records import Call, Client, Deadline, Deal, Done, Lead, Meeting, Move, Owner, Price, Task
from tests.derive.ground import sales

SALES = sales()
WATCHED = sales("observed")
CONFIGURED = sales(
    qualified_stages=("quote",), quote_stage="quote", key_steps=("talk > quote", "quote > won"),
    stuck_by_stage={"new": 2}, required_fields=("CSAT", "Деление"), split_field="Деление", margin_field="Маржа",
    list_price_field="Прайс", payment_amount_field="Оплачено", payment_date_field="CSAT date",
    objection_field="Оценка", script_field="Оценка",
)  # fmt: skip
MANY = 3 * settings().max_examples
"""These examples are cheap and meet many rules; a profile that asks for fewer gets fewer here too."""
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
NAMES = ["CSAT", "CSAT date", "Refund", "Refund date", "Деление", "Маржа", "Прайс", "Оплачено", "Оценка"]
SPLITS = st.sampled_from(["501: 60, 502: 40", "501: 33.3; 502: 33.3; Вера: 33.3", "501: 50"])
FIELDS = st.dictionaries(st.sampled_from(NAMES), st.one_of(VALUES, SPLITS))
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
        pipeline_id=st.sampled_from(["1", "3", "?"]), stage_id=st.sampled_from(["1/talk", "1/quote", "1/?"]),
        contacts=CLIENTS,
        currency=st.sampled_from([None, "RUB", "USD", "GBP"]), lead_id=st.one_of(st.none(), IDS),
        closed_at=st.one_of(st.none(), MOMENTS),
    ),
    moves=several(
        Move, of=OF, at=MOMENTS, pipeline_id=st.just("1"), outcome=OUTCOMES, by=USERS,
        stage_id=st.sampled_from(["1/talk", "1/quote", "1/won"]),
        from_outcome=st.one_of(st.none(), OUTCOMES), from_stage_id=st.sampled_from([None, "1/talk"]),
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


@settings(max_examples=MANY, deadline=None)
@given(DOSSIERS, st.randoms(use_true_random=False))
def test_the_order_of_what_is_known_changes_nothing(dossier: Dossier, chance: random.Random) -> None:
    turned = {name: tuple(chance.sample(getattr(dossier, name), len(getattr(dossier, name)))) for name in TUPLES}
    for rules in (SALES, WATCHED, CONFIGURED):
        assert derive(replace(dossier, **turned), rules) == derive(dossier, rules)


@settings(max_examples=MANY, deadline=None)
@given(DOSSIERS)
def test_moves_that_stand_twice_change_nothing(dossier: Dossier) -> None:
    doubled = dossier.moves + tuple(replace(move, id=move.id + "'") for move in dossier.moves)
    assert derive(replace(dossier, moves=doubled), SALES) == derive(replace(dossier, moves=dossier.moves), SALES)


@settings(max_examples=MANY, deadline=None)
@given(DOSSIERS)
def test_every_record_makes_at_most_one_fact_of_a_kind(dossier: Dossier) -> None:
    facts = derive(dossier, CONFIGURED)
    assert len({fact.key for fact in facts}) == len(facts)
    closes = [fact.deal for fact in facts if fact.kind in ("win", "loss")]
    assert sorted(closes) == sorted(deal.id for deal in dossier.deals if deal.outcome != "open")
    assert sum(fact.kind.startswith("call_") for fact in facts) == len(dossier.calls)


@settings(max_examples=MANY, deadline=None)
@given(DOSSIERS)
def test_clients_wins_are_numbered_from_one_without_gaps(dossier: Dossier) -> None:
    numbered: dict[str | None, list[float]] = {}
    for fact in derive(dossier, SALES):
        if fact.kind == "win" and fact.number is not None:
            assert fact.omitted is None
            numbered.setdefault(fact.client, []).append(fact.number)
    assert all(sorted(numbers) == list(range(1, len(numbers) + 1)) for numbers in numbered.values())


@settings(max_examples=MANY, deadline=None)
@given(DOSSIERS)
def test_every_fact_lies_on_its_local_day(dossier: Dossier) -> None:
    for fact in derive(dossier, CONFIGURED):
        assert fact.day == (STANDS if fact.kind in STANDING else SALES.day(fact.at))


@settings(max_examples=MANY, deadline=None)
@given(DOSSIERS)
def test_what_may_be_credited_to_sharers_is_each_win_exactly(dossier: Dossier) -> None:
    facts = derive(dossier, CONFIGURED)
    parts: dict[str | None, list[Fact]] = {}
    for fact in facts:
        if fact.kind == "win_part":
            parts.setdefault(fact.deal, []).append(fact)
    wins = {fact.deal: fact for fact in facts if fact.kind == "win"}
    assert parts.keys() == wins.keys()
    for id, win in wins.items():
        amounts = [part.amount for part in parts[id]]
        assert None not in amounts or win.amount is None
        assert sum(amount or 0 for amount in amounts) == (win.amount or 0)
        assert abs(sum(part.number or 0 for part in parts[id]) - 1) < 1e-9
        assert {(part.at, part.omitted) for part in parts[id]} == {(win.at, win.omitted)}


@settings(max_examples=MANY, deadline=None)
@given(DOSSIERS)
def test_no_time_to_an_end_is_negative_and_a_closed_deal_does_not_stand(dossier: Dossier) -> None:
    facts = derive(dossier, CONFIGURED)
    waiting = ("created", "cycle", "return", "lead_won", "lead_qualified", "lead_processed", "step", "quote")
    assert all(fact.number is None or fact.number >= 0 for fact in facts if fact.kind in waiting)
    standing = {fact.deal for fact in facts if fact.kind in ("open_deal", "open_quiet")}
    assert standing == {
        fact.deal for fact in facts if fact.kind == "created" and fact.stage == "open" and fact.omitted is None
    }
    assert all(fact.user == fact.owner_now for fact in facts if fact.kind in ("open_deal", "open_quiet"))


@settings(max_examples=MANY, deadline=None)
@given(DOSSIERS)
def test_facts_of_one_deal_count_or_not_together(dossier: Dossier) -> None:
    """What is left out because of its deal is so in every kind, for the same reason."""
    of_field = {"unreadable", "no_amount"}
    reasons: dict[str | None, set[str | None]] = {}
    for fact in derive(dossier, CONFIGURED):
        if fact.kind in OF_DEALS and fact.omitted not in of_field:
            reasons.setdefault(fact.deal, set()).add(fact.omitted)
    assert all(len(found) == 1 for found in reasons.values())
