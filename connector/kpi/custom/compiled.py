"""`[[account.kpi]]` -> the same objects as the catalogue's, and everything that is wrong with them. Pure.

A section that is refused makes no KPI. One that lacks something in this account makes a KPI without a source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from connector.config import KpiSettings
from connector.config.kpis import Named
from connector.kpi.catalogue import ALL
from connector.kpi.custom.carried import CARRIED
from connector.kpi.custom.flaws import Flaw, Notes, Path
from connector.kpi.custom.parts import converted, divided, shared
from connector.kpi.custom.related import related
from connector.kpi.custom.selecting import World
from connector.kpi.custom.shaping import Shape, averaged, counted, ranked, summed
from connector.kpi.definition import IMPORTED, Credit, Kpi, Measure
from connector.kpi.kinds import OF_DEALS
from connector.kpi.telling.formula import formula
from connector.kpi.text import Text
from connector.result import Unit

_BARE = Kpi("", "count", Text("", ""), Text("", ""), ())
WORDS: dict[str, Callable[[Any, Path, World, Notes], Shape | None]] = {
    "count": counted,
    "clients": partial(counted, take="clients"),
    "sum": summed,
    "mean": averaged,
    "median": ranked,
    "percentile": ranked,
    "share": shared,
    "conversion": converted,
}
"""How each word becomes measures; a ratio needs to know the other KPIs too."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """The KPIs of the sections that can be computed, by key, and what is wrong with the sections."""

    kpis: Mapping[str, Kpi]
    flaws: tuple[Flaw, ...]

    @property
    def refused(self) -> tuple[Flaw, ...]:
        """What makes a KPI impossible."""
        return tuple(flaw for flaw in self.flaws if flaw.grade == "refused")


def compiled(sections: Sequence[KpiSettings], world: World, catalogue: Mapping[str, Kpi] = ALL) -> Compiled:
    """The account's own KPIs in the order of the file. `catalogue`: those there are without them."""
    notes, made = Notes(), dict[str, Kpi]()
    for number, section in enumerate(sections):
        notes.number = number
        if section.key in catalogue or section.key in made:
            notes.refuse(("key",), "taken" if section.key in catalogue else "twice", key=section.key)
        kpi = _kpi(section, world, notes, {**catalogue, **made})
        if kpi is not None and not notes.refused:
            made[section.key] = kpi
    for number, section in enumerate(sections):
        notes.number = number
        related(section, made, {**catalogue, **made}, notes)
    refused = {sections[flaw.number].key for flaw in notes.flaws if flaw.grade == "refused"}
    flaws = sorted(notes.flaws, key=lambda flaw: flaw.number)
    return Compiled({key: kpi for key, kpi in made.items() if key not in refused}, tuple(flaws))


def _kpi(section: KpiSettings, world: World, notes: Notes, kpis: Mapping[str, Kpi]) -> Kpi | None:
    make = WORDS.get(section.word, partial(divided, kpis=kpis))
    shape = make(getattr(section, section.word), (section.word,), world, notes)
    unit = None if shape is None else _unit(section, shape, notes)
    if shape is None or unit is None:
        return None
    if section.minimum is not None and section.minimum < shape.minimum:
        notes.warn(("minimum",), "few", minimum=section.minimum, usual=shape.minimum)
    needs, setting = _sources(section, shape, world, notes)
    kpi = replace(
        _BARE,
        key=section.key,
        unit=unit,
        title=_text(section.title) or Text(section.key, section.key),
        top=shape.top,
        bottom=shape.bottom,
        plan=shape.plan,
        minimum=section.minimum or shape.minimum,
        empty=shape.empty,
        needs=needs,
        setting=setting,
        proportion=shape.proportion,
        per=shape.units[unit],
        family=section.family,
        direction=section.direction,
        counter=section.counter,
        spread=shape.spread,
        ripens=shape.ripens,
        days=shape.days,
        lookback=any(_looks_back(one) for one in (*shape.top, *shape.bottom)),
    )
    credited = _credited(kpi, section.credit, notes)
    meaning = _text(section.meaning) or Text(f"{formula(credited, 'ru')}.", f"{formula(credited, 'en')}.")
    return replace(credited, meaning=meaning)


def _text(named: Named | None) -> Text | None:
    return None if named is None else Text(named.ru, named.en)


def _unit(section: KpiSettings, shape: Shape, notes: Notes) -> Unit | None:
    """The unit asked for, else the usual one."""
    if section.unit is None:
        return next(iter(shape.units))
    if section.unit in shape.units:
        return section.unit
    notes.refuse(("unit",), "no_unit", unit=section.unit, allowed=", ".join(shape.units))
    return None


def _sources(section: KpiSettings, shape: Shape, world: World, notes: Notes) -> tuple[frozenset[str], str | None]:
    """What there must be for a value: kinds of records, imports, names in the CRM; and the setting it rests on."""
    needs, settings = set[str](), list[str]()
    for facts in shape.facts:
        needs |= facts.lacks
        for kind in facts.kinds:
            one = CARRIED[kind]
            needs |= one.needs | (one.answers if _asks_number(shape, kind) else frozenset())
            if one.imported == "only":
                needs.add(IMPORTED + kind)
                notes.warn((section.word,), "only_imported", kind=kind)
            elif one.setting is not None and getattr(world.rules, one.setting):
                settings.append(one.setting)
            elif one.setting is not None:
                _unset(section, kind, one.setting, needs, notes)
    if world.gives is not None and (missing := {kind for kind in needs if ":" not in kind} - world.gives):
        kinds = ", ".join(kind for facts in shape.facts for kind in facts.kinds)
        notes.miss((section.word,), "no_records", kind=kinds, missing=", ".join(sorted(missing)))
    return frozenset(needs), settings[0] if settings else None


def _unset(section: KpiSettings, kind: str, setting: str, needs: set[str], notes: Notes) -> None:
    """Without its setting there are such facts only where they were imported."""
    if CARRIED[kind].imported is None:
        notes.refuse((section.word,), "no_setting", kind=kind, setting=setting)
    else:
        needs.add(IMPORTED + kind)
        notes.warn((section.word,), "no_setting", kind=kind, setting=setting)


def _asks_number(shape: Shape, kind: str) -> bool:
    measures = (one for one in (*shape.top, *shape.bottom) if kind in one.kinds)
    return any(
        (one.take not in ("count", "clients") and one.of == "number")
        or any(where.column == "number" for where in one.where)
        for one in measures
    )


def _looks_back(one: Measure) -> bool:
    """Whether a client's earlier purchases decide."""
    told = any(where.column in ("number", "other") for where in one.where) or one.of in ("number", "other")
    return "return" in one.kinds or ("win" in one.kinds and told)


def _credited(kpi: Kpi, credit: Credit | None, notes: Notes) -> Kpi:
    """For whoever the section says, whatever the account's rule is."""
    if credit is None:
        return kpi
    strange = sorted({kind for one in kpi.measures for kind in one.kinds} - OF_DEALS)
    if credit != "event" and strange:
        allowed = ", ".join(sorted(OF_DEALS))
        notes.refuse(("credit",), "no_credit", kinds=", ".join(strange), credit=credit, allowed=allowed)
    elif credit == "split" and not all(_splits(one) for one in kpi.measures):
        notes.refuse(("credit",), "no_split")
    return replace(kpi.credited(credit), own_credit=True)


def _splits(one: Measure) -> bool:
    plain = one.of == "amount" and not any(where.column in ("number", "other") for where in one.where)
    return one.kinds == ("win",) and plain and one.take in ("count", "sum", "quantile")
