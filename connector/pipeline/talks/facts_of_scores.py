"""Scores -> imported rows of their calls, so that KPIs count them: one word a call and kind, however often scored.

Under other terms (which techniques were trained, which criteria are muted) all are told again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from connector.derive.external import technique_key
from connector.moment import from_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.measuring import learned_at
from connector.pipeline.talks.agreeing import muted_criteria
from connector.pipeline.talks.rows import score_of
from connector.pipeline.talks.rubrics import Rubrics
from connector.quality.checklist import Checklist
from connector.quality.score import OBJECTION
from connector.quality.told import told
from connector.records import Call, External, What
from connector.store import imports, leases
from connector.store.crm import records
from connector.store.talk import scores, transcripts
from connector.store.talk.scores import Scored

AT_ONCE = 500
VERSION = 1
"""Raised whenever the same scores would be told otherwise."""
_WHATS: dict[str, What] = {"objection": "objection", "script": "script", "technique": "technique"}


@dataclass(frozen=True, slots=True)
class Terms:
    """What decides over what scores say: techniques by criterion, and criteria that count nowhere."""

    techniques: Mapping[str, str]
    muted: frozenset[str]

    @property
    def mark(self) -> str:
        said = repr((VERSION, sorted(self.techniques.items()), sorted(self.muted)))
        return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()


def tell_facts(bench: Workbench, fence: leases.Fence, terms: Terms) -> int:
    """Keep the rows of every call whose scores are new or must be told anew; returns how many calls."""
    calls = 0
    while True:
        with bench.store.write() as conn:
            fence.check(conn)
            ids = scores.untold(conn, bench.account, terms.mark, AT_ONCE)
            if not ids:
                return calls
            _tell(bench, conn, ids, terms)
            scores.told(conn, bench.account, ids, terms.mark)
        calls += len(ids)


def terms_now(bench: Workbench) -> Terms:
    """By the trainings that were imported and by how well programs agree with people."""
    with bench.store.read() as conn:
        trained = {str(row.technique) for row in imports.trainings(conn, bench.account) if row.technique}
        muted = muted_criteria(bench, conn)
    return Terms(dict(named_techniques(trained, Rubrics(bench).lists)) if trained else {}, muted)


def named_techniques(trained: Iterable[str], lists: Iterable[Checklist]) -> Iterator[tuple[str, str]]:
    """Criteria that trainings mean, by key or by name in either language, with what the training calls them."""
    meant: dict[str, str] = {}
    for one in lists:
        for criterion in one.criteria:
            meant |= {technique_key(name): criterion.key for name in (criterion.key, criterion.ru, criterion.en)}
        for objection in one.objections:
            key = f"{OBJECTION}{objection.key}"
            meant |= {technique_key(name): key for name in (key, objection.key, objection.ru, objection.en)}
    for name in sorted(trained):
        if (found := meant.get(technique_key(name))) is not None:
            yield found, name


def _tell(bench: Workbench, conn: Connection, ids: list[str], terms: Terms) -> None:
    now = learned_at(bench, conn)
    best = scores.of_calls(conn, bench.account, ids)
    calls = transcripts.calls(conn, bench.account, ids)
    rows = [row for id in ids if id in best and id in calls for row in _rows(calls[id], best[id], terms, now)]
    have = {row.id for row in rows}
    before = records.live_under(conn, bench.account, External, [f"call:{id}" for id in ids])
    records.keep(conn, bench.account, rows, now=now)
    records.mark_gone(conn, bench.account, External, sorted(before - have), now=now)


def _rows(call: Call, score: Scored, terms: Terms, now: int) -> Iterator[External]:
    for one in told(score_of(score), terms.techniques, terms.muted):
        named = "" if one.technique is None else f":{technique_key(one.technique)}"
        yield External(
            id=f"score:{call.id}:{one.what}{named}",
            updated_at=from_ms(now),
            what=_WHATS[one.what],
            at=call.at,
            call=call.id,
            number=one.number,
            items=one.items,
            technique=one.technique,
            source=score.checklist,
            by=score.scorer,
        )
