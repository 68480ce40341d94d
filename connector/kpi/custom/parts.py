"""share, conversion, ratio: one thing divided by another, as the measures of a KPI. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Literal

from connector.config.kpis import Below, Conversion, Ratio, ShareOf, Side
from connector.kpi.custom.carried import CARRIED, COHORTS
from connector.kpi.custom.flaws import Notes, Path, meant
from connector.kpi.custom.selecting import Selected, World, conditions, due_first, filters, kinds_of, selected
from connector.kpi.custom.shaping import DAY, UNITS, Shape, counted, empty_of, grown, summed
from connector.kpi.definition import RATIO, Ago, Kpi, Measure, Where
from connector.result import Unit


def shared(section: ShareOf, path: Path, world: World, notes: Notes) -> Shape | None:
    """A part of a whole. Where an answer may still come, whoever has time for it left is in neither."""
    part = selected(section, path, world, notes)
    whole = _whole(section, path, world, notes)
    if part is None or whole is None:
        return None
    if not set(part.kinds) <= set(whole.kinds):
        notes.refuse((*path, "among"), "not_part", kinds=", ".join(part.kinds), among=", ".join(whole.kinds))
        return None
    part = replace(part, where=tuple(dict.fromkeys((*whole.where, *part.where))))
    own = [one for one in part.where if one not in whole.where]
    if not own and set(part.kinds) == set(whole.kinds):
        notes.refuse((*path, "where"), "always_one")
        return None
    if not (grown(part, notes) and grown(whole, notes)):
        return None
    base = Shape((Measure(part.kinds, part.where),), {"share": 1}, RATIO, empty_of(whole), (whole,), proportion=True)
    if any(one.column == "number" for one in own) and whole.grows:
        return _in_time(base, part, whole, path, notes)
    return replace(base, bottom=(Measure(whole.kinds, whole.where),))


def _whole(section: ShareOf, path: Path, world: World, notes: Notes) -> Selected | None:
    """The facts among which the part is: the same filters, its own conditions."""
    named = section.among or section.of
    kinds = kinds_of(
        named,
        section.direction if "call" in named else None,
        (*path, "among"),
        notes if section.among else Notes(),
    )
    if kinds is None:
        return None
    where, lacks = filters(section, kinds, path, world, notes)
    told = conditions(section.among_where, kinds, (*path, "among_where"), world, notes)
    return None if notes.refused_within(path) else Selected(kinds, (*due_first(kinds), *where, *told), path, lacks)


def _in_time(base: Shape, part: Selected, whole: Selected, path: Path, notes: Notes) -> Shape | None:
    """Whoever has an answer, and whoever has none though the norm is over; the others are too young."""
    if not all(CARRIED[kind].grows == "norm" for kind in whole.kinds):
        notes.refuse((*path, "where"), "immature", column="number", kind=", ".join(whole.kinds))
        return None
    none, over, left = Where("number", "unknown"), Where("due_at", "le", "as_of"), Where("due_at", "gt", "as_of")
    silent = any(one.op == "unknown" for one in part.on("number"))
    top = Measure(part.kinds, part.plus(over) if silent else part.where)
    bottom = (Measure(whole.kinds, whole.plus(Where("number", "known"))), Measure(whole.kinds, whole.plus(none, over)))
    return replace(base, top=(top,), bottom=bottom, ripens=(Measure(whole.kinds, whole.plus(none, left)),))


def converted(section: Conversion, path: Path, world: World, notes: Notes) -> Shape | None:
    """Of those old enough, which part came to the end within the window; younger ones are ripening."""
    cohort = COHORTS.get((section.start, section.end))
    if cohort is None:
        pairs = ", ".join(f"{start} → {end}" for start, end in COHORTS)
        notes.refuse((*path, "from"), "no_cohort", start=section.start, end=section.end, allowed=pairs)
        return None
    where, lacks = filters(section, (cohort.kind,), path, world, notes)
    if notes.refused_within(path):
        return None
    days = section.window or int(getattr(world.rules, cohort.window))
    limit = days if CARRIED[cohort.kind].number == "days" else days * DAY
    old, young = Where("at", "le", Ago(days * DAY)), Where("at", "gt", Ago(days * DAY))
    ends = (Where("stage", "in", cohort.reached),) if cohort.reached else ()
    whole, kinds = (*where, old), (cohort.kind,)
    return Shape(
        (Measure(kinds, (*whole, Where("number", "le", limit, f"{days}d"), *ends)),),
        {"share": 1},
        RATIO,
        "no_mature",
        (Selected(kinds, whole, path, lacks),),
        (Measure(kinds, whole),),
        (Measure(kinds, (*where, young)),),
        proportion=True,
    )


Amount = Literal["money", "time", "count"]
"""What one side of a ratio is a number of."""
_COUNTS: dict[Unit, int] = {"count": 1, "share": 1, "score": 1}
RATIOS: dict[tuple[Amount, str], dict[Unit, int]] = {
    ("money", "money"): {"share": 1},
    ("money", "count"): {"money": 1},
    ("money", "days"): {"money": 1},
    ("money", "plan"): {"share": 1},
    ("count", "count"): _COUNTS,
    ("count", "days"): _COUNTS,
    ("count", "plan"): {"share": 1},
    ("time", "time"): {"share": 1},
    ("time", "count"): UNITS["seconds"],
    ("time", "days"): UNITS["seconds"],
}
"""What may be divided by what, and the units of that."""


def divided(section: Ratio, path: Path, world: World, notes: Notes, kpis: Mapping[str, Kpi]) -> Shape | None:
    """One thing by another, by the plan of a KPI (`kpis` are all), or by the days worked."""
    top = _side(section.top, (*path, "top"), world, notes)
    below = section.bottom
    by = "plan" if below.plan is not None else "days" if below.days else None
    bottom = None if by else _side(below, (*path, "bottom"), world, notes)
    if top is None or (by is None and bottom is None):
        return None
    of = _amount(top)
    units = RATIOS.get((of, by or _amount(bottom or top)))
    if units is None:
        allowed = ", ".join(under for over, under in RATIOS if over == of)
        notes.refuse((*path, "bottom"), "no_ratio", top=of, bottom=by or _amount(bottom or top), allowed=allowed)
        return None
    base = replace(top, units=units, minimum=RATIO)
    if bottom is not None:
        return _by(base, top, bottom, path, notes)
    if below.plan is None:
        return replace(base, days=True, minimum=0, empty="no_days")
    return _by_plan(base, below.plan, top, path, notes, kpis)


def _side(section: Side | Below, path: Path, world: World, notes: Notes) -> Shape | None:
    """One side. A part of what has time left is no side of a ratio, it would fall behind by itself."""
    if section.count is not None:
        made = counted(section.count, (*path, "count"), world, notes)
    elif section.clients is not None:
        made = counted(section.clients, (*path, "clients"), world, notes, take="clients")
    else:
        made = summed(section.sum, (*path, "sum"), world, notes) if section.sum is not None else None
    for facts in made.facts if made else ():
        if made and made.top[0].take != "sum" and facts.on("number") and facts.grows:
            notes.refuse((*facts.path, "where"), "part_of_waiting", kind=", ".join(facts.kinds))
            return None
    return made


def _amount(side: Shape) -> Amount:
    return "money" if "money" in side.units else "time" if "minutes" in side.units else "count"


def _by(base: Shape, top: Shape, bottom: Shape, path: Path, notes: Notes) -> Shape | None:
    above, below = top.facts[0], bottom.facts[0]
    if above.standing != below.standing:
        kinds = [", ".join(one.kinds) for one in (above, below)]
        standing, happened = kinds if above.standing else reversed(kinds)
        notes.refuse((*path, "bottom"), "standing", standing=standing, happened=happened)
        return None
    if top.top == bottom.top:
        notes.refuse((*path, "bottom"), "always_one")
        return None
    return replace(base, bottom=bottom.top, facts=(*top.facts, *bottom.facts), empty=bottom.empty)


def _by_plan(base: Shape, plan: str, top: Shape, path: Path, notes: Notes, kpis: Mapping[str, Kpi]) -> Shape | None:
    unit = next(iter(top.units))
    fitting = [key for key, kpi in kpis.items() if kpi.unit == unit and not kpi.ratio]
    if plan not in fitting:
        notes.refuse(
            (*path, "bottom", "plan"), "no_plan", plan=plan, meant=meant(plan, fitting), allowed=_listed(fitting)
        )
        return None
    return replace(base, units={"share": top.units[unit]}, plan=plan, minimum=0, empty="no_plan")


def _listed(keys: Iterable[str]) -> str:
    return ", ".join(keys) or "—"
