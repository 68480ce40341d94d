"""How likely a rule is to speak where a share really is so low, and how many cases that takes. Pure.

One reckoning for what people are told ("so many more to go") and for what is measured of the rules.
"""

from __future__ import annotations

from collections.abc import Callable

from connector.advice.feedback.chance import drawn_at_most
from connector.advice.feedback.look import Look
from connector.advice.feedback.weak import ALIKE, GAP

POWER = 0.8
"""Eight times out of ten a sample suffices that is called so."""
REACHABLE = 4
"""Times the cases there are: what would take more is as good as no different."""
Speaks = Callable[[Look], float | None]
"""A rule: the chance of so little where nothing is amiss, None where it is silent; of fewer good ones never."""


def power(look: Look, speaks: Speaks) -> float:
    """How likely the rule speaks of four such weeks, if his true share is the one seen.

    Cases of one person and month are alike, as the rules assume (`ALIKE`), so his counts stray further than dice do.
    What he is held against is taken as it is.
    """
    most = _most(look, speaks)
    if most is None:
        return 0.0
    share = min(max(look.now.share, 0.5 / (look.now.n + 1)), 1 - 0.5 / (look.now.n + 1))
    strength = 1 / ALIKE - 1
    return drawn_at_most(most, look.now.n, share * strength, (1 - share) * strength)


def suffices(look: Look, speaks: Speaks) -> bool:
    """Whether these are enough cases for the difference seen."""
    return power(look, speaks) >= POWER


def more_needed(look: Look, speaks: Speaks, reference: float) -> int | None:
    """How many more cases in four weeks the rule would take, if what was seen is the truth; None where it would not
    speak of four times as many either, or where a tenth of the reference is not at stake.
    """
    most = REACHABLE * max(look.now.n, look.least)
    if not look.now.n or look.now.share > reference * (1 - GAP):
        return None
    if speaks(look.grown(most)) is None or not suffices(look.grown(most), speaks):
        return None
    low, high = look.now.n, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if suffices(look.grown(middle), speaks) else (middle, high)
    return high - look.now.n


def _most(look: Look, speaks: Speaks) -> int | None:
    """The most good ones of which the rule still speaks."""
    if speaks(look.reaching(0)) is None:
        return None
    low, high = 0, look.now.n + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if speaks(look.reaching(middle)) is not None else (low, middle)
    return low
