"""One number and its proof: the facts it is made of, and what was left out and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from connector.config import Rules
from connector.errors import BadConfig
from connector.kpi.catalogue import ALL
from connector.kpi.dated import by_part, worked_by_part
from connector.kpi.definition import Kpi
from connector.kpi.evaluate import Given
from connector.kpi.fold import gather
from connector.kpi.frame import Frame, frame
from connector.kpi.items import Item, LinkTo, items
from connector.kpi.measure import measure
from connector.kpi.people import People, people, stranger
from connector.kpi.sellers import Worked, members_of, whose_days
from connector.kpi.spans import NOBODY_MOVED, Parts
from connector.kpi.team_plan import subjects_of, whose
from connector.moment import Period, Zone
from connector.result import Plan, Result
from connector.store.agreed import plans
from connector.store.facts import of_anybody


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
    found = items(conn, seen, what, members, parts, link_to)
    if not found and user is not None and user not in everyone.users and not of_anybody(conn, account, user):
        raise stranger(user, everyone.users)
    days = worked_by_part(conn, seen, [what], members, parts)
    given = _given(conn, seen, what, subject, members, parts, days)
    known = [item for item in found if item.role or item.why in ("no_rate", "young")]
    result = seen.judge(what, subject, gather(what, known, seen.look.limits), given)
    counted, left = (tuple(item for item in found if bool(item.role) is used) for used in (True, False))
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


def contested(told: Explanation) -> int:
    """How many of the facts that it counts somebody says are wrong, as long as nobody has decided."""
    return sum(item.contested is not None for item in told.items)
