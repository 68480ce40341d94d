"""facts | histories -> what looks played in a period. Asks nothing of the CRM and accuses nobody."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from connector.health import gaming, gaming_facts
from connector.health.finding import Suspicion
from connector.moment import Period, from_ms, to_ms
from connector.pipeline.bench import Workbench
from connector.records import Deadline, Deal, Lead, Move, Ref, User
from connector.store.asked import inspection
from connector.store.crm import records

KINDS = ("call_out", "call_in", "meeting", "win", "loss", "enquiry")


@dataclass(frozen=True, slots=True)
class Gaming:
    """What looks played, the latest last; names of people by id."""

    account: str
    period: Period
    suspicions: tuple[Suspicion, ...]
    names: Mapping[str, str]
    link_to: Callable[[str], str]


def gaming_of(bench: Workbench, period: Period | None = None) -> Gaming:
    """Every detector over a period (default: this month)."""
    period = period or Period.month(bench.today())
    with bench.store.read() as conn:
        names = {id: user.name for id, user in records.directory(conn, bench.account, User).items()}
        found = [*_in_bulk(bench, conn, period, names), *_in_facts(bench, conn, period)]
    found.sort(key=lambda one: (one.since, one.code, one.user or ""))
    return Gaming(bench.settings.name, period, tuple(found), names, bench.provider.link_to)


def _in_bulk(bench: Workbench, conn: Connection, period: Period, names: Mapping[str, str]) -> Iterator[Suspicion]:
    start, end = period.bounds(bench.zone())
    settings, zone, people = bench.settings.health, bench.zone(), frozenset(names)
    made: dict[Ref, datetime] = {one.ref: one.created_at for one in inspection.live(conn, bench.account, Deal)}
    made |= {one.ref: one.created_at for one in inspection.live(conn, bench.account, Lead)}
    moves = [one for one in inspection.since(conn, bench.account, Move, to_ms(start)) if start <= one.at < end]
    deadlines = (one for one in inspection.since(conn, bench.account, Deadline, to_ms(start)) if start <= one.at < end)
    yield from gaming.bulk_moves(moves, made, people, settings, zone)
    yield from gaming.bulk_losses(moves, made, people, settings, zone)
    yield from gaming.bulk_deadlines(deadlines, people, settings, zone)


def _in_facts(bench: Workbench, conn: Connection, period: Period) -> Iterator[Suspicion]:
    settings, zone = bench.settings.health, bench.zone()
    known = list(inspection.facts(conn, bench.account, *period.days(), KINDS))
    facts = [fact for fact in known if fact.omitted in (None, "redial")]
    came = [fact for fact in known if fact.kind == "enquiry" and fact.omitted in (None, "junk")]
    closes = [fact for fact in facts if fact.kind in ("win", "loss")]
    held = [(from_ms(fact.at), fact.user_id, fact.key.partition("|")[2]) for fact in facts if fact.kind == "meeting"]
    closed = {fact.deal_id for fact in closes if fact.deal_id}
    deals = records.get(conn, bench.account, Deal, closed)
    arrived = {id: deal.created_at for id, deal in deals.items()}
    arrived |= {fact.deal_id: from_ms(fact.at) for fact in facts if fact.kind == "enquiry" and fact.deal_id in closed}
    yield from gaming.bulk_meetings(held, settings, zone)
    yield from gaming_facts.short_calls(facts, settings, zone)
    yield from gaming_facts.repeated_calls(facts, settings, zone)
    yield from gaming_facts.split_deals(closes, settings, zone, bench.currency())
    yield from gaming_facts.dumped(closes, arrived, _contacted(facts), settings, zone)
    yield from gaming_facts.junked(came, settings, zone)
    yield from gaming_facts.back_dated(closes, deals, settings, zone)


def _contacted(facts: list[Any]) -> Callable[[Any, datetime], bool]:
    """Whether anybody spoke or met with the client between a moment and the close."""
    spoken: dict[Ref, list[int]] = defaultdict(list)
    for fact in facts:
        if fact.kind in ("call_out", "call_in", "meeting") and (fact.number or fact.kind == "meeting"):
            spoken[fact.dossier].append(fact.at)

    def contacted(close: Any, since: datetime) -> bool:
        moments = spoken.get(close.dossier, [])
        place = bisect_left(moments, to_ms(since))
        return place < len(moments) and moments[place] <= close.at

    return contacted
