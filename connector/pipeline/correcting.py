"""What was learned of closed months in an open one: each change with its day, its amount and its reason.

closings | the span in which each stands | numbers at both ends | fact by fact what came between them
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

import msgspec

from connector.errors import BadConfig
from connector.kpi.catalogue import chosen
from connector.kpi.closing import watches
from connector.kpi.corrections import Corrected, Correction, Trail, corrected, corrections
from connector.kpi.corrections_reading import alike, lives
from connector.kpi.definition import Kpi, Limits, thresholds
from connector.kpi.engine import Report
from connector.kpi.look import look
from connector.moment import Period, from_ms, to_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.catalogue import catalogue_of
from connector.pipeline.measuring import computed, terms_of
from connector.records import User
from connector.result import Result
from connector.store import closings, plans, records
from connector.store.closings import Frozen
from connector.store.tables import ClosingRow

_NO_NUMBER = {"no_source": "source", "not_observed": "source", "frozen": "drift"}
"""Reasons for which there is no number to compare with."""


def corrections_of(
    bench: Workbench, period: Period, *, kpi: str | None = None, user: str | None = None
) -> list[Corrected]:
    """Of every month that was closed: what became known within `period`.

    Raises BadConfig for a period to come, and for a KPI or a person that is none.
    """
    if kpi is not None:
        chosen([kpi], catalogue_of(bench))
    start, end = (to_ms(at) for at in period.bounds(bench.zone()))
    with bench.store.read() as conn:
        now = max(bench.now(), closings.floor(conn, bench.account) - 1)
        history = closings.history(conn, bench.account)
        names = {id: one.name for id, one in records.directory(conn, bench.account, User).items()}
    if user is not None and user not in names:
        there = ", ".join(f"{name} ({id})" for id, name in sorted(names.items())) or "none"
        raise BadConfig([f"user: {user!r} is nobody of this account; there are: {there}"])
    if now < start:
        raise BadConfig([f"--period: {period.label} has not begun"])
    watched = watches(history, start - 1, min(end - 1, now))
    return [_corrected(bench, closing, (since, until), kpi, user) for closing, since, until in watched]


def _corrected(
    bench: Workbench, closing: ClosingRow, window: tuple[int, int], only: str | None, whose: str | None
) -> Corrected:
    month = Period.parse(closing.period)
    with bench.store.read() as conn:
        frozen = closings.values(conn, closing)
        names = {id: user.name for id, user in records.directory(conn, bench.account, User).items()}
    after = computed(bench, month, None, window[1])
    before = (
        {(one.result.kpi, one.result.subject): one.result for one in frozen}
        if window[0] == closing.as_of
        else _by_key(computed(bench, month, None, window[0]).results)
    )
    apart = _apart(frozen, after)
    kpis = [kpi for kpi in after.kpis if corrected(kpi) and kpi.key not in apart and only in (None, kpi.key)]
    found = _found(bench, closing, month, kpis, window)
    trails = _trails(bench, month, kpis, (before, _by_key(after.results)), found, window)
    return Corrected(
        bench.settings.name,
        after.currency,
        month,
        closing.version,
        from_ms(closing.at).astimezone(bench.zone()),
        *window,
        tuple(
            replace(one, name=names.get(one.user, one.user))
            for one in trails
            if one.moved and whose in (None, one.user)
        ),
        {key: why for key, why in apart.items() if only in (None, key)},
        names,
    )


def _by_key(results: Iterable[Result]) -> dict[tuple[str, str], Result]:
    return {(result.kpi, result.subject): result for result in results}


def _apart(frozen: Iterable[Frozen], after: Report) -> dict[str, str]:
    """KPIs whose closed numbers are not comparable with today's, and why."""
    formulas = {kpi.key: kpi.version for kpi in after.kpis}
    found = {}
    for one in frozen:
        key = one.result.kpi
        if key in formulas and formulas[key] != one.formula:
            found[key] = "formula"
        elif one.result.reason in _NO_NUMBER:
            found[key] = _NO_NUMBER[one.result.reason]
    found |= {one.kpi: _NO_NUMBER[one.reason] for one in after.results if one.reason in _NO_NUMBER}
    closed = {one.result.kpi for one in frozen}
    return found | {key: "formula" for key in formulas if key not in closed}


def _found(
    bench: Workbench, closing: ClosingRow, month: Period, kpis: list[Kpi], window: tuple[int, int]
) -> Mapping[tuple[str, str], list[Correction]]:
    """By KPI and person, judged by the rules of the closing: what another rule changed is no fact's doing."""
    rules, zone, _ = terms_of(bench, closing.as_of)
    base = look(bench.account, month, zone=zone, judged_at=window[1], as_of=window[1], rules=rules).limits

    def at(moment: int) -> Limits:
        return replace(base, happened=thresholds(rules, moment))

    found: dict[tuple[str, str], list[Correction]] = defaultdict(list)
    for some in alike(kpis):
        with bench.store.read() as conn:
            lived = lives(conn, bench.account, month, some, window, at(window[1]))
        for one in corrections(some, lived, window, month.days(), at):
            found[one.kpi.key, one.user].append(one)
    return found


def _trails(
    bench: Workbench,
    month: Period,
    kpis: list[Kpi],
    both: tuple[dict[tuple[str, str], Result], dict[tuple[str, str], Result]],
    found: Mapping[tuple[str, str], list[Correction]],
    window: tuple[int, int],
) -> Iterator[Trail]:
    """Every person's numbers at both ends; who was not there at one end had nothing."""
    people = sorted({who for ends in both for _, who in ends if who.startswith("user:")})
    for subject in people:
        user = subject.removeprefix("user:")
        for kpi in kpis:
            ends = [some.get((kpi.key, subject)) for some in both]
            told = next(one for one in ends if one is not None) if any(ends) else None
            if told is not None:
                before, after = (one or _nothing(told) for one in ends)
                changed = (
                    _plan_changed(bench, subject, kpi, month, window)
                    if before.denominator != after.denominator
                    else None
                )
                yield Trail(user, user, kpi, before, after, changed, tuple(found.get((kpi.key, user), ())))


def _nothing(told: Result) -> Result:
    return msgspec.structs.replace(
        told, value=None, numerator=None, denominator=None, n=0, interval=None, enough=False, reason=None
    )


def _plan_changed(bench: Workbench, subject: str, kpi: Kpi, month: Period, window: tuple[int, int]) -> int | None:
    """When the plan that the KPI is measured by was changed last in the span, epoch ms."""
    if kpi.plan is None:
        return None
    with bench.store.read() as conn:
        known = plans.versions(conn, bench.account, subject, kpi.plan, month.label)
    moments = [to_ms(plan.at) for plan in known if plan.at is not None]
    return max((at for at in moments if window[0] < at <= window[1]), default=None)
