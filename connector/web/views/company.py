"""The whole account on one page: its teams, each beside its plan, and every KPI of each of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from connector.kpi.catalogue import GROUPS
from connector.kpi.people import titled
from connector.kpi.text import Language
from connector.pipeline.showing import Shown
from connector.web import locale
from connector.web.views import board, plan
from connector.web.views.figures import Figure, Pen, sourced


@dataclass(frozen=True, slots=True)
class Family:
    """KPIs that belong together: titles across, subjects down."""

    title: str
    kpis: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Figure, ...]], ...]


@dataclass(frozen=True, slots=True)
class Company:
    """Everything on it."""

    title: str
    period: str
    as_of: str
    closed: str
    teams: tuple[board.Line, ...]
    people: tuple[board.Line, ...]
    unplanned: tuple[tuple[str, str], ...]
    families: tuple[Family, ...]
    sourceless: tuple[str, ...]


def company(
    seen: Shown, teams: Sequence[str], language: Language, *, people: Sequence[str] = (), settable: Collection[str] = ()
) -> Company:
    """By teams; `people` with their plans, of whom the reader sets those of `settable`."""
    report = seen.report
    pen = Pen.of(report, language)
    names = titled(report.teams, language)
    subjects = [(names[id], f"team:{id}") for id in teams if id in names]
    told = board.board(seen, people, teams, (), language, settable)
    dark = [key for key in pen.kpis if not _sourced(seen, key, subjects)]
    return Company(
        title=report.account,
        period=locale.month(report.period.label, language),
        as_of=plan.as_of(seen, language),
        closed=plan.closed(seen, language),
        teams=told.teams,
        people=told.people,
        unplanned=told.unplanned,
        families=tuple(family for family in _families(seen, subjects, frozenset(dark), pen) if family.kpis),
        sourceless=tuple(pen.kpis[key].title(language) for key in dark),
    )


def _sourced(seen: Shown, kpi: str, subjects: Sequence[tuple[str, str]]) -> bool:
    return any((who, kpi) in seen.results and sourced(seen.results[who, kpi]) for _, who in subjects)


def _families(seen: Shown, subjects: Sequence[tuple[str, str]], dark: frozenset[str], pen: Pen) -> list[Family]:
    results, found = seen.results, []
    for title, kpis in GROUPS:
        keys = [kpi.key for kpi in kpis if kpi.key in pen.kpis and kpi.key not in dark]
        rows = tuple(
            (name, tuple(pen.figure(results[who, key]) for key in keys if (who, key) in results))
            for name, who in subjects
        )
        found.append(Family(title(pen.language), tuple(pen.kpis[key].title(pen.language) for key in keys), rows))
    return found
