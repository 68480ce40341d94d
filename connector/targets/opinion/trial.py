"""The model and the second opinion on an account's own past months: which of them it prefers. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from connector.targets.forecast_backtest import Forecasted, forecasted, holds, moments, pinball
from connector.targets.opinion.alike import Alike, Stood
from connector.targets.opinion.verdict import Tried, Verdict, verdict
from connector.targets.series import Person


def trial(account: str, people: Sequence[Person], month: str, stood: Stood, fresh: Sequence[float]) -> Verdict:
    """By the months before `month`; `fresh`: by twentieths of a month's time, kept with the verdict."""
    alike = Alike.of(stood, moments(people))
    cases = forecasted(account, people, stood=alike)
    persons = len({(one.user, one.label) for one in cases})
    return verdict(month, tried(cases), persons, sized=alike.sized, fresh=fresh)


def tried(cases: Sequence[Forecasted]) -> list[Tried]:
    """Month by month."""
    found = []
    for label in sorted({one.label for one in cases}):
        some = [one for one in cases if one.label == label]
        model, pipeline = (sum(pinball(one, one.said[name]) for one in some) for name in ("model", "pipeline"))
        held = sum(holds(one.said["pipeline"], one.actual) for one in some)
        found.append(Tried(label, len(some), model / len(some), pipeline / len(some), held / len(some)))
    return found
