"""judge, ahead of time: how likely each agreed plan is to be reached, where the account's own past vouches for that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from connector.errors import BadConfig
from connector.kpi.telling.render import shown
from connector.kpi.text import Text
from connector.moment import Period
from connector.pipeline.bench import Workbench
from connector.pipeline.planning.planned import Seen
from connector.pipeline.targeting import drawn_months, suggest_targets
from connector.targets.model import Draws
from connector.targets.planning.finding import Finding, finding
from connector.targets.suggest import Suggestion, chance_of, realism

MODELLED = "revenue"
"""The KPI whose months are drawn: of others no chance is known."""


@dataclass(frozen=True, slots=True)
class Odds:
    """How likely any plan of revenue of a month is to be reached, by the months before it alone: what the month itself
    brought so far is no part of it. `targets` and `drawn` by user; both empty where `vouched` is False.
    """

    vouched: bool
    targets: Mapping[str, Suggestion]
    drawn: Mapping[str, Draws]

    def of(self, user: str, plan: Decimal) -> float | None:
        """The chance, None where nothing can be said."""
        return chance_of(self.drawn[user], float(plan)) if user in self.drawn else None


def odds(bench: Workbench, period: Period) -> Odds:
    """Of everybody in a month; none at all where the account's own past does not bear chances out."""
    try:
        found = suggest_targets(bench, period)
    except BadConfig:
        return Odds(False, {}, {})
    if not found.backtest.vouches:
        return Odds(False, {}, {})
    return Odds(True, {one.user: one for one in found.targets}, drawn_months(bench, period.label))


def realism_of(bench: Workbench, known: Seen) -> Iterator[Finding]:
    """Plans that are reached by hardly anybody, or by anybody, each with its chance and what to agree on instead."""
    agreed = _plans(known)
    if not agreed:
        return
    told = odds(bench, known.period)
    if not told.vouched:
        yield finding("note", "not_vouched", known.account)
        return
    for user, plan in agreed.items():
        chance = told.of(user, plan)
        if chance is None or (kind := realism(chance)) not in ("unrealistic", "too_easy"):
            continue
        his = told.targets[user]
        words = {"expected": _money(known, his.expected), "target": _money(known, his.target)}
        words["chance"] = in_both(Decimal(str(round(chance, 2))), "share", known)
        about = f"{his.name}, {MODELLED}"
        yield finding("warning", kind, about, words, subject=f"user:{user}", kpi=MODELLED, chance=round(chance, 3))


def _plans(known: Seen) -> dict[str, Decimal]:
    return {
        subject.removeprefix("user:"): some[MODELLED, ""][-1].value
        for subject, some in known.agreed.items()
        if subject.startswith("user:") and (MODELLED, "") in some
    }


def _money(known: Seen, value: float) -> Text:
    return in_both(Decimal(round(value)), "count", known)


def in_both(value: Decimal, unit: str, known: Seen) -> Text:
    """A value as it is shown in either language."""
    return Text(shown(value, unit, known.currency, "ru"), shown(value, unit, known.currency, "en"))
