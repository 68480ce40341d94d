"""Advice in the words of whom it is for: what to raise, to where, why, what it would bring, what to look at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from connector.advice.pen import Pen, rounded
from connector.advice.recommendation import words as w
from connector.advice.recommendation.advised import Advised, PersonAdvice
from connector.advice.recommendation.recommend import Chosen, Effect
from connector.advice.words import day
from connector.errors import BadConfig
from connector.kpi.catalogue import ALL
from connector.kpi.text import Language
from connector.moment import DAY, Period
from connector.pipeline.advice.advising import advise_people
from connector.pipeline.advice.diagnosing import Month
from connector.pipeline.bench import Workbench
from connector.web import locale
from connector.web.views.facts import Card, opens
from connector.web.visiting import Visit
from connector.web.words import WORDS


@dataclass(frozen=True, slots=True)
class AdviceLine:
    """One KPI; `lines` are sentences, `records` what shows it."""

    title: str
    role: str
    weight: str
    lines: tuple[str, ...]
    records: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class AdvicePage:
    """`notes` hold for all of it."""

    title: str
    basis: str
    lines: tuple[AdviceLine, ...]
    notes: tuple[str, ...]


def learned(bench: Workbench, period: Period) -> Month | None:
    """What everybody's advice rests on, which takes the time; None where there is nothing to advise by."""
    try:
        return Month(bench, period)
    except BadConfig:
        return None


def advice_of(visit: Visit, user: str) -> Advised | None:
    """Of one person; None where there is nothing to advise by, or for him."""
    month = visit.of(learned, visit.period)
    if month is None:
        return None
    try:
        return advise_people(visit.bench, visit.period, user=user, language=visit.language, given=month)
    except BadConfig:
        return None


def advice_page(told: Advised, *, own: bool, language: Language) -> AdvicePage:
    """Of the one person in it. `own`: he reads it himself."""
    (one,) = told.people
    first, last = (locale.month(label, language) for label in told.basis)
    notes = [w.ALONE(language)] if one.alone else []
    notes += [w.NEWCOMER(language)] if one.diagnosis.estimate.newcomer else []
    title = WORDS["advice_own" if own else "advice_of"](language)
    writer = _Writer(told, one, own, language)
    return AdvicePage(
        title=title.format(month=locale.month(told.period, language)),
        basis=WORDS["advice_by"](language).format(first=first, last=last),
        lines=tuple(writer.line(chosen) for chosen in one.chosen),
        notes=(*notes, w.ESTIMATES(language)),
    )


class PagePen(Pen):
    """Writes money and shares as the rest of the page does: advice in a CRM says RUB 1,200 and 33 % in English too."""

    def cash(self, value: float, like: float | None = None) -> str:
        """`12 300 ₽`, `12,300 ₽`."""
        return locale.money(rounded(value, like), self.currency, self.language)

    def share(self, value: float) -> str:
        """`33 %`, `33%`."""
        told = super().share(value)
        return told if self.language == "ru" else told.replace(f"{locale.NBSP}%", "%")


class _Writer:
    """Writes one person's lines."""

    def __init__(self, told: Advised, one: PersonAdvice, own: bool, language: Language) -> None:
        self.pen = PagePen(told.currency, told.period, language)
        self.one, self.own, self.language = one, own, language
        self.until = day(self.pen.period.end - DAY, language)

    def line(self, chosen: Chosen) -> AdviceLine:
        """One KPI."""
        kpi = chosen.candidate.kpi
        records = (self.one.evidence or {}).get(kpi.key, ())
        return AdviceLine(
            title=kpi.title(self.language),
            role=w.ROLE[chosen.role](self.language),
            weight=WORDS["weight"](self.language).format(weight=chosen.weight),
            lines=tuple(self._lines(chosen)),
            records=tuple(Card(one.text, opens(one.link)) for one in records),
        )

    def _lines(self, chosen: Chosen) -> Iterator[str]:
        told, language = chosen.candidate, self.language
        yield self._goal(chosen)
        if chosen.role in ("grow", "keep") and not self.one.alone:
            yield WORDS["because_own" if self.own else "because_of"](language).format(
                now=self.pen.value(told, told.now),
                team=self.pen.value(told, told.team),
                n=f"n = {told.verdict.n}",
                finding=w.FINDING[told.verdict.finding](language),
            )
        if told.effect is not None:
            yield self._brings(told.effect)
        if told.kpi.counter is not None:
            other = told.kpi.counter
            title = ALL[other].title(language) if other in ALL else other
            yield WORDS["watch_too"](language).format(title=title)

    def _goal(self, chosen: Chosen) -> str:
        told, language = chosen.candidate, self.language
        hold = "goal_hold_less" if told.kpi.direction == "less" else "goal_hold"
        key = {"result": "goal_result", "grow": "goal_grow"}.get(chosen.role, hold)
        action = w.ACTION[told.kpi.key](language) if told.kpi.key in w.ACTION else told.kpi.title(language)
        text = WORDS[key](language).format(
            action=action[:1].upper() + action[1:],
            now=self.pen.value(told, told.now),
            target=self.pen.value(told, told.target.value),
            until=self.until,
        )
        if told.target.chance is None:
            return text
        return text.removesuffix(".") + w.CHANCE(language).format(chance=self.pen.share(told.target.chance)) + "."

    def _brings(self, effect: Effect) -> str:
        return WORDS["brings"](self.language).format(
            minor=self.pen.signed(effect.minor),
            low=self.pen.signed(effect.low),
            high=self.pen.signed(effect.high),
            tie=WORDS["brings_tie"](self.language) if effect.tie else "",
        )
