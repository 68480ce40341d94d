"""A finding about a share -> the task for the head: fact, comparison, records, what is left out, question, date. Pure.

Facts stand apart from what they may mean, and no sentence blames (kpi/writeback.md, "Task for РОП - anatomy").
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from connector.advice.case import Evidence, Proof, Situation
from connector.advice.feedback import errand, words
from connector.advice.feedback.rules.slow_response import SHOWN as MEDIAN
from connector.advice.feedback.weak import Weak
from connector.advice.feedback.weeks import Counted, Weeks, points
from connector.advice.words import counted, day, percent, span
from connector.kpi.interval import wilson
from connector.moment import DAY, local_day
from connector.records import User
from connector.wishes import AddTask

RECORDS, LINES = 5, 5
"""Records and lines of what is left out: enough to talk about, few enough to open."""


def write(weak: Weak, user: User, head: User, situation: Situation) -> AddTask:
    """One for each person, KPI and day: the same finding on the same day is the same task."""
    assert situation.weeks is not None
    pen = _Pen(weak, user, situation, situation.weeks)
    today = local_day(situation.now, situation.zone)
    key = f"task:user:{user.id}:{weak.kpi}#{weak.rule}@{today.isoformat()}"
    mark = errand.marker(key)
    parts = (
        pen.fact(), pen.compared(), records(pen.proof.records, situation), left_out(pen.proof.left_out, situation),
        pen.question(), pen.agreed(), words.HOW_TO_CLOSE(situation.language), mark,
    )  # fmt: skip
    return AddTask(
        key=key,
        marker=mark,
        user_id=head.id,
        title=pen.title(),
        text="\n\n".join(parts),
        due_at=errand.due(situation.now, situation.calendar, situation.zone),
    )


class _Pen:
    """Writes one finding in the account's language."""

    def __init__(self, weak: Weak, user: User, situation: Situation, weeks: Weeks) -> None:
        self.weak, self.user, self.told, self.weeks = weak, user, situation, weeks
        self.language, self.words = situation.language, words.OF_KPI[weak.kpi]
        self.less = weeks.kpis[weak.kpi].direction == "less"
        self.proof = situation.proofs.get((user.id, weak.kpi), Proof())

    def title(self) -> str:
        """Who, what, how much, of how many, when; the median where it is one and known."""
        if "{median}" in self.words.title.ru and self._median() is None:
            name = self.weeks.kpis[self.weak.kpi].title(self.language)
            return f"{self.user.name}: {name} – {self._share(self.weak.now)} ({self._n(self.weak.now)}, {self._when()})"
        return self.words.title(self.language).format(
            name=self.user.name, now=self._share(self.weak.now), own=self._share(self.weak.own),
            team=self._share(self.weak.team), n=self._n(self.weak.now), when=self._when(),
            median=self._median(), norm=self.weeks.rules.lead_norm_minutes,
        )  # fmt: skip

    def fact(self) -> str:
        """With its interval and number."""
        low, high = wilson(self.weak.now.good, self.weak.now.n)
        low, high = (1 - high, 1 - low) if self.less else (low, high)
        told = words.FACT(self.language).format(
            when=self._when(), what=self._what(), now=self._share(self.weak.now), low=percent(low), high=percent(high),
            n=self._n(self.weak.now),
        )  # fmt: skip
        return told + self._median_told()

    def compared(self) -> str:
        """With his own eight weeks before and the rest of the team, as far as known, and how far it may be chance."""
        lines = []
        for text, one in ((words.OWN, self.weak.own), (words.TEAM, self.weak.team)):
            if one.n:
                share = self._share(one)
                lines.append(text(self.language).format(own=share, team=share, n=self._n(one)))
        lines.append(words.CHANCE(self.language).format(odds=_odds(self.weak.chance)) if lines else "")
        told = " ".join(line for line in lines if line) or words.NOT_COMPARED(self.language)
        return words.COMPARED(self.language).format(lines=told)

    def question(self) -> str:
        asked = self.words.question(self.language).format(norm=self.weeks.rules.lead_norm_minutes)
        return words.QUESTION(self.language).format(question=asked)

    def agreed(self) -> str:
        return agreed(self.words.agreement(self.language), self._what(), self.told)

    def _what(self) -> str:
        return self.weeks.kpis[self.weak.kpi].title(self.language)

    def _share(self, one: Counted) -> str:
        """As the KPI is told: of stuck deals those that are stuck."""
        if not one.n:
            return "–"
        return percent(points(1 - one.share if self.less else one.share))

    def _n(self, one: Counted) -> str:
        return counted(one.n, self.words.noun, self.language)

    def _when(self) -> str:
        last = self.weeks.now.end - DAY
        return day(last, self.language) if self.less else span(self.weeks.now.start, last, self.language)

    def _median(self) -> str | None:
        seen = self.weeks.results.get((MEDIAN, f"user:{self.user.id}"))
        return None if seen is None or seen.value is None else _minutes(seen.value)

    def _median_told(self) -> str:
        seen = self.weeks.results.get((MEDIAN, f"user:{self.user.id}"))
        if "{median}" not in self.words.title.ru or seen is None or seen.value is None:
            return ""
        between = ""
        if seen.interval is not None:
            low, high = (_minutes(end) for end in seen.interval)
            between = words.BETWEEN(self.language).format(low=low, high=high)
        norm = self.weeks.rules.lead_norm_minutes
        return words.MEDIAN(self.language).format(median=_minutes(seen.value), between=between, norm=norm)


def records(found: Sequence[Evidence], situation: Situation) -> str:
    """Numbered, each with its address."""
    head = words.RECORDS(situation.language)
    lines = [f"{n}. {one.text} – {one.link}" for n, one in enumerate(found[:RECORDS], 1)]
    return "\n".join((f"{head}:", *lines)) if lines else f"{head}. {words.NO_RECORDS(situation.language)}"


def left_out(lines: Sequence[str], situation: Situation) -> str:
    """Why some records count nowhere."""
    head = words.LEFT_OUT(situation.language)
    if not lines:
        return f"{head}. {words.NOTHING_LEFT_OUT(situation.language)}"
    return "\n".join((f"{head}:", *(f"– {line}" for line in lines[:LINES])))


def agreed(agreement: str, what: str, situation: Situation) -> str:
    """What could be agreed, and when it is measured again."""
    when: date = errand.again(situation.now, situation.calendar, situation.zone, situation.measure_after)
    return words.AGREED(situation.language).format(agreement=agreement, what=what, day=day(when, situation.language))


def _odds(chance: float) -> str:
    """`1000`, `100000`: nobody knows it better."""
    size = 100
    while size < 1_000_000 and chance * size * 10 <= 1:
        size *= 10
    return f"{size:,}".replace(",", "\u00a0")


def _minutes(value: Decimal) -> str:
    return f"{value:.0f}"
