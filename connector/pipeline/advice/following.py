"""What became of the tasks: answers read back from the CRM, KPIs measured again.

closed tasks -> the text of their result -> answer | some weeks later: KPI beside colleagues -> effect
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy.engine import Connection

from connector.advice.diagnosis.peers import members_of, peers
from connector.advice.feedback import effect as effects
from connector.advice.feedback import reply as replies
from connector.advice.feedback.caps import ALERTS
from connector.advice.feedback.effect import Effect, Seen
from connector.advice.feedback.reply import Reply
from connector.advice.feedback.telling import card_line
from connector.advice.feedback.thread import Thread
from connector.advice.feedback.weeks import Counted, Weeks, span, windows
from connector.errors import BadConfig
from connector.kpi.worked import worked_days
from connector.moment import DAY, Period, from_ms, local_day
from connector.pipeline.advice.weekly import measured, sellers_of
from connector.pipeline.bench import Workbench
from connector.pipeline.catalogue import catalogue_in
from connector.pipeline.trust.freezing import frozen_kpis
from connector.provider import TellsReplies
from connector.records import Team, User
from connector.result import Result
from connector.store import leases, notices
from connector.store.crm import records
from connector.store.sent import feedback, raised
from connector.store.sent.raised import Given
from connector.wishes import AddTask

PATIENCE = timedelta(days=1)
"""How long after a task was closed its text may still be written."""
BY_DAY = {"revenue": "won_deals"}
"""Measured as wins a worked day: the size of one person's deals is mostly noise (kpi/statistics.md)."""
FEW_DAYS, FEW_WINS = 10, 8
LAST = 2
"""Where there was too little after so many days, once more after twice as many; then it stays "too early"."""
WRONG = "data_wrong"


@dataclass(frozen=True, slots=True)
class Followed:
    """How many answers were read and how many effects measured."""

    answers: int = 0
    effects: int = 0


def follow_up(bench: Workbench, fence: leases.Fence) -> Followed:
    """Read what was answered, measure what is due. Whoever holds the account calls it. Raises what a read raises."""
    with bench.store.read() as conn:
        given = raised.given(conn, bench.account)
        waiting = [one for one in _threads(bench, conn, given) if one.closed_at is not None and one.reply is None]
        tasks = {one.wish.key: one for one in given}
    told = dict(_answers(bench, [tasks[one.key] for one in waiting]))
    with bench.store.write() as conn:
        fence.check(conn)
        answers = sum(
            feedback.note(conn, bench.account, key, "reply", one, now=bench.now()) for key, one in told.items()
        )
        _tell_wrong(bench, conn, {one.key: one for one in waiting}, told)
    with bench.store.read() as conn:
        found = dict(_effects(bench, conn))
    with bench.store.write() as conn:
        fence.check(conn)
        measured_now = [
            feedback.note(conn, bench.account, key, "effect", one, now=bench.now()) for key, one in found.items()
        ]
    return Followed(answers, sum(measured_now))


def chosen(bench: Workbench, *, user: str | None = None, only: str = "all") -> list[Thread]:
    """Tasks for heads, the newest first: about one person (id or name), and all, open or closed ones.

    Not those that an undo withdrew: nobody is to answer them, and they had no effect to measure.
    """
    with bench.store.read() as conn:
        found = _threads(bench, conn)[::-1]
    if user is not None:
        found = [one for one in found if user.casefold() in (one.user.casefold(), one.name.casefold())]
    return [one for one in found if only == "all" or (one.state == "open") == (only == "open")]


def unlisted(bench: Workbench) -> tuple[int, int]:
    """How many tasks `chosen` never tells: alerts to sellers, and tasks for heads that an undo withdrew."""
    with bench.store.read() as conn:
        found = raised.given(conn, bench.account)
    alerts = sum(one.kpi in ALERTS for one in found)
    return alerts, sum(one.withdrawn and one.kpi not in ALERTS for one in found)


