"""Calls scored by people: drawn by chance each week, asked for by a task, taken by a form, compared with programs.

What the form shows is the call, the questions and nothing else: no KPI, no program's answer, nobody else's.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.engine import Connection

from connector.config.quality import SamplingSettings
from connector.errors import BadConfig
from connector.moment import Period, from_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.deriving import derive_now
from connector.pipeline.running import held
from connector.pipeline.talks.facts_of_scores import tell_facts, terms_now
from connector.pipeline.talks.rows import scored, transcript_of
from connector.pipeline.talks.rubrics import Rubrics
from connector.pipeline.talks.transcripts import quality_settings
from connector.quality.sampling import Talk, draw, raters
from connector.quality.score import OBJECTION, PERSON, Answer, Evidence, Found, Score
from connector.quality.transcript import Turn
from connector.records import Team, User
from connector.store.asked import spoken
from connector.store.crm import records
from connector.store.tables import SampledCallRow
from connector.store.talk import sampled, scores, transcripts

_ENDINGS = {"win": "won", "loss": "lost"}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A call that somebody is asked to score, and whether he has. `link`: its form, "" without a web page."""

    call: str
    user: str
    week: str
    stratum: str
    rater: str
    second: bool
    done: bool
    card: str
    """The address of the card it hangs on, in the CRM."""
    link: str
    who: str = ""
    """The name of `user`, as that of `for_whom` is the rater's; the id where there is none."""
    for_whom: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One criterion: `kind` criterion or objection; an objection is answered by handled, not handled, not raised."""

    key: str
    kind: str
    ru: str
    en: str


@dataclass(frozen=True, slots=True)
class Form:
    """What a person sees who scores a call. `turns` are empty where no transcript is kept: he listens in the CRM."""

    call: str
    at: datetime
    seconds: int
    checklist: str
    questions: tuple[Question, ...]
    turns: tuple[Turn, ...]
    card: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A person's answer to one question; `turn`: the turn, from 0, that he bases it on, where he says so."""

    answer: Answer
    turn: int | None = None
    note: str = ""


def sample(bench: Workbench, week: str | None = None, *, seed: int | None = None) -> list[Drawn]:
    """Draw a week's calls (`2026-W40`; default: the last whole one), once: later draws of it change nothing.

    `seed` None: of the account's and the week's names. Raises BadConfig for what is no week.
    """
    week = week or _last_week(bench)
    settings = quality_settings(bench).sampling or SamplingSettings()
    with bench.store.write() as conn:
        if not sampled.of_week(conn, bench.account, week):
            sampled.keep(conn, bench.account, _drawn(bench, conn, week, settings, seed))
    return drawn(bench, week=week)


def drawn(bench: Workbench, *, week: str | None = None, rater: str | None = None) -> list[Drawn]:
    """What was drawn of a week, or what still waits for a person, or for anybody."""
    with bench.store.read() as conn:
        if week is not None:
            rows = sampled.of_week(conn, bench.account, week)
        else:
            rows = sampled.waiting(conn, bench.account, rater)
        return of_rows(bench, conn, [row for row in rows if rater in (None, row.rater)])


def of_rows(bench: Workbench, conn: Connection, rows: Sequence[SampledCallRow]) -> list[Drawn]:
    """The same for rows that were read already."""
    known = transcripts.calls(conn, bench.account, [row.call_id for row in rows])
    cards = {id: _card(bench, call.on) for id, call in known.items()}
    names = {id: one.name for id, one in records.directory(conn, bench.account, User).items()}
    return [_of_row(bench, row, cards.get(row.call_id, ""), names) for row in rows]


def form(bench: Workbench, call: str, rater: str) -> Form:
    """What this person sees of this call. Raises BadConfig where nobody asked him, or the call is not there."""
    with bench.store.read() as conn:
        _must_be_asked(bench, conn, call, rater)
        known = transcripts.calls(conn, bench.account, [call]).get(call)
        kept = transcripts.get(conn, bench.account, [call])
    if known is None:
        raise BadConfig([f"{bench.settings.name}: call {call} is not there (any more)"])
    checklist = Rubrics(bench).of([call])[call]
    asked = [
        Question(one.key, "criterion", one.ru, one.en) for one in checklist.criteria if one.applies != "after_objection"
    ]
    met = [Question(f"{OBJECTION}{one.key}", "objection", one.ru, one.en) for one in checklist.objections]
    turns = transcript_of(kept[0]).turns if kept else ()
    card = _card(bench, known.on)
    return Form(call, known.at, known.seconds, checklist.label, (*asked, *met), turns, card)


def submit(bench: Workbench, call: str, rater: str, answers: Mapping[str, Answered]) -> Score:
    """Take a person's answers: all questions, or none is taken. KPIs follow at once.

    Raises BadConfig naming what is missing or unknown; a second submission takes the place of the first.
    """
    asked = form(bench, call, rater)
    wanted = {one.key for one in asked.questions}
    wrong = [f"{key}: not answered" for key in sorted(wanted - answers.keys())]
    wrong += [f"{key}: no question of {asked.checklist}" for key in sorted(answers.keys() - wanted)]
    wrong += [f"{key}: there is no turn {one.turn}" for key, one in answers.items() if not _there(asked, one.turn)]
    if wrong:
        raise BadConfig(wrong, where=f"call {call}")
    found = tuple(_found(asked, one.key, answers[one.key]) for one in asked.questions)
    score = Score(call, asked.checklist, f"{PERSON}{rater}", found)
    with held(bench) as fence:
        with bench.store.write() as conn:
            fence.check(conn)
            scores.keep(conn, bench.account, [scored(score)], now=bench.now())
            sampled.done(conn, bench.account, call, rater, now=bench.now())
        tell_facts(bench, fence, terms_now(bench))
        derive_now(bench, fence, "score")
    return score


