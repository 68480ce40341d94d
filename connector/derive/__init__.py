"""Dossier -> facts, pure: one file a theme. The same dossier and rules make the same facts, in whatever order."""

from __future__ import annotations

from collections.abc import Sequence

from connector.contest.values import Ruling
from connector.derive.calls import call_facts, contacts, meeting_facts, phoned
from connector.derive.client import rating_facts, refund_facts
from connector.derive.contested import without_contested
from connector.derive.deals import Close, close_facts, closes
from connector.derive.external import external_facts, instead_of_fields
from connector.derive.handed import handed_facts
from connector.derive.history import History
from connector.derive.leads import arrivals
from connector.derive.lives import Life, created_facts, cycle_facts, lives, return_facts
from connector.derive.missed import callback_facts
from connector.derive.open_deals import open_facts
from connector.derive.outcomes import junk_facts, qualified_facts, won_facts
from connector.derive.parts import part_facts
from connector.derive.purchases import purchase_facts, year_facts
from connector.derive.rules import Sales, calendar, compile
from connector.derive.scores import score_facts
from connector.derive.steps import card_facts, paid_facts, quote_facts, step_facts
from connector.derive.talks import talk_facts
from connector.derive.tasks import task_facts
from connector.derive.worth import margin_facts, payment_facts, price_facts
from connector.fact import Dossier, Fact

__all__ = ["DERIVE_VERSION", "Sales", "calendar", "compile", "derive"]

DERIVE_VERSION = 16
"""Raise it whenever the same records would give other facts: every store then derives anew."""


def derive(dossier: Dossier, sales: Sales) -> list[Fact]:
    """Everything countable that happened with one client, ordered by key; what counts nowhere says why in `omitted`."""
    history = History(dossier, sales)
    calls, closed = phoned(dossier.calls, history, sales), closes(dossier.deals, history, sales)
    facts = call_facts(calls, dossier, sales) + callback_facts(calls, dossier, sales)
    facts += meeting_facts(dossier, history, sales) + talk_facts(calls, closed, dossier, history, sales)
    facts += task_facts(dossier, history, sales)
    if dossier.deals or dossier.leads:
        came = arrivals(dossier, contacts(dossier, history, sales), history, sales)
        facts += [arrival.fact for arrival in came] + junk_facts(came) + won_facts(came, closed, sales)
        facts += qualified_facts(came, history, sales) + handed_facts(came, history, sales)
    if dossier.deals:
        known = lives(dossier.deals, closed, history, sales)
        facts += open_facts(dossier, known, calls, history, sales)
        facts += _of_lives(known, history, sales) + _of_closes(known, closed, dossier.rulings, history, sales)
    if dossier.externals:
        facts = instead_of_fields(facts, external_facts(dossier, closed, calls, history, sales))
    facts = _ruled(facts, dossier, sales)
    facts += _ruled(paid_facts(facts), dossier, sales)
    return sorted(facts, key=lambda fact: fact.key)


def _ruled(facts: list[Fact], dossier: Dossier, sales: Sales) -> list[Fact]:
    return without_contested(facts, dossier.rulings, sales.rules.credit) if dossier.rulings else facts


def _of_lives(known: list[Life], history: History, sales: Sales) -> list[Fact]:
    """What is told of every deal, open or closed."""
    return [
        *created_facts(known, history, sales),
        *step_facts(known, history, sales),
        *quote_facts(known, history, sales),
        *card_facts(known, history, sales),
        *payment_facts(known, history, sales),
        *score_facts(known, history, sales),
    ]


def _of_closes(
    known: list[Life], closed: list[Close], rulings: Sequence[Ruling], history: History, sales: Sales
) -> list[Fact]:
    """What is told of deals that are closed, and what their clients said and took back.

    A win that counts nowhere by a ruling is part of no purchase and no client's year; its other sharers keep theirs.
    """
    ended = close_facts(closed, history, sales)
    standing = without_contested(ended, rulings, sales.rules.credit)
    deals, wins = [life.deal for life in known], [fact for fact in standing if fact.kind == "win"]
    return [
        *ended,
        *purchase_facts(wins, sales),
        *year_facts(wins),
        *part_facts(ended, {deal.id: deal.fields for deal in deals}, sales),
        *cycle_facts(closed),
        *return_facts(closed, sales),
        *margin_facts(closed, history, sales),
        *price_facts(closed, history, sales),
        *rating_facts(deals, closed, history, sales),
        *refund_facts(deals, closed, history, sales),
    ]
