"""The step between reading and measuring: transcripts in, scored, and told to the KPIs.

purge | ask the CRM | hear recordings | score what is new | tell facts of what counts | derive
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from connector.config.quality import QualitySettings
from connector.errors import Busy, KpiError, NeedsPerson, TryLater
from connector.pipeline.bench import Workbench
from connector.pipeline.deriving import derive_touched
from connector.pipeline.running import Stop, held, never, recorded
from connector.pipeline.talks import transcripts as taking
from connector.pipeline.talks.asking_people import sample_due
from connector.pipeline.talks.facts_of_scores import tell_facts, terms_now
from connector.pipeline.talks.rows import scored, transcript_of
from connector.pipeline.talks.rubrics import Rubrics
from connector.pipeline.talks.transcripts import quality_settings
from connector.quality.local.scorer import LocalScorer
from connector.quality.score import Score
from connector.quality.scorer import Scorer
from connector.store import leases, notices
from connector.store.talk import scores, transcripts
from connector.store.talk.transcripts import Kept

AT_ONCE = 50
"""Calls scored in one transaction."""
MUTED = "muted_criterion"
KILLED = "ends_program"
"""Why a call is void that took the program with it whenever it was scored."""
PATIENCE = 3
"""Calls in a row without an answer after which a scorer is left alone until the next run."""


@dataclass(slots=True)
class Scoring:
    """What the step came to, in calls; `void`: by reason, calls that could not be scored."""

    purged: int = 0
    came: int = 0
    heard: int = 0
    scored: int = 0
    void: dict[str, int] = field(default_factory=dict)
    told: int = 0
    waiting: int = 0
    """Transcripts left for the next run."""
    problems: list[str] = field(default_factory=list)


def score_talks(bench: Workbench, *, stop: Stop = never, most: int | None = None) -> Scoring:
    """The whole step, for a command: takes the account's lease."""
    with held(bench) as fence:
        return score_within(bench, fence, stop=stop, most=most)


def score_calmly(bench: Workbench, fence: leases.Fence, *, stop: Stop = never) -> Scoring:
    """The same within the whole flow: what ends it is told, and the flow goes on."""
    try:
        return score_within(bench, fence, stop=stop)
    except (Busy, NeedsPerson):
        raise
    except KpiError as error:
        return Scoring(problems=[str(error)])


def score_within(bench: Workbench, fence: leases.Fence, *, stop: Stop = never, most: int | None = None) -> Scoring:
    """The same, for whoever holds the lease already. With the scorer off nothing is asked and nothing judged."""
    settings, done = quality_settings(bench), Scoring()
    with recorded(bench, "score") as run:
        done.purged = taking.purge(bench)
        if settings.scorer != "off":
            _take(bench, fence, done, settings)
            _score(bench, fence, done, settings, most or settings.most, stop)
        sample_due(bench)
        terms = terms_now(bench)
        done.told = tell_facts(bench, fence, terms)
        _tell_muted(bench, terms.muted)
        derive_touched(bench, fence, run, stop)
        run.rows, run.problems = {"transcript": done.came + done.heard, "score": done.scored}, list(done.problems)
    return done


def _take(bench: Workbench, fence: leases.Fence, done: Scoring, settings: QualitySettings) -> None:
    if bench.settings.quality is not None:  # what was brought by hand is scored without the section, nothing is asked
        done.came, problem = taking.from_crm(bench, fence, settings.most)
        done.problems += [problem] if problem else []
    if settings.speech is not None:
        from connector.pipeline.talks.listening import hear_recordings

        heard = hear_recordings(bench, fence, settings.speech)
        done.heard = heard.heard
        done.problems += heard.problems


def _score(
    bench: Workbench, fence: leases.Fence, done: Scoring, settings: QualitySettings, most: int, stop: Stop
) -> None:
    scorer, rubrics = scorer_of(settings), Rubrics(bench)
    _let_be(bench, fence, done, scorer, rubrics)
    while done.scored + sum(done.void.values()) < most and not stop():
        with bench.store.read() as conn:
            left = most - done.scored - sum(done.void.values())
            waiting = transcripts.unscored(conn, bench.account, scorer.name, rubrics.labels, min(AT_ONCE, left))
        if not waiting:
            return
        calls = [one.call for one in waiting]
        with taking.at_risk(bench, fence, calls):
            judged, problem = _judge(scorer, rubrics, waiting)
            with bench.store.write() as conn:
                fence.check(conn)
                transcripts.ended(conn, bench.account, calls)
                scores.keep(conn, bench.account, [scored(one) for one in judged], now=bench.now())
        _count(done, judged)
        if problem:
            done.problems.append(problem)
            break
    with bench.store.read() as conn:
        more = transcripts.unscored_count(conn, bench.account, scorer.name, rubrics.labels)
    done.waiting = min(more, most)


def _let_be(bench: Workbench, fence: leases.Fence, done: Scoring, scorer: Scorer, rubrics: Rubrics) -> None:
    """Calls whose scoring was killed each time (memory, a crash of a library) are void, so that the others go on."""
    with bench.store.read() as conn:
        hopeless = transcripts.hopeless(conn, bench.account, scorer.name, rubrics.labels)
    if not hopeless:
        return
    chosen = rubrics.of(hopeless)
    void = [Score(call, chosen[call].label, scorer.name, (), KILLED) for call in hopeless]
    with bench.store.write() as conn:
        fence.check(conn)
        transcripts.ended(conn, bench.account, hopeless)  # another scorer or checklist may fare better
        scores.keep(conn, bench.account, [scored(one) for one in void], now=bench.now())
    _count(done, void)


def _judge(scorer: Scorer, rubrics: Rubrics, waiting: Sequence[Kept]) -> tuple[list[Score], str]:
    """Their scores as far as the scorer answers; who does not answer in time for one call may do for the next, but
    not for ever. What is not scored is tried again in the next run.
    """
    chosen, judged, failed = rubrics.of([one.call for one in waiting]), list[Score](), 0
    problem = ""
    for one in waiting:
        try:
            judged.append(scorer.score(transcript_of(one), chosen[one.call]))
            failed = 0
        except TryLater as later:
            problem, failed = f"call {one.call} is not scored yet: {later}", failed + 1
        except KpiError as error:
            return judged, f"nothing more is scored: {error}"
        if failed >= PATIENCE:
            break
    return judged, problem


def _count(done: Scoring, judged: Sequence[Score]) -> None:
    for one in judged:
        if one.void:
            done.void[one.void] = done.void.get(one.void, 0) + 1
        else:
            done.scored += 1


def _tell_muted(bench: Workbench, muted: Collection[str]) -> None:
    """What counts in no KPI stands in `kpi status`, as long as it is so."""
    with bench.store.write() as conn:
        notices.clear(conn, bench.account, MUTED)
        for key in sorted(muted):
            text = f"the criterion {key} counts in no KPI: programs disagree with people (kpi calls agreement)"
            notices.add(conn, bench.account, MUTED, key, text, now=bench.now())


def scorer_of(settings: QualitySettings) -> Scorer:
    """By the setting; the language model is asked for nothing yet. Raises BadConfig for an extra not installed."""
    if settings.scorer == "llm":
        from connector.quality.llm.scorer import scorer

        return scorer(settings.llm)
    if settings.embeddings:
        from connector.quality.local.meaning import by_meaning

        return LocalScorer(by_meaning())
    return LocalScorer()
