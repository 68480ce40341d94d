"""Which of two forecasts an account's own past prefers: kept for the month, so that nobody's forecast changes its kind
in the middle of it. Values and one decision.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from connector.kpi.chance import Chances

ENOUGH, MONTHS = 24, 3
"""Person-months and months below which nothing is preferred to the model."""
CLEARLY, OFTEN, FITS = 0.97, 2 / 3, 0.1
"""The other's loss must be under this part of the model's, in so many of the months lower, and its 80 % interval must
hold so nearly that many: a hair of difference on a few dozen months is luck.
"""


class Tried(msgspec.Struct, frozen=True):
    """One month's mean losses (pinball over the deciles, by mean revenue) over `n` forecasts, and how many of the
    second opinion's lay within its 80 % interval.
    """

    month: str
    n: int
    model: float
    pipeline: float
    covered: float


class Verdict(msgspec.Struct, frozen=True):
    """What both were worth; `persons`: person-months, each forecast at several parts of it; zeros where none could be
    tried. `sized`: by the amounts that stood in the deals, else by what each usually sells for. `fresh`: by twentieths
    of a month's working time, the part of the wins to come that usually are of deals not yet there.
    """

    month: str
    persons: int
    model: float
    pipeline: float
    covered: float
    months: int
    better: int
    """Months in which the second opinion's loss was the lower one."""
    sized: bool
    fresh: tuple[float, ...] = ()

    @property
    def enough(self) -> bool:
        """Whether there are enough months to prefer either."""
        return self.persons >= ENOUGH and self.months >= MONTHS

    @property
    def prefers(self) -> bool:
        """Whether the second opinion takes the model's place."""
        clearly = self.pipeline < self.model * CLEARLY and self.better >= self.months * OFTEN
        return self.enough and clearly and abs(self.covered - 0.8) <= FITS

    def fresh_at(self, gone: float) -> float:
        """Between the twentieths in proportion."""
        last = len(self.fresh) - 1
        place = min(max(gone, 0.0), 1.0) * last
        low = min(int(place), last - 1)
        return self.fresh[low] + (self.fresh[low + 1] - self.fresh[low]) * (place - low)


class Kept(Chances, frozen=True):
    """The chances of a day with what the second opinion was worth by then, None where it was not tried yet."""

    verdict: Verdict | None = None


def verdict(month: str, tried: Sequence[Tried], persons: int, *, sized: bool, fresh: Sequence[float]) -> Verdict:
    """Of what was tried."""
    n = sum(one.n for one in tried)

    def mean(name: str) -> float:
        return round(sum(getattr(one, name) * one.n for one in tried) / n, 4) if n else 0.0

    return Verdict(
        month,
        persons,
        mean("model"),
        mean("pipeline"),
        mean("covered"),
        len(tried),
        sum(one.pipeline < one.model for one in tried),
        sized,
        tuple(round(share, 4) for share in fresh),
    )
