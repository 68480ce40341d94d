"""The model and the second opinion on an account's own past months: which of them it prefers. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from connector.targets.forecast_backtest import Forecasted, Stood, forecasted, holds, pinball
from connector.targets.opinion.standing import Standing
from connector.targets.opinion.verdict import Tried, Verdict, verdict
from connector.targets.series import Person

HALF = 0.5
"""Amounts that were known in fewer of the deals are left aside in all of them: what is tried is what is told later."""


def trial(account: str, people: Sequence[Person], month: str, stood: Stood, fresh: Sequence[float]) -> Verdict:
    """By the months before `month`; `fresh`: by twentieths of a month's time, kept with the verdict."""
    seen: dict[tuple[str, float], Standing] = {}

    def remembered(label: str, cut: float) -> Standing:
        return seen.setdefault((label, cut), stood(label, cut))

    cases = forecasted(account, people, stood=remembered)
    known, all_of = (sum(one.priced[place] for one in seen.values()) for place in (0, 1))
    sized = known >= HALF * all_of
    if not sized:
        cases = forecasted(account, people, stood=lambda label, cut: remembered(label, cut).unpriced())
    return verdict(month, tried(cases), len({(one.user, one.label) for one in cases}), sized=sized, fresh=fresh)


def tried(cases: Sequence[Forecasted]) -> list[Tried]:
    """Month by month."""
    found = []
    for label in sorted({one.label for one in cases}):
        some = [one for one in cases if one.label == label]
        model, pipeline = (sum(pinball(one, one.said[name]) for one in some) for name in ("model", "pipeline"))
        held = sum(holds(one.said["pipeline"], one.actual) for one in some)
        found.append(Tried(label, len(some), model / len(some), pipeline / len(some), held / len(some)))
    return found
