"""Corrections: what was learned of a closed month after it was closed, step by step. Pure (rules C5, C6, C14).

Each moment at which something became known is one step, told fact by fact. Steps follow one another without a gap, so
a frozen value and all its corrections make today's, and every correction has one day, in one open month.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from connector.kpi.definition import Kpi, Limits
from connector.kpi.diff.changes import Difference, Known, Scope, Version, change, differences
from connector.moment import Period
from connector.records import Ref
from connector.result import Result

LimitsAt = Callable[[int], Limits]
"""The thresholds as they stand at a moment (epoch ms)."""


@dataclass(frozen=True, slots=True)
class Life:
    """A fact and how long we knew it: [since, until) in epoch ms, `until` None: still."""

    fact: Version
    dossier: Ref
    since: int
    until: int | None

    def at(self, moment: int) -> bool:
        """Whether it was known then."""
        return self.since <= moment and (self.until is None or moment < self.until)


@dataclass(frozen=True, slots=True)
class Correction:
    """One fact's change to one closed number, and when it became known (epoch ms)."""

    user: str
    kpi: Kpi
    known: int
    difference: Difference


def corrected(kpi: Kpi) -> bool:
    """Whether its closed number can be corrected fact by fact.

    What stood at the month's end is what was known then, whatever is learned later; and an estimate over what still
    goes on moves with every day. Where it is one only if many wait, what ended or was changed is told and no waiting.
    """
    return not kpi.standing and (kpi.waits or all(one.take != "survival" for one in kpi.measures))


def corrections(
    kpis: Sequence[Kpi],
    lives: Iterable[Life],
    window: tuple[int, int],
    days: tuple[int, int],
    limits: LimitsAt,
    *,
    unread: int | None = None,
) -> Iterator[Correction]:
    """What became known in (start, end] (epoch ms) of facts of these half-open days, in the order in which it did.

    `unread`: the closing had been judged only as far as the data reached; what ran out since is the first step.
    """
    clocks = clocks_of(kpis, limits(window[1]))
    of_moment: dict[int, list[Life]] = defaultdict(list)
    for life in lives:
        for moment in _moments(life, clocks, (window[0] if unread is None else unread, window[0])):
            if window[0] < moment <= window[1]:
                of_moment[moment].append(life)
    for moment in sorted(of_moment):
        yield from _step(kpis, of_moment[moment], moment, days, limits)


def clocks_of(kpis: Iterable[Kpi], limits: Limits) -> set[tuple[str, int]]:
    """The columns that conditions compare with the clock, and by how much (ms) it is then ahead of the moment."""
    moving = {one for kpi in kpis for side in kpi.measures for one in side.where if one.moves and not side.standing}
    now = limits.happened["as_of"]
    return {(one.column, round(one.limit(limits.happened) - now)) for one in moving}


def _moments(life: Life, clocks: Iterable[tuple[str, int]], unread: tuple[int, int]) -> set[int]:
    """When it began and ended to be known, and when the clock passed what conditions compare with the clock: in the
    span (from, to] that was not judged yet, right after it.
    """
    found = {life.since} if life.until is None else {life.since, life.until}
    for column, ahead in clocks:
        value = getattr(life.fact, column)
        if value is not None:
            passed = (value - ahead, value - ahead + 1)
            moments = {unread[1] + 1 if unread[0] < at <= unread[1] else at for at in passed}
            found |= {at for at in moments if life.at(at) and life.at(at - 1)}
    return found


def _step(
    kpis: Sequence[Kpi], lives: Sequence[Life], moment: int, days: tuple[int, int], limits: LimitsAt
) -> Iterator[Correction]:
    before, after = _known(lives, moment - 1), _known(lives, moment)
    for user, keys in sorted(_of_users(before, after).items()):
        then, later = (
            Known(at, {key: facts[key] for key in keys if key in facts}, limits(at))
            for at, facts in ((moment - 1, before), (moment, after))
        )
        kinds = {fact.kind for known in (then, later) for fact in known.facts.values()}
        scope = Scope(frozenset({user}), *days)
        for kpi in kpis:
            if any(kinds.intersection(one.kinds) for one in kpi.measures):
                found = (one for one in differences(kpi, scope, then, later) if not _waits(kpi, one))
                yield from (Correction(user, kpi, moment, one) for one in found)


