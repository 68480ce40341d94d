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
from connector.kpi.corrections.reading import alike, lives
from connector.kpi.corrections.steps import Corrected, Correction, Trail, corrected, corrections
from connector.kpi.definition import Kpi, Limits, thresholds
from connector.kpi.look import look
from connector.kpi.people import stranger
from connector.moment import Period, from_ms, to_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.catalogue import catalogue_of
from connector.pipeline.measuring import computed, terms_of
from connector.records import User
from connector.result import Result
from connector.store import learned
from connector.store.agreed import closings, plans
from connector.store.agreed.closings import Frozen
from connector.store.crm import records
from connector.store.facts import of_anybody
from connector.store.tables import ClosingRow

_NO_NUMBER = {"no_source": "source", "not_observed": "source", "frozen": "drift"}
"""Reasons for which there is no number to compare with."""
Results = Mapping[tuple[str, str], Result]
"""By KPI and subject."""


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
        if user is not None and user not in names and not of_anybody(conn, bench.account, user):
            raise stranger(user, names)
    if now < start:
        raise BadConfig([f"--period: {period.label} has not begun"])
    watched = watches(history, start - 1, min(end - 1, now))
    return [_corrected(bench, closing, (since, until), kpi, user) for closing, since, until in watched]


def _corrected(
    bench: Workbench, closing: ClosingRow, window: tuple[int, int], only: str | None, whose: str | None
) -> Corrected:
    month, (rules, _, currency) = Period.parse(closing.period), terms_of(bench, window[1])
    with bench.store.read() as conn:
        frozen = closings.values(conn, closing)
        names = {id: user.name for id, user in records.directory(conn, bench.account, User).items()}
        beside = learned.beside_facts(conn, bench.account, month.label, *window)
    known = [kpi.credited(rules.credit) for key, kpi in catalogue_of(bench, window[1]).items() if only in (None, key)]
    apart = _apart(frozen, known)
    kpis = [kpi for kpi in known if corrected(kpi) and kpi.key not in apart]
    found, trails = _found(bench, closing, month, kpis, window), list[Trail]()
    if found or beside:  # else nothing can have moved, and old months are many
        ends = _ends(bench, month, closing, frozen, window)
        apart |= {one.kpi: _NO_NUMBER[one.reason] for one in ends[1].values() if one.reason in _NO_NUMBER}
        trails = [one for one in _trails(bench, month, kpis, ends, found, window) if one.kpi.key not in apart]
    return Corrected(
        bench.settings.name,
        currency,
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


def _ends(
    bench: Workbench, month: Period, closing: ClosingRow, frozen: Iterable[Frozen], window: tuple[int, int]
) -> tuple[Results, Results]:
    """The month's numbers as the span begins, which may be the closing itself, and as it ends."""
    first = (
        [one.result for one in frozen]
        if window[0] == closing.as_of
        else computed(bench, month, None, window[0]).results
    )
    before, after = (
        {(one.kpi, one.subject): one for one in some}
        for some in (first, computed(bench, month, None, window[1]).results)
    )
    return before, after


def _apart(frozen: Iterable[Frozen], known: Iterable[Kpi]) -> dict[str, str]:
    """KPIs whose closed numbers are not comparable with today's, and why."""
    formulas, found, closed = {kpi.key: kpi.version for kpi in known}, dict[str, str](), set[str]()
    for one in frozen:
        key = one.result.kpi
        closed.add(key)
        if key in formulas and formulas[key] != one.formula:
            found[key] = "formula"
        elif one.result.reason in _NO_NUMBER:
            found[key] = _NO_NUMBER[one.result.reason]
    return found | {key: "formula" for key in formulas if key not in closed}


def _found(
    bench: Workbench, closing: ClosingRow, month: Period, kpis: list[Kpi], window: tuple[int, int]
) -> Mapping[tuple[str, str], list[Correction]]:
    """By KPI and person, judged by the rules of the closing: what another rule changed is no fact's doing."""
    rules, zone, _ = terms_of(bench, closing.as_of)
    base = look(bench.account, month, zone=zone, judged_at=window[1], as_of=window[1], rules=rules).limits
    unread = closing.reached or closing.as_of if window[0] == closing.as_of else window[0]

    def at(moment: int) -> Limits:
        return replace(base, happened={**base.happened, **thresholds(rules, unread if moment <= window[0] else moment)})

    found: dict[tuple[str, str], list[Correction]] = defaultdict(list)
    for some in alike(kpis):
        with bench.store.read() as conn:
            lived = lives(conn, bench.account, month, some, window, at(window[1]), unread=unread)
        for one in corrections(some, lived, window, month.days(), at, unread=unread):
            found[one.kpi.key, one.user].append(one)
    return found


def _trails(
    bench: Workbench,
    month: Period,
    kpis: list[Kpi],
    both: tuple[Results, Results],
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
