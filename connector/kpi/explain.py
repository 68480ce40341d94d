"""One number and its proof: the facts it is made of, and what was left out and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.config import Rules
from connector.errors import BadConfig
from connector.fact import Confidence
from connector.kpi.catalogue import chosen
from connector.kpi.definition import Kpi, thresholds
from connector.kpi.engine import data_until, plan_of, plans_for
from connector.kpi.evaluate import evaluate, without_source
from connector.kpi.fold import fold
from connector.kpi.measure import in_days
from connector.kpi.people import People, people
from connector.moment import Period, Zone
from connector.records import Ref
from connector.result import Result
from connector.store import accounts
from connector.store.facts import FACT, known_at

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
    due_at: int | None
    confidence: Confidence
    note: str | None
    role: str
    why: str | None
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Explanation:
    """The result, the facts it folds from, and those that it leaves out; both in time order."""

    account: str
    currency: str
    kpi: Kpi
    name: str
    period: Period
    as_of: int
    plan: Decimal | None
    result: Result
    items: tuple[Item, ...]
    left_out: tuple[Item, ...]


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
    rules: Rules | None = None,
    sources: frozenset[str] | None = None,
    link_to: LinkTo = str,
) -> Explanation:
    """The proof of one KPI of a person (by id) or a team (by name or id).

    Raises BadConfig for a KPI, person or team that is none.
    """
    [what], rules, row = chosen([kpi]), rules or Rules(), accounts.get(conn, account)
    judged_at = as_of if as_of is not None else data_until(conn, account, now)
    everyone = people(conn, account, period, zone, now=judged_at, as_of=as_of)
    subject, name, members = _whose(everyone, user, team)
    limits = thresholds(rules, judged_at)
    items = [_item(what, fact, limits, link_to) for fact in _facts(conn, account, what, period, members, as_of)]
    if not items and user is not None and user not in everyone.users:
        raise BadConfig([f"user: {user!r} is nobody of this account; there are: {_listed(everyone)}"])
    plan = plan_of(what, subject, members, plans_for(conn, account, period, as_of))
    currency = row.currency or "RUB"
    known = [item for item in items if item.role or item.why == "no_rate"]
    result = folded(what, subject, period, known, limits, currency=currency, plan=plan)
    if not what.has_source(sources, rules):
        result = without_source(what, subject, period.label)
    counted, left = (tuple(item for item in items if bool(item.role) is used) for used in (True, False))
    return Explanation(row.name, currency, what, name, period, judged_at, plan, result, counted, left)


def folded(
    kpi: Kpi,
    subject: str,
    period: Period,
    items: list[Item],
    limits: Mapping[str, float],
    *,
    currency: str,
    plan: Decimal | None,
) -> Result:
    """The listed facts make the number: what is shown is what was counted."""
    top, bottom = fold(kpi.top, items, limits), fold(kpi.bottom, items, limits)
    return evaluate(kpi, subject, period.label, top, bottom, currency=currency, plan=plan)


def _whose(everyone: People, user: str | None, team: str | None) -> tuple[str, str, frozenset[str]]:
    if team is not None:
        id = everyone.team(team)
        return f"team:{id}", everyone.teams[id], everyone.members[id]
    if user is None:
        raise BadConfig(["explain: a user or a team"])
    return f"user:{user}", everyone.users.get(user, user), frozenset({user})


def _listed(everyone: People) -> str:
    return ", ".join(f"{name} ({id})" for id, name in sorted(everyone.users.items())) or "none"


def _facts(
    conn: Connection, account: int, kpi: Kpi, period: Period, members: frozenset[str], as_of: int | None
) -> sa.CursorResult[Any]:
    """Facts of the KPI's kinds, counted or not."""
    kinds = sorted({kind for one in kpi.measures for kind in one.kinds})
    query = (
        sa.select(FACT)
        .where(FACT.c.account == account, *in_days(period), known_at(as_of))
        .where(FACT.c.kind.in_(kinds), FACT.c.user_id.in_(sorted(members)))
        .order_by(FACT.c.at, FACT.c.key)
    )
    return conn.execute(query)


def _item(kpi: Kpi, fact: Any, limits: Mapping[str, float], link_to: LinkTo) -> Item:
    why = fact.omitted or _why(kpi, fact, limits)
    return Item(
        kind=fact.kind,
        at=fact.at,
        user=fact.user_id,
        client=fact.client,
        amount=fact.amount,
        number=fact.number,
        due_at=fact.due_at,
        confidence=fact.confidence,
        note=fact.note,
        role="" if why else _role(kpi, fact, limits),
        why=why,
        links={ref: link_to(ref) for ref in _refs(fact)},
    )


def _refs(fact: Any) -> list[Ref]:
    """The cards that show it: the deal, else the lead, and the client."""
    about = f"deal:{fact.deal_id}" if fact.deal_id else f"lead:{fact.lead_id}" if fact.lead_id else None
    return [ref for ref in (about, fact.client) if ref]


def _role(kpi: Kpi, fact: Any, limits: Mapping[str, float]) -> str:
    top, bottom = (any(one.holds(fact, limits) for one in side) for side in (kpi.top, kpi.bottom))
    return "both" if top and bottom else "top" if top else "bottom" if bottom else ""


def _why(kpi: Kpi, fact: Any, limits: Mapping[str, float]) -> str | None:
    """Why a fact that could count does not count here; None where it does."""
    if _role(kpi, fact, limits):
        summed = any(one.money and one.holds(fact, limits) for one in kpi.measures)
        return "no_rate" if summed and fact.amount is None else None
    if fact.kind == "enquiry":
        return "in_norm_yet" if fact.due_at is not None and fact.due_at > limits["as_of"] else "not_answered"
    if fact.kind == "refund":
        return "later"
    by_amount = any(condition.column == "amount" for one in kpi.measures for condition in one.where)
    if by_amount:
        return "no_rate" if fact.amount is None else "no_amount"
    return "no_client" if fact.kind == "win" and fact.number is None else "condition"
