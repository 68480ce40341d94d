"""What a suggestion of targets, and a trial of them, come to. Values only."""

from __future__ import annotations

from dataclasses import dataclass

from connector.targets.backtest import Backtest
from connector.targets.forecast_backtest import Accuracy
from connector.targets.suggest import Realism, Split, Suggestion


@dataclass(frozen=True, slots=True)
class Suggested:
    """A month's targets for everybody, and what the account's own past says of the chances.

    `split`: the company's plan by one chance, where one was asked for; `realism`: what to call it.
    """

    account: str
    currency: str
    period: str
    chance: float
    targets: tuple[Suggestion, ...]
    backtest: Backtest
    split: Split | None = None
    realism: Realism | None = None


@dataclass(frozen=True, slots=True)
class Tested:
    """How good targets and forecasts were on the account's own past."""

    account: str
    targets: Backtest
    forecasts: tuple[Accuracy, ...]
