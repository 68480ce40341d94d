"""The stages in their order, and what the rules say of them: which qualify, which send a quote, which are key steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from connector.config import Rules
from connector.records import Stage


class Step(NamedTuple):
    """A key step as configured ("A > B"): stages in which A is behind a deal, and those in which B is."""

    title: str
    start: frozenset[str]
    passed: frozenset[str]
    reached: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ladder:
    """Sets hold ids of stages. `first`: where deals begin. `qualified`: from which on an enquiry is qualified.

    `quote`: in which a quote has been sent. `stuck`: norms in working days of single stages.
    `unknown`: configured names that the CRM does not have, in words for a person.
    """

    first: frozenset[str] = frozenset()
    qualified: frozenset[str] = frozenset()
    quote: frozenset[str] = frozenset()
    steps: tuple[Step, ...] = ()
    stuck: Mapping[str, int] = field(default_factory=dict)
    unknown: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        """Another text means that other facts may follow."""
        steps = [[title, *map(sorted, sets)] for title, *sets in self.steps]
        return repr([sorted(self.first), sorted(self.qualified), sorted(self.quote), steps, sorted(self.stuck.items())])


def ladder(rules: Rules, stages: Mapping[str, Stage]) -> Ladder:
    """Names and ids of the configuration as sets of stages; a name may be that of a stage in several pipelines."""
    unknown: list[str] = []

    def known(key: str, name: str) -> list[Stage]:
        found = named(name, stages.values())
        if not found:
            unknown.append(f"rules.{key}: {name!r} is no stage")
        return found

    qualified = [stage for name in rules.qualified_stages for stage in known("qualified_stages", name)]
    quote = known("quote_stage", rules.quote_stage) if rules.quote_stage else []
    stuck = {stage.id: days for name, days in rules.stuck_by_stage.items() for stage in known("stuck_by_stage", name)}
    steps = [step for title in rules.key_steps if (step := _step(title, stages, unknown))]
    return Ladder(
        _first(stages.values()),
        _from(qualified, stages.values()),
        frozenset(stage.id for stage in quote),
        tuple(steps),
        stuck,
        tuple(unknown),
    )


def named(name: str, stages: Iterable[Stage]) -> list[Stage]:
    """The stages that a name or an id means."""
    wanted = name.strip().casefold()
    return [stage for stage in stages if wanted in (stage.id.casefold(), stage.name.strip().casefold())]


def _step(title: str, stages: Mapping[str, Stage], unknown: list[str]) -> Step | None:
    """`A > B` in every pipeline that has both; None, and a word to `unknown`, where none has."""
    start, _, end = title.partition(">")
    ends = {stage.pipeline_id: stage for stage in named(end, stages.values()) if stage.outcome != "lost"}
    starts = [s for s in named(start, stages.values()) if s.outcome != "lost" and s.pipeline_id in ends]
    if not starts:
        unknown.append(f"rules.key_steps: {title!r} names no two stages of one pipeline")
        return None
    return Step(
        title,
        frozenset(stage.id for stage in starts),
        _from(starts, stages.values()),
        _from((ends[stage.pipeline_id] for stage in starts), stages.values()),
    )


def _from(starts: Iterable[Stage], stages: Iterable[Stage]) -> frozenset[str]:
    """These stages and those after them in their pipelines, the won ones last; a lost one is behind nothing."""
    found, stages = set[str](), list(stages)
    for start in starts:
        found.add(start.id)
        found.update(stage.id for stage in stages if stage.pipeline_id == start.pipeline_id and _after(start, stage))
    return frozenset(found)


def _after(start: Stage, stage: Stage) -> bool:
    if start.outcome != "open" or stage.outcome != "open":
        return start.outcome != "lost" and stage.outcome == "won"
    return stage.sort > start.sort


def _first(stages: Iterable[Stage]) -> frozenset[str]:
    """The open stage that each pipeline begins with, and those of enquiries that nobody has accepted yet."""
    lowest: dict[str, Stage] = {}
    begun = set[str]()
    for stage in stages:
        if stage.unsorted:
            begun.add(stage.id)
        elif stage.outcome == "open":
            best = lowest.setdefault(stage.pipeline_id, stage)
            if (stage.sort, stage.id) < (best.sort, best.id):
                lowest[stage.pipeline_id] = stage
    return frozenset(begun | {stage.id for stage in lowest.values()})
