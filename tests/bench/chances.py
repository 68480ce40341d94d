"""Whether chances of counts and shares come true, by the same trial that decides whether an account is told any.

Teams are simulated (tests/targets/likely/crew.py): eight people, thirteen months, the last six predicted, before they
begin and inside of them. BENCH_TEAMS:
how many a row (40). BENCH_SEED: another number draws other teams.
"""

from __future__ import annotations

import os
from dataclasses import replace
from statistics import mean

from connector.targets.backtest import Backtest, backtest
from connector.targets.forecast_backtest import accuracies, forecast_backtest, forecasted
from connector.targets.likely.midway import trials
from connector.targets.likely.model import Counted, Model, Shared
from connector.targets.likely.promise import Sense, tried_before
from connector.targets.opinion.trial import trial
from tests.targets.likely.crew import counted_parts, crew, parts
from tests.targets.opinion.dealers import LONG, SHORT, dealers
from tests.targets.squad import squad

WORLDS = ((0.2, 0.0, 0.0), (0.2, 0.0, 0.05), (3.0, 0.0, 0.0), (3.0, 0.05, 0.0), (30.0, 0.02, 0.01), (30.0, 0.1, 0.0))
"""Tries a day, how whole months swing, how alike tries of one month are."""
INSIDE = ((0.2, 0.0, 0.0, 0.0), (3.0, 0.05, 0.0, 0.0), (3.0, 0.0, 0.02, 0.03), (30.0, 0.05, 0.01, 0.02))
"""The same, and how much tries of a month are made together."""


def main() -> None:
    """Print the table of docs/benchmarks.md."""
    teams, first = int(os.environ.get("BENCH_TEAMS", "40")), 100_000 * int(os.environ.get("BENCH_SEED", "0"))
    _revenue(teams // 2, first)
    _opinion(max(teams // 8, 1), first)
    _before(teams, first)
    _inside(teams, first)


def _revenue(teams: int, first: int) -> None:
    """Targets of revenue before a month, and its forecast inside of it beside the run-rate and the year before."""
    squads = [squad(first + n) for n in range(teams)]
    trials = [backtest("bench", one) for one in squads]
    came = {
        stated: mean(one.calibration[n][1] for one in trials) for n, (stated, *_) in enumerate(trials[0].calibration)
    }
    told = ", ".join(f"{stated:.0%} -> {true:.0%}" for stated, true in came.items())
    print(f"revenue, stated and came true: {told}; in 80 %: {mean(one.covered for one in trials):.0%}; vouched for "
          f"{mean(one.vouches for one in trials):.0%}\n")  # fmt: skip
    told = "gone of the month | forecast | person-months | loss | error | in 80 % | Brier"
    print(f"| {told} |\n{'|---' * 7}|")
    every = [forecast_backtest("bench", one) for one in squads]
    for place, one in enumerate(every[0]):
        same = [some[place] for some in every]
        loss, error, brier = (mean(getattr(each, name) for each in same) for name in ("pinball", "error", "brier"))
        covered = "-" if one.covered is None else f"{mean(each.covered or 0.0 for each in same):.0%}"
        n = sum(each.n for each in same)
        print(
            f"| {one.cut:.0%} | {one.method} | {n} | {loss:.3f} | {error:.3f} | {covered} | {brier:.3f} |", flush=True
        )


def _opinion(teams: int, first: int) -> None:
    """The open deals as a second opinion: tried on six months, then what is told of the two after them."""
    for name, trade in (("long", LONG), ("short", SHORT)):
        tried, worth = [], []
        for seed in range(first, first + teams):
            team = dealers(seed, trade)
            before = [person.until(_AFTER) for person in team.people]
            worth.append(trial("bench", before, _AFTER, team.stood, ()))
            told = "pipeline" if worth[-1].prefers else "model"
            for one in forecasted("bench", team.people, last=2, stood=team.stood):
                tried.append(replace(one, said=one.said | {"told": one.said[told]}))
        chosen = sum(one.prefers for one in worth)
        print(f"\n{name} deals: the open deals preferred by {chosen} of {teams} teams; two months after, as above:")
        for some in accuracies(tried):
            covered = "-" if some.covered is None else f"{some.covered:.0%}"
            row = f"{some.cut:.0%} | {some.method} | {some.n} | {some.pinball:.3f} | {some.error:.3f} | {covered}"
            print(f"| {row} | {some.brier:.3f} |", flush=True)


_AFTER = "2026-08"


def _before(teams: int, first: int) -> None:
    """At the month's beginning."""
    told = "stated 35 % | 50 % | 60 % | 75 % | in 80 % | vouched for | loss | mean of 3 +10 %"
    print(f"| what | a day | swing | alike | {told} |\n{'|---' * 12}|")
    for rate, swing, alike in WORLDS:
        squads = [crew(first + n, rate=rate, swing=swing, alike=alike) for n in range(teams)]
        counts: list[Model] = [Counted("calls", tuple(one.tries() for one in squad)) for squad in squads]
        shares: list[Model] = [Shared("win_rate", squad) for squad in squads]
        for what, models in (("count", counts), ("share", shares)):
            trials = [tried_before("bench", one, Sense("share" if what == "share" else "count")) for one in models]
            print(f"| {what} | {rate:g} | {swing:g} | {alike:g} | {_row(trials)} |")


def _inside(teams: int, first: int) -> None:
    """At 30 % and 60 % of its working time."""
    told = "stated 35 % | 50 % | 60 % | 75 % | in 80 % | vouched for | loss | run-rate"
    print(f"\n| what | a day | swing | alike | bursts | at | {told} |\n{'|---' * 14}|")
    for rate, swing, alike, together in INSIDE:
        squads = [crew(first + n, rate=rate, swing=swing, alike=alike) for n in range(teams)]
        half = [parts(squad, first + n, together=together) for n, squad in enumerate(squads)]
        counts = [
            trials("bench", Counted("calls", tuple(one.tries() for one in squad)), counted_parts(some), Sense("count"))
            for squad, some in zip(squads, half, strict=True)
        ]
        shares = [
            trials("bench", Shared("win_rate", squad), some, Sense("share"))
            for squad, some in zip(squads, half, strict=True)
        ]
        for what, found in (("count", counts), ("share", shares)):
            for place, (cut, _) in enumerate(found[0]):
                row = _row([one[place][1] for one in found], "run_rate")
                print(f"| {what} | {rate:g} | {swing:g} | {alike:g} | {together:g} | {cut:.0%} | {row} |", flush=True)


def _row(trials: list[Backtest], peer: str = "mean_3_plus_10") -> str:
    came = {
        stated: mean(one.calibration[n][1] for one in trials) for n, (stated, *_) in enumerate(trials[0].calibration)
    }
    told = [f"{came[stated]:.0%}" for stated in (0.35, 0.5, 0.6, 0.75)]
    told += [f"{mean(one.covered for one in trials):.0%}", f"{mean(one.vouches for one in trials):.0%}"]
    loss = {one.method: mean(t.scores[n].pinball for t in trials) for n, one in enumerate(trials[0].scores)}
    return " | ".join([*told, f"{loss['model']:.3f}", f"{loss[peer]:.3f}"])
