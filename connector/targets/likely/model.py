"""A KPI's months of everybody, and the month to come, or the rest of a running one, drawn from them: counts, shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from connector.targets.likely.counts import count_prior, draw_count, finish_count
from connector.targets.likely.shares import draw_share, finish_share, share_prior
from connector.targets.likely.tally import NOTHING, ByNow, Tallied, Tally, labels_of
from connector.targets.model import Draws
from connector.targets.series import COMPARABLE, Ahead
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


Mark = tuple[str, str]
"""User and label of a month."""
INSIDE_DRAWS = 1000
"""Of a running month: every morning, of everybody and every planned KPI."""


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

    @property
    def whole(self) -> Mapping[Mark, Tally]:
        """Every month of everybody, counted."""

    def drawn(self, account: str, ahead: Ahead) -> Mapping[str, Draws]:
        """The month of everybody who works in it, drawn many times; nobody where there is nothing to learn from."""

    def finished(self, account: str, ahead: Ahead, done: Mapping[str, Tally], by_now: ByNow) -> Mapping[str, Draws]:
        """The same of a running month, of which so much is done, by user."""


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
            one.user: draw_count(_own(one, seen), team, ahead, seed(account, self.kpi, one.user, ahead))
            for one, seen in zip(self.tallied, self.people, strict=True)
            if ahead.days.get(one.user)
        }

    @property
    def whole(self) -> Mapping[Mark, Tally]:
        """Of Model."""
        return whole_of(self.tallied)

    def finished(self, account: str, ahead: Ahead, done: Mapping[str, Tally], by_now: ByNow) -> Mapping[str, Draws]:
        """Of Model."""
        team = count_prior(self.tallied, ramped=self.ramped)
        if team is None:
            return {}
        return {
            one.user: finish_count(
                _own(one, seen), team, ahead, _done(done, one).hits, by_now,
                seed(account, self.kpi, one.user, ahead, by_now), INSIDE_DRAWS,
            )
            for one, seen in zip(self.tallied, self.people, strict=True)
            if ahead.days.get(one.user)
        }  # fmt: skip


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
            one.user: draw_share(_own(one, seen), team, ahead, seed(account, self.kpi, one.user, ahead))
            for one, seen in zip(self.tallied, self.people, strict=True)
            if ahead.days.get(one.user)
        }
        return {user: draws for user, draws in found.items() if len(draws)}

    @property
    def whole(self) -> Mapping[Mark, Tally]:
        """Of Model."""
        return whole_of(self.tallied)

    def finished(self, account: str, ahead: Ahead, done: Mapping[str, Tally], by_now: ByNow) -> Mapping[str, Draws]:
        """Of Model."""
        team = share_prior(self.tallied)
        if team is None:
            return {}
        found = {
            one.user: finish_share(
                _own(one, seen), team, ahead, _done(done, one), by_now,
                seed(account, self.kpi, one.user, ahead, by_now), INSIDE_DRAWS,
            )
            for one, seen in zip(self.tallied, self.people, strict=True)
            if ahead.days.get(one.user)
        }  # fmt: skip
        return {user: draws for user, draws in found.items() if len(draws)}


def _seen(one: Tallied, months: Sequence[tuple[str, float, float]]) -> Seen:
    return Seen(one.user, one.name, tuple(months))


def _own(one: Tallied, seen: Seen) -> Tallied:
    """Himself, or where that is too little somebody of whom nothing is known but since when he is there."""
    return one if seen.enough else Tallied(one.user, one.name, (), one.tenure_in(len(one.months)))


def _done(done: Mapping[str, Tally], one: Tallied) -> Tally:
    return done.get(one.user, NOTHING)


def whole_of(tallied: Sequence[Tallied]) -> Mapping[Mark, Tally]:
    """Every month, by user and label."""
    return {(one.user, month.label): month for one in tallied for month in one.months}


def seed(account: str, kpi: str, user: str, ahead: Ahead, by_now: ByNow | None = None) -> np.random.Generator:
    """A rerun draws the same; of a running month another morning is another draw."""
    at = "" if by_now is None else f"@{by_now.expected:.4f}"
    return generator(account, user, f"{ahead.label}/{kpi}{at}")
