"""Findings in deals that may be other than they stand: won for nothing, open with nothing planned. Pure.

What they distort comes from the definitions: every KPI is measured with each of them as it stands and as it may be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from connector.health import quality_words as words
from connector.health.finding import Effect, Example, Finding
from connector.health.quality import KINDS, Look, finding
from connector.health.quality_words import say
from connector.health.sway import Imagined, Way, Ways, kpi_kinds
from connector.kpi.catalogue import ALL
from connector.records import Deal, Ref

YOUNG = timedelta(hours=1)
"""A deal so new needs no next step yet (K-23)."""
OPEN = ("open_deal", "open_expected", "open_quiet")
"""Facts of a deal that stands open."""
_BOUGHT = ("win", "client_year", "margin_base")
"""Facts that have the amount of a win."""
_REASONS = tuple((Imagined("", "loss", 0, number=given),) for given in (0, 1, 2))
"""A deal that is lost, by how well its reason is stated."""


def looked_at() -> frozenset[str]:
    """Kinds of what happened that the checks need: theirs, and all of the KPIs that may be distorted."""
    doubtful = {*_BOUGHT, "purchase", "loss", *OPEN}
    beside = (kpi_kinds(kpi) for kpi in ALL.values())
    return frozenset(KINDS).union(*(kinds for kinds in beside if kinds & doubtful)) - set(OPEN)


def deals_without_step(look: Look, deals: Iterable[Deal], stepped: Collection[Ref], until: datetime) -> list[Finding]:
    """Open deals of an hour and more with nothing planned, as they stand now.

    Any of them may be dead, and those there were by the period's end (`until`) had then been lost in it for whatever
    reason. The share of such deals itself is what it is.
    """
    grown = [deal for deal in deals if deal.outcome == "open" and look.now - deal.created_at >= YOUNG]
    idle = sorted((deal for deal in grown if deal.ref not in stepped), key=lambda deal: (-(deal.amount or 0), deal.id))
    examples = [Example(deal.ref, say(words.OPEN, at=look.day(deal.created_at))) for deal in idle]
    standing = _by_deal(look.open)
    dead = [[tuple(standing.get(deal.id, ())), *_REASONS] for deal in idle if deal.created_at < until]
    effects = [_known(one) for one in look.swayed(dead) if one.kpi != "deals_without_next_step"] if idle else []
    return finding("deals_without_step", len(idle), len(grown), examples, _first("win_rate", effects), words.DEAD)


def wins_without_amount(look: Look) -> list[Finding]:
    """Wins that bring no revenue: each may be worth anything up to the biggest of its pipeline in the period, most
    probably the average of the others.
    """
    wins = look.of("win")
    empty = [win for win in wins if win.amount == 0]
    priced = [win.amount for win in wins if win.amount]
    examples = [Example(f"deal:{win.deal_id}", say(words.WON, at=look.day(win.at))) for win in empty]
    if not empty or not priced:
        effects = [Effect("revenue", "unknown")]
        return finding("wins_without_amount", len(empty), len(wins), examples, effects)
    worth = _by_deal(fact for fact in look.of(*_BOUGHT, "purchase") if fact.amount == 0)
    largest = _largest(wins)
    ways: list[Ways] = []
    likely: list[Way] = []
    for win in empty:
        facts = worth[win.deal_id]
        most = largest.get(win.pipeline_id, max(priced))
        ways.append([facts, _priced(facts, 1), _priced(facts, most)])
        likely.append(_priced(facts, round(sum(priced) / len(priced))))
    effects = [_joined(one) for one in look.swayed(ways, likely)]
    return finding("wins_without_amount", len(empty), len(wins), examples, _first("revenue", effects), words.NO_BIGGER)


def _by_deal(facts: Iterable[Any]) -> Mapping[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for fact in facts:
        found[fact.deal_id].append(fact)
    return found


def _largest(wins: Iterable[Any]) -> Mapping[str | None, int]:
    found: dict[str | None, int] = {}
    for win in wins:
        if win.amount:
            found[win.pipeline_id] = max(win.amount, found.get(win.pipeline_id, 0))
    return found


def _priced(facts: Sequence[Any], amount: int) -> list[Any]:
    """The same with this amount."""
    names = Imagined.__dataclass_fields__
    return [Imagined(**{name: getattr(fact, name) for name in names} | {"amount": amount}) for fact in facts]


def _joined(effect: Effect) -> Effect:
    """With an amount a win may belong to another purchase of its client: how far that goes is not reckoned."""
    purchases = any(kind == "purchase" for kind in kpi_kinds(ALL[effect.kpi]))
    return Effect(effect.kpi, "unknown", effect.value) if purchases else effect


def _known(effect: Effect) -> Effect:
    """Of the win rate this is told as what it may well be: nobody is spoken to about one that is so much in doubt."""
    return replace(effect, claim="bound") if effect.kpi == "win_rate" else effect


def _first(kpi: str, effects: Iterable[Effect]) -> list[Effect]:
    return sorted(effects, key=lambda one: one.kpi != kpi)
