"""One number and its proof: the facts it is made of, and what was left out and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.config import Rules
from connector.contest.values import Contest
from connector.errors import BadConfig
from connector.fact import Confidence
from connector.kpi.catalogue import ALL
from connector.kpi.dated import by_part, worked_by_part
from connector.kpi.definition import CREDITED, Kpi, Limits
from connector.kpi.evaluate import Given
from connector.kpi.evidence import Evidence, evidence
from connector.kpi.fold import gather
from connector.kpi.frame import Frame, frame
from connector.kpi.measure import measure
from connector.kpi.people import People, people, stranger
from connector.kpi.sellers import Worked, members_of, whose_days
from connector.kpi.spans import NOBODY_MOVED, Parts
from connector.kpi.team_plan import subjects_of, whose
from connector.moment import Period, Zone
from connector.records import Ref
from connector.result import Plan, Result
from connector.store.agreed import plans
from connector.store.agreed.contests import pending
from connector.store.facts import FACT

LinkTo = Callable[[str], str]
"""The address of a record's card for a person, from its ref."""


@dataclass(frozen=True, slots=True)
class Item:
    """A fact. `role`: "top", "bottom", "both", or "" where it counts nowhere, and then `why`.

    `links`: addresses of the cards that show it, by ref.
    """

    kind: str
    at: int
    user: str | None
    client: Ref | None
    amount: int | None
    number: float | None
    other: float | None
    due_at: int | None
    pipeline_id: str | None
    source: str | None
    stage: str | None
    confidence: Confidence
    note: str | None
    role: str
    why: str | None
    links: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    contested: int | None = None
    """The number of the open contest that it is under."""
    evidence: tuple[Evidence, ...] = ()
    """Of a scored call: the answers, and the words that they rest on."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """The result, the facts it folds from, and those that it leaves out; both in time order.

    `plans`: every version of the plan it is measured by, the oldest first, of a team without one those that make it up.
    `worked`: of a KPI per worked day everybody's days.
    """

    account: str
    currency: str
    kpi: Kpi
    name: str
    period: Period
    as_of: int
    given: Given
    result: Result
    items: tuple[Item, ...]
    left_out: tuple[Item, ...]
    plans: tuple[Plan, ...] = ()
    worked: tuple[Worked, ...] = ()


def explain(  # noqa: PLR0913 - what, whose, when, as known when, by which rules
    conn: Connection,
    account: int,
    kpi: str,
    period: Period,
    *,
    zone: Zone,
    now: int,
    user: str | None = None,
    team: str | None = None,
    as_of: int | None = None,
    reached: int | None = None,
    rules: Rules | None = None,
    sources: frozenset[str] | None = None,
    catalogue: Mapping[str, Kpi] = ALL,
    link_to: LinkTo = str,
) -> Explanation:
    """The proof of one KPI of a person (by id) or a team (by name or id); `as_of`, `reached` as of a report.

    Raises BadConfig for a KPI, person or team that is none.
    """
    seen = frame(
        conn, account, period, zone=zone, now=now, as_of=as_of, reached=reached, rules=rules, sources=sources,
        catalogue=catalogue,
    )  # fmt: skip
    [what] = seen.chosen([kpi])
    everyone = people(
        conn, account, period, zone, now=seen.judged_at, as_of=as_of, working=seen.calendar().working_days
    )
    subject, name, members = _whose(everyone, user, team)
    parts = everyone.parts if team is not None else NOBODY_MOVED
    members = members_of(conn, seen, what, subject, seen.planned(what, subject, members, parts), everyone)
    waiting = tuple(pending(conn, account, as_of=as_of))
    rows = credited(conn, seen, what, members, parts)
    words = evidence(conn, account, rows, as_of)
    items = [
        replace(_item(what, fact, seen.look.limits, link_to, waiting), evidence=words.get(fact.id, ())) for fact in rows
    ]
    if not items and user is not None and user not in everyone.users:
        raise stranger(user, everyone.users)
    days = worked_by_part(conn, seen, [what], members, parts)
    given = _given(conn, seen, what, subject, members, parts, days)
    known = [item for item in items if item.role or item.why in ("no_rate", "young")]
    result = seen.judge(what, subject, gather(what, known, seen.look.limits), given)
    counted, left = (tuple(item for item in items if bool(item.role) is used) for used in (True, False))
    told = _versions(conn, seen, what, (whose(subject), *subjects_of(what, subject, members, seen.agreed, parts)))
    return Explanation(
        seen.name, seen.currency, what, name, period, seen.judged_at, given, result, counted, left, told,
        whose_days(everyone, parts, members, days),
    )  # fmt: skip


def _given(
    conn: Connection,
    seen: Frame,
    kpi: Kpi,
    subject: str,
    members: frozenset[str],
    parts: Parts,
    days: Mapping[str, int],
) -> Given:
    """What is none of its facts: the plan, what is left of it, the days worked, what may mute it."""
    cells = measure(conn, seen.look, seen.beside(kpi))
    cells |= by_part(conn, seen.look, seen.beside(kpi), parts, cells)
    return seen.given(kpi, subject, members, cells, days, parts)


def _versions(conn: Connection, seen: Frame, kpi: Kpi, subjects: Sequence[str]) -> tuple[Plan, ...]:
    """Of the subject's own plan in the period and its months, else of all those who make it up."""
    if kpi.plan is None:
        return ()
    labels = dict.fromkeys((seen.period.label, *seen.period.months()))
    known = [plans.histories(conn, seen.account, label, as_of=seen.as_of) for label in labels]
    for group in (subjects[:1], subjects[1:]):
        keys = [(one, kpi.plan, label, "") for one in group for label in labels]
        found = tuple(plan for key in keys for some in known for plan in some.get(key, ()))
        if found:
            return found
    return ()


