"""Reports, proofs and plans on the screen."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, tzinfo
from typing import TYPE_CHECKING, Any

from rich.table import Table

from connector.cli.screen import Spoken, of, out, print_json, say, wide
from connector.cli.words import kind_name
from connector.kpi.catalogue import ALL, HEADLINE
from connector.kpi.engine import Report
from connector.kpi.explain import Explanation
from connector.kpi.telling import explanation as telling
from connector.kpi.telling import render, table
from connector.kpi.text import Language, Text
from connector.moment import Period
from connector.redact import redact
from connector.result import Plan
from connector.said import in_language

if TYPE_CHECKING:  # other screens do without
    from connector.pipeline.planning.plans import History

_SOME = Text(
    "показателей {n} из {all}; все: kpi report --all; один: --kpi КЛЮЧ; что есть: kpi kpis list",
    "{n} of {all} KPIs; all: kpi report --all; one: --kpi KEY; what there is: kpi kpis list",
)
_UNREAD = Text(
    "{name}: ещё не дочитано, поэтому о том, чему это нужно, ничего не сказано: {kinds}; дальше: kpi sync",
    "{name}: not read to the end yet, so nothing is said of what needs them: {kinds}; now: kpi sync",
)
_FAILED = Text(
    "{name}: последнее чтение кончилось ошибкой, числа — прежние: {error}",
    "{name}: the last reading ended with an error, these are the numbers of before it: {error}",
)
_AHEAD = Text(
    "{name}: {period} ещё не начался: первый день {first}, а там сейчас {today}",
    "{name}: {period} has not begun: its first day is {first}, and it is {today} there",
)
_PLANS = (
    Text("Аккаунт", "Account"),
    Text("Чей", "Subject"),
    Text("Показатель", "KPI"),
    Text("Воронка", "Pipeline"),
    Text("Период", "Period"),
    Text("План", "Value"),
    Text("Версия", "Version"),
    Text("Автор", "Author"),
)
_WHOLE = _PLANS[4:7]
"""Numbers are neither cut nor broken: what is beside them gives way."""
_EVERY = Text("все", "all")


def show_reports(
    reports: Sequence[Report],
    form: str,
    spoken: Spoken,
    *,
    everything: bool = False,
) -> None:
    """Tables, JSON (one object, or a list for several accounts) or CSV; tables have the main KPIs, or `everything`."""
    if form == "json":
        parts = [render.as_json(report) for report in reports]
        sys.stdout.write((parts[0] if len(parts) == 1 else "[" + ",\n".join(parts) + "]") + "\n")
    elif form == "csv":
        for position, report in enumerate(reports):
            text = render.as_csv(report)
            sys.stdout.write(text if position == 0 else text.split("\n", 1)[1])
    else:
        for report in reports:
            _show_table(report, of(spoken, report.account), main=not everything)


def _show_table(report: Report, language: Language, *, main: bool) -> None:
    own = [kpi.key for kpi in report.kpis if kpi.key not in ALL]
    shown = report.only([*HEADLINE, *own]) if main else report
    sys.stdout.write(table.as_table(shown, language, width=wide(40)) + "\n")
    if main:
        say(_SOME(language).format(n=len(shown.kpis), all=len(report.kpis)))


def warn_unread(name: str, kinds: Sequence[str], language: Language) -> None:
    """A report before the first read has ended says so."""
    if kinds:
        say(_UNREAD(language).format(name=name, kinds=", ".join(kind_name(kind, language) for kind in kinds)))


def warn_failed(name: str, error: str | None, language: Language) -> None:
    """A report whose numbers the last reading could not renew says why."""
    if error:
        say(_FAILED(language).format(name=name, error=redact(in_language(error, language))))


def warn_ahead(name: str, period: Period, today: date, language: Language) -> None:
    """A report of days that are still to come says so."""
    if period.start > today:
        say(_AHEAD(language).format(name=name, period=period.label, first=period.start, today=today))


def show_explanations(
    found: Sequence[Explanation], zones: Sequence[tzinfo], language: Language, *, as_json: bool
) -> None:
    """The proof of a number, in the account's own time."""
    if as_json:
        parts = [telling.as_json(one) for one in found]
        sys.stdout.write((parts[0] if len(parts) == 1 else "[" + ",\n".join(parts) + "]") + "\n")
    else:
        for one, zone in zip(found, zones, strict=True):
            sys.stdout.write(telling.as_text(one, language, zone=zone) + "\n")


def show_plans(found: Sequence[History], language: Language, *, as_json: bool) -> None:
    """Plans in force, by the names that people know."""
    if as_json:
        print_json([{"account": one.account, **plan_json(some[-1])} for one in found for some in one.plans])
        return
    several, grid = len(found) > 1, Table()
    for head in _PLANS if several else _PLANS[1:]:
        grid.add_column(head(language), no_wrap=head in _WHOLE, overflow="fold")
    for one in found:
        for plan in (some[-1] for some in one.plans):
            kpi, piped = one.kpis.get(plan.kpi), one.names.get(f"pipeline:{plan.pipeline}", plan.pipeline)
            whose = (one.names.get(plan.subject, plan.subject), kpi.title(language) if kpi else plan.kpi)
            what = (one.account, *whose) if several else whose
            value = render.shown(plan.value, kpi.unit, one.currency, language) if kpi else f"{plan.value:f}"
            grid.add_row(*what, piped or _EVERY(language), plan.period, value, str(plan.version), plan.author)
    out.print(grid, width=wide(60))


def plan_json(plan: Plan) -> dict[str, Any]:
    """One plan for machines."""
    named = ("subject", "kpi", "period", "pipeline", "version", "author", "reason")
    return {name: getattr(plan, name) for name in named} | {"value": f"{plan.value:f}"}
