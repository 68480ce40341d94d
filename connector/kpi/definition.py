"""What a KPI is: a frozen description from which SQL, proof, texts and null policy all come."""

from __future__ import annotations

import hashlib
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple, Protocol

from connector.config import Rules
from connector.result import Unit

Language = Literal["ru", "en"]
Take = Literal["count", "sum", "median", "clients"]
Column = Literal["amount", "number", "due_at"]
Op = Literal["ge", "gt", "le", "eq", "unknown"]

TESTS: dict[Op, Callable[[Any, Any], Any]] = {
    "ge": operator.ge,
    "gt": operator.gt,
    "le": operator.le,
    "eq": operator.eq,
}
"""The same functions judge values in Python and build conditions in SQL."""

RATIO, AVERAGE, TOTAL = 20, 8, 1
"""Facts below which a share, an average or median, a count or sum is "too little data" (rule C12)."""


class Text(NamedTuple):
    """The same in both languages."""

    ru: str
    en: str

    def __call__(self, language: Language) -> str:
        return self.ru if language == "ru" else self.en


class Countable(Protocol):
    """What a measure looks at: a row of facts."""

    @property
    def kind(self) -> str: ...
    @property
    def amount(self) -> int | None: ...
    @property
    def number(self) -> float | None: ...
    @property
    def due_at(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on a column; `than` is a number, or the name of a threshold. A fact without the value fails it.

    "unknown" is the condition that the value is missing.
    """

    column: Column
    op: Op
    than: float | str = 0

    def holds(self, fact: Countable, thresholds: Mapping[str, float]) -> bool:
        """Whether the fact passes."""
        value = getattr(fact, self.column)
        if self.op == "unknown":
            return value is None
        return value is not None and bool(TESTS[self.op](value, self.limit(thresholds)))

    def limit(self, thresholds: Mapping[str, float]) -> float:
        """The number that is compared with."""
        return thresholds[self.than] if isinstance(self.than, str) else self.than


@dataclass(frozen=True, slots=True)
class Measure:
    """Facts of these kinds that pass every condition: their number, a column's sum or median, or how many clients."""

    kinds: tuple[str, ...]
    where: tuple[Where, ...] = ()
    take: Take = "count"
    of: Literal["amount", "number"] = "amount"

    @property
    def additive(self) -> bool:
        """Whether people's values add up to their team's."""
        return self.take in ("count", "sum")

    @property
    def money(self) -> bool:
        """Whether it is in minor units of the account's currency."""
        return self.of == "amount" and self.take in ("sum", "median")

    def holds(self, fact: Countable, thresholds: Mapping[str, float]) -> bool:
        """Whether it counts the fact."""
        return fact.kind in self.kinds and all(condition.holds(fact, thresholds) for condition in self.where)


@dataclass(frozen=True, slots=True)
class Kpi:
    """`top`, or `top` / `bottom`, or `top` / the plan for `plan`; several measures of one side add up.

    `empty`: the reason given where there is nothing to measure. `needs`: record kinds, and `setting`: the rule, without
    which there is no source. `proportion`: a part of a whole, so an interval can be given. `per`: units of the measure
    in one of the value (60 seconds a minute). `minimum`: facts below which it is too little data.
    """

    key: str
    unit: Unit
    title: Text
    meaning: Text
    top: tuple[Measure, ...]
    bottom: tuple[Measure, ...] = ()
    plan: str | None = None
    minimum: int = TOTAL
    empty: str = "no_deals"
    needs: frozenset[str] = frozenset({"deal"})
    setting: str | None = None
    proportion: bool = False
    per: int = 1

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Both sides."""
        return self.top + self.bottom

    @property
    def side_units(self) -> tuple[Unit, Unit]:
        """In what numerator and denominator are."""
        below = self.plan is not None or (bool(self.bottom) and self.bottom[0].money)
        return "money" if self.top[0].money else "count", "money" if below else "count"

    @property
    def version(self) -> str:
        """Changes with the formula, not with the texts."""
        formula = (self.unit, self.top, self.bottom, self.plan, self.minimum, self.proportion, self.per)
        return hashlib.sha256(repr(formula).encode()).hexdigest()[:12]

    def has_source(self, sources: frozenset[str] | None, rules: Rules) -> bool:
        """Whether this account can give it at all; `sources` None: every kind of record is there."""
        configured = self.setting is None or getattr(rules, self.setting) is not None
        return configured and (sources is None or self.needs <= sources)


def thresholds(rules: Rules, judged_at: int) -> dict[str, float]:
    """What conditions may name; `as_of` is the moment up to which the data reaches, epoch ms."""
    return {
        "successful_call_seconds": rules.successful_call_seconds,
        "lead_norm_seconds": rules.lead_norm_minutes * 60,
        "csat_good_from": rules.csat_good_from,
        "as_of": judged_at,
    }


def by_key(kpis: Iterable[Kpi]) -> dict[str, Kpi]:
    """In the order given."""
    return {kpi.key: kpi for kpi in kpis}
