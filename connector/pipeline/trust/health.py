"""facts | records -> findings: how far the numbers can be trusted, and what looks played. Asks nothing of the CRM."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.engine import Connection

from connector.health import quality, quality_doubt, quality_excluded, quality_setup
from connector.health.fields import fills
from connector.health.finding import Finding
from connector.health.quality import Look
from connector.kpi.catalogue import ALL
from connector.kpi.definition import thresholds
from connector.kpi.frame import frame
from connector.kpi.spans import COMPANY
from connector.moment import Period, from_ms, to_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.measuring import measured_now, sources
from connector.records import Client, Deal, Lead, LossReason, Pipeline, Ref, Stage, User
from connector.result import Result
from connector.store.asked import inspection
from connector.store.crm import memberships, records, refusals


@dataclass(frozen=True, slots=True)
class Quality:
    """What was found in the data of a period."""

    account: str
    period: Period
    currency: str
    findings: tuple[Finding, ...]
    link_to: Callable[[str], str]


def quality_of(bench: Workbench, period: Period | None = None) -> Quality:
    """Everything amiss in the data, with how far each KPI of the period (default: this month) can be off."""
    period = period or Period.month(bench.today())
    with bench.store.read() as conn:
        look = look_at(bench, conn, period)
        deals = list(inspection.live(conn, bench.account, Deal))
        found = [*_in_deals(bench, conn, look, deals, period), *_in_setup(bench, conn, look, deals)]
    return Quality(bench.settings.name, period, bench.currency(), tuple(found), bench.provider.link_to)


def look_at(bench: Workbench, conn: Connection, period: Period) -> Look:
    """The period's facts, what stood open at its end, how to count them, and what is told of the whole account."""
    given, rules = sources(bench), bench.settings.rules
    facts = inspection.facts(conn, bench.account, *period.days(), quality_doubt.looked_at())
    seen = frame(conn, bench.account, period, zone=bench.zone(), now=bench.now(), rules=rules, sources=given)
    report = measured_now(bench, conn, period, ALL, given=given)
    return Look(
        facts,
        from_ms(bench.now()),
        bench.zone(),
        bench.currency(),
        thresholds(rules, bench.now()),
        inspection.standing(conn, bench.account, quality_doubt.OPEN, seen.look.stood_at),
        seen.look.limits,
        _of_all(report.results),
    )


def _of_all(results: Iterable[Result]) -> dict[str, Result]:
    """By KPI what is told of the company, else of the largest team or whoever has a value at all."""

    def rank(result: Result) -> tuple[bool, bool, Decimal]:
        told = result.value is not None
        return told and result.subject.startswith("team:"), told, result.denominator or Decimal(0)

    found: dict[str, Result] = {}
    for result in results:
        so_far = found.get(result.kpi)
        if result.subject == f"team:{COMPANY}" or so_far is None or rank(result) > rank(so_far):
            found[result.kpi] = result
    return found


def _in_deals(bench: Workbench, conn: Connection, look: Look, deals: list[Deal], period: Period) -> Iterator[Finding]:
    sold = _sold(bench, conn)
    ours = [deal for deal in deals if sold is None or deal.pipeline_id in sold]
    reasons = {deal.id: deal.loss_reason_id for deal in deals if deal.outcome == "lost"}
    groups, clients = inspection.shared_phones(conn, bench.account)
    first = inspection.first_wins(conn, bench.account, {client for group in groups for client in group})
    yield from quality.calls_without_deal(look, _open_at(conn, bench.account, look))
    planned = inspection.planned(conn, bench.account, look.now)
    yield from quality_doubt.deals_without_step(look, ours, planned, period.bounds(bench.zone())[1])
    yield from quality_doubt.wins_without_amount(look)
    yield from quality.lost_without_reason(look, reasons)
    named = {id: one.name for id, one in records.directory(conn, bench.account, LossReason).items()}
    yield from quality.one_reason(look, reasons, named)
    yield from quality.duplicate_clients(look, groups, first, clients)
    yield from quality.import_bursts(look, _created(bench, conn, deals, period), bench.settings.health.import_burst)
    yield from quality.amounts_without_rate(look)
    for left_out in (quality_excluded.internal_calls, quality_excluded.tests, quality_excluded.robot_deals):
        yield from left_out(look)
    yield from quality_excluded.amounts_changed(look)


def _in_setup(bench: Workbench, conn: Connection, look: Look, deals: list[Deal]) -> Iterator[Finding]:
    users = records.directory(conn, bench.account, User)
    stages, pipelines = records.directory(conn, bench.account, Stage), records.directory(conn, bench.account, Pipeline)
    placed = set(memberships.teams_of(conn, bench.account, bench.now())) | {u.id for u in users.values() if u.team_ids}
    on_stage: dict[str, list[str]] = defaultdict(list)
    for deal in deals:
        on_stage[deal.stage_id].append(deal.id)
    won = [deal for deal in deals if deal.outcome == "won"]
    yield from quality_setup.users_without_team(look, users, placed)
    yield from quality_setup.unknown_stages(on_stage, stages)
    yield from quality_setup.pipelines_without_win(
        pipelines.values(), stages.values(), _sold(bench, conn), {deal.pipeline_id for deal in deals}
    )
    yield from quality_setup.fields(fills(bench.settings.rules, won), deals)
    refused = refusals.all(conn, bench.account)
    yield from quality_setup.unreadable_rows(refused, sum(inspection.counts(conn, bench.account).values()))


def _sold(bench: Workbench, conn: Connection) -> set[str] | None:
    """Ids of the pipelines for sale, None: all of them."""
    named = {name.strip().casefold() for name in bench.settings.rules.sales_pipelines}
    known = records.directory(conn, bench.account, Pipeline).values()
    return {one.id for one in known if named & {one.id.casefold(), one.name.strip().casefold()}} if named else None


def _created(
    bench: Workbench, conn: Connection, deals: Iterable[Deal], period: Period
) -> dict[tuple[str, datetime], list[str]]:
    """Ids of records created within the period, by kind and second."""
    start, end = period.bounds(bench.zone())
    made: dict[tuple[str, datetime], list[str]] = defaultdict(list)
    kinds: list[Iterable[Deal | Lead | Client]] = [
        deals,
        inspection.live(conn, bench.account, Lead),
        inspection.live(conn, bench.account, Client),
    ]
    for some in kinds:
        for one in some:
            if one.created_at is not None and start <= one.created_at < end:
                made[one.kind, one.created_at.replace(microsecond=0)].append(one.id)
    return made


def _open_at(conn: Connection, account: int, look: Look) -> Callable[[Any], bool]:
    """Whether a deal of the call's client was open when it was called (the dossier's deals, closed or not)."""
    wanted = {f.dossier for f in look.of(*quality.CALLS) if f.deal_id is None and f.lead_id is None}
    spans: dict[Ref, list[tuple[int, int]]] = defaultdict(list)
    for dossier, deal in inspection.housed(conn, account, Deal):
        if dossier in wanted:
            ends = deal.closed_at if deal.outcome != "open" else None
            spans[dossier].append((to_ms(deal.created_at), to_ms(ends) if ends else 2**62))
    for some in spans.values():
        some.sort()

    def holds(call: Any) -> bool:
        some = spans.get(call.dossier, [])
        return any(end >= call.at for _, end in some[: bisect_right(some, (call.at, 2**62))])

    return holds
