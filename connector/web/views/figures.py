"""A number as every page shows it: with how many facts it rests on, its interval, what it is worth, and its proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from connector.kpi.definition import Kpi
from connector.kpi.engine import Report
from connector.kpi.telling.words import REASONS
from connector.kpi.text import Language
from connector.result import Result
from connector.web import locale
from connector.web.words import WORDS


@dataclass(frozen=True, slots=True)
class Figure:
    """`note`: why it is to be read with care, or why there is none. `href`: where its facts are listed."""

    kpi: str
    title: str
    meaning: str
    text: str
    n: int
    between: str = ""
    note: str = ""
    href: str = ""

    @property
    def told(self) -> bool:
        """Whether there is anything to show."""
        return self.text != locale.NONE


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes figures of one period."""

    kpis: Mapping[str, Kpi]
    currency: str
    language: Language
    period: str

    @classmethod
    def of(cls, report: Report, language: Language) -> Pen:
        """For all that a report tells."""
        return cls({kpi.key: kpi for kpi in report.kpis}, report.currency, language, report.period.label)

    def figure(self, result: Result) -> Figure:
        """One result."""
        kpi = self.kpis[result.kpi]
        known = result.value is not None
        reason = result.reason if result.reason in REASONS else None
        thin = known and not result.enough
        note = REASONS[reason](self.language) if reason else WORDS["few"](self.language) if thin else ""
        between = result.interval if known else None
        return Figure(
            kpi=kpi.key,
            title=kpi.title(self.language),
            meaning=kpi.meaning(self.language),
            text=self.text(result),
            n=result.n,
            between=locale.between(between, result.unit, self.currency, self.language) if between else "",
            note=note,
            href=self.href(result.kpi, result.subject),
        )

    def text(self, result: Result) -> str:
        """Its value alone."""
        return locale.figure(result.value, result.unit, self.currency, self.language)

    def href(self, kpi: str, subject: str) -> str:
        """The page of its proof."""
        kind, _, id = subject.partition(":")
        return f"/explain/{quote(kpi, safe='')}/{kind}/{quote(id, safe='')}?period={quote(self.period, safe='')}"


def sourced(result: Result) -> bool:
    """Whether the account can give this number at all."""
    return result.reason != "no_source"
