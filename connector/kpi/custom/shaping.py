"""count, sum, mean, median: what is measured of facts, as the measures of a KPI. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from connector.config.kpis import FactsOf, RankOf, ValueOf
from connector.kpi.custom.carried import CARRIED, Dimension
from connector.kpi.custom.conditions import alike, columns_of, lacking
from connector.kpi.custom.flaws import Notes, Path
from connector.kpi.custom.selecting import Selected, World, selected
from connector.kpi.definition import AVERAGE, RATIO, TOTAL, Measure, Where
from connector.kpi.kinds import KINDS
from connector.kpi.text import Text
from connector.kpi.unpriced import telling
from connector.result import Unit

DAY = 86_400
UNITS: dict[Dimension, dict[Unit, int]] = {
    "money": {"money": 1},
    "seconds": {"minutes": 60, "days": DAY},
    "days": {"days": 1},
    "share": {"share": 1},
    "score": {"score": 1},
    "items": {"count": 1},
    "ordinal": {"count": 1},
}
"""In what a value may be shown, and how many of the column's unit are one of these; the first is usual."""
_ADDED: tuple[Dimension, ...] = ("money", "seconds", "items")


@dataclass(frozen=True, slots=True)
class Shape:
    """The measures of a KPI. `units`: those possible, with how many of the measure's are one; `facts`: its own."""

    top: tuple[Measure, ...]
    units: dict[Unit, int]
    minimum: int
    empty: str
    facts: tuple[Selected, ...]
    bottom: tuple[Measure, ...] = ()
    ripens: tuple[Measure, ...] = ()
    spread: Measure | None = None
    proportion: bool = False
    plan: str | None = None
    days: bool = False


def counted(
    section: FactsOf, path: Path, world: World, notes: Notes, *, take: Literal["count", "clients"] = "count"
) -> Shape | None:
    """How many facts, or how many clients (`take`)."""
    facts = selected(section, path, world, notes)
    if facts is None or not grown(facts, notes):
        return None
    return Shape((Measure(facts.kinds, facts.where, take),), {"count": 1}, TOTAL, empty_of(facts), (facts,))


def summed(section: ValueOf, path: Path, world: World, notes: Notes) -> Shape | None:
    """The sum of a value."""
    facts, dimension = _valued(section, path, world, notes)
    if facts is None or dimension is None or not _finished(facts, section, notes):
        return None
    if dimension not in _ADDED:
        notes.refuse((*path, "value"), "no_sum", meaning=_meaning(facts, section))
        return None
    top = Measure(facts.kinds, _there(facts, section), "sum", section.value)
    return Shape(telling([top]), UNITS[dimension], TOTAL, empty_of(facts), (facts,))


def averaged(section: ValueOf, path: Path, world: World, notes: Notes) -> Shape | None:
    """The mean of a value over the facts that have it."""
    facts, dimension = _quantity(section, path, world, notes)
    if facts is None or dimension is None or not _finished(facts, section, notes):
        return None
    _zeros(facts, section, notes)
    where = facts.plus(Where("amount", "known")) if section.value == "amount" else _there(facts, section)
    top = Measure(facts.kinds, facts.where if section.value == "amount" else where, "sum", section.value)
    spread = Measure(facts.kinds, where, "quantile", section.value)
    units: dict[Unit, int] = {"score": 1} if dimension == "items" else UNITS[dimension]
    bottom = (Measure(facts.kinds, where),)
    return Shape(telling([top]), units, AVERAGE, empty_of(facts), (facts,), bottom, spread=spread)


def ranked(section: ValueOf, path: Path, world: World, notes: Notes) -> Shape | None:
    """The median or another quantile; of what may still come, the unfinished are waiting (Kaplan-Meier)."""
    facts, dimension = _quantity(section, path, world, notes)
    if facts is None or dimension is None:
        return None
    rank = section.rank / 100 if isinstance(section, RankOf) else 0.5
    usual = AVERAGE if rank == 0.5 else RATIO
    waiting = bool(facts.grows) and section.value == "number" and not facts.on("number")
    if waiting and not _tells_since_when(facts, path, notes):
        return None
    if not waiting and section.value == "number" and not _finished(facts, section, notes):
        return None
    _zeros(facts, section, notes)
    top = Measure(facts.kinds, facts.where, "survival" if waiting else "quantile", section.value, rank)
    return Shape(telling([top]), UNITS[dimension], usual, empty_of(facts), (facts,))


def _valued(section: ValueOf, path: Path, world: World, notes: Notes) -> tuple[Selected | None, Dimension | None]:
    """The facts, and of what dimension their value is."""
    facts = selected(section, path, world, notes)
    if facts is None:
        return None, None
    for kind in facts.kinds:
        if CARRIED[kind].dimension(section.value) is None:
            lacking(section.value, kind, (*path, "value"), notes)
            return None, None
    if not alike(section.value, facts.kinds, (*path, "value"), notes):
        return None, None
    return facts, CARRIED[facts.kinds[0]].dimension(section.value)


def _quantity(section: ValueOf, path: Path, world: World, notes: Notes) -> tuple[Selected | None, Dimension | None]:
    """The same, of values that are no mere ordinals."""
    facts, dimension = _valued(section, path, world, notes)
    if facts is not None and dimension == "ordinal":
        notes.refuse((*path, "value"), "no_mean", meaning=_meaning(facts, section))
        return None, None
    return facts, dimension


def grown(facts: Selected, notes: Notes) -> bool:
    """Whether no condition is on a number that a fresh period has not got yet."""
    if facts.on("number") and facts.grows - {"norm"}:
        notes.refuse((*facts.path, "where"), "immature", column="number", kind=", ".join(facts.kinds))
        return False
    return True


def _finished(facts: Selected, section: ValueOf, notes: Notes) -> bool:
    """Whether a number that may still come is asked only of those that have it."""
    told = facts.on("number")
    ripe = bool(told) and all(one.op == "known" or (one.op != "unknown" and facts.grows == {"norm"}) for one in told)
    if facts.grows and not ripe and (section.value == "number" or told):
        notes.refuse((*facts.path, "value"), "unfinished", kind=", ".join(facts.kinds), column="number")
        return False
    return True


_SINCE: tuple[str, ...] = (
    *("enquiry", "handed", "callback", "lead_processed", "created"),
    *("lead_won", "lead_qualified", "talk_won", "talk_meeting", "quote", "quote_paid"),
)
"""Kinds whose moment is when the waiting began and whose number is in the seconds that it took."""


def _tells_since_when(facts: Selected, path: Path, notes: Notes) -> bool:
    silent = [kind for kind in facts.kinds if kind not in _SINCE]
    if silent:
        notes.refuse((*path, "value"), "no_waiting", kind=", ".join(silent), column="number")
    return not silent


def _there(facts: Selected, section: ValueOf) -> tuple[Where, ...]:
    """Its conditions, and that the value is there: amounts without a rate are reported, not dropped."""
    if section.value == "amount" or facts.on(section.value):
        return facts.where
    return facts.plus(Where(section.value, "known"))


def _zeros(facts: Selected, section: ValueOf, notes: Notes) -> None:
    if section.value == "amount" and not facts.on("amount") and {"win", "created", "open_deal"} & set(facts.kinds):
        notes.warn((*facts.path, "where"), "zero_amounts")


def _meaning(facts: Selected, section: ValueOf) -> Text:
    words = KINDS[facts.kinds[0]]
    return (words.number if section.value == "number" else words.other) or columns_of(facts.kinds[0])


def empty_of(facts: Selected) -> str:
    """The reason given where there are none."""
    return CARRIED[facts.kinds[0]].empty
