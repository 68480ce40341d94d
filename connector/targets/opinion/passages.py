"""Deals at many past moments at once: what chances were known then, and which deals stood open with which. Pure.

The same as counting life by life (`stays` and `standing` of connector/targets/opinion/lives.py): laid out once as
columns, as a trial asks for dozens of moments of a hundred thousand deals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from connector.kpi.chance import A_DAY, LONGEST, Chances, Counted, chances_of, steps
from connector.targets.opinion.lives import Life, standing
from connector.targets.opinion.standing import Odds

Moments = NDArray[np.int64]
_NEVER = np.iinfo(np.int64).max
_WAYS = ("won", "lost", "open", "moved")


@dataclass(frozen=True, slots=True)
class Passages:
    """Each stage that each deal ever came to: when (epoch ms), when it went on (`_NEVER`) and to which; by place in
    `stages`. `first`, `ended`: of each life.
    """

    lives: Sequence[Life]
    stages: Sequence[str]
    first: Moments
    ended: Moments
    life: Moments
    stage: Moments
    at: Moments
    on: Moments
    to: Moments
    way: Moments
    """How the life ended, by place in `_WAYS`."""

    @classmethod
    def of(cls, lives: Sequence[Life]) -> Passages:
        """Laid out."""
        places: dict[str, int] = {}
        rows: list[tuple[int, int, int, int, int]] = []
        for number, one in enumerate(lives):
            for come, name, after in steps(one.entries):
                when, whither = (_NEVER, "") if after is None else after
                rows.append((number, _place(places, name), come, when, _place(places, whither)))
        table = np.array(rows, dtype=np.int64).reshape(-1, 5).T
        life, stage, at, on, to = table
        first = np.array([one.entries[0][0] if one.entries else _NEVER for one in lives], dtype=np.int64)
        ended = np.array([_NEVER if one.ended is None else one.ended for one in lives], dtype=np.int64)
        way = np.array([_WAYS.index(one.outcome) for one in lives], dtype=np.int64)
        return cls(lives, list(places), first, ended, life, stage, at, on, to, way)

    def chances(self, moment: int) -> Chances:
        """As they were known at a moment (epoch ms)."""
        ended, way = self.ended[self.life], self.way[self.life]
        over = ended <= moment
        last = np.where(over, ended, moment)
        there = self.at <= last
        at, on, stage, last = self.at[there], self.on[there], self.stage[there], last[there]
        way = np.where(over, way, _WAYS.index("open"))[there]
        moved = on <= last
        lefts = np.where(moved, _WAYS.index("moved"), way), _days(np.where(moved, on, last) - at)
        counted = {self.stages[place]: Counted() for place in np.unique(stage)}
        for name, kind, day, count in self._counts(stage, way, _days(last - at)):
            counted[name].ended[kind, day] = count
        for name, kind, day, count in self._counts(stage, *lefts):
            counted[name].left[kind, day] = count
        pairs, counts = np.unique(np.stack([stage[moved], self.to[there][moved]]), axis=1, return_counts=True)
        for (come, to), count in zip(pairs.T.tolist(), counts.tolist(), strict=True):
            counted[self.stages[come]].to[self.stages[to]] = count
        return chances_of(counted)

    def standing(self, chances: Chances, moment: int, end: int) -> Mapping[str, Sequence[Odds]]:
        """By person, the deals open at a moment and how likely each is to be won by `end`; none where nobody knows."""
        there = np.flatnonzero((self.first <= moment) & (self.ended > moment)).tolist()
        return standing((self.lives[number] for number in there), chances, moment, end)

    def _counts(self, stage: Moments, way: Moments, day: Moments) -> list[tuple[str, str, int, int]]:
        """How many of each stage went which way on which day."""
        shape = len(self.stages), len(_WAYS), LONGEST + 1
        counts = np.bincount(np.ravel_multi_index((stage, way, day), shape), minlength=int(np.prod(shape)))
        seen = np.flatnonzero(counts)
        names = zip(*(some.tolist() for some in np.unravel_index(seen, shape)), counts[seen].tolist(), strict=True)
        return [(self.stages[place], _WAYS[kind], on, count) for place, kind, on, count in names]


def _place(places: dict[str, int], stage: str) -> int:
    return places.setdefault(stage, len(places))


def _days(spans: Moments) -> Moments:
    return np.minimum(spans // A_DAY + 1, LONGEST)
