"""What conditions are, and what they are compared with: thresholds of the rules, the clock, the ends of a period."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from connector.config import Rules

Column = Literal["amount", "number", "other", "at", "due_at", "pipeline_id", "source", "stage"]
Op = Literal["ge", "gt", "le", "lt", "eq", "in", "unknown", "known"]

TESTS: dict[Op, Callable[[Any, Any], Any]] = {
    "ge": operator.ge,
    "gt": operator.gt,
    "le": operator.le,
    "lt": operator.lt,
    "eq": operator.eq,
}
"""The same functions judge values in Python and build conditions in SQL."""

CLOCKS = frozenset({"as_of", "hour_ago"})
"""Thresholds that are moments."""
BOUNDS = frozenset({"period_start", "period_end"})
"""Thresholds that each period has its own of."""
_HOUR = 3_600_000
_DAY = 86400


class Countable(Protocol):
    """What a measure looks at: a row of facts."""

    @property
    def kind(self) -> str: ...
    @property
    def at(self) -> int: ...
    @property
    def amount(self) -> int | None: ...
    @property
    def number(self) -> float | None: ...
    @property
    def other(self) -> float | None: ...
    @property
    def due_at(self) -> int | None: ...
    @property
    def pipeline_id(self) -> str | None: ...
    @property
    def source(self) -> str | None: ...
    @property
    def stage(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Ago:
    """A moment so many seconds before the clock `as_of`."""

    seconds: int


@dataclass(frozen=True, slots=True, repr=False)
class Where:
    """A condition on a column; `than` is a number, the name of a threshold, a moment, or the texts allowed ("in").

    A fact without the value fails it. "unknown" is the condition that the value is missing, "known" that it is there.
    `said`: what a person wrote for `than`, where that reads better (names instead of ids); it changes nothing.
    `instead`: the column that is compared where a fact has no value, as one derived before the value was told has none.
    """

    column: Column
    op: Op
    than: float | str | tuple[str, ...] | Ago = 0
    said: str = field(default="", compare=False)
    instead: Column | None = None

    def __repr__(self) -> str:
        """A formula's version is made of it: what most have none of is not said, so that theirs stays."""
        instead = "" if self.instead is None else f", instead={self.instead!r}"
        return f"Where(column={self.column!r}, op={self.op!r}, than={self.than!r}{instead})"

    def holds(self, fact: Countable, thresholds: Mapping[str, float]) -> bool:
        """Whether the fact passes."""
        value = getattr(fact, self.column)
        if self.op == "unknown":
            return value is None
        if self.op == "known":
            return value is not None
        if value is None and self.instead is not None:
            value = getattr(fact, self.instead)
        if isinstance(self.than, tuple):
            return value in self.than
        return value is not None and bool(TESTS[self.op](value, self.limit(thresholds)))

    def limit(self, thresholds: Mapping[str, float]) -> float:
        """The number that is compared with."""
        assert not isinstance(self.than, tuple)
        if isinstance(self.than, Ago):
            return thresholds["as_of"] - self.than.seconds * 1000
        return thresholds[self.than] if isinstance(self.than, str) else self.than

    @property
    def of_period(self) -> bool:
        """Whether another period compares with something else, wherever the fact lies."""
        return self.than in BOUNDS

    @property
    def moves(self) -> bool:
        """Whether the same fact may pass later without having changed: it is compared with the clock."""
        return isinstance(self.than, Ago) or self.than in CLOCKS


class Timed(Protocol):
    """A measure: of what happened, or of what stands at a period's end."""

    @property
    def standing(self) -> bool: ...


def _unknown(stage: str | None, since: int) -> float | None:
    """Nothing is known of chances."""
    return None


@dataclass(frozen=True, slots=True)
class Limits:
    """What conditions are compared with: `happened` for what happened in the period, `stands` for what stood at its
    end. `working`: working seconds between two instants (epoch ms), for what is still waiting. `chance`: of a deal that
    has been on a stage since an instant to be won by the period's end, None where too little is known.
    """

    happened: Mapping[str, float]
    stands: Mapping[str, float]
    working: Callable[[int, int], float]
    chance: Callable[[str | None, int], float | None] = _unknown

    def of(self, measure: Timed) -> Mapping[str, float]:
        """Those of one measure."""
        return self.stands if measure.standing else self.happened


def thresholds(rules: Rules, judged_at: int) -> dict[str, float]:
    """What conditions may name; `as_of` is the moment up to which the data reaches, epoch ms."""
    return {
        "connected_call_seconds": rules.connected_call_seconds,
        "successful_call_seconds": rules.successful_call_seconds,
        "meaningful_call_seconds": rules.meaningful_call_seconds,
        "lead_norm_seconds": rules.lead_norm_minutes * 60,
        "callback_seconds": rules.callback_minutes * 60,
        "conversion_window_seconds": rules.conversion_window_days * _DAY,
        "step_window_seconds": rules.step_window_days * _DAY,
        "return_days": rules.return_days,
        "reactivation_days": rules.reactivation_days,
        "csat_good_from": rules.csat_good_from,
        "score_good_from": rules.score_good_from,
        "as_of": judged_at,
        "hour_ago": judged_at - _HOUR,
    }