def _there(asked: Form, turn: int | None) -> bool:
    return turn is None or 0 <= turn < max(len(asked.turns), 1)


def _found(asked: Form, key: str, told: Answered) -> Found:
    quoted = told.turn is not None and told.turn < len(asked.turns)
    evidence: tuple[Evidence, ...] = ()
    if quoted and told.turn is not None:
        evidence = (Evidence(told.turn, asked.turns[told.turn].start, asked.turns[told.turn].text),)
    return Found(key, told.answer, True, evidence, why=told.note[:500])


def _must_be_asked(bench: Workbench, conn: Connection, call: str, rater: str) -> None:
    if sampled.asked(conn, bench.account, call, rater) is None:
        raise BadConfig([f"{bench.settings.name}: user {rater} was not asked to score call {call}"])


def _last_week(bench: Workbench) -> str:
    today = bench.today()
    year, week, _ = (today - timedelta(days=7)).isocalendar()
    return f"{year}-W{week:02}"


def _drawn(
    bench: Workbench, conn: Connection, week: str, settings: SamplingSettings, seed: int | None
) -> Iterator[SampledCallRow]:
    talks = list(_talks(bench, conn, _days(week)))
    root = f"{bench.settings.name}:{week}" if seed is None else f"{seed}:{week}"
    picked = draw(talks, settings.per_person, settings.second, hashlib.sha256(root.encode()).hexdigest())
    heads, others = _raters(bench, conn, settings)
    for one, rater, again in raters(picked, heads, others):
        yield SampledCallRow(
            account=bench.account, call_id=one.call, rater=rater, week=week, user_id=one.user, stratum=one.stratum,
            second=int(again), made_at=bench.now(), done_at=None,
        )  # fmt: skip


def _days(week: str) -> tuple[int, int]:
    """The first and the last day, yyyymmdd."""
    try:
        return Period.parse(week if len(week) == len("2026-W40") and "W" in week else "").days()
    except ValueError:
        raise BadConfig([f"{week}: calls are drawn of a week such as 2026-W40"]) from None


def _talks(bench: Workbench, conn: Connection, days: tuple[int, int]) -> Iterator[Talk]:
    least = quality_settings(bench).min_seconds
    found = [one for one in spoken.between(conn, bench.account, *days, least) if one.user is not None]
    ends = spoken.endings(conn, bench.account, {one.deal for one in found if one.deal})
    users = records.directory(conn, bench.account, User)
    for one in found:
        if one.user in users and users[one.user].active:
            ending = _ENDINGS.get(ends.get(one.deal or "", ""), "open")
            yield Talk(one.call, one.user, one.seconds, ending, from_ms(one.at).astimezone(bench.zone()).hour)


def _raters(
    bench: Workbench, conn: Connection, settings: SamplingSettings
) -> tuple[Mapping[str, Sequence[str]], Sequence[str]]:
    """By seller his heads, and everybody else who may score: all heads, or only those whom the setting names."""
    if settings.raters:
        return {}, settings.raters
    users, teams = records.directory(conn, bench.account, User), records.directory(conn, bench.account, Team)
    active = {id for id, user in users.items() if user.active}
    heads: dict[str, list[str]] = defaultdict(list)
    for id, user in users.items():
        for team in sorted(user.team_ids):
            heads[id] += [head for head in _heads(team, teams) if head in active and head != id]
    every = sorted({head for team in teams.values() for head in team.head_ids if head in active})
    return heads, every


def _heads(team: str, teams: Mapping[str, Team]) -> list[str]:
    """Of the team, else of the teams above it."""
    seen: set[str] = set()
    at: str | None = team
    while at is not None and at not in seen and at in teams:
        if teams[at].head_ids:
            return sorted(teams[at].head_ids)
        seen.add(at)
        at = teams[at].parent_id
    return []


def _of_row(bench: Workbench, row: SampledCallRow, card: str, names: Mapping[str, str]) -> Drawn:
    return Drawn(
        call=row.call_id, user=row.user_id, week=row.week, stratum=row.stratum, rater=row.rater,
        second=bool(row.second), done=row.done_at is not None, card=card,
        link=form_link(bench, row.week, row.call_id), who=names.get(row.user_id, row.user_id),
        for_whom=names.get(row.rater, row.rater),
    )  # fmt: skip


def form_link(bench: Workbench, week: str, call: str = "") -> str:
    """Where the web page has the form of a week's calls, or of one; "" where no page is configured."""
    settings = quality_settings(bench).sampling
    if settings is None or not settings.form:
        return ""
    base = f"{settings.form.rstrip('/')}/calls/{bench.settings.name}/{week}"
    return f"{base}/{call}" if call else base


def _card(bench: Workbench, on: Sequence[str]) -> str:
    return bench.provider.link_to(on[0]) if on else ""
