"""Trainings and scored calls -> whether each training helped (K-12)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from connector.moment import day_number, from_ms, local_day
from connector.pipeline.bench import Workbench
from connector.pipeline.talks.agreeing import muted_criteria
from connector.pipeline.talks.facts_of_scores import named_techniques
from connector.pipeline.talks.rubrics import Rubrics
from connector.quality.learning import AFTER, BEFORE, SETTLING, Lift, Training, Tried, lift
from connector.records import User
from connector.store import imports
from connector.store.asked import spoken
from connector.store.crm import records
from connector.store.talk import scores
from connector.store.talk.scores import Scored


@dataclass(frozen=True, slots=True)
class Learned:
    """Every training of which the technique is a criterion of the checklist; `unknown`: techniques that are none."""

    account: str
    lifts: tuple[Lift, ...]
    names: dict[str, str]
    unknown: tuple[str, ...]


def learned(bench: Workbench) -> Learned:
    """By the scores of now; the newest training first."""
    with bench.store.read() as conn:
        told = [row for row in imports.trainings(conn, bench.account) if row.technique and row.user_id]
        criteria = {
            name: key for key, name in named_techniques({str(row.technique) for row in told}, Rubrics(bench).lists)
        }
        trained = [
            Training(str(row.user_id), str(row.technique), criteria[str(row.technique)], row.at)
            for row in told
            if row.technique in criteria
        ]
        muted = muted_criteria(bench, conn) if criteria else frozenset[str]()
        tried = {key: list(_tried(bench, conn, key, trained, muted)) for key in sorted(set(criteria.values()))}
        names = {id: user.name for id, user in records.directory(conn, bench.account, User).items()}
    now = from_ms(bench.now())
    lifts = [lift(one, tried[one.criterion], trained, now) for one in trained]
    ordered = sorted(lifts, key=lambda one: (one.training.at, one.training.user), reverse=True)
    unknown = sorted({str(row.technique) for row in told} - criteria.keys())
    return Learned(bench.settings.name, tuple(ordered), names, tuple(unknown))


def _tried(
    bench: Workbench, conn: Connection, key: str, trained: Sequence[Training], muted: Collection[str]
) -> Iterator[Tried]:
    """Calls around the trainings in which the criterion was judged, by anybody whose word counts."""
    moments = [one.at for one in trained if one.criterion == key]
    if not moments:
        return
    first, last = (
        local_day(min(moments) - BEFORE, bench.zone()),
        local_day(max(moments) + SETTLING + AFTER, bench.zone()),
    )
    talks = {one.call: one for one in spoken.between(conn, bench.account, day_number(first), day_number(last), 0)}
    for call, score in scores.of_calls(conn, bench.account, list(talks)).items():
        answer = _answer(score, key)
        user = talks[call].user
        if answer is not None and user is not None and (score.by_person or key not in muted):
            yield Tried(user, from_ms(talks[call].at), answer == "yes")


def _answer(score: Scored, key: str) -> str | None:
    found = (one.answer for one in score.found if one.criterion == key and one.counts)
    return next((one for one in found if one != "not_applicable"), None)
