"""Deals of past moments, all of them with their amounts or none: what is tried is what is told later. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from connector.targets.opinion.standing import Standing

HALF = 0.5
"""Amounts that were known in fewer of the deals are left aside in all of them."""

Stood = Callable[[str, float], Standing]
"""The deals that were open in a month when a share of its working time was over, as it was known then."""


@dataclass(frozen=True, slots=True)
class Alike:
    """What stood open at each of these moments (month, share of its time); `sized`: with the amounts."""

    seen: Mapping[tuple[str, float], Standing]
    sized: bool

    @classmethod
    def of(cls, stood: Stood, moments: Iterable[tuple[str, float]]) -> Alike:
        """Each moment asked for once."""
        seen = {moment: stood(*moment) for moment in moments}
        known, all_of = (sum(one.priced[place] for one in seen.values()) for place in (0, 1))
        if known >= HALF * all_of:
            return cls(seen, True)
        return cls({moment: one.unpriced() for moment, one in seen.items()}, False)

    def __call__(self, label: str, cut: float) -> Standing:
        return self.seen[label, cut]
