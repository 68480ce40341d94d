"""What a KPI is: a frozen description from which SQL, proof, texts and null policy all come."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from connector.config import Rules
from connector.kpi.condition import CLOCKS as CLOCKS
from connector.kpi.condition import TESTS as TESTS
from connector.kpi.condition import Ago as Ago
from connector.kpi.condition import Column as Column
from connector.kpi.condition import Countable as Countable
from connector.kpi.condition import Limits as Limits
from connector.kpi.condition import Op as Op
from connector.kpi.condition import Where as Where
from connector.kpi.condition import thresholds as thresholds
from connector.kpi.kinds import OF_DEALS, STANDING
from connector.kpi.text import Language as Language
from connector.kpi.text import Text as Text
from connector.result import Unit

Take = Literal["count", "sum", "quantile", "clients", "survival", "expected", "age", "squares", "each"]
"""Facts, a column's sum, its quantile, different clients, the quantile by Kaplan-Meier (the undecided censored),
amounts by the chance of being won, or the quantile of how old what stands was at the period's end. For intervals: the
sum of a column's squares, or its sum of each client.
"""
Direction = Literal["more", "less", "neither"]
Family = Literal["financial", "process", "client", "quality"]
Credit = Literal["event", "now", "actor", "creator", "split"]
CREDITED: dict[Credit, str] = {
    "event": "user_id",
    "now": "owner_now",
    "actor": "actor",
    "creator": "creator",
    "split": "user_id",
}
"""The column that names whom a fact is credited to."""

RATIO, AVERAGE, TOTAL = 20, 8, 1
"""Facts below which a share, an average or quantile, a count or sum is "too little data" (rule C12)."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Facts of these kinds that pass every condition: their number, a column's sum or quantile, or how many clients.

    `credit`: whom they count for. `quantile`: 0.5 is the median. Facts of standing kinds count as of the period's end.
    """

    kinds: tuple[str, ...]
    where: tuple[Where, ...] = ()
    take: Take = "count"
    of: Literal["amount", "number", "other"] = "amount"
    quantile: float = 0.5
    credit: Credit = "event"
    _hash: int = field(init=False, repr=False, compare=False, default=0)

    def __post_init__(self) -> None:
        said = (self.kinds, self.where, self.take, self.of, self.quantile, self.credit)
        object.__setattr__(self, "_hash", hash(said))

    def __hash__(self) -> int:
        """Made once: a board looks up thousands of cells by their measure."""
        return self._hash

    @property
    def additive(self) -> bool:
        """Whether people's values add up to their team's."""
        return self.take in ("count", "sum", "squares")

    @property
    def money(self) -> bool:
        """Whether it is in minor units of the account's currency."""
        return self.of == "amount" and self.take in ("sum", "quantile", "expected")

    @property
    def standing(self) -> bool:
        """Whether it counts what stands at the period's end instead of what happened in it."""
        return self.kinds[0] in STANDING

    @property
    def moves(self) -> bool:
        """Whether its value may change by the clock alone."""
        return self.take in ("survival", "expected", "age") or any(condition.moves for condition in self.where)

    def holds(self, fact: Countable, thresholds: Mapping[str, float]) -> bool:
        """Whether it counts the fact."""
        return fact.kind in self.kinds and all(condition.holds(fact, thresholds) for condition in self.where)

    def credited(self, credit: Credit) -> Measure:
        """The same for whoever this rule credits; facts that know nobody but their own person stay as they are."""
        if credit == self.credit or not OF_DEALS.issuperset(self.kinds):
            return self
        if credit != "split":
            return replace(self, credit=credit)
        if self.kinds != ("win",):
            return self
        counted = replace(self, take="sum", of="number") if self.take == "count" else self
        return replace(counted, kinds=("win_part",), credit="split")


@dataclass(frozen=True, slots=True)
class Muted:
    """While `top` / `bottom` is below `least`, the value is that of those who told something, not of all: it is shown
    with `reason` and is too little to go by. Nothing in `bottom` says nothing.
    """

    top: tuple[Measure, ...]
    bottom: tuple[Measure, ...]
    least: float
    reason: str

    @property
    def measures(self) -> tuple[Measure, ...]:
        """What it is judged by."""
        return self.top + self.bottom

    def credited(self, credit: Credit) -> Muted:
        """The same for whoever this rule credits."""
        top, bottom = (tuple(one.credited(credit) for one in side) for side in (self.top, self.bottom))
        return replace(self, top=top, bottom=bottom)


