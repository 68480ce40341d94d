"""Dossier -> facts, pure: one file a theme. The same dossier and rules make the same facts, in whatever order."""

from __future__ import annotations

from connector.derive.calls import call_facts, contacts, meeting_facts, phoned
from connector.derive.client import rating_facts, refund_facts
from connector.derive.deals import close_facts, closes
from connector.derive.external import external_facts, instead_of_fields
from connector.derive.history import History
from connector.derive.leads import enquiry_facts
from connector.derive.lives import created_facts, cycle_facts, lives, return_facts
from connector.derive.missed import callback_facts
from connector.derive.open_deals import open_facts
from connector.derive.rules import Sales, calendar, compile
from connector.derive.talks import talk_facts
from connector.fact import Dossier, Fact

__all__ = ["DERIVE_VERSION", "Sales", "calendar", "compile", "derive"]

DERIVE_VERSION = 3
"""Raise it whenever the same records would give other facts: every store then derives anew."""


def derive(dossier: Dossier, sales: Sales) -> list[Fact]:
    """Everything countable that happened with one client, ordered by key; what counts nowhere says why in `omitted`."""
    history = History(dossier, sales)
    calls, closed = phoned(dossier.calls, history), closes(dossier.deals, history, sales)
    facts = call_facts(calls, dossier, sales) + callback_facts(calls, dossier, sales)
    facts += meeting_facts(dossier, history, sales) + talk_facts(calls, closed, dossier, history, sales)
    if dossier.deals or dossier.leads:
        facts += close_facts(closed, history, sales)
        known = lives(dossier.deals, closed, history, sales)
        facts += created_facts(known, history, sales) + cycle_facts(closed) + return_facts(closed, sales)
        facts += open_facts(dossier, known, history, sales)
        facts += enquiry_facts(dossier, contacts(dossier, history, sales), closed, history, sales)
        facts += rating_facts(dossier.deals, closed, history, sales)
        facts += refund_facts(dossier.deals, closed, history, sales)
    facts = instead_of_fields(facts, external_facts(dossier, closed, history, sales))
    return sorted(facts, key=lambda fact: fact.key)
