"""The average deal's months of everybody, and the month to come, or the rest of a running one, drawn from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

from connector.targets.forecast import wins_left
from connector.targets.likely.model import Mark, Seen, seed
from connector.targets.likely.tally import NOTHING, ByNow, Tally
from connector.targets.model import DRAWS, Draws, Posterior, Prior, drawn_wins, posterior, prior, sums
from connector.targets.series import Ahead, Person, labels


@dataclass(frozen=True, slots=True)
class Averaged:
    """The average deal, by the model of revenue: so many wins, each of a size around one's own mean."""

    kpi: str
    sellers: tuple[Person, ...]

    @property
    def labels(self) -> Sequence[str]:
        """Of Model."""
        return labels(self.sellers)

    @property
    def people(self) -> Sequence[Seen]:
        """Months with a deal won."""
        return [
            Seen(
                one.user,
                one.name,
                tuple((m.label, m.days, m.revenue / m.wins) for m in one.months if m.wins and m.days > 0),
            )
            for one in self.sellers
        ]

    def until(self, label: str) -> Averaged:
        """Of Model."""
        return Averaged(self.kpi, tuple(one.until(label) for one in self.sellers))

    def drawn(self, account: str, ahead: Ahead) -> Mapping[str, Draws]:
        """Of Model; months without a win have no average."""
        found = {}
        for one, team, mine, exposure in self._at_work(ahead):
            rng = seed(account, self.kpi, one.user, ahead)
            wins = drawn_wins(mine, team, exposure, rng, DRAWS)
            found[one.user] = _averages(sums(wins, mine, team, rng), wins)
        return {user: draws for user, draws in found.items() if len(draws)}

    @property
    def whole(self) -> Mapping[Mark, Tally]:
        """Of Model: money over wins."""
        return {
            (one.user, month.label): Tally(month.label, month.days, month.revenue, float(month.wins))
            for one in self.sellers
            for month in one.months
        }

    def finished(self, account: str, ahead: Ahead, done: Mapping[str, Tally], by_now: ByNow) -> Mapping[str, Draws]:
        """Of Model."""
        found = {}
        for one, team, mine, exposure in self._at_work(ahead):
            rng, so_far = seed(account, self.kpi, one.user, ahead, by_now), done.get(one.user, NOTHING)
            left = wins_left(
                mine, team, exposure=exposure, expected_share=by_now.expected, wins=int(so_far.tries), rng=rng
            )
            found[one.user] = _averages(so_far.hits + sums(left, mine, team, rng), left + so_far.tries)
        return {user: draws for user, draws in found.items() if len(draws)}

    def _at_work(self, ahead: Ahead) -> Iterator[tuple[Person, Prior, Posterior, float]]:
        """Everybody who works in the month, with the team, what is known of him and how much of a month he works."""
        team = prior([one for one in self.sellers if one.comparable])
        if team is None:
            return
        for one, seen in zip(self.sellers, self.people, strict=True):
            if ahead.days.get(one.user):
                yield one, team, *_looked_at(one, seen, team, ahead)


def _averages(money: Draws, wins: NDArray[Any]) -> Draws:
    """Of the months drawn that have a win."""
    found: Draws = money[wins > 0] / wins[wins > 0]
    return found


def _looked_at(one: Person, seen: Seen, team: Prior, ahead: Ahead) -> tuple[Posterior, float]:
    """What is known of him, or where that is too little of anybody, and how much of a month he works."""
    tenure = None if one.tenure is None else one.tenure + len(one.months)
    mine = posterior(one if seen.enough else Person(one.user, one.name, (), tenure), team)
    return mine, team.ground.exposure(ahead.label, ahead.days[one.user], tenure)
