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
from connector.targets.outcome import Suggested
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


def chances_of(bench: Workbench, known: Seen) -> dict[str, float]:
    """Of reaching the plan of revenue of the month, by user; nobody's where no backtest vouches for chances."""
    found = _suggested(bench, known)
    return _chances(bench, known) if found is not None and found.backtest.vouches else {}


def realism_of(bench: Workbench, known: Seen) -> Iterator[Finding]:
    """Plans that are reached by hardly anybody, or by anybody, each with its chance and what to agree on instead."""
    if not _plans(known):
        return
    found = _suggested(bench, known)
    if found is None or not found.backtest.vouches:
        yield finding("note", "not_vouched", known.account)
        return
    told = {one.user: one for one in found.targets}
    for user, chance in _chances(bench, known).items():
        kind = realism(chance)
        if kind not in ("unrealistic", "too_easy"):
            continue
        words = {"expected": _money(known, told[user].expected), "target": _money(known, told[user].target)}
        words["chance"] = _text(Decimal(str(round(chance, 2))), "share", known)
        about = f"{told[user].name}, {MODELLED}"
        yield finding("warning", kind, about, words, subject=f"user:{user}", kpi=MODELLED, chance=round(chance, 3))


def _suggested(bench: Workbench, known: Seen) -> Suggested | None:
    """None where there is nothing to learn from."""
    try:
        return suggest_targets(bench, known.period)
    except BadConfig:
        return None


def _chances(bench: Workbench, known: Seen) -> dict[str, float]:
    drawn, agreed = drawn_months(bench, known.period.label), _plans(known)
    return {user: chance_of(drawn[user], float(plan)) for user, plan in agreed.items() if user in drawn}


def _plans(known: Seen) -> dict[str, Decimal]:
    return {
        subject.removeprefix("user:"): some[MODELLED, ""][-1].value
        for subject, some in known.agreed.items()
        if subject.startswith("user:") and (MODELLED, "") in some
    }


def _money(known: Seen, value: float) -> Text:
    return _text(Decimal(round(value)), "count", known)


def _text(value: Decimal, unit: str, known: Seen) -> Text:
    return Text(shown(value, unit, known.currency, "ru"), shown(value, unit, known.currency, "en"))
