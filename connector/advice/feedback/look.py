"""What a rule looks at of one person's share: himself, his past, his team now and in the past. Values only."""

from __future__ import annotations

from dataclasses import dataclass, replace

from connector.advice.feedback.weeks import Counted, Weeks


@dataclass(frozen=True, slots=True)
class Look:
    """`now`: his last four weeks; `own`: his eight before them; `team`: the others' last four; `theirs`: the eight
    before of each of them. `least`: of a person, below which the KPI says nothing.
    """

    least: int
    now: Counted
    own: Counted
    team: Counted
    theirs: tuple[Counted, ...] = ()

    def grown(self, n: int) -> Look:
        """The same shares on so many cases of his in four weeks, everybody else's growing as his."""
        factor = n / self.now.n if self.now.n else 0.0
        return Look(
            self.least,
            _times(self.now, factor),
            _times(self.own, factor),
            _times(self.team, factor),
            tuple(_times(one, factor) for one in self.theirs),
        )

    def reaching(self, good: int) -> Look:
        """The same with so many good ones of his."""
        return replace(self, now=Counted(good, self.now.n))


def look_at(kpi: str, user: str, weeks: Weeks) -> Look | None:
    """One person's; None where the KPI is not looked at."""
    if kpi not in weeks.kpis:
        return None
    theirs = tuple(weeks.own(kpi, one) for one in sorted(weeks.peers.get(user, ())) if one != user)
    return Look(weeks.kpis[kpi].minimum, weeks.of(kpi, user), weeks.own(kpi, user), weeks.others(kpi, user), theirs)


def _times(one: Counted, factor: float) -> Counted:
    n = round(one.n * factor)
    return Counted(min(n, round(one.share * n)), n)
