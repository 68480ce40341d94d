"""How often eight equal sellers are accused in a month with all rules on, and how often a weak one is found.

What the rules see is drawn: the truth is known. Every morning of a month is looked at, as a daemon would; weeks stand
still from Monday to Monday. BENCH_TEAMS: how many teams and months (300). BENCH_SEED: another number draws other teams;
the thresholds were set with a look at 0.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import numpy as np

from connector.advice.feedback.effect import Seen, measured
from connector.advice.feedback.look import look_at
from connector.advice.feedback.power import suffices
from connector.advice.feedback.rules import RULES, found
from connector.advice.feedback.weeks import Counted, Weeks, windows
from connector.advice.rules import advise
from connector.config import Rules
from connector.kpi.catalogue import ALL
from connector.moment import DAY, Period, WorkCalendar, local_day
from connector.records import Team, User
from connector.result import Result
from connector.targets.pace import pace, this_morning
from tests.advice.feedback.ground import situation

ZONE = "Europe/Moscow"
CALENDAR = WorkCalendar(ZONE)
MONTH = Period.parse("2026-09")
PEOPLE = [str(500 + n) for n in range(8)]
WEAK = PEOPLE[0]
USERS = {user: User(id=user, name=user, team_ids=("700",)) for user in PEOPLE} | {
    "590": User(id="590", name="Head", team_ids=("700",))
}
TEAMS = {"700": Team(id="700", name="Team", head_ids=("590",))}
TRUTH = {"objection_handling": 0.6, "script_compliance": 0.75, "lead_answered_in_norm": 0.62, "callback_in_norm": 0.7}
"""The true shares of everybody; of stuck deals a quarter."""
STUCK, NORM_SECONDS = 0.25, 15


def drawn(stream: int) -> np.random.Generator:
    """The generator of one table."""
    return np.random.default_rng(stream + 1000 * int(os.environ.get("BENCH_SEED", "0")))


@dataclass(frozen=True, slots=True)
class World:
    """`cases`: of each KPI a person and week; `wins` a month of log-normal size (`sigma`); `noise`: the deviation by
    which a person's true share moves from week to week; `low`: what the weak one's shares are multiplied with lately.
    """

    cases: float = 12.0
    wins: float = 16.0
    sigma: float = 0.7
    noise: float = 0.0
    low: dict[str, float] | None = None


def main() -> None:
    """Print the tables of docs/benchmarks.md."""
    teams = int(os.environ.get("BENCH_TEAMS", "300"))
    print(f"{teams} months of a team of eight equal sellers, every morning looked at, all rules on:\n")
    print("| cases a week | wins a month | deal size | weekly swing | months with any false task | by rule |")
    print("|---|---|---|---|---|---|")
    for cases, wins, sigma, noise in (
        (8, 6, 0.7, 0.0), (12, 16, 0.7, 0.0), (40, 60, 0.7, 0.0), (12, 16, 0.7, 0.05),
        (40, 60, 0.7, 0.05),
    ):  # fmt: skip
        rng = drawn(5)
        raised = [month(rng, World(cases, wins, sigma, noise)) for _ in range(teams)]
        by_rule = Counter(rule for one in raised for rule in {rule for rule, _ in one})
        any_of = sum(bool(one) for one in raised) / teams
        told = ", ".join(f"{rule} {count / teams:.1%}" for rule, count in sorted(by_rule.items())) or "none"
        print(f"| {cases} | {wins} | σ {sigma} | {noise:g} | {any_of:.1%} | {told} |")
    _found(teams)
    _verdicts(teams)


def _found(teams: int) -> None:
    print("\n| planted in one seller | cases in four weeks | enough for it | found of these | found of all |")
    print("|---|---|---|---|---|")
    for kpi, low in (("objection_handling", 0.5), ("lead_answered_in_norm", 0.4), ("callback_in_norm", 0.5)):
        for cases in (6, 12, 18, 24):
            rng, told, enough = drawn(7), [], []
            for _ in range(teams):
                weekly = _weekly(rng, World(cases, low={kpi: low}))
                told.append(_mondays(weekly, kpi))
                enough.append(_suffices(weekly, kpi, low))
            of_these = [hit for hit, suffice in zip(told, enough, strict=True) if suffice]
            rate = f"{sum(of_these) / len(of_these):.0%}" if of_these else "-"
            print(f"| {kpi} x {low} | {4 * cases} | {sum(enough) / teams:.0%} | {rate} | {sum(told) / teams:.0%} |")


def _mondays(weekly: Weekly, kpi: str) -> bool:
    """Whether the rules speak of the weak one on any Monday of the month."""
    days = [MONTH.start + number * 7 * DAY for number in range(5)]
    return any(weak.kpi == kpi for day in days for weak in found(_weeks(weekly, day), WEAK))


def _suffices(weekly: Weekly, kpi: str, low: float) -> bool:
    """Whether the product would call his cases of the first four weak weeks enough, if it knew his true share."""
    look = look_at(kpi, WEAK, _weeks(weekly, FIRST_WHOLE))
    assert look is not None
    return suffices(look.reaching(round(TRUTH[kpi] * low * look.now.n)), RULES[kpi].speaks)


FIRST_WHOLE = MONTH.start + 7 * DAY
"""By then all four weeks that are judged are weak ones."""


def _verdicts(teams: int) -> None:
    """What is said of talks that did nothing, to people chosen for being low by chance, and of talks that helped."""
    print("\n| a talk that | cases in four weeks | better | no visible difference | worse |")
    print("|---|---|---|---|---|")
    rng = drawn(11)
    for name, before, after in (
        ("did nothing (low by chance)", 0.6, 0.6),
        ("did nothing (really low)", 0.3, 0.3),
        ("helped", 0.3, 0.6),
    ):
        for n in (24, 48, 96):
            verdicts = Counter(_talked(rng, n, before, after) for _ in range(teams))
            shares = (f"{verdicts[one] / teams:.0%}" for one in ("better", "same", "worse"))
            print("| " + " | ".join((name, str(n), *shares)) + " |")


def _talked(rng: np.random.Generator, n: int, before: float, after: float) -> str:
    """One person in eight: the lowest of them where all are alike."""

    def draw(share: float, size: int) -> Counted:
        return Counted(int(rng.binomial(size, share)), size)

    everybody = [Seen(draw(0.6, 2 * n), draw(0.6, n), draw(0.6, n)) for _ in PEOPLE]
    if before == 0.6:
        everybody.sort(key=lambda one: one.before.share - one.own.share)
        person, others = everybody[0], everybody[1:]
    else:
        person, others = Seen(draw(0.6, 2 * n), draw(before, n), draw(after, n)), everybody[1:]
    return measured(person, others, enough=True, days=("", "")).verdict


def month(rng: np.random.Generator, world: World) -> set[tuple[str, str]]:
    """(rule, person or person:KPI) of every task of one month."""
    weekly, sales = _weekly(rng, world), _sales(rng, world)
    told: set[tuple[str, str]] = set()
    seen: dict[date, Weeks] = {}
    for number in range((MONTH.end - MONTH.start).days):
        day = MONTH.start + number * DAY
        monday = day - timedelta(days=day.weekday())
        if monday not in seen:
            seen[monday] = _weeks(weekly, day)
        at = datetime(day.year, day.month, day.day, 7, tzinfo=UTC)
        if CALENDAR.is_working(day):
            told |= _raised(at, seen[monday], sales)
    return told


Sales = dict[str, tuple[np.ndarray, np.ndarray]]
Weekly = dict[tuple[str, str], np.ndarray]


def _raised(at: datetime, weeks: Weeks, sales: Sales) -> set[tuple[str, str]]:
    told = _situation(at, weeks, sales)
    keys = [task.key for task in advise(told).tasks]
    return {(key.rpartition("#")[2].partition("@")[0], key.split(":", 2)[2].partition("#")[0]) for key in keys}


def _situation(at: datetime, weeks: Weeks, sales: Sales):  # type: ignore[no-untyped-def]  # a test's Situation
    share = CALENDAR.working_days(MONTH.start, local_day(at, ZONE)) / CALENDAR.working_days(MONTH.start, MONTH.end)
    results, paces = {}, {}
    for user, (moments, amounts) in sales.items():
        won = amounts[moments < share]
        for kpi, value in (("revenue", float(won.sum())), ("won_deals", float(len(won)))):
            results[kpi, f"user:{user}"] = Result(
                kpi=kpi, subject=f"user:{user}", period=MONTH.label, unit="money", value=Decimal(str(round(value, 2)))
            )
        fact = results["revenue", f"user:{user}"].value or Decimal(0)
        paces[f"user:{user}"] = pace(PLAN, fact, MONTH, this_morning(at, ZONE), CALENDAR, ZONE)
    return replace(situation(weeks, at, users=USERS, teams=TEAMS), results=results, paces=paces)


PLAN = Decimal(1_000_000)


def _sales(rng: np.random.Generator, world: World) -> Sales:
    """Everybody exactly on plan on average."""
    made = {}
    for user in PEOPLE:
        count = int(rng.poisson(world.wins))
        mean = float(PLAN) / world.wins
        sizes = np.exp(rng.normal(0, world.sigma, count) - world.sigma**2 / 2) * mean
        made[user] = (rng.random(count), sizes)
    return made


def _weekly(rng: np.random.Generator, world: World) -> Weekly:
    """Good cases and all of each KPI, person and week: seventeen weeks, the last four and more of the month itself."""
    made = {}
    for kpi in (*TRUTH, "stuck_deal_share"):
        for user in PEOPLE:
            cases = rng.poisson(world.cases, 17)
            share = 1 - STUCK if kpi == "stuck_deal_share" else TRUTH[kpi]
            shares = np.clip(share + rng.normal(0, world.noise, 17), 0.01, 0.99)
            if user == WEAK and world.low and kpi in world.low:
                shares[9:] *= world.low[kpi]
            made[kpi, user] = np.stack([rng.binomial(cases, shares), cases])
    return made


FIRST = date(2026, 6, 8)
"""The Monday on which the drawn weeks begin."""


def _weeks(weekly: Weekly, day: date) -> Weeks:
    now, before = windows(day)
    both = []
    for span in (now, before):
        first, end = ((edge - FIRST).days // 7 for edge in (span.start, span.end))
        results = {}
        for (kpi, user), counts in weekly.items():
            good, n = (int(one) for one in counts[:, first:end].sum(axis=1))
            if kpi == "stuck_deal_share":  # as it stands on the last day
                good, n = (int(one) for one in counts[:, end - 2 : end].sum(axis=1))
            results |= _result(kpi, user, good, n)
        both.append(results)
    kpis = {kpi: ALL[kpi] for kpi in (*TRUTH, "stuck_deal_share")}
    return Weeks(now, before, kpis, both[0], both[1], dict.fromkeys(PEOPLE, frozenset(PEOPLE)), Rules())


def _result(kpi: str, user: str, good: int, n: int) -> dict[tuple[str, str], Result]:
    if not n:
        return {}
    share = Decimal(n - good if kpi == "stuck_deal_share" else good) / n
    one = Result(kpi=kpi, subject=f"user:{user}", period="", unit="share", value=share, n=n, enough=True)
    return {(kpi, f"user:{user}"): one}
