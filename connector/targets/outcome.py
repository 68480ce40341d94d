"""What a suggestion of targets, and a trial of them, come to. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from connector.kpi.text import Text
from connector.targets.backtest import Backtest
from connector.targets.forecast_backtest import Accuracy
from connector.targets.likely.midway import Trials
from connector.targets.likely.promise import Promise
from connector.targets.model import Draws
from connector.targets.suggest import Realism, Split, Suggestion


@dataclass(frozen=True, slots=True)
class Suggested:
    """A month's targets for everybody, and what the account's own past says of the chances.

    `split`: the company's plan by one chance, where one was asked for; `realism`: what to call it. `drawn`: the months
    behind the targets, by user. `others`: KPIs beside revenue, with their `titles`.
    """

    account: str
    currency: str
    period: str
    chance: float
    targets: tuple[Suggestion, ...]
    backtest: Backtest
    split: Split | None = None
    realism: Realism | None = None
    drawn: Mapping[str, Draws] = field(default_factory=dict, repr=False)
    others: tuple[Promise, ...] = ()
    titles: Mapping[str, Text] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Tested:
    """How good targets and forecasts were on the account's own past; `others`: KPIs beside revenue, with `titles`;
    `insides`: by key, what forecasts of theirs inside a month were worth at each cut.
    """

    account: str
    targets: Backtest
    forecasts: tuple[Accuracy, ...]
    others: tuple[Promise, ...] = ()
    insides: Mapping[str, Trials] = field(default_factory=dict)
    titles: Mapping[str, Text] = field(default_factory=dict, repr=False)
