"""The facts behind a number, as a person looks at them: what each says, on which side it counts, or why it does not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.contest.values import Contest
from connector.fact import Confidence
from connector.kpi.definition import CREDITED, Kpi, Limits
from connector.kpi.evidence import Evidence, evidence
from connector.kpi.frame import Frame
from connector.kpi.spans import NOBODY_MOVED, Parts
from connector.records import Ref
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


def items(
    conn: Connection, seen: Frame, kpi: Kpi, members: frozenset[str], parts: Parts, link_to: LinkTo
) -> list[Item]:
    """Everything of the KPI's kinds that is credited to them, in time order."""
    waiting = tuple(pending(conn, seen.account, as_of=seen.as_of))
    rows = credited(conn, seen, kpi, members, parts)
    words = evidence(conn, seen.account, rows, seen.as_of)
    made = (_item(kpi, fact, seen.look.limits, link_to, waiting) for fact in rows)
    return [replace(one, evidence=words.get(fact.id, ())) for one, fact in zip(made, rows, strict=True)]


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
    if by_amount and not fact.amount:
        return "no_rate" if fact.amount is None else "no_amount"
    return "no_client" if fact.kind == "win" and fact.number is None else "condition"