@dataclass(frozen=True, slots=True)
class Kpi:
    """`top`, or `top` / `bottom`, or `top` / the plan for `plan`, or `top` / days worked; measures of a side add up.

    `number`: of the definition (kpi definitions K-01...). `counter`: the KPI that shows what chasing this one costs.
    `empty`: the reason given where there is nothing to measure. `needs`: record kinds, and `setting`: the rule, without
    which there is no source. `proportion`: a part of a whole, so an interval can be given. `spread`: the values whose
    mean this is, for the interval. `ripens`: facts that are too young to be judged. `per`: units of the measure in one
    of the value (60 seconds a minute). `minimum`: facts below which it is too little data. `left`: of the plan only
    what is not reached yet. `lookback`: means little while the history of clients is shorter than a year. `external`:
    there is no source until somebody imports such facts. `own_credit`: it credits as it says, the account's rule aside.
    `muted`: when it is of too few of those it should be of. `marks`: above is what each fact below got of what it could
    get, so it is as sure as a share of so many facts at least. `parts`: what is added up above are parts of what is
    added up below, as refunds are of sales.
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
    number: str = ""
    family: Family = "process"
    direction: Direction = "more"
    counter: str | None = None
    spread: Measure | None = None
    ripens: tuple[Measure, ...] = ()
    left: bool = False
    days: bool = False
    lookback: bool = False
    external: bool = False
    own_credit: bool = False
    muted: Muted | None = None
    marks: bool = False
    parts: bool = False

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Everything it is measured by."""
        return self.top + self.bottom + self.ripens + ((self.spread,) if self.spread else ())

    @property
    def credit(self) -> Credit:
        """Whom it credits: the rule of its first measure."""
        return self.top[0].credit

    def exceeds(self, value: Decimal) -> bool:
        """Whether so much is more than the whole that it is a part of: no plan may be."""
        return self.proportion and value > 1

    @property
    def standing(self) -> bool:
        """Whether it tells how things stand at the period's end."""
        return self.top[0].standing

    @property
    def ratio(self) -> bool:
        """Whether something is divided by something."""
        return bool(self.bottom) or self.plan is not None or self.days

    @property
    def waits(self) -> bool:
        """Whether those that are not over yet are told too, and count where they are many (kpi/waiting.py)."""
        return self.top[0].take == "quantile" and any(one.take == "survival" for one in self.top)

    @property
    def provisional(self) -> bool:
        """Whether what is ripening counts already, so that the value may still change: refunds may still come."""
        if self.waits:
            return True
        return any(young.kinds == one.kinds and not one.where for young in self.ripens for one in self.bottom)

    @property
    def side_units(self) -> tuple[Unit, Unit]:
        """In what numerator and denominator are."""
        below = self.plan is not None or (bool(self.bottom) and self.bottom[0].money)
        return "money" if self.top[0].money else "count", "money" if below else "count"

    @property
    def version(self) -> str:
        """Changes with the formula, not with the texts."""
        formula = (self.unit, self.measures, self.plan, self.minimum, self.proportion, self.per, self.left, self.days)
        return hashlib.sha256(repr(formula).encode()).hexdigest()[:12]

    def credited(self, credit: Credit) -> Kpi:
        """The same KPI for whoever this rule credits."""
        ordinal = any(where.column in ("number", "other") for one in self.measures for where in one.where)
        if credit == "event" or self.own_credit or (credit == "split" and ordinal):
            return self  # the parts of a win know neither whose purchase it was nor how long the client had paused
        top, bottom, ripens = (
            tuple(one.credited(credit) for one in side) for side in (self.top, self.bottom, self.ripens)
        )
        spread = self.spread.credited(credit) if self.spread else None
        muted = self.muted.credited(credit) if self.muted else None
        found = replace(self, top=top, bottom=bottom, ripens=ripens, spread=spread, muted=muted)
        return found if found._credits_alike else self

    @property
    def _credits_alike(self) -> bool:
        """Whether facts of one kind count for the same person wherever they stand in it."""
        pairs = {(kind, one.credit) for one in self.measures for kind in one.kinds}
        return len({kind for kind, _ in pairs}) == len(pairs)

    def has_source(self, sources: frozenset[str] | None, rules: Rules) -> bool:
        """Whether this account can give it at all; `sources` None: every kind of record is there."""
        if sources is not None and not self.needs <= sources:
            return False
        if self.setting is None and not self.external:
            return True
        configured = self.setting is not None and bool(getattr(rules, self.setting))
        return configured or (sources is not None and IMPORTED + self.top[0].kinds[0] in sources)


IMPORTED = "import:"
"""Before a kind of facts among an account's sources: such facts were imported."""


def by_key(kpis: Iterable[Kpi]) -> dict[str, Kpi]:
    """In the order given."""
    return {kpi.key: kpi for kpi in kpis}
