"""Who is worth a talk, and with whom: every rule's findings, through the caps, into tasks. Pure.

    behind the plan | a plan to be changed | quality drop | slow response | stuck deals | missed calls | one deal that
    waits
        -> findings -> limits (feedback/caps.py) -> tasks

Findings about money come first, the largest gap first; then those about how somebody works, the least likely by chance
first; then single deals. Where nobody leads, it is a notice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from connector.advice.behind import BEHIND, behind, is_behind
from connector.advice.behind import RULE as BEHIND_PLAN
from connector.advice.case import TASK_KPI, Advice, Correction, Evidence, Notice, Situation
from connector.advice.feedback import alerts, replanned, rules, text, words
from connector.advice.feedback.alerts import Repeated
from connector.advice.feedback.caps import Ask, Book
from connector.advice.feedback.overdue import Overdue
from connector.advice.feedback.weak import Weak
from connector.advice.text import Task, write
from connector.advice.words import counted
from connector.kpi.text import Text
from connector.records import User
from connector.targets.pace import Pace
from connector.wishes import AddTask

__all__ = ["BEHIND", "Advice", "Evidence", "Notice", "Situation", "advise", "chosen", "head_of", "is_behind"]


@dataclass(frozen=True, slots=True)
class Concern:
    """What a rule found, who is asked about it, and what it rests on."""

    ask: Ask
    user: User
    to: User | None
    told: Pace | Correction | Weak | Repeated | Overdue


def advise(situation: Situation) -> Advice:
    """Tasks for heads and alerts for sellers; deterministic. `situation.proofs` hold the records of what is chosen."""
    taken, silent, untold = _sorted_out(situation)
    notices = tuple(_nobody_to_tell(one) for one in untold)
    return Advice(tuple(_written(one, situation) for one in taken), notices, silent)


def chosen(situation: Situation) -> list[Concern]:
    """What is going to be written: of these the records are worth reading."""
    return _sorted_out(situation)[0]


def head_of(user: User, situation: Situation) -> User | None:
    """The first active head of the person's team, up its parents where the team has none or is led by himself."""
    for team_id in sorted(user.team_ids, key=lambda id: (len(id), id)):
        seen: set[str] = set()
        at: str | None = team_id
        while at is not None and at not in seen and (team := situation.teams.get(at)):
            seen.add(at)
            for head_id in sorted(team.head_ids, key=lambda id: (len(id), id)):
                head = situation.users.get(head_id)
                if head is not None and head.active and head.id != user.id:
                    return head
            at = team.parent_id
    return None


def _sorted_out(situation: Situation) -> tuple[list[Concern], dict[str, Text], list[Concern]]:
    """What may be raised, why the rest may not, and what has nobody to be told to."""
    taken: list[Concern] = []
    silent: dict[str, Text] = {}
    untold: list[Concern] = []
    book = Book(situation.limits, situation.barred, situation.zone, tuple(situation.raised))
    for one in _concerns(situation):
        reason = book.why_not(one.ask, situation.now)
        if reason is None and one.to is None:
            untold.append(one)
        elif reason is None:
            book = book.noting(one.ask, situation.now)
            taken.append(one)
        else:
            silent[_name(one.ask)] = reason
    return taken, silent | dict(_lacking(situation)), untold


def _concerns(situation: Situation) -> Iterator[Concern]:
    for user, pace in behind(situation):
        yield _about(user, TASK_KPI, pace, situation)
    for correction in situation.corrections:
        if (whose := situation.users.get(correction.user)) is not None and whose.active:
            yield _about(whose, replanned.KPI, correction, situation)
    for user, weak in sorted(_weak(situation), key=lambda one: (one[1].chance, one[1].kpi, one[0].id)):
        yield _about(user, weak.kpi, weak, situation, n=weak.now.n, minimum=_minimum(weak, situation))
    for repeated in alerts.repeated(situation):
        yield _about(repeated.user, repeated.kpi, repeated, situation)
    for overdue, user in alerts.fresh(situation):
        yield Concern(Ask(overdue.ref, overdue.what, user.id, user.id), user, user, overdue)


def _about(
    user: User, kpi: str, told: Pace | Correction | Weak | Repeated, situation: Situation, n: int = 1, minimum: int = 0
) -> Concern:
    """For the person's head."""
    head = head_of(user, situation)
    return Concern(Ask(f"user:{user.id}", kpi, user.id, head.id if head else "", n, minimum), user, head, told)


def _weak(situation: Situation) -> Iterator[tuple[User, Weak]]:
    if situation.weeks is None:
        return
    for user in situation.users.values():
        if user.active:
            yield from ((user, weak) for weak in rules.found(situation.weeks, user.id))


def _lacking(situation: Situation) -> Iterator[tuple[str, Text]]:
    """Whose share looks low, and how many more cases would tell; of nobody who is away, new or gone."""
    if situation.weeks is None:
        return
    barred = situation.barred
    for user in situation.users.values():
        if user.active and user.id not in barred.people and user.id not in barred.new:
            for kpi, more in rules.lacking(situation.weeks, user.id):
                yield f"user:{user.id}:{kpi}", _needing(more, kpi)


def _needing(more: int, kpi: str) -> Text:
    noun = words.OF_KPI[kpi].noun
    return Text(
        words.LACKING.ru.format(needed=counted(more, noun, "ru")),
        words.LACKING.en.format(needed=counted(more, noun, "en")),
    )


def _minimum(weak: Weak, situation: Situation) -> int:
    return situation.weeks.kpis[weak.kpi].minimum if situation.weeks is not None else 0


def _written(one: Concern, situation: Situation) -> AddTask:
    assert one.to is not None
    if isinstance(one.told, Pace):
        return write(Task(BEHIND_PLAN, one.user, one.to, one.told, situation))
    if isinstance(one.told, Correction):
        return replanned.write(one.told, one.user, one.to, situation)
    if isinstance(one.told, Weak):
        return text.write(one.told, one.user, one.to, situation)
    if isinstance(one.told, Repeated):
        return alerts.for_head(one.told, one.to, situation)
    return alerts.for_seller(one.told, one.user, situation)


def _name(ask: Ask) -> str:
    """`user:501` where it is about money, else with the KPI."""
    return ask.subject if ask.kpi == TASK_KPI else f"{ask.subject}:{ask.kpi}"


def _nobody_to_tell(one: Concern) -> Notice:
    name = one.user.name
    what = Text(f"{name}: есть о чём поговорить ({one.ask.kpi})", f"{name} is worth a talk ({one.ask.kpi})")
    if isinstance(one.told, Pace):
        share = f"{(one.told.pace or Decimal(0)) * 100:.0f} %"
        what = Text(f"{name} отстаёт от плана (темп {share})", f"{name} is behind the plan (pace {share})")
    text_ = f"{what.en}, and no active head of the team is known to get the task"
    return Notice("no_head", f"user:{one.user.id}", text_)
