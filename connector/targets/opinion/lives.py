"""Deals as they stood at any past moment: on which stage, since when, for how much, and what became of them. Pure.

What is said of a moment uses nothing that came after it: a deal that was won later stands open, and what chances are
reckoned from ends there.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from connector.kpi.chance import A_DAY, Chances, Stay, passed
from connector.targets.opinion.standing import Odds


@dataclass(frozen=True, slots=True)
class Life:
    """A deal: whose it is, the open stages it came to (epoch ms, stage) in the order of time, how it ended and when.

    `prices`: its amount in units of the currency from each moment on, None where none stood; empty where nobody knows.
    """

    user: str | None
    entries: tuple[tuple[int, str], ...]
    outcome: Literal["won", "lost", "open"] = "open"
    ended: int | None = None
    prices: tuple[tuple[int, float | None], ...] = ()

    def open_at(self, moment: int) -> bool:
        """Whether it was there and not over."""
        return bool(self.entries) and self.entries[0][0] <= moment and (self.ended is None or self.ended > moment)

    def stage_at(self, moment: int) -> tuple[int, str]:
        """Since when it stood on which stage, of one that was there."""
        return self.entries[bisect_right(self.entries, moment, key=lambda one: one[0]) - 1]

    def amount_at(self, moment: int) -> float | None:
        """None where it had none, or nobody knows."""
        place = bisect_right(self.prices, moment, key=lambda one: one[0])
        return self.prices[place - 1][1] if place else None


def stays(lives: Iterable[Life], moment: int) -> Iterator[Stay]:
    """Each stage that a deal came to by then, once, and what had become of it."""
    for life in lives:
        over = life.ended is not None and life.ended <= moment
        last = life.ended if over and life.ended is not None else moment
        yield from passed(life.entries, last, life.outcome if over else "open")


def standing(lives: Iterable[Life], chances: Chances, moment: int, end: int) -> Mapping[str, Sequence[Odds]]:
    """By person, the deals open at a moment and how likely each is to be won by `end`; none where nobody knows."""
    found: dict[str, list[Odds]] = {}
    for life in lives:
        if life.user is None or not life.open_at(moment):
            continue
        since, stage = life.stage_at(moment)
        chance = chances.of(stage, (moment - since) / A_DAY, (end - moment) / A_DAY)
        if chance is not None:
            found.setdefault(life.user, []).append(Odds(chance, life.amount_at(moment)))
    return found


def late(lives: Iterable[Life], months: Sequence[tuple[int, int]]) -> list[tuple[int, int, int]]:
    """Of each win in these months (their bounds, epoch ms, in order): which month, when its deal was first seen open
    (not before the month's beginning; its end where never), and when it was won.
    """
    starts, found = [start for start, _ in months], []
    for life in lives:
        if life.outcome != "won" or life.ended is None:
            continue
        place = bisect_right(starts, life.ended) - 1
        if place >= 0 and life.ended < months[place][1]:
            first = life.entries[0][0] if life.entries else months[place][1]
            found.append((place, max(first, months[place][0]), life.ended))
    return found
