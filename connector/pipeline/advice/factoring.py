"""What diagnosis looks at, gathered from the store: everybody's factors, shares by month, case mix. Decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from connector.advice.diagnosis.casemix import Case, size_of, thirds
from connector.advice.diagnosis.shares import Series
from connector.advice.diagnosis.values import Ground, Record
from connector.advice.recommendation.candidates import SHARES, Measured, Spec
from connector.advice.recommendation.stretch import vouches
from connector.advice.recommendation.worth import Case as Deal
from connector.advice.recommendation.worth import Worth, worth
from connector.kpi import engine
from connector.kpi.definition import Kpi
from connector.kpi.frame import data_until
from connector.moment import Period
from connector.pipeline.bench import Workbench
from connector.pipeline.catalogue import catalogue_in
from connector.pipeline.history import Past, past
from connector.pipeline.measuring import measured_now, sources
from connector.pipeline.trust.freezing import frozen_kpis
from connector.store.asked import enquiries
from connector.store.asked.enquiries import Counted, Ripe, Span
from connector.targets.series import Person, labels
from connector.targets.suggest import generator

MONTHS = 6
"""Back from the month asked for, for shares."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """All of it. `known`: KPIs of the catalogue. `months`: those with anything in them."""

    people: tuple[Person, ...]
    records: tuple[Record, ...]
    ground: Ground
    cases: tuple[Case, ...]
    measured: tuple[Measured, ...]
    known: Mapping[str, Kpi]
    frozen: tuple[str, ...]
    months: list[str]


def gathered(bench: Workbench, conn: Connection, label: str) -> Gathered:
    """By the months before one."""
    seen, given = past(bench, conn, label), sources(bench)
    months = labels(seen.people)
    known, frozen = catalogue_in(bench, conn), frozenset(frozen_kpis(bench))
    if not months:
        return Gathered(seen.people, (), Ground(), (), (), known, tuple(sorted(frozen)), [])
    span = Span.of(bench.account, months, data_until(conn, bench.account, bench.now()))
    back, part = enquiries.refunded(conn, span)
    ground = Ground("call" in given, known["refund_share"].has_source(given, bench.settings.rules), part)
    records = _records(seen, enquiries.answered(conn, span), back)
    ripe = [one for one in enquiries.ripe(conn, span) if one.user in seen.names]
    measured = _Measuring(bench, conn, label, span, ripe, given, known)
    specs = [one for one in SHARES if one.kpi in known and one.kpi not in frozen]
    return Gathered(
        seen.people,
        records,
        ground,
        _cases(ripe, enquiries.amounts(conn, span)),
        tuple(measured.all(specs, records, ground)),
        known,
        tuple(sorted(frozen & {one.kpi for one in SHARES})),
        months,
    )


@dataclass(frozen=True, slots=True)
class _Measuring:
    """Shares by month: of most KPIs as the reports of those months tell them."""

    bench: Workbench
    conn: Connection
    label: str
    span: Span
    ripe: Sequence[Ripe]
    given: frozenset[str]
    known: Mapping[str, Kpi]

    def all(self, specs: Sequence[Spec], records: Sequence[Record], ground: Ground) -> Iterable[Measured]:
        """Those that anybody has data of."""
        by_kpi = self._reported([one.kpi for one in specs if one.factor is None], records)
        by_kpi["lead_won_share"] = {one.person.user: _cohorts(one.person) for one in records}
        if ground.kept:
            by_kpi["refund_share"] = {one.person.user: one.refunded for one in records}
        for spec in specs:
            series = by_kpi.get(spec.kpi, {})
            if any(n for months in series.values() for _, n in months):
                yield self._measured(spec, series, ground)

    def _measured(self, spec: Spec, series: Series, ground: Ground) -> Measured:
        rng = generator(self.bench.settings.name, spec.kpi, self.label)
        return Measured(
            self.known[spec.kpi],
            spec,
            series,
            ground.given_back if spec.factor == "kept" else 1.0,
            vouches(series, rng),
            self._worth(spec),
        )

    def _reported(self, keys: Sequence[str], records: Sequence[Record]) -> dict[str, Series]:
        """Hits and tries of each month that the people have."""
        found: dict[str, dict[str, list[tuple[float, float]]]] = {key: {} for key in keys}
        months = labels([one.person for one in records])[-MONTHS:]
        for place, month in enumerate(months):
            for result in self._report(month, keys).results:
                user = result.subject.removeprefix("user:")
                if result.value is not None and result.n and user != result.subject:
                    row = found[result.kpi].setdefault(user, [(0.0, 0.0)] * len(months))
                    row[place] = float(result.value) * result.n, float(result.n)
        sellers = {one.person.user for one in records}
        return {key: {user: row for user, row in some.items() if user in sellers} for key, some in found.items()}

    def _report(self, month: str, keys: Sequence[str]) -> engine.Report:
        return measured_now(self.bench, self.conn, Period.parse(month), self.known, kpis=keys, given=self.given)

    def _worth(self, spec: Spec) -> Worth | None:
        if spec.scored is None:
            return None
        rules = self.bench.settings.rules
        if spec.scored == "enquiry":
            told = enquiries.in_norm(self.conn, self.span, rules.lead_norm_minutes * 60)
            done = {one.record: told[one.record] for one in self.ripe if one.record in told}
        else:
            scored = enquiries.done_well(self.conn, self.span, spec.scored, rules.score_good_from)
            done = {one.record: scored[one.deal] for one in self.ripe if one.deal is not None and one.deal in scored}
        cases = [
            Deal(f"{one.source}|{one.month}", done[one.record], one.won) for one in self.ripe if one.record in done
        ]
        return worth(cases, generator(self.bench.settings.name, f"worth|{spec.kpi}", self.label))


def _records(seen: Past, answered: Iterable[Counted], refunded: Iterable[Counted]) -> tuple[Record, ...]:
    reached = {(one.user, one.month): (one.hits, one.n) for one in answered}
    back = {(one.user, one.month): (one.hits, one.n) for one in refunded}
    return tuple(Record(one, _aligned(one, reached), _aligned(one, back)) for one in seen.people)


def _aligned(person: Person, told: Mapping[tuple[str, int], tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    return tuple(told.get((person.user, int(month.label.replace("-", ""))), (0, 0)) for month in person.months)


def _cohorts(person: Person) -> tuple[tuple[int, int], ...]:
    return tuple((month.cohort_wins, month.cohort_leads) for month in person.months)


def _cases(ripe: Iterable[Ripe], worth_: Mapping[str, int]) -> tuple[Case, ...]:
    """Each enquiry in its cell of source, pipeline and size."""
    cut = thirds(worth_.values())
    return tuple(
        Case(one.user, (one.source or "", one.pipeline or "", size_of(worth_.get(one.deal or ""), cut)), 1, one.won)
        for one in ripe
    )
