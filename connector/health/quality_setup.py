"""Findings in the setup: people, stages, fields, rows that could not be read. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from connector.health import quality_words as words
from connector.health.fields import EXPECTED, SPARSE, Fill, about
from connector.health.finding import Effect, Example, Finding
from connector.health.quality import Look, finding
from connector.health.quality_words import say
from connector.kpi.catalogue import ALL
from connector.kpi.definition import Text
from connector.money import to_units
from connector.records import Deal, Pipeline, Stage, User

ENOUGH = 10
"""Deals from which on it means something how often a field is filled."""


class Unread(Protocol):
    """A row that was refused."""

    kind: str
    id: str
    reason: str


def users_without_team(look: Look, users: Mapping[str, User], placed: Collection[str]) -> list[Finding]:
    """People with facts in the period who are in no team: what teams earned lacks theirs, exactly so much."""
    busy = {fact.user_id for fact in look.facts if fact.omitted is None and fact.user_id is not None}
    alone = sorted(user for user in busy if user in users and user not in placed)
    wins = look.of("win")
    missing = to_units(sum(win.amount or 0 for win in wins if win.user_id in alone), look.currency)
    total = to_units(sum(win.amount or 0 for win in wins), look.currency)
    effects = [Effect("revenue", "exact", total - missing, total - missing, total)] if missing else []
    examples = [Example(f"user:{user}", say(words.TEAMLESS, name=users[user].name)) for user in alone]
    return finding("users_without_team", len(alone), len(busy), examples, effects)


def unknown_stages(deals: Mapping[str, Sequence[str]], stages: Collection[str]) -> list[Finding]:
    """Deals (ids by stage) on stages that no directory has: nobody knows whether they are won."""
    strange = {stage: ids for stage, ids in deals.items() if stage not in stages}
    examples = [
        Example(f"deal:{ids[0]}", say(words.STAGE, stage=stage, count=len(ids)))
        for stage, ids in sorted(strange.items(), key=lambda item: (-len(item[1]), item[0]))
    ]
    count, of = (sum(map(len, some.values())) for some in (strange, deals))
    return finding(
        "unknown_stages", count, of, examples, [Effect("won_deals", "unknown"), Effect("win_rate", "unknown")]
    )


def pipelines_without_win(
    pipelines: Iterable[Pipeline], stages: Iterable[Stage], sold: Collection[str] | None, used: Collection[str]
) -> list[Finding]:
    """Pipelines for sale (`sold`, None: all) with deals in them (`used`) in which nothing can be won."""
    winning = {stage.pipeline_id for stage in stages if stage.outcome == "won"}
    meant = [one for one in pipelines if one.of == "deal" and (sold is None or one.id in sold) and one.id in used]
    dead = [one for one in meant if one.id not in winning]
    examples = [Example(None, say(words.PIPELINE, name=one.name)) for one in dead]
    return finding("pipelines_without_win", len(dead), len(meant), examples, [Effect("won_deals", "unknown")])


def fields(fills: Sequence[Fill], deals: Iterable[Deal]) -> list[Finding]:
    """Configured fields that no deal ever had, and those filled in too rarely."""
    seen = {name for deal in deals for name in deal.fields}
    missing = [fill for fill in fills if fill.name not in seen]
    sparse = [fill for fill in fills if fill not in missing and not fill.rare and _sparse(fill)]
    return [
        *_fields("field_missing", missing, len(fills)),
        *_fields("field_sparse", sparse, len(fills)),
    ]


def _sparse(fill: Fill) -> bool:
    return fill.of >= ENOUGH and fill.share is not None and fill.share < EXPECTED.get(fill.key, SPARSE)


def _fields(code: str, meant: Sequence[Fill], of: int) -> list[Finding]:
    examples = [
        Example(None, say(words.FIELD, key=fill.key, name=fill.name, filled=fill.filled, of=fill.of)) for fill in meant
    ]
    kpis = [key for key, kpi in ALL.items() if any(about(fill.key, [kpi.setting]) for fill in meant)]
    return finding(code, len(meant), of, examples, [Effect(key, "unknown") for key in kpis])


def unreadable_rows(refused: Sequence[Unread], rows: int) -> list[Finding]:
    """Rows that count nowhere because nobody could read them."""
    kinds = {one.kind for one in refused}
    kpis = [key for key, kpi in ALL.items() if kpi.needs & kinds]
    examples = [
        Example(f"{one.kind}:{one.id}" if one.kind in ("deal", "lead", "task") else None,
                say(words.ROWS, kind=one.kind, id=one.id, reason=one.reason[:120]))
        for one in refused
    ]  # fmt: skip
    found = finding("unreadable_rows", len(refused), rows, examples, [Effect(key, "unknown") for key in kpis])
    told = ", ".join(f"{kind} {sum(one.kind == kind for one in refused)}" for kind in sorted(kinds))
    return [replace(one, text=Text(f"{one.text.ru}: {told}", f"{one.text.en}: {told}")) for one in found]
