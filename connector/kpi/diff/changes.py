"""Two lists of facts, as known then and as known later: what changed in a number, fact by fact. Pure.

Whatever counted on either side is compared, so the differences fold to the change: nothing changes for no reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from connector.fact import Confidence
from connector.kpi.definition import CLOCKS, Kpi, Limits, Measure
from connector.kpi.fold import Cell, fold
from connector.kpi.look import STANDING_DAY
from connector.money import to_units
from connector.records import Owner, Price, Ref
from connector.result import Unit


@dataclass(frozen=True, slots=True)
class Version:
    """A fact as it was known at one moment: instants in epoch ms, the day as yyyymmdd, money in minor units."""

    key: str
    kind: str
    at: int
    day: int
    user: str | None
    client: Ref | None
    deal: str | None
    lead: str | None
    amount: int | None
    number: float | None
    other: float | None
    due_at: int | None
    pipeline_id: str | None
    source: str | None
    stage: str | None
    confidence: Confidence
    omitted: str | None
    note: str | None

    @property
    def record(self) -> Ref:
        """What it is a fact of."""
        return _record(self.key)


def _record(key: str) -> Ref:
    """`deal:5` of `win|deal:5`, and of `win_part|deal:5|501`, where it has several."""
    return key.partition("|")[2].partition("|")[0]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose number, and of which half-open range of days."""

    users: frozenset[str]
    first: int
    end: int

    def owns(self, fact: Version) -> bool:
        """Whether it is credited to one of them."""
        return fact.user in self.users

    def spans(self, fact: Version) -> bool:
        """Whether it lies in the days; what stands lies in none and counts at the end of any."""
        return self.first <= fact.day < self.end or fact.day == STANDING_DAY

    def counts(self, fact: Version | None) -> bool:
        """Whether it may count in the number at all."""
        return fact is not None and fact.omitted is None and self.owns(fact) and self.spans(fact)


@dataclass(frozen=True, slots=True)
class Known:
    """What was known at a moment: every fact concerned by key, and the thresholds of that moment."""

    at: int
    facts: Mapping[str, Version]
    limits: Limits

    def cell(self, measures: Iterable[Measure], scope: Scope, key: str) -> Cell:
        """What one fact brings to one side of a KPI."""
        fact = self.facts.get(key)
        return fold(measures, [fact], self.limits) if fact is not None and scope.counts(fact) else Cell()

    def counted(self, scope: Scope) -> list[Version]:
        """Everything that may count."""
        return [fact for fact in self.facts.values() if scope.counts(fact)]


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact's part of the change: what it brought to each side before and after, and every reason that matters."""

    key: str
    before: Version | None
    after: Version | None
    top: tuple[Cell, Cell]
    bottom: tuple[Cell, Cell]
    whys: tuple[str, ...]

    @property
    def fact(self) -> Version:
        """The later version, else the earlier one."""
        found = self.after or self.before
        assert found is not None
        return found


def change(cells: tuple[Cell, Cell], unit: Unit, currency: str) -> Decimal:
    """What a fact added to a side that adds up: money in units of the currency."""
    delta = cells[1].total - cells[0].total
    return to_units(int(delta), currency) if unit == "money" else Decimal(delta)


def differences(kpi: Kpi, scope: Scope, then: Known, later: Known) -> tuple[Difference, ...]:
    """Every fact that brings another share to either side, in the order in which they happened."""
    found = []
    for key in then.facts.keys() | later.facts.keys():
        top, bottom = ((then.cell(side, scope, key), later.cell(side, scope, key)) for side in (kpi.top, kpi.bottom))
        if any(_gist(before) != _gist(after) for before, after in (top, bottom)):
            whys = tuple(_whys(kpi, scope, key, then, later))
            found.append(Difference(key, then.facts.get(key), later.facts.get(key), top, bottom, whys))
    return tuple(sorted(found, key=lambda one: (one.fact.at, one.key)))


def _gist(cell: Cell) -> tuple[object, ...]:
    """All of a cell that makes a value; how sure it is does not."""
    return cell.total, cell.n, cell.unpriced, cell.values


def _whys(kpi: Kpi, scope: Scope, key: str, then: Known, later: Known) -> Iterator[str]:
    before, after = then.facts.get(key), later.facts.get(key)
    if after is None:
        yield _vanished(before.key if before else key, then, later)
    elif before is None:
        yield _appeared(after, then)
    else:
        found = list(_changed(kpi, scope, before, after, then))
        yield from found or ["rules" if _other_rules(then.limits, later.limits) else "time"]


