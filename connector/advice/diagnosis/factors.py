"""What each person's revenue a worked day is made of, estimated: drawn towards the team, never a raw zero. Pure.

Leads, conversion and deal size come from the model that targets use; who was reached and what is kept after refunds
are shares of the same sort. All else the same, revenue of a day is the product; the gap to the team or to a plan splits
by factor without a rest (`gap`), and each part has an interval because every factor is drawn from its posterior.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from connector.advice.diagnosis.gap import FACTORS, Factors, parts
from connector.advice.diagnosis.shares import DRAWS, Share, estimate, middle
from connector.advice.diagnosis.values import Diagnosis, Draws, Estimate, Ground, Part, Record, Seen
from connector.advice.diagnosis.verdict import Verdict, judge
from connector.targets.model import Posterior, Prior, posterior, prior
from connector.targets.series import COMPARABLE, Ahead, Person
from connector.targets.suggest import generator

ENOUGH = {"leads": 20, "contact": 20, "conversion": 20, "size": 10, "kept": 20}
"""Enquiries, judged and ripe ones, deals, wins: below that nothing is said of the factor (methods.md 5.3)."""
PEERS = 3
"""People below which there is no team to be compared with."""


def estimates(account: str, records: Sequence[Record], ahead: Ahead, ground: Ground) -> list[Estimate]:
    """Everybody, in the order of users; empty where nobody won anything."""
    ordered = sorted(records, key=lambda one: one.person.user)
    team = prior([one.person for one in ordered])
    if team is None:
        return []
    reached = estimate({one.person.user: one.answered for one in ordered}) if ground.reached else {}
    back = estimate({one.person.user: one.refunded for one in ordered}) if ground.kept else {}
    found = []
    for one in ordered:
        user = one.person.user
        rng = generator(account, user, ahead.label)
        shares = {"contact": reached.get(user), "kept": back.get(user)}
        found.append(_estimate(one.person, team, shares, ahead, ground, rng))
    return found


def team_of(people: Sequence[Estimate]) -> Factors:
    """The team's ordinary member: the median of each factor."""
    return Factors(**{name: middle([getattr(one.own, name) for one in people]) for name in FACTORS})


def planned(own: Factors, revenue: float, known: Mapping[str, float] | None = None) -> Factors:
    """What a plan of revenue a day asks for: factors that are planned too, the person's own for the rest, and as many
    leads as are then needed.
    """
    wanted = own
    for factor, value in (known or {}).items():
        wanted = wanted.with_(factor, value)
    if known and "leads" in known:
        return wanted
    return wanted.with_("leads", wanted.leads * revenue / wanted.revenue)


def diagnose(one: Estimate, reference: Factors, minor: int = 100) -> Diagnosis:
    """The gap to a reference in a month of this person, by factor."""
    exact = parts(one.own, reference, one.scale, minor)
    drawn = _parts_drawn(one, reference, minor)
    told = []
    for factor in FACTORS:
        low, high = np.quantile(drawn[factor], (0.05, 0.95))
        low, high = min(round(float(low)), exact[factor]), max(round(float(high)), exact[factor])
        told.append(Part(factor, exact[factor], low, high, _verdict(one, factor, getattr(reference, factor))))
    return Diagnosis(one, reference, sum(exact.values()), tuple(told))


def _estimate(
    person: Person,
    team: Prior,
    shares: Mapping[str, Share | None],
    ahead: Ahead,
    ground: Ground,
    rng: np.random.Generator,
) -> Estimate:
    own = posterior(person, team)
    tenure = None if person.tenure is None else person.tenure + len(person.months)
    contact, back = shares["contact"], shares["kept"]
    reached = contact.draw(rng) if contact else np.ones(DRAWS)
    draws = {
        "leads": rng.gamma(own.leads[0], 1 / own.leads[1], DRAWS),
        "contact": reached,
        "conversion": rng.beta(*own.conversion, DRAWS) / reached,
        "size": np.exp(rng.normal(own.size[0], math.sqrt(own.size[1]), DRAWS) + team.within / 2),
        "kept": 1 - back.draw(rng) * ground.given_back if back else np.ones(DRAWS),
    }
    return Estimate(
        person.user,
        person.name,
        _means(own, team, contact, back, ground),
        team.ground.exposure(ahead.label, ahead.days.get(person.user, 0.0), tenure) * team.beside,
        draws,
        _counts(person, contact, back),
        _seen(person, own, team, contact),
        newcomer=person.comparable < COMPARABLE,
    )


def _means(own: Posterior, team: Prior, contact: Share | None, back: Share | None, ground: Ground) -> Factors:
    reached = contact.mean if contact else 1.0
    return Factors(
        leads=own.lead_rate,
        contact=reached,
        conversion=own.conversion_rate / reached,
        size=math.exp(own.size[0] + (own.size[1] + team.within) / 2),
        kept=1 - back.mean * ground.given_back if back else 1.0,
    )


def _counts(person: Person, contact: Share | None, back: Share | None) -> dict[str, int]:
    return {
        "leads": sum(month.leads for month in person.months),
        "contact": contact.n if contact else 0,
        "conversion": sum(month.cohort_leads for month in person.months),
        "size": sum(month.wins for month in person.months),
        "kept": back.n if back else 0,
    }


def _seen(person: Person, own: Posterior, team: Prior, contact: Share | None) -> dict[str, Seen]:
    """Of the factors about which more data would settle something."""
    found: dict[str, Seen] = {}
    if contact is not None and contact.seen is not None:
        found["contact"] = Seen(contact.seen, contact.mean * (1 - contact.mean), contact.strength, contact.weight)
    reached, (a, b) = contact.mean if contact else 1.0, team.conversion
    tried, ripe = sum(own.conversion) - a - b, sum(month.cohort_leads for month in person.months)
    if ripe:
        share = own.conversion_rate
        seen = (own.conversion[0] - a) / tried
        found["conversion"] = Seen(seen / reached, share * (1 - share) / reached**2, a + b, tried / ripe)
    logs = [math.log(amount) for month in person.months for amount in month.amounts if amount > 0]
    if logs:
        size = math.exp(sum(logs) / len(logs) + team.within / 2)
        found["size"] = Seen(size, team.within * size * size, team.within / team.between)
    return found


def _parts_drawn(one: Estimate, reference: Factors, minor: int) -> dict[str, Draws]:
    """The same split of every draw at once."""
    revenue, wanted = one.revenue, reference.revenue
    ratio = np.log(wanted) - np.log(revenue)
    near = np.abs(ratio) < 1e-9
    mean = np.where(near, (wanted + revenue) / 2, (wanted - revenue) / np.where(near, 1.0, ratio))
    scale = mean * one.scale * minor
    return {factor: scale * np.log(getattr(reference, factor) / one.draws[factor]) for factor in FACTORS}


def _verdict(one: Estimate, factor: str, reference: float) -> Verdict:
    own = getattr(one.own, factor)
    below = float((one.draws[factor] < reference).mean())
    needed = one.seen[factor].needed(reference) if factor in one.seen else None
    return judge(below, (reference - own) / reference, one.n[factor], ENOUGH[factor], needed)
