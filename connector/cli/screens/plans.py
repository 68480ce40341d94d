"""How plans, sets and what is wrong with them are printed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from connector.cli.screen import Spoken, of, print_json
from connector.cli.screens.numbers import plan_json
from connector.config import Lines
from connector.kpi.text import Language, Text
from connector.pipeline.planning.check import Checked
from connector.pipeline.planning.plans import Cascade, History, SetsTold
from connector.result import Plan
from connector.targets.planning.person import PersonPlan
from connector.targets.planning.telling import checks, people, trees

_AGREED = Text(
    "{name}: {subject} {kpi} {period}: {value}, версия {version}",
    "{name}: {subject} {kpi} {period}: {value}, version {version}",
)


def show_agreed(found: Sequence[tuple[str, Plan]], spoken: Spoken, *, as_json: bool) -> None:
    """The version in force after one was set."""
    if as_json:
        print_json([{"account": name, **plan_json(plan)} for name, plan in found])
        return
    for name, plan in found:
        told = {"subject": plan.subject, "kpi": plan.kpi, "period": plan.period, "version": plan.version}
        _say(_AGREED(of(spoken, name)).format(name=name, value=f"{plan.value:f}", **told))


def show_people(found: Sequence[PersonPlan], language: Language, *, as_json: bool) -> None:
    """A table for each person."""
    if as_json:
        print_json([people.as_json(one) for one in found])
    else:
        sys.stdout.write(people.as_text(found, language))


def show_history(found: Sequence[History], language: Language, *, as_json: bool) -> None:
    """Versions, the oldest first."""
    if as_json:
        told: list[dict[str, Any]] = []
        for one in found:
            told += [{"account": one.account, **row} for row in trees.history_json(one.plans, one.names)]
        print_json(told)
        return
    for one in found:
        text = trees.history_text(one.plans, one.kpis, one.names, one.currency, language, one.zone)
        _say(f"{one.account}\n{text}" if text else one.account)


def show_cascades(found: Sequence[Cascade], language: Language, *, as_json: bool) -> None:
    """A tree for each account."""
    if as_json:
        named = ("account", "period", "kpi", "unit", "currency")
        print_json(
            [
                {name: getattr(one, name) for name in named}
                | {"cascade": trees.cascade_json(one.top, one.unit, one.currency)}
                for one in found
            ]
        )
        return
    for one in found:
        heading = f"{one.account} · {one.period} · {one.kpi} · {one.currency}"
        _say(trees.cascade_text(heading, one.top, one.unit, one.currency, language))


def show_sets(found: Sequence[SetsTold], language: Language, *, as_json: bool) -> None:
    """Each set with its goal and KPIs."""
    if as_json:
        print_json([trees.sets_json(one.account, some, one.kpis) for one in found for some in one.sets])
        return
    for one in found:
        _say(trees.sets_text(one.account, one.sets, one.kpis, one.names, language) or f"{one.account}: —")


def show_checks(found: Sequence[Checked], file: str, lines: Lines, language: Language, *, as_json: bool) -> None:
    """A line a finding, with where it stands."""
    if as_json:
        print_json([checks.as_json(one.account, one.period, one.place, one.findings, lines) for one in found])
        return
    for one in found:
        _say(checks.as_text(one.account, one.period, one.place, one.findings, file, lines, language))


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
