"""People score what chance drew: blind, sometimes twice, at once in the KPIs; programs that disagree are muted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from connector.config import AccountSettings
from connector.errors import BadConfig
from connector.moment import from_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.talks.agreeing import agreement_of
from connector.pipeline.talks.asking_people import sampling_tasks
from connector.pipeline.talks.learning import learned
from connector.pipeline.talks.people_scoring import Answered, drawn, form, form_link, sample, submit
from connector.pipeline.talks.rows import score_of
from connector.pipeline.talks.scoring import score_talks
from connector.pipeline.talks.shown import shown
from connector.quality.told import told as told_of
from connector.records import External
from connector.store import imports, notices
from connector.store.engine import Store
from connector.store.talk import sampled, scores
from connector.store.talk.scores import Answered as Stored
from connector.store.talk.scores import Scored
from connector.testing.world import START
from tests.pipeline.shop import result
from tests.pipeline.talking import talking

WEEK = "2026-W36"
"""The week of the calls."""


def sampling(store: Store, **more: Any) -> Workbench:
    return talking(store, sampling={"per_person": 4, "raters": ["511", "512"], **more})


def answers(
    bench: Workbench, call: str, rater: str, objection: str = "no", rest: str = "yes"
) -> Mapping[str, Answered]:
    told = form(bench, call, rater)
    given = {one.key: Answered(rest) for one in told.questions if one.kind == "criterion"}  # type: ignore[arg-type]
    given |= {one.key: Answered("not_applicable") for one in told.questions if one.kind == "objection"}
    return given | {"objection:expensive": Answered(objection, 3)}  # type: ignore[arg-type]


def test_a_week_is_drawn_once_and_asked_for(store: Store) -> None:
    bench = sampling(store, form="https://kpi.example.ru/")
    found = sample(bench, WEEK, seed=7)
    firsts = [one for one in found if not one.second]
    assert {user: sum(one.user == user for one in firsts) for user in ("501", "502")} == {"501": 4, "502": 4}
    assert sum(one.second for one in found) == 1
    assert sample(bench, WEEK, seed=8) == found
    assert found[0].link == f"https://kpi.example.ru/calls/acme/{WEEK}/{found[0].call}"
    assert found[0].card.startswith("https://fake.invalid/deal/")
    tasks = sampling_tasks(bench)
    assert {one.user_id for one in tasks} == {"511", "512"}
    assert all(form_link(bench, WEEK) in one.text and one.text.endswith(one.marker) for one in tasks)
    assert sampling_tasks(bench) == tasks
    now = bench.clock
    bench.clock = lambda: now() + timedelta(days=22)
    assert sampling_tasks(bench) == []


def test_the_step_draws_by_itself_and_heads_score_their_own(sqlite_store: Store) -> None:
    bench = talking(sqlite_store, words={}, sampling={"per_person": 2})
    bench.clock = lambda: START + timedelta(days=8)
    assert score_talks(bench).problems == []
    with bench.store.read() as conn:
        assert sampled.weeks(conn, bench.account) == [WEEK]
    assert {(one.user, one.rater, one.second) for one in drawn(bench)} == {
        ("501", "511", False), ("502", "511", False)
    }  # fmt: skip


def test_an_answer_counts_at_once_and_before_any_program(sqlite_store: Store) -> None:
    bench = sampling(sqlite_store)
    score_talks(bench)
    assert result(bench, "objection_handling").value == 1
    sample(bench, WEEK, seed=7)
    one = next(one for one in drawn(bench) if one.user == "501" and one.call not in ("110", "111"))
    asked = form(bench, one.call, one.rater)
    assert asked.turns
    assert not any("local@" in str(part) or "KPI" in str(part) for part in (asked.questions, asked.checklist))
    submit(bench, one.call, one.rater, answers(bench, one.call, one.rater))
    told = result(bench, "objection_handling")
    assert (told.numerator, told.denominator) == (4, 5)
    best = shown(bench, one.call).scores[0]
    assert best.scorer == f"person:{one.rater}"
    [handled] = [found for found in best.found if found.criterion == "objection:expensive"]
    assert "дорого" in handled.evidence[0].quote
    assert [row.call for row in drawn(bench, rater=one.rater)].count(one.call) == 0
    submit(bench, one.call, one.rater, answers(bench, one.call, one.rater, objection="yes"))
    assert result(bench, "objection_handling").value == 1


def test_what_is_not_taken(sqlite_store: Store) -> None:
    bench = sampling(sqlite_store)
    one = sample(bench, WEEK, seed=7)[0]
    given = dict(answers(bench, one.call, one.rater))
    with pytest.raises(BadConfig, match="not asked"):
        submit(bench, one.call, "599", given)
    with pytest.raises(BadConfig, match="greeting: not answered"):
        submit(bench, one.call, one.rater, {key: a for key, a in given.items() if key != "greeting"})
    with pytest.raises(BadConfig, match="nonsense: no question"):
        submit(bench, one.call, one.rater, given | {"nonsense": Answered("yes")})
    with pytest.raises(BadConfig, match="no turn 99"):
        submit(bench, one.call, one.rater, given | {"greeting": Answered("yes", 99)})
    with pytest.raises(BadConfig, match="a week such as"):
        sample(bench, "2026-09")


def written(call: int, scorer: str, **said: str) -> Scored:
    found = tuple(Stored(key.replace("__", ":"), answer) for key, answer in said.items())
    return Scored(str(call), "звонок@1", scorer, found)


def test_a_program_that_disagrees_with_people_is_muted_and_says_so(store: Store) -> None:
    """On greeting it says yes to everything; on the objection it is always right."""
    bench = talking(store, words={}, mute_from=10)
    with bench.store.write() as conn:
        some = []
        for place, call in enumerate(range(100, 112)):
            person = "yes" if place % 2 else "no"
            flaw = "no" if place % 3 else "yes"
            some.append(written(call, "person:511", greeting=person, objection__expensive=person))
            some.append(written(call, "local@1", greeting=flaw, objection__expensive=person))
        some += [written(100, "person:512", greeting="no"), written(101, "person:512", greeting="no")]
        scores.keep(conn, bench.account, some, now=bench.now())
    told = agreement_of(bench)
    assert (told.people, told.doubled) == (12, 2)
    assert told.muted == {"greeting"}
    assert told.programs["objection:expensive"].kappa == 1
    assert told.programs["greeting"].kappa is not None
    assert told.programs["greeting"].kappa < 0.4
    assert told.raters["greeting"].n == 2
    assert told.alpha is not None
    assert "greeting" in shown(bench, "100").muted
    score_talks(bench)
    with bench.store.read() as conn:
        [notice] = [row for row in notices.all(conn, bench.account) if row.code == "muted_criterion"]
    assert notice.subject == "greeting"
    one = written(1, "local@1", greeting="yes", needs="yes")
    assert [fact.items for fact in told_of(score_of(one), {}, told.muted)] == [1]
    assert [fact.items for fact in told_of(score_of(one._replace(scorer="person:511")), {}, told.muted)] == [2]


def trained(bench: Workbench, *rows: External) -> None:
    with bench.store.write() as conn:
        imports.take(conn, bench.account, rows, author="a", source="s", digest=str(len(rows)), now=bench.now())


def test_a_training_makes_uses_of_its_technique_count(sqlite_store: Store) -> None:
    """Imported after the calls were scored: all are told again, those before it are left out as such."""
    bench = talking(sqlite_store)
    score_talks(bench)
    assert result(bench, "technique_use").reason == "no_scores"
    at = from_ms(bench.now()) - timedelta(days=18)
    row = External(id="t1", what="training", at=at, user_id="501", technique="дорого")
    trained(bench, row, External(id="t2", what="training", at=at, user_id="502", technique="Жонглирование"))
    assert score_talks(bench).told == 12
    told = result(bench, "technique_use")
    assert (told.value, told.n) == (1, 3)
    assert result(bench, "technique_use", "user:502").n == 0
    found = learned(bench)
    assert found.unknown == ("Жонглирование",)
    [lift] = found.lifts
    assert (lift.training.criterion, lift.verdict, lift.before.n) == ("objection:expensive", "too_little", 2)


def test_settings_are_checked(sqlite_store: Store) -> None:
    bench = talking(sqlite_store)
    base = bench.settings.model_dump(exclude={"quality"})
    for wrong in ({"scorer": "magic"}, {"keep_days": 0}, {"sampling": {"per_person": 0}}, {"unknown": 1}):
        with pytest.raises(ValueError, match="quality"):
            AccountSettings.model_validate(base | {"quality": wrong})
