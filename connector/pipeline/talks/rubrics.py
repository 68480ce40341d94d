"""Which checklist a call is held against: by its pipeline, and by whether it is the first talk with the client."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from connector.pipeline.bench import Workbench
from connector.pipeline.talks.transcripts import quality_settings
from connector.quality.checklist import Checklist
from connector.quality.checklists import load
from connector.quality.checklists.reading import for_pipeline
from connector.quality.score import OBJECTION
from connector.records import Call, Deal, Pipeline
from connector.store.asked import spoken
from connector.store.crm import records
from connector.store.talk import transcripts


class Rubrics:
    """The account's checklists. Raises BadConfig for files that are none."""

    def __init__(self, bench: Workbench) -> None:
        self._bench = bench
        self.lists: tuple[Checklist, ...] = load(quality_settings(bench).checklist)
        self.labels: frozenset[str] = frozenset(one.label for one in self.lists)
        self._made: dict[tuple[str, bool | None], Checklist] = {}

    def of(self, calls: Collection[str]) -> Mapping[str, Checklist]:
        """The checklist of each of these calls, with the criteria that apply to it."""
        with self._bench.store.read() as conn:
            known = transcripts.calls(conn, self._bench.account, calls)
            deals = records.get(conn, self._bench.account, Deal, {id for call in known.values() for id in _deals(call)})
            pipelines = records.directory(conn, self._bench.account, Pipeline)
            least = self._bench.settings.rules.connected_call_seconds
            first = spoken.first_talks(conn, self._bench.account, calls, least)
        return {id: self._chosen(known.get(id), deals, pipelines, first.get(id)) for id in calls}

    def _chosen(
        self, call: Call | None, deals: Mapping[str, Deal], pipelines: Mapping[str, Pipeline], first: bool | None
    ) -> Checklist:
        deal = next((deals[id] for id in _deals(call) if id in deals), None) if call is not None else None
        pipeline = pipelines.get(deal.pipeline_id) if deal is not None else None
        found = for_pipeline(self.lists, pipeline.name if pipeline else "")
        if found is None and pipeline is not None:
            found = for_pipeline(self.lists, pipeline.id)
        return self._applied(found or self.lists[0], first)

    def _applied(self, checklist: Checklist, first: bool | None) -> Checklist:
        """Criteria of the first talk alone are left out of later ones, and the other way round; made once."""
        if first is None:
            return checklist
        key = checklist.label, first
        if key not in self._made:
            unwanted = "later_call" if first else "first_call"
            fit = tuple(one for one in checklist.criteria if one.applies != unwanted)
            always = ("first_call", "later_call")
            asked = tuple(replace(one, applies="always") if one.applies in always else one for one in fit)
            self._made[key] = replace(checklist, criteria=asked)
        return self._made[key]


def names_of(bench: Workbench) -> dict[str, tuple[str, str]]:
    """What criteria, objections and moves are called, by key."""
    names: dict[str, tuple[str, str]] = {}
    for one in Rubrics(bench).lists:
        names |= {criterion.key: (criterion.ru, criterion.en) for criterion in one.criteria}
        names |= {f"{OBJECTION}{met.key}": (met.ru, met.en) for met in one.objections}
        names |= {move.key: (move.ru, move.en) for move in one.moves}
    return names


def _deals(call: Call | None) -> Sequence[str]:
    return [ref.partition(":")[2] for ref in call.on if ref.startswith("deal:")] if call is not None else []