def _waits(kpi: Kpi, one: Difference) -> bool:
    """Whether it only waits on."""
    return kpi.waits and one.whys == ("time",)


def _known(lives: Iterable[Life], moment: int) -> dict[str, Version]:
    """The facts known at a moment by key; should two clients have the same one, both are kept, as both are counted."""
    found: dict[str, Version] = {}
    for life in lives:
        if life.at(moment):
            key = life.fact.key
            found[key if key not in found else f"{key}|{life.dossier}"] = life.fact
    return found


def _of_users(*known: Mapping[str, Version]) -> dict[str, set[str]]:
    """The keys that concern each person, with whatever else became of the same records: that is where reasons are."""
    records: dict[str, set[str]] = defaultdict(set)
    found: dict[str, set[str]] = defaultdict(set)
    for facts in known:
        for key, fact in facts.items():
            records[fact.record].add(key)
    for facts in known:
        for fact in facts.values():
            if fact.user is not None:
                found[fact.user] |= records[fact.record]
    return found


@dataclass(frozen=True, slots=True)
class Trail:
    """One number of one person in a closed month: as it was closed or as the asked days began, and as they ended.

    `planned_at`: when its plan was changed between, epoch ms.
    """

    user: str
    name: str
    kpi: Kpi
    before: Result
    after: Result
    planned_at: int | None = None
    corrections: tuple[Correction, ...] = ()

    @property
    def moved(self) -> bool:
        """Whether there is anything to tell."""
        return bool(self.corrections) or self.before.value != self.after.value

    @property
    def waited(self) -> bool:
        """Whether it moved while some still wait whose waiting counts: no fact tells of that, only the clock."""
        counts = {"estimated", "undecided"} & {self.before.reason, self.after.reason}
        return self.kpi.waits and bool(counts and self.after.ripening) and self.before.value != self.after.value

    @property
    def other(self) -> str:
        """What else than facts may have changed it: waiting, plan, days or rules."""
        if self.waited:
            return "waiting"
        if self.before.denominator != self.after.denominator and (self.kpi.plan or self.kpi.days):
            return "plan" if self.kpi.plan else "days"
        return "rules"

    def rest(self, currency: str) -> tuple[Decimal, Decimal]:
        """What changed on both sides for another reason than a fact: the plan, days worked, a rule, a source."""
        if not adds_up(self.kpi):
            return Decimal(0), Decimal(0)
        parts = parts_of(self.kpi, self.corrections, currency)
        moved = [
            (new or Decimal(0)) - (old or Decimal(0))
            for old, new in (
                (self.before.numerator, self.after.numerator),
                (self.before.denominator, self.after.denominator),
            )
        ]
        scale = 1 if self.kpi.ratio else self.kpi.per
        return moved[0] * scale - parts[0], moved[1] - parts[1]


def parts_of(kpi: Kpi, some: Iterable[Correction], currency: str) -> tuple[Decimal, Decimal]:
    """What corrections add to both sides as they are counted: the sum of what is told fact by fact."""
    above, below = Decimal(0), Decimal(0)
    for one in some:
        above += change(one.difference.top, kpi.side_units[0], currency)
        below += change(one.difference.bottom, kpi.side_units[1], currency)
    return above, below


@dataclass(frozen=True, slots=True)
class Corrected:
    """A closed month and what was learned of it in the asked days, by person and KPI.

    `since`, `until`: the span (epoch ms). `apart`: KPIs that cannot be compared, and why: another formula, no source
    then or now, or held still by a drift. `users`: names by id.
    """

    account: str
    currency: str
    month: Period
    version: int
    closed_at: datetime
    since: int
    until: int
    trails: tuple[Trail, ...]
    apart: Mapping[str, str]
    users: Mapping[str, str]


def adds_up(kpi: Kpi) -> bool:
    """Whether its sides are sums, so that corrections can be added to them."""
    return all(one.additive for one in (*kpi.top, *kpi.bottom))
