"""The words that a score of a call rests on, beside the fact that it became: who judged, by what, which quotes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.engine import Connection

from connector.store.talk import scores
from connector.store.talk.scores import Answered, Quoted, Scored

KINDS = frozenset({"objection", "script_passed", "script_items", "technique"})
_SCORE = "external:score:"
_OBJECTION = "objection:"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One criterion of a call: the answer, by whom and by which version of which checklist, and the words."""

    criterion: str
    answer: str
    scorer: str
    checklist: str
    quotes: tuple[Quoted, ...]
    why: str


def evidence(
    conn: Connection, account: int, facts: Iterable[Any], as_of: int | None
) -> Mapping[int, tuple[Evidence, ...]]:
    """By the number of the fact, for facts that scores of calls became."""
    rows = [fact for fact in facts if fact.kind in KINDS and f"|{_SCORE}" in fact.key and fact.call_id]
    best = scores.of_calls(conn, account, {fact.call_id for fact in rows}, as_of=as_of) if rows else {}
    return {fact.id: tuple(_of(fact, best[fact.call_id])) for fact in rows if fact.call_id in best}


def _of(fact: Any, score: Scored) -> Iterable[Evidence]:
    for one in score.found:
        if one.counts and one.answer != "not_applicable" and _speaks(fact, one):
            yield Evidence(one.criterion, one.answer, score.scorer, score.checklist, one.evidence, one.why)


def _speaks(fact: Any, one: Answered) -> bool:
    """Whether the fact is about this criterion."""
    if fact.kind == "technique":
        named = str(fact.key).rpartition(":technique:")[2]
        return named in (one.criterion, one.criterion.removeprefix(_OBJECTION))
    return one.criterion.startswith(_OBJECTION) is (fact.kind == "objection")
