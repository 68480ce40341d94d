"""How the account's world differs from the one that was accepted. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import msgspec

from connector.config import Rules
from connector.health.world import ENOUGH_DEALS, FieldSeen, StageSeen, World
from connector.records import Outcome

Code = Literal[
    "stage_added", "stage_removed", "stage_renamed", "stage_outcome", "pipeline_added", "pipeline_removed",
    "pipeline_renamed", "field_emptied", "field_vanished", "calls_stopped", "calls_flat", "calls_answered",
    "calls_short",
]  # fmt: skip
EVIDENCE = 4.0
"""Standard deviations that a fill rate must have fallen, beside falling under half of what it was."""


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """One difference. `before` and `after` are names as people know them, None where there was or is nothing.

    `pipeline` names the pipeline of a stage; `outcome` is what stands to be wrong: that of the stage before, or now.
    `until`: epoch ms up to which the facts were sound, None: until it was found.
    """

    code: Code
    subject: str
    before: str | None = None
    after: str | None = None
    pipeline: str | None = None
    outcome: Outcome | None = None
    until: int | None = None

    @property
    def id(self) -> str:
        """The subject without its kind."""
        return self.subject.partition(":")[2]


def differences(accepted: World, seen: World) -> list[Drift]:
    """What changed from the accepted world to the seen one, in the order of subjects."""
    return [
        *_pipelines(accepted.pipelines, seen.pipelines),
        *_stages(accepted, seen),
        *_fields(accepted.fields, seen.fields),
    ]


def _pipelines(old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Drift]:
    for id in sorted(old.keys() | new.keys()):
        subject, before, after = f"pipeline:{id}", old.get(id), new.get(id)
        if before is None:
            yield Drift(code="pipeline_added", subject=subject, after=after)
        elif after is None:
            yield Drift(code="pipeline_removed", subject=subject, before=before)
        elif before != after:
            yield Drift(code="pipeline_renamed", subject=subject, before=before, after=after)


def _stages(old: World, new: World) -> Iterator[Drift]:
    """Stages of a pipeline that came or went with it are told by the pipeline's own drift."""
    for id in sorted(old.stages.keys() | new.stages.keys()):
        before, after = old.stages.get(id), new.stages.get(id)
        subject = f"stage:{id}"
        if before is None and after is not None:
            if after.pipeline in old.pipelines:
                yield Drift(
                    code="stage_added", subject=subject, after=after.name, outcome=after.outcome,
                    pipeline=new.pipelines.get(after.pipeline),
                )  # fmt: skip
        elif before is not None and after is None:
            if before.pipeline in new.pipelines:
                yield Drift(
                    code="stage_removed", subject=subject, before=before.name, outcome=before.outcome,
                    pipeline=old.pipelines.get(before.pipeline),
                )  # fmt: skip
        elif before is not None and after is not None:
            yield from _changed(subject, before, after, new.pipelines.get(after.pipeline))


def _changed(subject: str, before: StageSeen, after: StageSeen, pipeline: str | None) -> Iterator[Drift]:
    if before.outcome != after.outcome:
        yield Drift(
            code="stage_outcome", subject=subject, before=before.outcome, after=after.outcome,
            pipeline=f"{pipeline} / {after.name}" if pipeline else after.name, outcome=after.outcome,
        )  # fmt: skip
    if before.name != after.name:
        yield Drift(
            code="stage_renamed", subject=subject, before=before.name, after=after.name, pipeline=pipeline,
            outcome=after.outcome,
        )  # fmt: skip


def _fields(old: Mapping[str, FieldSeen], new: Mapping[str, FieldSeen]) -> Iterator[Drift]:
    """Only of fields that the configuration names as before: naming another one is no drift."""
    for key in sorted(old.keys() & new.keys()):
        before, after = old[key], new[key]
        if before.name != after.name:
            continue
        if before.there and not after.there:
            yield Drift(code="field_vanished", subject=f"field:{key}", before=before.name)
        elif emptied(before, after):
            yield Drift(
                code="field_emptied", subject=f"field:{key}", before=f"{before.share:.0%}", after=f"{after.share:.0%}",
                pipeline=before.name,
            )  # fmt: skip


def emptied(before: FieldSeen, after: FieldSeen) -> bool:
    """Whether it is filled under half as often as it was, by more than chance makes of so many deals."""
    if min(before.of, after.of) < ENOUGH_DEALS or after.share >= before.share / 2:
        return False
    both = (before.filled + after.filled) / (before.of + after.of)
    spread: float = (both * (1 - both) * (1 / before.of + 1 / after.of)) ** 0.5
    return spread > 0 and (before.share - after.share) / spread >= EVIDENCE


def names_of(rules: Rules) -> dict[str, tuple[str, ...]]:
    """What the rules name by setting, case and blanks aside: pipelines, stages, reasons, fields."""
    told: dict[str, tuple[str, ...]] = {}
    for key in type(rules).model_fields:
        value = getattr(rules, key)
        texts = (value,) if isinstance(value, str) else tuple(value) if isinstance(value, tuple | dict) else ()
        names = [part for text in texts if isinstance(text, str) for part in (text, *text.split(" > "))]
        told[key] = tuple(name.strip().casefold() for name in names)
    return told
