"""judge, ahead of time: how likely each agreed plan is to be reached, where the account's own past vouches for that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from connector.errors import BadConfig
from connector.kpi.telling.render import shown
from connector.kpi.text import Text
from connector.moment import Period
from connector.pipeline.bench import Workbench
from connector.pipeline.catalogue import catalogue_in
from connector.pipeline.planning.likely import REVENUE, likely
from connector.pipeline.planning.planned import Seen
from connector.pipeline.targeting import suggest_targets
from connector.targets.likely.promise import UNTRIED, Aim, Promise, Sense
from connector.targets.likely.telling import REALISM, silence, sure, value_text
from connector.targets.planning.finding import Finding, finding
from connector.targets.suggest import Suggestion, realism

Odds = Mapping[str, Promise]
"""By KPI: what everybody will reach of it, by the months before it alone: what the month itself brought so far is no
part of it.
"""
Agreed = Mapping[str, Mapping[str, Decimal]]
"""Plans by KPI and user."""


def odds(bench: Workbench, period: Period, kpis: tuple[str, ...] = (REVENUE,)) -> Odds:
    """Of these KPIs; of what nothing can be said the promise says why."""
    with bench.store.read() as conn:
        known = catalogue_in(bench, conn)
        others = [known[key] for key in kpis if key in known and key != REVENUE]
        found = {one.kpi: one for one in likely(bench, conn, others, period.label)}
    return found | ({REVENUE: _revenue(bench, period)} if REVENUE in kpis else {})


def realism_of(bench: Workbench, known: Seen) -> Iterator[Finding]:
    """Plans that are reached by hardly anybody, or by anybody, each with its chance and what to agree on instead; then
    the chances of all plans of a KPI, and of which KPIs none can be told.
    """
    agreed = _agreed(known)
    told = odds(bench, known.period, tuple(agreed))
    for key, some in agreed.items():
        if told[key].vouched:
            yield from _extreme(told[key], some)
            yield from _all(told[key], some, known)
    yield from _silent([told[key] for key in agreed if not told[key].vouched], known)


def _revenue(bench: Workbench, period: Period) -> Promise:
    """Of the one KPI that has a model of its own, as of the others."""
    sense = Sense("money")
    try:
        found = suggest_targets(bench, period)
    except BadConfig:
        return Promise(REVENUE, sense, trial=UNTRIED)
    return Promise(REVENUE, sense, tuple(map(_aim, found.targets)), found.drawn, found.backtest)


def _aim(one: Suggestion) -> Aim:
    names = ("target", "minimum", "ambitious", "low", "expected", "high")
    sums = {name: Decimal(getattr(one, name)) for name in names}
    moved = bool({"raised_to_own", "lowered_to_own"}.intersection(one.why))
    return Aim(one.user, one.name, chance=one.chance, own=one.own, moved=moved, months=one.basis[0], **sums)


def _agreed(known: Seen) -> dict[str, dict[str, Decimal]]:
    """Of people, of all pipelines, and of KPIs that are no share of a plan; by the days that they can work."""
    found: dict[str, dict[str, Decimal]] = {}
    for subject, some in sorted(known.agreed.items()):
        for (key, pipeline), versions in some.items():
            kpi = known.kpis.get(key)
            if subject.startswith("user:") and not pipeline and kpi is not None and kpi.plan is None:
                user, plan = subject.removeprefix("user:"), versions[-1].value
                less = known.prorated(user, kpi, plan)
                if less is None or less.value:
                    found.setdefault(key, {})[user] = plan if less is None else less.value
    return dict(sorted(found.items(), key=lambda one: (one[0] != REVENUE, one[0])))


def _extreme(one: Promise, agreed: Mapping[str, Decimal]) -> Iterator[Finding]:
    for aim in one.aims:
        chance = one.chance(aim.user, agreed[aim.user]) if aim.user in agreed else None
        if chance is None or (kind := realism(chance)) not in ("unrealistic", "too_easy"):
            continue
        words = {"expected": _value(aim.expected, one), "reached": _value(one.reached(aim.user), one)}
        words["chance"] = _percent(chance)
        about, subject = f"{aim.name}, {one.kpi}", f"user:{aim.user}"
        yield finding("warning", kind, about, words, subject=subject, kpi=one.kpi, chance=round(chance, 3))


def _all(one: Promise, agreed: Mapping[str, Decimal], known: Seen) -> Iterator[Finding]:
    told = {aim.name: chance for aim in one.aims
            if aim.user in agreed and (chance := one.chance(aim.user, agreed[aim.user])) is not None}  # fmt: skip
    if told:
        ru, en = (
            "; ".join(f"{name} {_percent(part)(lang)}, {REALISM[realism(part)](lang)}" for name, part in told.items())
            for lang in ("ru", "en")
        )
        yield finding("note", "chances", known.kpis[one.kpi].title, {"what": Text(ru, en)}, kpi=one.kpi)


def _silent(silent: Sequence[Promise], known: Seen) -> Iterator[Finding]:
    """One note for each reason."""
    by_reason: dict[Text, list[str]] = {}
    for one in silent:
        by_reason.setdefault(silence(one), []).append(one.kpi)
    for why, keys in by_reason.items():
        titles = [known.kpis[key].title for key in keys]
        about = Text(", ".join(one.ru for one in titles), ", ".join(one.en for one in titles))
        yield finding("note", "not_vouched" if _waits(silent, keys) else "unlikely", about, {"why": why})


def _waits(silent: Sequence[Promise], keys: Sequence[str]) -> bool:
    """Whether more months may change it."""
    return any(one.why is None for one in silent if one.kpi in keys)


def _value(value: Decimal, one: Promise) -> Text:
    return Text(value_text(value, one, "ru"), value_text(value, one, "en"))


def _percent(chance: float) -> Text:
    return Text(sure(chance, "ru"), sure(chance, "en"))


def in_both(value: Decimal, unit: str, known: Seen) -> Text:
    """A value as it is shown in either language."""
    return Text(shown(value, unit, known.currency, "ru"), shown(value, unit, known.currency, "en"))
