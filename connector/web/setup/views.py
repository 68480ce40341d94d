"""What each step shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from connector.first_run.lacking import lacking
from connector.health.reconcile import Counted
from connector.health.reconcile_telling import counted_title
from connector.kpi.text import Language
from connector.money import to_units
from connector.pipeline.overseeing import LISTED
from connector.pipeline.switching import FIRST, Level
from connector.web import locale
from connector.web.levels.views import ChangeLine, change_line
from connector.web.setup.asking import MORE, others, questions
from connector.web.setup.connecting import PROVIDERS
from connector.web.setup.state import STEPS, Setup
from connector.web.setup.steps import whole
from connector.web.setup.storing import SQLITE
from connector.web.words import WORDS

TYPED = ("provider", "address", "variable", "name", "store")
"""What of the first form is shown again; its key never is."""


@dataclass(frozen=True, slots=True)
class StepLine:
    """One step in the list of them."""

    text: str
    here: bool
    past: bool


@dataclass(frozen=True, slots=True)
class CountLine:
    """One count, ours beside theirs."""

    title: str
    ours: str
    theirs: str
    by: str


@dataclass(frozen=True, slots=True)
class LevelStep:
    """A level of write-back: how it is settled, whether its turn has come, what it would change."""

    key: str
    name: str
    settled: str
    on: bool
    turn: bool
    touched: int
    changes: tuple[ChangeLine, ...]
    more: bool


def steps(setup: Setup, language: Language) -> list[StepLine]:
    """All of them, but for the end."""
    here = STEPS.index(setup.step)
    return [StepLine(WORDS[f"setup_step_{one}"](language), n == here, n < here) for n, one in enumerate(STEPS[:-1])]


def progress(setup: Setup, language: Language) -> str:
    """How far the work under way got."""
    told = None if setup.job is None else setup.job.told
    if told is None:
        return WORDS["setup_starting"](language)
    kind, rows, total, requests = told
    known = WORDS[f"kind_{kind}"](language) if f"kind_{kind}" in WORDS else kind
    numbers = {"rows": rows, "total": total or 0, "requests": requests}
    plain = {key: locale.plain(value, 0, language) for key, value in numbers.items()}
    return WORDS["setup_of_them" if total else "setup_so_far"](language).format(kind=known, **plain)


def step_page(setup: Setup, language: Language) -> dict[str, Any]:
    """What the template of the present step is filled with."""
    made: dict[str, Callable[[Setup, Language], dict[str, Any]]] = {
        "connect": _connect,
        "answers": _answers,
        "judged": _judged,
        "review": _review,
        "written": _written,
        "levels": _levels,
        "done": _done,
    }
    return made[setup.step](setup, language)


def _connect(setup: Setup, language: Language) -> dict[str, Any]:
    there = setup.there
    kept = dict.fromkeys(TYPED, "")
    if there is not None:
        kept |= {"provider": there.provider, "address": there.base_url, "name": there.name}
        kept |= {"store": "" if setup.store == SQLITE else setup.store}
    return {"providers": PROVIDERS, "typed": kept}


def _answers(setup: Setup, language: Language) -> dict[str, Any]:
    _, seen = setup.connected
    return {"questions": questions(setup.proposals, seen, setup.typed.get("answers"), language)}


def _judged(setup: Setup, language: Language) -> dict[str, Any]:
    _, seen = setup.connected
    typed = setup.typed.get("judged")
    told = typed or {}
    return {
        "questions": questions(setup.judged, seen, typed, language),
        "others": others(setup.judged, language),
        "more": [(k, told.get(f"more.{k}", ""), told.get(f"more.{k}.weight", "")) for k in range(MORE)],
    }


def _review(setup: Setup, language: Language) -> dict[str, Any]:
    left = lacking([*setup.proposals, *setup.judged], whole(setup), unseen=False)
    return {"text": setup.text, "path": str(setup.path), "lacking": [one(language) for one in left]}


def _written(setup: Setup, language: Language) -> dict[str, Any]:
    found = setup.found
    if found is None:
        return {"path": str(setup.path), "found": None, "differences": 0, "outside": 0, "counts": [], "revenue": ""}
    counts = [count_line(one, language) for one in found.counts]
    much = locale.money(to_units(found.revenue, found.currency), found.currency, language)
    return {
        "path": str(setup.path),
        "found": found,
        "outside": len(found.outside),
        "differences": len(found.differences) + sum(one.ours != one.theirs for one in found.counts),
        "counts": counts,
        "revenue": much,
    }


def _levels(setup: Setup, language: Language) -> dict[str, Any]:
    left = [one for one in FIRST if one not in setup.settled]
    return {"levels": [_level(setup, one, left, language) for one in FIRST], "left": bool(left)}


def _done(setup: Setup, language: Language) -> dict[str, Any]:
    admin = next((user.id for user in (setup.seen.users if setup.seen else ()) if user.admin and user.active), "ID")
    return {"config": setup.path.name, "admin": admin}


def count_line(one: Counted, language: Language) -> CountLine:
    """Money in its own currency."""
    values = [_number(one.ours, one.currency), _number(one.theirs, one.currency)]
    by, currency = values[0] - values[1], one.currency or ""
    unit = "money" if one.currency is not None else "count"
    ours, theirs = (locale.figure(value, unit, currency, language) for value in values)
    told = counted_title(one.what, language)
    return CountLine(told, ours, theirs, locale.signed(by, unit, currency, language) if by else "0")


def _number(value: int, currency: str | None) -> Decimal:
    return Decimal(value) if currency is None else to_units(value, currency or "RUB")


def _level(setup: Setup, level: Level, left: list[Level], language: Language) -> LevelStep:
    settled = setup.settled.get(level, "")
    changes = [] if setup.shown is None else [one for one in setup.shown.changes if one.level == level]
    return LevelStep(
        key=level,
        name=WORDS[f"level_{level}"](language),
        settled=WORDS[f"setting_{settled}"](language) if settled else "",
        on=settled == "on",
        turn=left[:1] == [level],
        touched=0 if setup.shown is None else setup.shown.targets.get(level, 0),
        changes=tuple(change_line(one, language) for one in changes[:LISTED]),
        more=len(changes) > LISTED,
    )
