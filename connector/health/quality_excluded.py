"""Findings in what the rules leave out, and in wins whose amount was changed: counted, so that nobody wonders. Pure.

They distort nothing, as they count nowhere: a rule that leaves out too much is seen here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from connector.health import quality_words as words
from connector.health.finding import Example, Finding
from connector.health.quality import CALLS, Look, finding
from connector.health.quality_words import say


def internal_calls(look: Look) -> list[Finding]:
    """Calls with the company's own numbers (rule C11)."""
    calls = [fact for fact in look.facts if fact.kind in CALLS]
    own = [call for call in calls if call.omitted == "internal"]
    examples = [
        Example(call.client, say(words.CALL, at=look.day(call.at), seconds=int(call.number or 0))) for call in own
    ]
    return finding("internal_calls", len(own), len(calls), examples)


def tests(look: Look) -> list[Finding]:
    """Deals, enquiries and calls that are tests (rule C11)."""
    return _records("tests", look, "test")


def robot_deals(look: Look) -> list[Finding]:
    """Deals and enquiries that no person made and no person closed (rule C11)."""
    return _records("robot_deals", look, "robot")


def amounts_changed(look: Look) -> list[Finding]:
    """Wins whose amount is live and was another one when they were won (rule C17)."""
    wins = look.of("win")
    edited = [win for win in wins if win.note == "changed_after_win"]
    examples = [Example(f"deal:{win.deal_id}", say(words.WON, at=look.day(win.at))) for win in edited]
    return finding("amounts_changed", len(edited), len(wins), examples)


def _records(code: str, look: Look, why: str) -> list[Finding]:
    known = {_ref(fact) for fact in look.facts} - {None}
    left = _first(fact for fact in look.facts if fact.omitted == why)
    examples = [Example(ref, say(words.SINCE, at=look.day(fact.at))) for ref, fact in left]
    return finding(code, len(left), len(known), examples)


def _first(facts: Iterable[Any]) -> Sequence[tuple[str, Any]]:
    """Each record once, with the first of its facts."""
    found: dict[str, Any] = {}
    for fact in facts:
        if (ref := _ref(fact)) is not None:
            found.setdefault(ref, fact)
    return list(found.items())


def _ref(fact: Any) -> str | None:
    """The record that a fact is of: its call, else its deal, else its lead."""
    if fact.kind in CALLS:
        return str(fact.key).partition("|")[2]
    return f"deal:{fact.deal_id}" if fact.deal_id else f"lead:{fact.lead_id}" if fact.lead_id else None
