"""Where a seller's month ends, as it stands on his card: rounded so that a quiet CRM is written to no more. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from connector.writeback.spell import grouped, whole

_STEP, _LEAST, _MOST = 5, 5, 95


@dataclass(frozen=True, slots=True)
class Ahead:
    """Both ends of 80 % of the months drawn, in units of the currency, and the chance of the plan (0..1)."""

    low: Decimal
    high: Decimal
    chance: Decimal

    @property
    def interval(self) -> str:
        """`310 000 … 452 000`: nobody's month is known to the rouble."""
        return f"{grouped(_three(self.low))} … {grouped(_three(self.high))}"

    @property
    def percent(self) -> str | None:
        """To five percent from 5 to 95: nobody is sure of the future."""
        step = (self.chance * 100 / _STEP).quantize(Decimal(1)) * _STEP
        return whole(min(max(step, Decimal(_LEAST)), Decimal(_MOST)))


def _three(value: Decimal) -> Decimal:
    """To three digits that matter."""
    return value.quantize(Decimal(1).scaleb(max(0, value.adjusted() - 2)))
