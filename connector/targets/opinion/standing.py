"""What is open at a moment of a month, and what of the rest comes from deals that are not there yet. Values only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple


class Odds(NamedTuple):
    """An open deal: how likely it is to be won by the month's end, and for how much, None where nobody knows."""

    chance: float
    amount: float | None


@dataclass(frozen=True, slots=True)
class Standing:
    """By person, the deals open at a moment; `fresh`: the part of the wins to come by the month's end that usually are
    of deals which were not open at such a moment.
    """

    open: Mapping[str, Sequence[Odds]] = field(default_factory=dict)
    fresh: float = 1.0

    @property
    def priced(self) -> tuple[int, int]:
        """How many of the deals have an amount that was known then, and how many there are."""
        every = [one for some in self.open.values() for one in some]
        return sum(one.amount is not None for one in every), len(every)

    def unpriced(self) -> Standing:
        """The same as if no amount was known."""
        bare = {user: [Odds(one.chance, None) for one in some] for user, some in self.open.items()}
        return replace(self, open=bare)


def fresh_share(wins: Sequence[tuple[float, float]], gone: float) -> float:
    """Of the wins after this share of a month's working time, the part whose deals were first seen after it too.

    `wins`: of each, the share at which its deal was first seen and at which it was won. Half a win is thought of each
    kind, so that a month of few is not taken for a rule.
    """
    rest = [seen for seen, won in wins if won > gone]
    return (sum(seen > gone for seen in rest) + 0.5) / (len(rest) + 1)
