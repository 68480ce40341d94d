"""The account's world: what its CRM is made of, as far as KPIs rest on it. Pure.

Names and outcomes of stages, pipelines, how often configured fields are filled. Telephony is looked at in `telephony`.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from connector.health.fields import Fill
from connector.records import Outcome, Pipeline, Stage

ENOUGH_DEALS = 30
"""Recent deals from which on a field's fill rate is compared."""


class StageSeen(msgspec.Struct, frozen=True):
    """A stage as it stood."""

    name: str
    pipeline: str
    outcome: Outcome


class FieldSeen(msgspec.Struct, frozen=True):
    """A configured field: its name, whether the CRM has it, and its fill among recent won deals."""

    name: str
    there: bool
    filled: int
    of: int

    @property
    def share(self) -> float:
        return self.filled / self.of if self.of else 0.0


class World(msgspec.Struct, frozen=True, kw_only=True):
    """By id: pipelines of deals with their names, stages; by setting: fields.

    `fields_on`, `calls_on`: the local day (yyyymmdd) of the last slow look at fields and calls. `calls_from`: the day
    from which on calls are compared, None: as far back as needed.
    """

    pipelines: dict[str, str] = {}
    stages: dict[str, StageSeen] = {}
    fields: dict[str, FieldSeen] = {}
    fields_on: int = 0
    calls_on: int = 0
    calls_from: int | None = None


def structure(pipelines: Iterable[Pipeline], stages: Iterable[Stage]) -> World:
    """The directories of deals as a world; stages and pipelines of leads are part of it, archived pipelines are not."""
    return World(
        pipelines={one.id: one.name for one in pipelines if not one.archived},
        stages={one.id: StageSeen(one.name, one.pipeline_id, one.outcome) for one in stages},
    )


def fields_seen(fills: Iterable[Fill], there: frozenset[str] | None) -> dict[str, FieldSeen]:
    """The configured fields; `there`: names, codes and ids the CRM has, None where it was not asked."""
    return {
        fill.key: FieldSeen(fill.name, there is None or fill.name.strip().casefold() in there, fill.filled, fill.of)
        for fill in fills
    }


def adopted(accepted: World, seen: World, subject: str) -> World:
    """The accepted world with this one subject as it is seen now."""
    kind, _, id = subject.partition(":")
    if kind == "telephony":
        return msgspec.structs.replace(accepted, calls_from=seen.calls_on)
    name = {"pipeline": "pipelines", "stage": "stages", "field": "fields"}[kind]
    mine, theirs = dict(getattr(accepted, name)), getattr(seen, name)
    mine.pop(id, None)
    if id in theirs:
        mine[id] = theirs[id]
    changed = msgspec.structs.replace(accepted, **{name: mine})
    return _with_stages(changed, seen, id) if kind == "pipeline" else changed


def _with_stages(accepted: World, seen: World, pipeline: str) -> World:
    """A pipeline that came or went takes its stages along."""
    kept = {id: stage for id, stage in accepted.stages.items() if stage.pipeline != pipeline}
    came = {id: stage for id, stage in seen.stages.items() if stage.pipeline == pipeline}
    known = {id: stage for id, stage in accepted.stages.items() if stage.pipeline == pipeline and id in came}
    return msgspec.structs.replace(accepted, stages=kept | came | known)


def improved(accepted: World, seen: World) -> World:
    """Fields filled better than ever, or named anew by the configuration, are what later ones are held to."""
    fields = dict(accepted.fields)
    for key, now in seen.fields.items():
        was = fields.get(key)
        grown = was is None or was.name != now.name or (now.of >= ENOUGH_DEALS and now.share >= was.share)
        if grown or (was is not None and was.of < ENOUGH_DEALS):
            fields[key] = now if was is None or was.name != now.name else _higher(was, now)
    for key in fields.keys() - seen.fields.keys():
        del fields[key]
    return msgspec.structs.replace(accepted, fields=fields)


def _higher(was: FieldSeen, now: FieldSeen) -> FieldSeen:
    return msgspec.structs.replace(now, there=was.there or now.there)
