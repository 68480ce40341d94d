"""What stands around a turn tells too: an answer to a question, or a question, is seldom an objection; a few words are
seldom one, unless a price was just named. Corrects the chance that the words alone have. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from connector.quality.local.classify import Guess, weights
from connector.quality.local.senses import NUMBER, senses_of
from connector.quality.local.text import words

BRIEF, LONG = 3, 10
"""Words of a turn."""
BY_PRICE = "expensive"
"""The class that is raised when a price was named."""
CERTAIN = 1e-6


def circumstances(kind: str, text: str, before: str) -> tuple[float, ...]:
    """What is known beside the words that object: `before` is what the seller said last, just before this turn."""
    length = sum(word.form[0].isalnum() for word in words(text))
    after_price = kind == BY_PRICE and priced(before)
    return tuple(map(float, ("?" in before, "?" in text, length <= BRIEF, length >= LONG, after_price)))


@lru_cache(maxsize=50_000)
def priced(text: str) -> bool:
    """Whether a sum of money is named: a number and a word of money, or a number of several words."""
    told = [senses_of(word) for word in words(text)]
    numbers = sum(NUMBER in some for some in told)
    return numbers > 1 or (numbers == 1 and any("money" in some for some in told))


def corrected(guess: Guess, text: str, before: str) -> Guess:
    """The same guess with the chance it has there."""
    known = np.array((logit(guess.chance), *circumstances(guess.kind, text, before), 1.0))
    return Guess(guess.kind, float(1 / (1 + np.exp(-known @ weights().around))), guess.start, guess.stop)


def ranked(some: Sequence[Guess], text: str, before: str) -> list[Guess]:
    """All guesses of a turn corrected, the surest first."""
    return sorted((corrected(one, text, before) for one in some), key=lambda one: -one.chance)


def logit(chance: float) -> float:
    """Log of the odds; a chance is never quite 0 or 1."""
    held = min(max(chance, CERTAIN), 1 - CERTAIN)
    return float(np.log(held / (1 - held)))
