"""`{ of = "win", pipeline = ["Опт"], where = [...] }`: which facts a section means. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from connector.config import Rules
from connector.config.kpis import Conversion, FactsOf
from connector.fact import ACTIVITY, TASK
from connector.kpi.custom.carried import CARRIED
from connector.kpi.custom.conditions import condition
from connector.kpi.custom.flaws import Notes, Path, meant
from connector.kpi.definition import Column, Where
from connector.kpi.kinds import STANDING
from connector.records import Pipeline, Stage

CALLS = {"out": ("call_out",), "in": ("call_in",), None: ("call_out", "call_in")}
"""What `of = "call"` means, by direction."""
OUTCOMES = ("won", "lost", "open")
SORTS = (TASK, ACTIVITY)
NAMED_STAGES = {"outcome": OUTCOMES, "sort": SORTS}
"""What a stage may be, where that is the same in every account."""
NAMED = "named:"
"""Before a name of the configuration, among what a KPI needs: the account has no such thing."""


@dataclass(frozen=True, slots=True)
class World:
    """What is known of the account. `pipelines`, `stages`: None before the first sync, then names are taken as ids.

    `gives`: kinds of records of its CRM, `sources`: those met so far; None where nobody has asked.
    """

    rules: Rules
    currency: str = "RUB"
    pipelines: Sequence[Pipeline] | None = None
    stages: Sequence[Stage] | None = None
    gives: frozenset[str] | None = None
    sources: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Selected:
    """Facts of these kinds that pass every condition; `path`: the section that says so.

    `lacks`: names that the account does not have.
    """

    kinds: tuple[str, ...]
    where: tuple[Where, ...] = ()
    path: Path = ()
    lacks: frozenset[str] = field(default=frozenset())

    @property
    def standing(self) -> bool:
        """Whether they stand instead of having happened."""
        return self.kinds[0] in STANDING

    @property
    def grows(self) -> frozenset[str]:
        """How numbers that are not there yet may come."""
        return frozenset(grows for kind in self.kinds if (grows := CARRIED[kind].grows))

    def on(self, column: Column) -> tuple[Where, ...]:
        """The conditions on a column."""
        return tuple(one for one in self.where if one.column == column)

    def plus(self, *more: Where) -> tuple[Where, ...]:
        """Its conditions and further ones."""
        return self.where + more


def selected(section: FactsOf, path: Path, world: World, notes: Notes) -> Selected | None:
    """The facts that are meant; None, and notes, where there can be no such."""
    kinds = kinds_of(section.of, section.direction, (*path, "of"), notes)
    if kinds is None:
        return None
    named, lacks = filters(section, kinds, path, world, notes)
    where = conditions(section.where, kinds, (*path, "where"), world, notes)
    return None if notes.refused_within(path) else Selected(kinds, (*due_first(kinds), *named, *where), path, lacks)


def conditions(texts: Iterable[str], kinds: Sequence[str], path: Path, world: World, notes: Notes) -> tuple[Where, ...]:
    """Those that can be read; notes tell of the others."""
    found = (condition(text, kinds, path, notes, world.currency) for text in texts)
    return tuple(one for one in found if one is not None)


def kinds_of(named: Sequence[str], direction: str | None, path: Path, notes: Notes) -> tuple[str, ...] | None:
    """Kinds of facts; None where one is none, or some stand and others happened."""
    kinds = list(dict.fromkeys(kind for name in named for kind in (CALLS[direction] if name == "call" else (name,))))
    if direction is not None and "call" not in named:
        notes.refuse((*path[:-1], "direction"), "no_direction")
    strange = [kind for kind in kinds if kind not in CARRIED]
    for kind in strange:
        known = ["call", *CARRIED]
        notes.refuse(path, "no_kind", kind=kind, meant=meant(kind, known), kinds=", ".join(known))
    standing = [kind for kind in kinds if kind in STANDING]
    if standing and len(standing) < len(kinds) and not strange:
        happened = ", ".join(kind for kind in kinds if kind not in STANDING)
        notes.refuse(path, "standing", standing=", ".join(standing), happened=happened)
        return None
    first = [kind for kind in kinds if not strange and CARRIED[kind].due_first]
    if first and len(first) < len(kinds):
        notes.refuse(path, "mixed", column="due", meanings=", ".join(kinds))
        return None
    return None if strange or (direction is not None and "call" not in named) else tuple(kinds)


def filters(
    section: FactsOf | Conversion, kinds: Sequence[str], path: Path, world: World, notes: Notes
) -> tuple[tuple[Where, ...], frozenset[str]]:
    """Conditions on pipeline, source and stage, and the names that the account does not have."""
    found: list[Where] = []
    lacks: set[str] = set()
    for name, texts in (("pipeline", section.pipeline), ("source", section.source)):
        ignorant = [kind for kind in kinds if not CARRIED[kind].deal]
        if texts and ignorant:
            notes.refuse((*path, name), "no_deal", kind=", ".join(ignorant), column=name)
    if section.pipeline:
        found.append(_named("pipeline_id", section.pipeline, world.pipelines, (*path, "pipeline"), notes, lacks))
    for strange in set(section.source) - (world.sources or set(section.source)):
        notes.warn((*path, "source"), "new_source", name=strange, allowed=", ".join(sorted(world.sources or ())))
    if section.source:
        found.append(Where("source", "in", section.source))
    if section.stage:
        found += _stages(section.stage, kinds, (*path, "stage"), world, notes, lacks)
    return tuple(found), frozenset(lacks)


def due_first(kinds: Sequence[str]) -> tuple[Where, ...]:
    """Refunds are facts of the day of the sale and count once they are made."""
    return (Where("due_at", "le", "as_of"),) if any(CARRIED[kind].due_first for kind in kinds) else ()


def _ids(records: Iterable[Pipeline | Stage]) -> Mapping[str, set[str]]:
    """Ids by name and by id, in folded case; a name may be that of several."""
    found: dict[str, set[str]] = {}
    for record in records:
        for name in (record.name.strip().casefold(), record.id.casefold()):
            found.setdefault(name, set()).add(record.id)
    return found


def _named(
    column: Column,
    names: Sequence[str],
    there: Sequence[Pipeline | Stage] | None,
    path: Path,
    notes: Notes,
    lacks: set[str],
) -> Where:
    """The condition by ids; what nobody has is kept as it stands and noted."""
    ids: set[str] = set()
    known = {} if there is None else _ids(there)
    for name in names:
        mine = known.get(name.strip().casefold(), set())
        if there is not None and not mine:
            code = "no_pipeline" if column == "pipeline_id" else "unknown_stage"
            notes.miss(path, code, name=name, allowed=", ".join(sorted({one.name for one in there})))
            lacks.add(f"{NAMED}{name}")
        ids |= mine or {name}
    return Where(column, "in", tuple(sorted(ids)), ", ".join(names))


def _stages(
    names: Sequence[str], kinds: Sequence[str], path: Path, world: World, notes: Notes, lacks: set[str]
) -> list[Where]:
    """By what the kinds call a stage: an outcome, a key step, a sort of task, or a stage of the CRM."""
    sorts = {CARRIED[kind].stage for kind in kinds}
    if None in sorts or len(sorts) > 1:
        ignorant = ", ".join(kind for kind in kinds if not CARRIED[kind].stage) or ", ".join(kinds)
        knowing = ", ".join(kind for kind, one in CARRIED.items() if one.stage)
        notes.refuse(path, "no_stage", kind=ignorant, kinds=knowing)
        return []
    if sorts == {"stage"}:
        return [_named("stage", names, world.stages, path, notes, lacks)]
    [sort] = sorts
    allowed = NAMED_STAGES.get(str(sort), world.rules.key_steps)
    for name in names:
        if name not in allowed:
            notes.refuse(path, "stage_other", stage=name, allowed=", ".join(allowed) or "—")
    return [Where("stage", "in", tuple(names))]