def one_of(opened: Sequence[Workbench], number: str) -> tuple[Workbench, Thread]:
    """The task with this id. Raises BadConfig for one that there is not."""
    id = number.strip("[]").removeprefix("kpi#")
    for bench in opened:
        for one in chosen(bench):
            if one.id == id:
                return bench, one
    raise BadConfig([f"there is no task {number!r}; `kpi feedback list` shows them all"])


def card_lines(bench: Workbench, conn: Connection, also: Sequence[AddTask] = ()) -> dict[str, str]:
    """By person: what his card tells of what he was talked to about; `also`: as if heads had these tasks already."""
    language = bench.settings.language
    found = _histories(bench, conn, also)
    return {user: card_line(some, bench.zone(), language) for user, some in found.items()}


def _histories(bench: Workbench, conn: Connection, also: Sequence[AddTask]) -> dict[str, list[Thread]]:
    """By person, the oldest first."""
    found: dict[str, list[Thread]] = {}
    given = raised.given(conn, bench.account)
    there = {one.wish.key for one in given}
    fresh = [raised.meant(wish, from_ms(bench.now())) for wish in also if wish.key not in there]
    for one in _threads(bench, conn, [*given, *fresh]):
        found.setdefault(one.user, []).append(one)
    return found


def _threads(bench: Workbench, conn: Connection, given: Sequence[Given] | None = None) -> list[Thread]:
    """`given`: the tasks, where they were read already."""
    users = records.directory(conn, bench.account, User)
    answers = feedback.all(conn, bench.account, "reply", Reply)
    found = feedback.all(conn, bench.account, "effect", Effect)
    every = raised.given(conn, bench.account) if given is None else given
    tasks = [one for one in every if one.kpi not in ALERTS and not one.withdrawn]
    made = [_thread(bench, one, users) for one in tasks]
    return [
        replace(
            one,
            reply=answers[one.key][1] if one.key in answers else None,
            effect=found[one.key][1] if one.key in found else None,
        )
        for one in made
    ]


def _thread(bench: Workbench, one: Given, users: Mapping[str, User]) -> Thread:
    user = one.subject.removeprefix("user:")
    names = {id: users[id].name if id in users else id for id in (user, one.wish.user_id)}
    closed = one.closed_at
    return Thread(
        id=one.wish.marker.strip("[]").removeprefix("kpi#"),
        key=one.wish.key,
        rule=one.rule,
        user=user,
        name=names[user],
        kpi=one.kpi,
        head=names[one.wish.user_id],
        title=one.wish.title,
        text=one.wish.text,
        at=one.at,
        due_at=one.wish.due_at,
        link=bench.provider.link_to(f"task:{one.crm_id}") if one.crm_id else "",
        closed_at=closed,
        measure_on=None if closed is None else _after(bench, local_day(closed, bench.zone())).end,
    )


def _answers(bench: Workbench, tasks: list[Given]) -> Iterator[tuple[str, Reply]]:
    """A text that is not there yet is waited for, unless the task itself is gone."""
    for one in tasks:
        if one.gone:
            yield one.wish.key, Reply(answer="deleted")
    closed = {one.crm_id: one for one in tasks if one.crm_id and not one.gone}
    if not closed or not isinstance(bench.provider, TellsReplies):
        return
    texts = bench.provider.replies(sorted(closed))
    for id, one in closed.items():
        told = replies.read(texts.get(id))
        if told.answer != "no_text" or from_ms(bench.now()) - (one.closed_at or one.at) >= PATIENCE:
            yield one.wish.key, told


def _tell_wrong(bench: Workbench, conn: Connection, asked: Mapping[str, Thread], told: Mapping[str, Reply]) -> None:
    """Data that a head calls wrong is somebody's to look into."""
    for key, one in told.items():
        if one.answer == WRONG:
            text = f"{asked[key].head} says of {asked[key].title!r} that the data is wrong: {one.reason or one.text}"
            notices.add(conn, bench.account, WRONG, asked[key].id, text, now=bench.now())


