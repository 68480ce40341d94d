"""A KPI's months of everybody, and the month to come drawn from them: one class for each shape."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from connector.targets.likely.counts import count_prior, draw_count
from connector.targets.likely.shares import draw_share, share_prior
from connector.targets.likely.tally import Tallied, labels_of
from connector.targets.model import DRAWS, Draws, drawn_wins, posterior, prior, sums
from connector.targets.series import COMPARABLE, Ahead, Person, labels
from connector.targets.suggest import generator


@dataclass(frozen=True, slots=True)
class Seen:
    """A person's months of the KPI that had anything to measure: label, days, value; oldest first."""

    user: str
    name: str
    months: tuple[tuple[str, float, float], ...]

    @property
    def enough(self) -> bool:
        """Whether his own history says anything, or only the team's."""
        return len(self.months) >= COMPARABLE


class Model(Protocol):
    """What is asked of every shape."""

    @property
    def labels(self) -> Sequence[str]:
        """Every month that anybody has, in order."""

    @property
    def people(self) -> Sequence[Seen]:
        """Everybody with what he reached."""

    def until(self, label: str) -> Model:
        """As it was known before this month began."""

    def drawn(self, account: str, ahead: Ahead) -> Mapping[str, Draws]:
        """The month of everybody who works in it, drawn many times; nobody where there is nothing to learn from."""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many of something: calls, meetings, deals won."""

    kpi: str
    tallied: tuple[Tallied, ...]
    ramped: bool = False

    @property
    def labels(self) -> Sequence[str]:
        """Of Model."""
        return labels_of(self.tallied)

    @property
    def people(self) -> Sequence[Seen]:
        """Months in which he worked."""
        return [_seen(one, [(m.label, m.days, m.hits) for m in one.months if m.days > 0]) for one in self.tallied]

    def until(self, label: str) -> Counted:
        """Of Model."""
        return Counted(self.kpi, tuple(one.until(label) for one in self.tallied), self.ramped)

    def drawn(self, account: str, ahead: Ahead) -> Mapping[str, Draws]:
        """Of Model."""
        team = count_prior(self.tallied, ramped=self.ramped)
        if team is None:
            return {}
        return {
            one.user: draw_count(_own(one, seen), team, ahead, _generator(account, self.kpi, one.user, ahead))
            for one, seen in zip(self.tallied, self.people, strict=True)
            if ahead.days.get(one.user)
        }


@dataclass(frozen=True, slots=True)
class Shared:
    """A part of something: of deals those that were won, of calls those that reached a person."""

    kpi: str
    tallied: tuple[Tallied, ...]

    @property
    def labels(self) -> Sequence[str]:
        """Of Model."""
        return labels_of(self.tallied)

    @property
    def people(self) -> Sequence[Seen]:
        """Months in which there was anything to have a share of."""
        return [
            _seen(one, [(m.label, m.days, m.share) for m in one.months if m.share is not None and m.days > 0])
            for one in self.tallied
        ]

    def until(self, label: str) -> Shared:
        """Of Model."""
        return Shared(self.kpi, tuple(one.until(label) for one in self.tallied))

    def drawn(self, account: str, ahead: Ahead) -> Mapping[str, Draws]:
        """Of Model; nor is there who is not going to try."""
        team = share_prior(self.tallied)
        if team is None:
            return {}
        found = {
            one.user: draw_share(_own(one, seen), team, ahead, _generator(account, self.kpi, one.user, ahead))
            for one, seen in zip(self.tallied, self.people, strict=True)
            if ahead.days.get(one.user)
        }
        return {user: draws for user, draws in found.items() if len(draws)}


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
        team = prior([one for one in self.sellers if one.comparable])
        if team is None:
            return {}
        found = {}
        for one, seen in zip(self.sellers, self.people, strict=True):
            if not ahead.days.get(one.user):
                continue
            tenure = None if one.tenure is None else one.tenure + len(one.months)
            mine = posterior(one if seen.enough else Person(one.user, one.name, (), tenure), team)
            exposure = team.ground.exposure(ahead.label, ahead.days[one.user], tenure)
            rng = _generator(account, self.kpi, one.user, ahead)
            wins = drawn_wins(mine, team, exposure, rng, DRAWS)
            money = sums(wins, mine, team, rng)
            if wins.any():
                found[one.user] = money[wins > 0] / wins[wins > 0]
        return found


def _seen(one: Tallied, months: Sequence[tuple[str, float, float]]) -> Seen:
    return Seen(one.user, one.name, tuple(months))


def _own(one: Tallied, seen: Seen) -> Tallied:
    """Himself, or where that is too little somebody of whom nothing is known but since when he is there."""
    return one if seen.enough else Tallied(one.user, one.name, (), one.tenure_in(len(one.months)))


def _generator(account: str, kpi: str, user: str, ahead: Ahead) -> np.random.Generator:
    return generator(account, user, f"{ahead.label}/{kpi}")