def _other_rules(then: Limits, later: Limits) -> bool:
    """Whether a threshold that is no clock was changed between."""
    return any(value != later.happened[name] for name, value in then.happened.items() if name not in CLOCKS)


def _vanished(key: str, then: Known, later: Known) -> str:
    """A win or loss that stands no more, or anything else that is no more derived: what comes of a deal's close goes
    with it, for the reason for which that did.
    """
    kind, record = key.partition("|")[0], _record(key)
    other = {"win": ("loss", "lost"), "loss": ("win", "won")}.get(kind)
    if other is None:
        return _closes_fate(record, then, later)
    if key in later.facts:
        return "gone"
    return other[1] if f"{other[0]}|{record}" in later.facts else "reopened"


def _closes_fate(record: Ref, then: Known, later: Known) -> str:
    close = next((key for kind in ("win", "loss") if (key := f"{kind}|{record}") in then.facts), None)
    if close is None:
        return "gone"
    after = later.facts.get(close)
    return _vanished(close, then, later) if after is None else after.omitted or "gone"


def _appeared(after: Version, then: Known) -> str:
    """New, or of a time before the earlier moment and only then unknown."""
    if after.kind in ("win", "win_part") and f"loss|{after.record}" in then.facts:
        return "won"
    if after.kind == "loss" and f"win|{after.record}" in then.facts:
        return "lost"
    happened = after.due_at if after.kind == "refund" and after.due_at is not None else after.at
    return "new" if happened > then.at else "late"


def _changed(kpi: Kpi, scope: Scope, before: Version, after: Version, then: Known) -> Iterator[str]:
    """What differs and matters: to whether it counts at all, or in what this KPI looks at."""
    looks_at = _looks_at(kpi)
    if (before.omitted is None) != (after.omitted is None):
        yield after.omitted or ("restored" if before.omitted in ("deleted", "merged") else "counts")
    if scope.owns(before) != scope.owns(after):
        yield "reassigned"
    if scope.spans(before) != scope.spans(after):
        yield "moved"
    if "amount" in looks_at and before.amount != after.amount:
        yield _repriced(before, after, then)
    if "number" in looks_at and before.number != after.number:
        yield "number"
    if before.client != after.client and ("client" in looks_at or ("number" in looks_at and before.kind == "win")):
        yield "client"
    if "due_at" in looks_at and before.due_at != after.due_at:
        yield "due"


def _looks_at(kpi: Kpi) -> set[str]:
    """The columns from which its value comes."""
    found = {where.column for one in kpi.measures for where in one.where}
    gathered = {one.of for one in kpi.measures if one.take in ("sum", "quantile", "survival", "expected", "age")}
    return {*found, *gathered} | {"client" for one in kpi.measures if one.take == "clients"}


def _repriced(before: Version, after: Version, then: Known) -> str:
    if before.amount is None or after.amount is None:
        return "rate_lost" if after.amount is None else "rate_known"
    return "repriced_after" if before.kind == "win" and before.at <= then.at else "repriced"


@dataclass(frozen=True, slots=True)
class Unmoved:
    """Something that changed in a closed deal and rightly did not change the number."""

    fact: Version
    change: Owner | Price


def unmoved(kpi: Kpi, scope: Scope, then: Known, later: Known, changes: Iterable[Owner | Price]) -> tuple[Unmoved, ...]:
    """Owners and amounts that changed after the close, where the close counts the same at both moments (rule C4)."""
    closed = {fact.record: fact for fact in later.counted(scope) if fact.kind in ("win", "loss")}
    moved = {one.key for one in differences(kpi, scope, then, later)}
    kinds = {kind for one in kpi.measures for kind in one.kinds}
    found = []
    for change in changes:
        fact = closed.get(change.of)
        if fact is None or fact.key in moved or fact.kind not in kinds or change.at.timestamp() * 1000 <= fact.at:
            continue
        if isinstance(change, Owner) or "amount" in _looks_at(kpi):
            found.append(Unmoved(fact, change))
    return tuple(sorted(found, key=lambda one: (one.change.at, one.fact.key, one.change.kind, one.change.id)))
