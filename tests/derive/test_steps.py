"""The way through the pipeline: first entries, skipped stages, back and forth; the card as it stood."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from connector.contest.values import Ruling
from connector.fact import Fact
from connector.records import External, Filling, Outcome
from tests.derive.ground import at, deal, facts, into, move, owner, sales

STEPS = sales(key_steps=("quote > bill", "talk>won"), quote_stage="Quote", step_window_days=10)
HOUR = 3600
SKIPPED = "inferred"


def derived(kind: str, *moves: Any, stage: str = "bill", outcome: Outcome = "open", **more: Any) -> Fact | None:
    base: dict[str, Any] = {"rules": STEPS, "deals": (deal(outcome=outcome, stage_id=f"1/{stage}"),), "moves": moves}
    return facts(**(base | more)).get(kind if "|" in kind else f"{kind}|deal:1")


def step(*moves: Any, **more: Any) -> Fact | None:
    return derived("step|deal:1|0", *moves, **more)


CASES: list[tuple[str, tuple[Any, ...], tuple[str, float | None, str | None] | None]] = [
    ("never there", (into("new", "2026-09-02T10:00"), into("talk", "2026-09-02T11:00")), None),
    ("there and no further", (into("quote", "2026-09-02T10:00"),), ("2026-09-02T10:00", None, None)),
    ("next", (into("quote", "2026-09-02T10:00"), into("bill", "2026-09-02T12:00")), ("2026-09-02T10:00", 2, None)),
    ("won", (into("quote", "2026-09-02T10:00"), into("won", "2026-09-02T13:00")), ("2026-09-02T10:00", 3, None)),
    ("lost", (into("quote", "2026-09-02T10:00"), into("lost", "2026-09-02T13:00")), ("2026-09-02T10:00", None, None)),
    ("skipped", (into("talk", "2026-09-02T10:00"), into("bill", "2026-09-02T13:00")), ("2026-09-02T13:00", 0, SKIPPED)),
    ("skipped both", (into("won", "2026-09-02T13:00"),), ("2026-09-02T13:00", 0, SKIPPED)),
    ("lost from before", (into("lost", "2026-09-02T13:00"),), None),
    (
        "back and forth",
        (
            into("quote", "2026-09-02T10:00"), into("talk", "2026-09-02T11:00"), into("quote", "2026-09-03T10:00"),
            into("bill", "2026-09-03T11:00"), into("quote", "2026-09-03T12:00"), into("bill", "2026-09-04T11:00"),
        ),
        ("2026-09-02T10:00", 25, None),
    ),
    (
        "an artefact of the CRM",
        (into("quote", "2026-09-02T10:00", left="quote"), into("bill", "2026-09-02T11:00", left="bill")),
        ("2026-09-01T10:00", 0, SKIPPED),
    ),
    ("from where it was made", (into("bill", "2026-09-02T10:00", left="quote"),), ("2026-09-01T10:00", 24, None)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "moves", "told"), CASES)
def test_a_step_is_made_once_from_the_first_entry(name: str, moves: Any, told: Any) -> None:
    fact = step(*moves)
    if told is None:
        assert fact is None, name
        return
    assert fact is not None
    when, hours, note = told
    assert (fact.at, fact.number, fact.note) == (at(when), None if hours is None else hours * HOUR, note), name
    assert (fact.stage, fact.due_at) == ("quote > bill", fact.at + timedelta(days=10))


def test_a_step_is_its_owners_at_the_entry() -> None:
    moves = (into("quote", "2026-09-02T10:00", by="503"), into("bill", "2026-09-04T10:00"))
    fact = step(*moves, owners=(owner("501", "502", "2026-09-03T10:00"),))
    assert fact is not None
    assert (fact.user, fact.actor, fact.owner_now) == ("502", "503", "501")


def test_a_step_to_the_win_is_reached_by_nothing_less() -> None:
    moves = (into("talk", "2026-09-02T10:00"), into("bill", "2026-09-02T11:00"))
    fact = derived("step|deal:1|1", *moves)
    assert fact is not None and fact.number is None
    fact = derived("step|deal:1|1", *moves, into("won", "2026-09-02T12:00"), stage="won", outcome="won")
    assert fact is not None and fact.number == 2 * HOUR


def test_without_moves_a_later_stage_is_assumed_from_the_creation() -> None:
    fact = step(stage="bill")
    assert fact is not None
    assert (fact.at, fact.number, fact.note, fact.confidence) == (at("2026-09-01T10:00"), 0, "inferred", "assumed")


def test_a_pipeline_without_the_stages_makes_no_step() -> None:
    elsewhere = facts(STEPS, deals=(deal(outcome="open", pipeline="2", stage_id="2/bill"),))
    assert "step|deal:1|0" in elsewhere  # the same names in another pipeline
    unknown = sales(key_steps=("1/quote > 1/bill",))
    assert "step|deal:1|0" not in facts(unknown, deals=(deal(outcome="open", pipeline="2", stage_id="2/bill"),))


def test_a_quote_is_the_first_entry_and_waits_for_the_standing_win() -> None:
    moves = (
        into("quote", "2026-09-02T10:00"), into("talk", "2026-09-02T11:00"), into("quote", "2026-09-03T10:00"),
        into("won", "2026-09-04T10:00"), into("talk", "2026-09-05T10:00"), into("won", "2026-09-12T10:00"),
    )  # fmt: skip
    fact = derived("quote", *moves, stage="won", outcome="won")
    assert fact is not None
    assert (fact.at, fact.number, fact.user) == (at("2026-09-02T10:00"), 10 * 24 * HOUR, "501")
    assert fact.due_at == at("2026-12-01T10:00")
    still = derived("quote", *moves[:-1], stage="talk")
    assert still is not None and still.number is None


def test_who_sent_a_quote_and_who_moved_the_card_are_told() -> None:
    sent = into("quote", "2026-09-02T10:00", by="503")
    fact = derived("quote", sent, stage="quote")
    assert fact is not None and (fact.actor, fact.day) == ("503", date(2026, 9, 2))
    card = facts(sales(required_fields=("ИНН",)), deals=(deal(outcome="open", stage_id="1/quote"),), moves=(sent,))
    assert (card["card|deal:1"].actor, card["card|deal:1"].day) == ("503", date(2026, 9, 2))


def test_a_deal_that_skipped_the_quote_sent_none() -> None:
    assert derived("quote", into("bill", "2026-09-02T10:00")) is None


def test_a_deal_that_sits_with_its_quote_without_moves_is_assumed_to_have_begun_there() -> None:
    fact = derived("quote", stage="quote")
    assert fact is not None
    assert (fact.at, fact.confidence) == (at("2026-09-01T10:00"), "assumed")


@pytest.mark.parametrize(("parts", "omitted"), [({"gone": {"deal:1": at("2026-09-05T10:00")}}, "deleted"), ({}, None)])
def test_steps_and_quotes_go_with_their_deal(parts: Any, omitted: str | None) -> None:
    for fact in (
        step(into("quote", "2026-09-02T10:00"), **parts),
        derived("quote", into("quote", "2026-09-02T10:00"), **parts),
    ):
        assert fact is not None and fact.omitted == omitted


def test_what_is_not_configured_is_not_told() -> None:
    found = facts(deals=(deal(outcome="open", stage_id="1/bill"),), moves=(into("bill", "2026-09-02T10:00"),))
    assert not {fact.kind for fact in found.values()} & {
        "step",
        "quote",
        "card",
        "margin",
        "listed",
        "payment",
        "win_part",
    }


# The card


@pytest.mark.parametrize(
    ("fields", "number"),
    [({}, 0), ({"ИНН": "77"}, 0.5), ({"ИНН": "77", "Бюджет": 0}, 1), ({"ИНН": "", "Бюджет": [], "Ещё": 5}, 0)],
)
def test_a_card_is_as_complete_as_its_required_fields(fields: Any, number: float) -> None:
    told = deal(outcome="open", stage_id="1/bill", fields=fields)
    changes = (owner("501", "502", "2026-09-03T10:00"),)
    moves = (into("quote", "2026-09-02T10:00"), into("bill", "2026-09-02T12:00"))
    fact = facts(sales(required_fields=("ИНН", "Бюджет")), deals=(told,), moves=moves, owners=changes)["card|deal:1"]
    assert (fact.number, fact.at, fact.user, fact.stage) == (number, at("2026-09-02T12:00"), "502", "1/bill")


def filling(since: str, to: str, *before: str) -> Filling:
    return Filling(id=f"f{to}", of="deal:1", at=at(to), since=at(since), before=before)


@pytest.mark.parametrize(
    ("changes", "number"),
    [
        ((), 1),
        ((filling("2026-09-02T12:00", "2026-09-09T10:00"),), 0),
        ((filling("2026-09-02T12:00", "2026-09-09T10:00", "Бюджет", "Ещё"),), 0.5),
        ((filling("2026-09-01T10:00", "2026-09-02T11:00"),), 1),
        ((filling("2026-09-02T11:00", "2026-09-02T12:05"),), 1),
        (
            (filling("2026-09-02T11:00", "2026-09-02T12:05"), filling("2026-09-02T12:05", "2026-09-03T09:00", "ИНН")),
            0.5,
        ),
        (
            (filling("2026-09-02T12:00", "2026-09-03T09:00", "ИНН"), filling("2026-09-03T09:00", "2026-09-04T09:00")),
            0.5,
        ),
    ],
    ids=["as ever", "all later", "one later", "before", "with the move", "with it, and more later", "twice later"],
)
def test_a_card_is_as_complete_as_it_was_when_its_stage_was_entered(changes: Any, number: float) -> None:
    """K-37: checked at the time of the stage, not later. What nobody saw empty after the entry was filled in time."""
    told = deal(outcome="open", stage_id="1/bill", fields={"ИНН": "77", "Бюджет": 5})
    moves, since = (into("bill", "2026-09-02T12:00"),), {"deal:1": at("2026-09-01T10:00")}
    rules = sales(required_fields=("ИНН", "Бюджет"))
    fact = facts(rules, deals=(told,), moves=moves, fillings=changes, since=since)["card|deal:1"]
    assert (fact.number, fact.confidence) == (number, "observed")


def test_a_card_that_nobody_saw_when_its_stage_was_entered_is_assumed() -> None:
    moves, rules = (into("bill", "2026-09-02T12:00"),), sales(required_fields=("ИНН",))
    told = deal(outcome="open", stage_id="1/bill", fields={"ИНН": "77"})
    seen = {soon: {"deal:1": at(soon)} for soon in ("2026-09-02T13:00", "2026-09-02T13:01")}
    sure = [facts(rules, deals=(told,), moves=moves, since=since)["card|deal:1"].confidence for since in seen.values()]
    assert sure == ["observed", "assumed"]


def test_the_card_of_a_closed_deal_is_that_of_its_close() -> None:
    won = move("won", "2026-09-10T12:00", source="open")
    seen = {"deal:1": at("2026-09-01T10:00")}
    fact = facts(sales(required_fields=("ИНН",)), deals=(deal(),), moves=(won,), since=seen)["card|deal:1"]
    assert (fact.at, fact.confidence) == (won.at, "observed")
    silent = facts(sales(required_fields=("ИНН",)), deals=(deal(closed_at=won.at),))["card|deal:1"]
    assert (silent.at, silent.confidence) == (won.at, "assumed")


def _paying(when: str, id: str = "k1", **more: Any) -> External:
    base: dict[str, Any] = {"what": "payment", "deal": "deal:1", "amount": 5_00, "currency": "RUB"}
    return External(id=id, at=at(when), **(base | more))


@pytest.mark.parametrize(
    ("name", "rows", "hours"),
    [
        ("nobody paid", (), None),
        ("paid", (_paying("2026-09-03T10:00"),), 24),
        ("in two parts", (_paying("2026-09-05T10:00"), _paying("2026-09-03T10:00", "k2")), 24),
        ("in advance", (_paying("2026-09-01T12:00"),), 0),
        ("of another deal", (_paying("2026-09-03T10:00", deal="deal:2"),), None),
        ("taken back", (_paying("2026-09-03T10:00", amount=-5_00),), None),
        ("nothing", (_paying("2026-09-03T10:00", amount=0),), None),
        ("without a rate", (_paying("2026-09-03T10:00", currency="GBP"),), 24),
    ],
)
def test_a_quote_waits_for_its_deals_first_payment(name: str, rows: Any, hours: float | None) -> None:
    sent = into("quote", "2026-09-02T10:00")
    both = (deal(outcome="open", stage_id="1/quote"), deal("2", "open"))
    found = facts(STEPS, deals=both, moves=(sent,), externals=rows)
    quote, paid = found["quote|deal:1"], found["quote_paid|deal:1"]
    assert paid.number == (None if hours is None else hours * HOUR), name
    assert (paid.at, paid.day, paid.user, paid.due_at) == (quote.at, quote.day, quote.user, quote.due_at)
    assert "quote_paid|deal:2" not in found


def test_a_payment_by_field_is_one_too_and_a_contested_one_is_none() -> None:
    rules = sales(quote_stage="Quote", payment_amount_field="Оплачено", payment_date_field="Дата")
    sold = deal(outcome="open", stage_id="1/quote", fields={"Оплачено": "5", "Дата": "2026-09-04"})
    of: dict[str, Any] = {"deals": (sold,), "moves": (into("quote", "2026-09-02T10:00"),)}
    assert facts(rules, **of)["quote_paid|deal:1"].number is not None
    ruled = facts(rules, **of, rulings=(Ruling(about="deal:1", user="501", fact="payment|deal:1"),))
    assert (ruled["quote_paid|deal:1"].number, ruled["quote_paid|deal:1"].omitted) == (None, None)
    gone = facts(rules, **of, rulings=(Ruling(about="deal:1", user="501", kinds=("quote_paid",)),))
    assert (gone["quote_paid|deal:1"].omitted, gone["quote|deal:1"].omitted) == ("contested", None)
