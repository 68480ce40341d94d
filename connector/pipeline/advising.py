"""judge, then advise: where each person's gap comes from and which KPIs to set for a month, with records to look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from connector.advice.advised import Advised, PersonAdvice, WhatIf
from connector.advice.candidates import Shared, average_deal, candidate, mixed, shared, what_if
from connector.advice.case import Evidence
from connector.advice.factors import PEERS, Diagnosis, Estimate, diagnose, estimates, planned, team_of
from connector.advice.gap import FACTORS, Factors
from connector.advice.proving import telling
from connector.advice.recommend import Candidate, recommend
from connector.advice.stretch import Target
from connector.advice.verdict import judge
from connector.advice.words import Language
from connector.errors import BadConfig
from connector.moment import DAY, Period
from connector.pipeline.bench import Workbench
from connector.pipeline.factoring import Gathered, gathered
from connector.pipeline.history import ahead
from connector.pipeline.measuring import explanation_of, plans_of
from connector.targets.backtest import backtest
from connector.targets.model import Prior, prior
from connector.targets.series import Ahead
from connector.targets.suggest import CHANCE, Suggestion, suggest

_PLANNED = {"lead_won_share": "conversion", "average_deal": "size", "refund_share": "kept"}
"""Plans that say what a plan of revenue asks for."""
PROOF_MONTHS = 3


def advise_people(
    bench: Workbench,
    period: Period,
    *,
    user: str | None = None,
    chance: float = CHANCE,
    language: Language = "ru",
) -> Advised:
    """The KPIs to set for a month, by the months before it. `user`: only him, by id or name. Raises BadConfig for a
    period that is no month, somebody who is nobody, and where there is nothing to learn from.
    """
    told = _Told(bench, _month(period), chance)
    people = [told.advise(one) for one in told.people if user is None or user.casefold() in _names(one)]
    if not people:
        raise BadConfig([_nobody(bench, user, told.people)])
    proven = [_proven(bench, one, told, language) for one in people]
    return Advised(
        bench.settings.name,
        bench.currency(),
        told.label,
        (told.seen.months[0], told.seen.months[-1]),
        tuple(proven),
        chance,
        alone=told.alone,
        unknown=tuple(told.unknown()),
        frozen=told.seen.frozen,
    )


def try_factor(bench: Workbench, period: Period, user: str, factor: str, value: float) -> WhatIf:
    """What a month brings more when one factor of one person is moved to a value. Raises BadConfig as above, for a
    factor that is none, and for a value that it cannot have.
    """
    if factor not in FACTORS:
        raise BadConfig([f"factor: {factor!r} is none; there are: {', '.join(FACTORS)}"])
    if not value > 0 or (factor in ("contact", "conversion", "kept") and value > 1):
        raise BadConfig([f"value: {factor} is a share between 0 and 1 (leads a day and size: above 0), not {value:g}"])
    told = _Told(bench, _month(period), CHANCE)
    one = next((one for one in told.people if user.casefold() in _names(one)), None)
    if one is None:
        raise BadConfig([_nobody(bench, user, told.people)])
    found = what_if(one, factor, value)
    now = getattr(one.own, factor)
    return WhatIf(bench.settings.name, bench.currency(), told.label, one.user, one.name, factor, now, value, found)


class _Told:
    """An account's month: everybody's factors, the team's, the shares, and what was agreed on."""

    def __init__(self, bench: Workbench, label: str, chance: float) -> None:
        self.account, self.label, self.chance = bench.settings.name, label, chance
        with bench.store.read() as conn:
            self.seen: Gathered = gathered(bench, conn, label)
            self.ahead: Ahead = ahead(bench, conn, [one.user for one in self.seen.people], label)
        self.people = estimates(self.account, self.seen.records, self.ahead, self.seen.ground)
        team = prior(self.seen.people)
        if team is None:
            raise BadConfig([f"{self.account}: nobody won anything in the months before {label}"])
        self.prior: Prior = team
        self.reference = team_of(self.people)
        self.shares: Sequence[Shared] = [one for one in map(shared, self.seen.measured) if one is not None]
        self.vouched = backtest(self.account, self.seen.people, chance=chance).vouches
        self.plans = {(plan.subject, plan.kpi): plan.value for plan in plans_of(bench, Period.parse(label))}

    @property
    def alone(self) -> bool:
        """Whether there are too few people for a team to compare with."""
        return len(self.people) < PEERS

    def unknown(self) -> Iterable[str]:
        """Factors that are 1 for all because nothing is known of them."""
        told = {"contact": self.seen.ground.reached, "kept": self.seen.ground.kept}
        return (factor for factor, known in told.items() if not known)

    def advise(self, one: Estimate) -> PersonAdvice:
        """One person, without records yet."""
        mix = self.seen.mixes.get(one.user)
        reference = one.own if self.alone else self.reference
        told = mixed(diagnose(one, reference), mix)
        suggestion = self._suggestion(one)
        looked_at = self._candidates(told)
        chosen = recommend(looked_at, self._result(told, suggestion), newcomer=one.newcomer)
        return PersonAdvice(
            one.user, one.name, told, self._against_plan(one), suggestion, tuple(chosen), tuple(looked_at), mix
        )

    def _candidates(self, told: Diagnosis) -> list[Candidate]:
        found = [candidate(self.account, self.label, told, one, chance=self.chance) for one in self.shares]
        return [
            *(one for one in found if one is not None),
            average_deal(self.seen.known["average_deal"], told, self.people),
        ]

    def _suggestion(self, one: Estimate) -> Suggestion:
        person = next(person for person in self.seen.people if person.user == one.user)
        return suggest(self.account, person, self.prior, self.ahead, chance=self.chance, vouched=self.vouched)

    def _result(self, told: Diagnosis, target: Suggestion) -> Candidate:
        """Revenue, with the target that is suggested for it."""
        one = told.estimate
        team = told.reference.revenue * one.scale
        below = float((one.revenue < told.reference.revenue).mean())
        gap = (told.reference.revenue - one.own.revenue) / told.reference.revenue
        return Candidate(
            self.seen.known["revenue"], judge(below, gap, one.n["size"], 1), target.expected, team, team,
            Target(target.target, target.chance), 1.0, 1,
        )  # fmt: skip

    def _against_plan(self, one: Estimate) -> Diagnosis | None:
        """The gap to one's own plan of revenue; None without one, or where he is going to be away all month."""
        plan = self.plans.get((f"user:{one.user}", "revenue"))
        if not plan or one.scale <= 0:
            return None
        return diagnose(one, planned(one.own, float(plan) / one.scale, dict(self._said(one))))

    def _said(self, one: Estimate) -> Iterable[tuple[str, float]]:
        for kpi, factor in _PLANNED.items():
            value = self.plans.get((f"user:{one.user}", kpi))
            if value:
                yield factor, _as_factor(factor, value, one.own)


