"""The way through the pipeline: key steps, quotes sent, how complete the card was (K-17, K-29, K-37)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from connector.derive.deals import deal_fact, window
from connector.derive.history import Entry, History, worst
from connector.derive.ladder import Step
from connector.derive.lives import Life
from connector.derive.rules import Sales
from connector.fact import Fact


def quote_facts(known: Iterable[Life], history: History, sales: Sales) -> list[Fact]:
    """`quote`: the first entry into the stage of quotes, `number` calendar seconds to the standing win."""
    stages = sales.ladder.quote
    if not stages:
        return []
    sent = ((life, _first(history.entries(life.deal), stages)) for life in known)
    return [_quote(life, entry, history, sales) for life, entry in sent if entry is not None]


def paid_facts(facts: Sequence[Fact]) -> list[Fact]:
    """`quote_paid`: each quote once more, `number` calendar seconds to its deal's first payment that counts.

    `facts`: all of a dossier; payments may be fields of deals or imported.
    """
    paid = dict[str | None, Fact]()
    for fact in sorted((fact for fact in facts if _pays(fact)), key=lambda fact: fact.at, reverse=True):
        paid[fact.deal] = fact
    return [_paid(fact, paid.get(fact.deal)) for fact in facts if fact.kind == "quote"]


def step_facts(known: Iterable[Life], history: History, sales: Sales) -> list[Fact]:
    """`step`, once for every key step A > B that a deal came to: at its first entry into A ("inferred": into a later
    stage, A being skipped), `number` calendar seconds to the first entry into B, a later stage or the win.
    """
    facts = []
    for life in known if sales.ladder.steps else ():
        entries = history.entries(life.deal)
        for place, step in enumerate(sales.ladder.steps):
            start = next((n for n, entry in enumerate(entries) if entry.stage_id in step.passed), None)
            if start is not None:
                facts.append(_step(place, step, life, entries[start:], history, sales))
    return facts


def card_facts(known: Iterable[Life], history: History, sales: Sales) -> list[Fact]:
    """`card`: at the entry into the present stage, `number` the share of required fields that were filled then."""
    return [_card(life, history, sales) for life in known] if sales.rules.required_fields else []


def _first(entries: Iterable[Entry], stages: frozenset[str]) -> Entry | None:
    return next((entry for entry in entries if entry.stage_id in stages), None)


def _pays(fact: Fact) -> bool:
    """Without a rate its amount is unknown, and still somebody paid."""
    return fact.kind == "payment" and fact.omitted is None and (fact.amount is None or fact.amount > 0)


def _paid(quote: Fact, payment: Fact | None) -> Fact:
    key = f"quote_paid|deal:{quote.deal}"
    if payment is None:
        return replace(quote, key=key, kind="quote_paid", number=None)
    took, sure = (payment.at - quote.at).total_seconds(), worst(quote.confidence, payment.confidence)
    return replace(quote, key=key, kind="quote_paid", number=max(0.0, took), confidence=sure)


def _quote(life: Life, sent: Entry, history: History, sales: Sales) -> Fact:
    owner = history.owner(life.deal, sent.at)
    won = life.close.entered if life.close is not None and life.close.won else None
    sure = worst(sent.confidence, owner.confidence)
    return deal_fact(
        "quote",
        life,
        sent.at,
        owner.user,
        day=sales.day(sent.at),
        actor=sent.by,
        number=None if won is None else max(0.0, (won.at - sent.at).total_seconds()),
        due_at=window(sent.at, sales.rules.conversion_window_days),
        confidence=sure if won is None else worst(sure, won.confidence),
    )


def _step(place: int, step: Step, life: Life, entries: Sequence[Entry], history: History, sales: Sales) -> Fact:
    """`entries`: from the one in which A was passed on."""
    start, deal = entries[0], life.deal
    end = next((entry for entry in entries if entry.stage_id in step.reached or entry.outcome == "won"), None)
    owner = history.owner(deal, start.at)
    sure = worst(start.confidence, owner.confidence)
    fact = deal_fact(
        "step",
        life,
        start.at,
        owner.user,
        day=sales.day(start.at),
        actor=start.by,
        number=None if end is None else (end.at - start.at).total_seconds(),
        stage=step.title,
        due_at=window(start.at, sales.rules.step_window_days),
        confidence=sure if end is None else worst(sure, end.confidence),
        note=None if start.stage_id in step.start else "inferred",
    )
    return replace(fact, key=f"step|{deal.ref}|{place}")


def _card(life: Life, history: History, sales: Sales) -> Fact:
    deal, wanted = life.deal, sales.rules.required_fields
    staged = history.staged(deal)
    owner, kept = history.owner(deal, staged.at), history.fields(deal, staged.at)
    return deal_fact(
        "card",
        life,
        staged.at,
        owner.user,
        day=sales.day(staged.at),
        actor=staged.by,
        number=sum(name in kept.names for name in wanted) / len(wanted),
        stage=deal.stage_id,
        confidence=worst(staged.confidence, owner.confidence, kept.confidence),
    )