def _effects(bench: Workbench, conn: Connection) -> Iterator[tuple[str, Effect]]:
    """Once enough is there; after twice the time whatever there is."""
    today, everything = bench.today(), _threads(bench, conn)
    frozen = frozen_kpis(bench)
    for one in everything:
        if not one.waits or one.closed_at is None or one.kpi in frozen:
            continue
        closed = local_day(one.closed_at, bench.zone())
        for times in range(1, LAST + 1):
            after = _after(bench, closed, times)
            found = _measure(bench, conn, one, after, everything) if after.end <= today else None
            if found is not None and (found.verdict != "early" or times == LAST):
                yield one.key, found
                break


def _after(bench: Workbench, closed: date, times: int = 1) -> Period:
    """The days after a talk."""
    return span(closed + DAY, closed + DAY + times * bench.settings.feedback.measure_after_days * DAY)


def _measure(bench: Workbench, conn: Connection, one: Thread, after: Period, everything: list[Thread]) -> Effect | None:
    """None for a KPI that is none any more."""
    now, before = windows(local_day(one.at, bench.zone()))
    key = BY_DAY.get(one.kpi, one.kpi)
    known = catalogue_in(bench, conn, None)
    if key not in known:
        return None
    spans = tuple(measured(bench, conn, period, {key: known[key]}) for period in (before, now, after))
    sellers = set[str]().union(*map(sellers_of, spans[:2]))
    touched = {
        other.user
        for other in everything
        if other.kpi == one.kpi and before.start <= local_day(other.at, bench.zone()) < after.end
    }
    alike = _peers(bench, conn, sellers, one.user) - touched - {one.user}
    by_day = key in BY_DAY.values()
    worked = _worked(bench, conn, {one.user, *alike}, (before, now, after)) if by_day else ()
    seen = _Seen(key, Weeks(now, before, {key: known[key]}), spans, worked)
    days = (after.start.isoformat(), (after.end - DAY).isoformat())
    mine = seen.of(one.user)
    enough = mine.after.n >= known[key].minimum
    if one.kpi in BY_DAY:
        enough = mine.after.n >= FEW_DAYS and mine.own.good + mine.before.good >= FEW_WINS
    scale = effects.by_day if one.kpi in BY_DAY else effects.share
    return effects.measured(mine, [seen.of(user) for user in sorted(alike)], enough=enough, days=days, scale=scale)


def _peers(bench: Workbench, conn: Connection, sellers: set[str], user: str) -> frozenset[str]:
    users, teams = records.directory(conn, bench.account, User), records.directory(conn, bench.account, Team)
    team = peers(sellers, users, teams).get(user)
    return frozenset(sellers) if team is None else members_of(sellers, users, teams)[team]


def _worked(
    bench: Workbench, conn: Connection, users: set[str], periods: Sequence[Period]
) -> tuple[Mapping[str, int], ...]:
    """The days that each of them worked in each of these spans, until now."""
    zone, now, rules = bench.zone(), from_ms(bench.now()), bench.settings.rules
    ends = [min(period.bounds(zone)[1], now) for period in periods]
    return tuple(
        worked_days(conn, bench.account, users, period, until=until, rules=rules, zone=zone)
        for period, until in zip(periods, ends, strict=True)
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """Counts of a person in the three spans: good ones of all, or wins of days worked."""

    kpi: str
    weeks: Weeks
    spans: tuple[Mapping[tuple[str, str], Result], ...]
    worked: tuple[Mapping[str, int], ...]
    """Days by user in each span; empty where a share is measured."""

    def of(self, user: str) -> Seen:
        return Seen(*(self._one(user, place) for place in range(3)))

    def _one(self, user: str, place: int) -> Counted:
        result = self.spans[place].get((self.kpi, f"user:{user}"))
        if not self.worked:
            return self.weeks.counted(result)
        return Counted(int(result.value or 0) if result else 0, self.worked[place][user])