def _as_factor(factor: str, value: Decimal, own: Factors) -> float:
    """Conversion is planned of all enquiries, the factor is of those reached; kept is what is not refunded."""
    if factor == "conversion":
        return float(value) / own.contact
    return 1 - float(value) if factor == "kept" else float(value)


def _proven(bench: Workbench, one: PersonAdvice, told: _Told, language: Language) -> PersonAdvice:
    """With records that show what is to be raised."""
    months = told.seen.months[-PROOF_MONTHS:]
    first, last = Period.parse(months[0]).start, Period.parse(months[-1]).end - DAY
    span = Period.parse(f"{first}..{last}")
    found: Mapping[str, tuple[Evidence, ...]] = {
        chosen.candidate.kpi.key: tuple(telling(explained, bench.zone(), language))
        for chosen in one.chosen
        if chosen.role == "grow"
        for explained in (explanation_of(bench, chosen.candidate.kpi.key, span, user=one.user),)
    }
    return PersonAdvice(
        one.user, one.name, one.diagnosis, one.against_plan, one.suggestion, one.chosen, one.looked_at, one.mix, found
    )


def _month(period: Period) -> str:
    if period.months() != (period.label,):
        raise BadConfig([f"advice is for a month such as 2026-10, not for {period.label}"])
    return period.label


def _names(one: Estimate) -> tuple[str, str]:
    return one.user.casefold(), one.name.casefold()


def _nobody(bench: Workbench, user: str | None, people: Sequence[Estimate]) -> str:
    have = ", ".join(f"{one.name} ({one.user})" for one in people) or "none"
    return f"{bench.settings.name}: user {user!r} sold nothing and was asked nothing; there are: {have}"