def _whose(everyone: People, user: str | None, team: str | None) -> tuple[str, str, frozenset[str]]:
    if team is not None:
        id = everyone.team(team)
        return f"team:{id}", everyone.teams[id], everyone.parts.members[id]
    if user is None:
        raise BadConfig(["explain: a user or a team"])
    return f"user:{user}", everyone.users.get(user, user), frozenset({user})


def credited(
    conn: Connection, seen: Frame, kpi: Kpi, members: frozenset[str], parts: Parts = NOBODY_MOVED
) -> list[Any]:
    """Facts of the KPI's kinds credited to them, counted or not, in time order; to a part of somebody by its days."""
    sorts = dict.fromkeys((one.standing, CREDITED[one.credit]) for one in kpi.measures)
    found: dict[int, Any] = {}
    for standing, who in sorts:
        alike = [one for one in kpi.measures if (one.standing, CREDITED[one.credit]) == (standing, who)]
        kinds = sorted({kind for one in alike for kind in one.kinds})
        ours = (FACT.c.kind.in_(kinds), FACT.c[who].in_(sorted({parts.user(one) for one in members})))
        rows = conn.execute(sa.select(FACT).where(*seen.look.facts(standing=standing), *ours))
        found |= {row.id: row for row in rows if parts.name(getattr(row, who), row.day) in members}
    return sorted(found.values(), key=lambda row: (row.at, row.key))


def _item(kpi: Kpi, fact: Any, limits: Limits, link_to: LinkTo, waiting: tuple[Contest, ...]) -> Item:
    why = fact.omitted or _why(kpi, fact, limits)
    return Item(
        kind=fact.kind,
        at=fact.at,
        user=fact.user_id,
        client=fact.client,
        amount=fact.amount,
        number=fact.number,
        other=fact.other,
        due_at=fact.due_at,
        pipeline_id=fact.pipeline_id,
        source=fact.source,
        stage=fact.stage,
        confidence=fact.confidence,
        note=fact.note,
        role="" if why else _role(kpi, fact, limits),
        why=why,
        links={ref: link_to(ref) for ref in _refs(fact)} | _imported(fact),
        key=fact.key,
        contested=_contested(fact, waiting),
    )


def contested(told: Explanation) -> int:
    """How many of the facts that it counts somebody says are wrong, as long as nobody has decided."""
    return sum(item.contested is not None for item in told.items)


def _contested(fact: Any, waiting: tuple[Contest, ...]) -> int | None:
    """The open contest that means it, the oldest of several."""
    whose = {getattr(fact, column) for column in CREDITED.values()}
    records = (fact.deal_id, fact.lead_id, fact.call_id)
    return min((one.id for one in waiting if one.ruling.covers(fact.key, fact.kind, whose, records)), default=None)


def _refs(fact: Any) -> list[Ref]:
    """The cards that show it: the deal, else the lead, and the client."""
    about = f"deal:{fact.deal_id}" if fact.deal_id else f"lead:{fact.lead_id}" if fact.lead_id else None
    return [ref for ref in (about, fact.client) if ref]


def _imported(fact: Any) -> dict[Ref, str]:
    """An imported row has no card; its key finds it (`kpi import show KEY`). A scored call: `kpi calls show ID`."""
    _, _, record = fact.key.partition("|")
    if record.startswith("external:score:"):
        return {f"call:{fact.call_id}": f"call:{fact.call_id}"}
    return {record: record.replace("external:", "import:", 1)} if record.startswith("external:") else {}


def _role(kpi: Kpi, fact: Any, limits: Limits) -> str:
    top, bottom = (any(one.holds(fact, limits.of(one)) for one in side) for side in (kpi.top, kpi.bottom))
    return "both" if top and bottom else "top" if top else "bottom" if bottom else ""


_YOUNG = {"enquiry": "in_norm_yet", "handed": "in_norm_yet", "callback": "in_norm_yet", "task_due": "not_due"}
"""Why facts of a kind do not count before their `due_at`."""
_OTHERWISE = {"enquiry": "not_answered", "handed": "not_answered", "refund": "later"}


def _why(kpi: Kpi, fact: Any, limits: Limits) -> str | None:
    """Why a fact that could count does not count here; None where it does."""
    if _role(kpi, fact, limits):
        sides = [one for one in kpi.top + kpi.bottom if one.holds(fact, limits.of(one))]
        only_summed = all(one.money and one.take == "sum" for one in sides)
        return "no_rate" if only_summed and fact.amount is None else None
    if any(one.holds(fact, limits.of(one)) for one in kpi.ripens):
        return "young"
    if fact.kind in _YOUNG and fact.due_at is not None and fact.due_at > limits.happened["as_of"]:
        return _YOUNG[fact.kind]
    if fact.kind in _OTHERWISE:
        return _OTHERWISE[fact.kind]
    by_amount = any(condition.column == "amount" for one in kpi.measures for condition in one.where)
    if by_amount:
        return "no_rate" if fact.amount is None else "no_amount"
    return "no_client" if fact.kind == "win" and fact.number is None else "condition"
