"""What was said in the pretend company's calls: the same words for the same call, in every sandbox and run.

Most sellers handle most objections; WEAK handles few, and that is what K-10 must find. Where a deal was won, objections
had been handled more often: so handling them is worth money, as in the article.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from functools import cached_property

from connector.pretend.happenings import Called, Company, Moved
from connector.pretend.people import SELLERS
from connector.pretend.phrases import (
    ANSWERS,
    BAD,
    FAREWELL,
    GREETING,
    MEETS,
    NEEDS,
    NEXT,
    NO_NEXT,
    OBJECTIONS,
    OFFER,
    REPLIES,
    UNDERSTOOD,
)

WEAK = 504
SHORTEST = 30
"""Seconds of a talk that is worth a transcript."""
OFTEN = 0.75
"""The part of longer talks in which the client objects."""
_SKILL = 0.82
_WEAK_SKILL = 0.18
_NAMES = {seller.id: seller.name.split()[0] for seller in SELLERS}
Line = tuple[str, str]
"""Who speaks, and what."""


def transcript(call: Called, *, won: bool = False) -> tuple[Line, ...] | None:
    """The lines of a talk, None where nobody talked for long enough. `won`: its deal was won later."""
    if not call.answered or call.seconds < SHORTEST:
        return None
    chance = random.Random(call.call * 7919)
    lines = [*_opening(call, chance), *_needs(chance)]
    if call.seconds >= SHORTEST and chance.random() < OFTEN:
        lines += _objection(call.user, chance, won=won)
    return tuple(lines + _ending(chance))


def as_text(lines: Iterable[Line]) -> str:
    """A line a turn, with its speaker."""
    return "\n".join(f"{who}: {said}" for who, said in lines)


class Words:
    """What was said in the calls of one company."""

    def __init__(self, company: Company) -> None:
        self._company = company

    def of(self, call: Called) -> str | None:
        """The transcript as a text of lines, None where there is none."""
        lines = transcript(call, won=call.deal in self._won)
        return None if lines is None else as_text(lines)

    @cached_property
    def _won(self) -> frozenset[int]:
        """Deals that the plan sees won."""
        return frozenset(h.deal for h in self._company.happenings if isinstance(h, Moved) and h.stage == "won")


def _opening(call: Called, chance: random.Random) -> list[Line]:
    hello = chance.choice(GREETING).format(name=_NAMES.get(call.user, "Павел"))
    if call.direction == "in":
        return [("Клиент", "Алло, здравствуйте, я по поводу вашего предложения."), ("Менеджер", hello)]
    return [("Менеджер", hello), ("Клиент", chance.choice(MEETS))]


def _needs(chance: random.Random) -> list[Line]:
    question, answer = chance.choice(NEEDS)
    return [("Менеджер", question), ("Клиент", answer), ("Менеджер", chance.choice(OFFER))]


def _objection(user: int, chance: random.Random, *, won: bool) -> list[Line]:
    """Handled: acknowledged, explored, answered, and on to the next step. Not handled: given up."""
    kind = chance.choice(sorted(OBJECTIONS))
    skill = _WEAK_SKILL if user == WEAK else _SKILL
    skill = min(1.0, skill + 0.12) if won else max(0.0, skill - 0.12)
    raised: Line = ("Клиент", chance.choice(OBJECTIONS[kind]))
    if chance.random() >= skill:
        return [raised, ("Менеджер", chance.choice(BAD)), ("Клиент", "Ладно, понятно.")]
    asked, told = chance.choice(ANSWERS[kind])
    return [
        raised,
        ("Менеджер", f"{chance.choice(UNDERSTOOD)} {asked}"),
        ("Клиент", chance.choice(REPLIES)),
        ("Менеджер", told),
        ("Клиент", "Хорошо, так понятнее."),
    ]


def _ending(chance: random.Random) -> list[Line]:
    agreed = chance.random() < 0.7
    last = chance.choice(NEXT) if agreed else chance.choice(NO_NEXT)
    return [
        ("Менеджер", last),
        ("Клиент", "Хорошо, договорились." if agreed else "Угу."),
        ("Менеджер", chance.choice(FAREWELL)),
    ]
