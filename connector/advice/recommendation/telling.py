"""Advice as a head reads it: the gap and its cause, what to set and why, records to open, and why nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from connector.advice.diagnosis.gap import CONTROLLABLE, FACTORS
from connector.advice.diagnosis.values import Diagnosis, Part
from connector.advice.pen import Pen
from connector.advice.recommendation import words as w
from connector.advice.recommendation.advised import Advised, PersonAdvice, WhatIf
from connector.advice.recommendation.candidates import explained
from connector.advice.recommendation.recommend import REQUIRED, Candidate, Chosen, Effect
from connector.advice.words import Language, counted, day
from connector.kpi.catalogue import ALL
from connector.moment import DAY

_LEVEL = 0.05
"""Part of the reference within which a month is neither above nor below."""


def as_text(told: Advised, language: Language = "ru") -> str:
    """Everybody, then what holds for all."""
    pen = _Page(told.currency, told.period, language)
    first, last = told.basis
    blocks = [
        w.HEAD(language).format(account=told.account, period=pen.month(), first=first, last=last),
        *("\n".join(pen.person(one)) for one in told.people),
        "\n".join(_notes(told, language)),
    ]
    return "\n\n".join(blocks)


def what_if_text(told: WhatIf, language: Language = "ru") -> str:
    """One line."""
    pen = Pen(told.currency, told.period, language)
    effect = told.effect
    return w.IF(language).format(
        name=told.name,
        period=pen.month(),
        factor=w.FACTOR[told.factor](language),
        now=pen.factor(told.factor, told.now),
        value=pen.factor(told.factor, told.value),
        minor=pen.signed(effect.minor),
        low=pen.signed(effect.low),
        high=pen.signed(effect.high),
        deals=pen.deals(effect),
    )


def _notes(told: Advised, language: Language) -> Iterator[str]:
    yield w.ESTIMATES(language)
    yield w.NO_CHANCE(language)
    if told.unknown:
        yield w.UNKNOWN(language).format(factors=", ".join(w.FACTOR[one](language) for one in told.unknown))
    if told.frozen:
        yield w.FROZEN(language).format(kpis=", ".join(_title(one, language) for one in told.frozen))


def _title(key: str, language: Language) -> str:
    return ALL[key].title(language) if key in ALL else key


class _Page(Pen):
    """Writes people."""

    def person(self, one: PersonAdvice) -> Iterator[str]:
        """The block of one person."""
        language = self.language
        yield one.name
        yield from [w.ALONE(language)] if one.alone else self._gap(one)
        if one.against_plan is not None:
            yield self._plan(one.against_plan)
        if one.diagnosis.estimate.newcomer:
            yield w.NEWCOMER(language)
        yield w.SET(language)
        for number, chosen in enumerate(one.chosen, 1):
            yield from self._chosen(number, chosen, one)
        missing = [family for family in REQUIRED if all(some.candidate.kpi.family != family for some in one.chosen)]
        if missing:
            yield w.MISSING(language).format(families=", ".join(w.FAMILY[family](language) for family in missing))
        reasons = list(self._why_not(one))
        if reasons:
            yield w.WHY_NOT(language).format(reasons="; ".join(reasons))

    def _gap(self, one: PersonAdvice) -> Iterator[str]:
        told, language = one.diagnosis, self.language
        team, side = one.team or w.EVERYBODY(language), w.BELOW if told.gap > 0 else w.ABOVE
        if abs(told.gap) < _LEVEL * told.reference.revenue * told.estimate.scale * 100:
            yield w.LEVEL(language).format(team=team)
        else:
            yield w.GAP(language).format(verdict=side(language), team=team, gap=self.signed(-told.gap))
        causes = [part for part in told.parts if part.verdict.speaks and CONTROLLABLE[part.factor]]
        cause = max(causes, key=lambda part: (part.minor, part.factor), default=None)
        words = w.CAUSE if told.gap > 0 else w.RESERVE
        yield w.NO_CAUSE(language) if cause is None else words(language).format(**self._part(cause, told))
        yield from (w.PART(language).format(**self._part(part, told)) for part in told.parts if self._moves(part, told))
        if one.mix is not None:
            ratios = {name: self.number(getattr(one.mix, name), 2) for name in ("ratio", "low", "high")}
            expected = self.number(one.mix.expected, 1)
            yield w.MIX(language).format(observed=one.mix.observed, expected=expected, **ratios)

    def _moves(self, part: Part, told: Diagnosis) -> bool:
        """A factor of which nothing is known is 1 for all, and not worth a line."""
        return not (getattr(told.estimate.own, part.factor) == getattr(told.reference, part.factor) == 1.0)

    def _part(self, part: Part, told: Diagnosis) -> dict[str, str]:
        return {
            "factor": w.FACTOR[part.factor](self.language),
            "own": self.factor(part.factor, getattr(told.estimate.own, part.factor)),
            "team": self.factor(part.factor, getattr(told.reference, part.factor)),
            "minor": self.signed(-part.minor),
            "low": self.signed(-part.high),
            "high": self.signed(-part.low),
            "finding": w.FINDING[part.verdict.finding](self.language),
        }

    def _plan(self, told: Diagnosis) -> str:
        """All of it to the same digit, so that what is written adds up."""
        like, language = max(told.wanted, told.estimate.month), self.language
        sums = {"plan": told.wanted, "expected": told.estimate.month, "gap": abs(told.gap) / 100}
        listed = ", ".join(self._planned(part, told, like) for part in told.parts if part.minor)
        words = w.PLAN if told.gap > 0 else w.OVER_PLAN
        return words(language).format(**{name: self.cash(value, like) for name, value in sums.items()}, parts=listed)

    def _planned(self, part: Part, told: Diagnosis, like: float) -> str:
        own, wanted = (getattr(some, part.factor) for some in (told.estimate.own, told.reference))
        return w.PLANNED(self.language).format(
            factor=w.FACTOR[part.factor](self.language),
            own=self.factor(part.factor, own),
            wanted=self.factor(part.factor, wanted),
            minor=self.signed(-part.minor, like),
        )

    def _chosen(self, number: int, chosen: Chosen, one: PersonAdvice) -> Iterator[str]:
        told, language = chosen.candidate, self.language
        kpi = told.kpi
        steady = w.STEADY_LESS if kpi.direction == "less" else w.STEADY
        words = {"result": w.RESULT, "grow": w.LINE}.get(chosen.role, steady)
        chance = "" if told.target.chance is None else w.CHANCE(language).format(chance=self.share(told.target.chance))
        yield words(language).format(
            number=number,
            title=kpi.title(language),
            action=w.ACTION[kpi.key](language) if kpi.key in w.ACTION else kpi.title(language),
            now=self.value(told, told.now),
            target=self.value(told, told.target.value),
            until=day(self.period.end - DAY, language),
            chance=chance,
            weight=chosen.weight,
            role=w.ROLE[chosen.role](language),
        )
        if chosen.role in ("grow", "keep"):
            yield self._why(told)
        if told.effect is not None:
            yield self._effect(told.effect)
        if kpi.counter is not None:
            yield w.COUNTER(language).format(title=_title(kpi.counter, language))
        for proof in (one.evidence or {}).get(kpi.key, ()):
            yield w.RECORD(language).format(text=proof.text, link=proof.link)

    def _why(self, told: Candidate) -> str:
        return w.WHY(self.language).format(
            now=self.value(told, told.now),
            team=self.value(told, told.team),
            n=told.verdict.n,
            finding=w.FINDING[told.verdict.finding](self.language),
            below=self.share(told.verdict.below),
        )

    def _effect(self, effect: Effect) -> str:
        return w.EFFECT(self.language).format(
            minor=self.signed(effect.minor),
            low=self.signed(effect.low),
            high=self.signed(effect.high),
            deals=self.deals(effect),
            tie=w.TIE(self.language) if effect.tie else "",
        )

    def _why_not(self, one: PersonAdvice) -> Iterator[str]:
        leads = one.diagnosis.part(FACTORS[0])
        if not one.alone:
            word = (w.BELOW if leads.minor > 0 else w.ABOVE)(self.language)
            side = "" if leads.verdict.finding == "level" else w.BESIDE(self.language).format(side=word)
            yield w.NOT_HIS(self.language).format(factor=w.FACTOR["leads"](self.language), side=side)
        chosen = {some.candidate.kpi.key for some in one.chosen}
        for told in one.looked_at:
            if told.kpi.key not in chosen:
                yield self._reason(told, one)

    def _reason(self, told: Candidate, one: PersonAdvice) -> str:
        language, verdict = self.language, told.verdict
        title = told.kpi.title(language)
        if verdict.needed and not verdict.speaks:
            needed = counted(verdict.needed, w.NOUN.get(told.kpi.key, "record"), language)
            return w.NOT_MORE(language).format(title=title, needed=needed)
        if told.kpi.key == "lead_won_share" and explained(one.diagnosis, one.mix):
            return w.NOT_MIX(language).format(title=title)
        words = {"few": w.NOT_FEW, "strength": w.NOT_STRONG, "level": w.NOT_LEVEL}.get(verdict.finding, w.NOT_LESS)
        return words(language).format(title=title, below=self.share(verdict.below))
