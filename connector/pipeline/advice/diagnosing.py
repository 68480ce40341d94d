"""A month of an account as advice sees it: everybody's factors beside those of his own team, and what might be set."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from connector.advice.diagnosis.casemix import Mix, mixes
from connector.advice.diagnosis.factors import PEERS, diagnose, estimates, planned, team_of
from connector.advice.diagnosis.gap import Factors
from connector.advice.diagnosis.peers import members_of, peers
from connector.advice.diagnosis.values import Diagnosis, Estimate
from connector.advice.diagnosis.verdict import judge
from connector.advice.recommendation.advised import PersonAdvice
from connector.advice.recommendation.candidates import Shared, average_deal, candidate, mixed, shared
from connector.advice.recommendation.recommend import Candidate, recommend
from connector.advice.recommendation.stretch import Target
from connector.errors import BadConfig
from connector.moment import Period
from connector.pipeline.advice.factoring import Gathered, gathered
from connector.pipeline.bench import Workbench
from connector.pipeline.history import ahead, nothing_to_learn
from connector.pipeline.measuring import plans_of
from connector.records import Team, User
from connector.store.crm import records
from connector.targets.backtest import backtest
from connector.targets.model import Prior, prior
from connector.targets.suggest import CHANCE, Suggestion, suggest

_PLANNED = {"lead_won_share": "conversion", "average_deal": "size"}
"""Plans that say what a plan of revenue asks for."""


@dataclass(frozen=True, slots=True)
class Circle:
    """People who are compared with one another: their team's name (None: everybody), factors, middle, shares, mix."""

    team: str | None
    people: dict[str, Estimate]
    reference: Factors
    shares: tuple[Shared, ...]
    mixes: Mapping[str, Mix]

    @property
    def alone(self) -> bool:
        """Whether they are too few for that."""
        return len(self.people) < PEERS


class Month:
    """`period` None: the one that runs. Raises BadConfig for one that is no month, and where there is nothing to learn
    from.
    """

    def __init__(self, bench: Workbench, period: Period | None, chance: float = CHANCE) -> None:
        period = period or Period.month(bench.today())
        if period.months() != (period.label,):
            raise BadConfig([f"advice is for a month such as 2026-10, not for {period.label}"])
        self.account, self.label, self.chance = bench.settings.name, period.label, chance
        with bench.store.read() as conn:
            self.seen: Gathered = gathered(bench, conn, self.label)
            self.persons = {one.user: one for one in self.seen.people}
            self.ahead = ahead(bench, conn, list(self.persons), self.label)
            users = records.directory(conn, bench.account, User)
            teams = records.directory(conn, bench.account, Team)
        team = prior(self.seen.people)
        if team is None:
            raise nothing_to_learn(self.account, self.label)
        self.prior: Prior = team
        self.vouched = backtest(self.account, self.seen.people, chance=chance).vouches
        self.plans = {(plan.subject, plan.kpi): plan.value for plan in plans_of(bench, period)}
        nearest, members = peers(self.persons, users, teams), members_of(self.persons, users, teams)
        circles = {
            id: self._circle(None if id is None else teams[id].name, self.persons if id is None else members[id])
            for id in set(nearest.values())
        }
        self.circles = {user: circles[id] for user, id in nearest.items()}

    def named(self, user: str | None) -> list[str]:
        """The people meant by an id or a name, or all, in the order of names. Raises BadConfig for nobody."""
        people = sorted(self.circles, key=lambda one: (self.persons[one].name, one))
        told = [one for one in people if user is None or user.casefold() in (one, self.persons[one].name.casefold())]
        if not told:
            have = ", ".join(f"{self.persons[one].name} ({one})" for one in people) or "none"
            raise BadConfig([f"{self.account}: user {user!r} sold nothing and was asked nothing; there are: {have}"])
        return told

    def factors(self, user: str) -> Estimate:
        """Of one person."""
        return self.circles[user].people[user]

    def advise(self, user: str) -> PersonAdvice:
        """One person, without records yet."""
        circle, one, mix = self.circles[user], self.factors(user), self.circles[user].mixes.get(user)
        told = mixed(diagnose(one, one.own if circle.alone else circle.reference), mix)
        suggestion = suggest(
            self.account, self.persons[user], self.prior, self.ahead, chance=self.chance, vouched=self.vouched
        )
        looked_at = tuple(self._candidates(told, circle))
        chosen = recommend(looked_at, self._result(told, suggestion), newcomer=one.newcomer)
        return PersonAdvice(
            user, one.name, told, self._against_plan(one), suggestion, tuple(chosen), looked_at, mix,
            circle.team, circle.alone,
        )  # fmt: skip

    def unknown(self) -> Iterator[str]:
        """Factors that are 1 for all because nothing is known of them."""
        told = {"contact": self.seen.ground.reached, "kept": self.seen.ground.kept}
        return (factor for factor, known in told.items() if not known)

    def _circle(self, team: str | None, users: Collection[str]) -> Circle:
        some = [one for one in self.seen.records if one.person.user in users]
        people = estimates(self.account, some, self.ahead, self.seen.ground)
        if not people:  # nobody of the team ever won: all are compared
            return self._circle(None, self.persons)
        shares = (shared(one, users) for one in self.seen.measured)
        told = tuple(one for one in shares if one is not None)
        found = mixes(one for one in self.seen.cases if one.user in users)
        return Circle(team, {one.user: one for one in people}, team_of(people), told, found)

    def _candidates(self, told: Diagnosis, circle: Circle) -> Iterable[Candidate]:
        for one in circle.shares:
            if (found := candidate(self.account, self.label, told, one, chance=self.chance)) is not None:
                yield found
        yield average_deal(self.seen.known["average_deal"], told, list(circle.people.values()))

    def _result(self, told: Diagnosis, target: Suggestion) -> Candidate:
        """Revenue, with the target that is suggested for it."""
        one, wanted = told.estimate, told.reference.revenue
        below = float((one.revenue < wanted).mean())
        verdict = judge(below, (wanted - one.own.revenue) / wanted, one.n["size"], 1)
        goal, team = Target(target.target, target.chance), wanted / told.reference.kept * one.scale
        now = one.before_refunds().month
        return Candidate(self.seen.known["revenue"], verdict, now, team, team, goal, 1.0, 1)

    def _against_plan(self, one: Estimate) -> Diagnosis | None:
        """The gap to one's own plan of revenue, before refunds as revenue is; None without one, or where he is going
        to be away all month.
        """
        plan, one = self.plans.get((f"user:{one.user}", "revenue")), one.before_refunds()
        if not plan or one.scale <= 0:
            return None
        said = {
            factor: _as_factor(factor, value, one.own)
            for kpi, factor in _PLANNED.items()
            if (value := self.plans.get((f"user:{one.user}", kpi)))
        }
        return diagnose(one, planned(one.own, float(plan) / one.scale, said))


def _as_factor(factor: str, value: Decimal, own: Factors) -> float:
    """Conversion is planned of all enquiries, the factor is of those reached."""
    return float(value) / own.contact if factor == "conversion" else float(value)
