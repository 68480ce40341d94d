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
from connector.targets.planning.person import PersonPlan
from connector.targets.planning.telling import checks, people, trees

_NONE = Text(
    "{name}: на {period} планов нет; задать: kpi plan set, загрузить: kpi plan import, предложить: kpi targets suggest",
    "{name}: no plans for {period}; set one: kpi plan set, load: kpi plan import, ask for some: kpi targets suggest",
)


def show_agreed(found: Sequence[History], spoken: Spoken, *, as_json: bool) -> None:
    """The version in force after one was set."""
    if as_json:
        print_json([{"account": one.account, **plan_json(some[-1])} for one in found for some in one.plans])
        return
    for one in found:
        newest = [some[-1:] for some in one.plans]
        text = trees.history_text(newest, one.kpis, one.names, one.currency, of(spoken, one.account), one.zone)
        _say(f"{one.account}: {text}")


def show_none(found: Sequence[History], period: str, spoken: Spoken) -> None:
    """Whose accounts have no plans at all, and what can be done."""
    for one in found:
        if not one.plans:
            _say(_NONE(of(spoken, one.account)).format(name=one.account, period=period))


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
