"""Any configuration that lint accepts is measured on both databases, and its proof folds to its value."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy.engine import Connection

from connector.config import KpiSettings, Rules
from connector.fact import Fact
from connector.kpi import cells, keeping
from connector.kpi.catalogue import ALL
from connector.kpi.custom.carried import CARRIED, COHORTS
from connector.kpi.custom.compiled import Compiled, compiled
from connector.kpi.custom.conditions import THRESHOLDS
from connector.kpi.custom.selecting import World
from connector.kpi.definition import Kpi
from connector.kpi.diff import reading as diff_reading
from connector.kpi.diff import telling as diff_telling
from connector.kpi.engine import Report, report
from connector.kpi.evaluate import evaluate
from connector.kpi.explain import explain
from connector.kpi.fold import gather
from connector.kpi.look import look
from connector.kpi.measure import measure
from connector.kpi.telling import about
from connector.kpi.telling import explanation as telling
from connector.moment import Period
from connector.records import Pipeline, Stage
from connector.result import Plan
from connector.store.agreed import plans
from connector.store.engine import Store
from tests.kpi.ground import NOW, ZONE, account, fact, know

SEPTEMBER = Period.parse("2026-09")
RULES = Rules(
    csat_field="CSAT", refund_amount_field="Refund", margin_field="Margin", list_price_field="List",
    payment_amount_field="Paid", required_fields=("INN",), objection_field="O", script_field="S",
    qualified_stages=("2",), quote_stage="3", key_steps=("2 > 3",), split_field="Split",
)  # fmt: skip
WORLD = World(RULES, "RUB", (Pipeline(id="11", name="Опт"),), (Stage(id="s1", name="Новая", pipeline_id="11"),))
SOURCES = frozenset({"deal", "lead", "call", "meeting", "task", "import:invoice", "import:technique"})
KINDS = sorted(CARRIED)
QUICK = (Phase.explicit, Phase.reuse, Phase.generate)
"""A case is a small configuration as it is: making it smaller would take minutes."""

# Sections as a person might write them: mostly what goes together, sometimes what does not.

_literals = st.sampled_from(["0", "1", "2", "0.5", "50%", "30", "60", "3m", "2h", "30d", "100 000", "now", "x"])
_values = st.one_of(_literals, st.sampled_from(sorted(THRESHOLDS)))


def _columns(kinds: list[str]) -> list[str]:
    known = [CARRIED[kind] for kind in kinds if kind in CARRIED]
    return [name for name in ("amount", "number", "other") if known and all(one.dimension(name) for one in known)]


@st.composite
def conditions(draw: st.DrawFn, kinds: list[str]) -> list[str]:
    found = []
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 1, 2]))):
        name = draw(st.sampled_from([*(_columns(kinds) * 3 or ["number"]), "due", "age"]))
        if draw(st.integers(0, 3)) == 0:
            found.append(f"{name} is {draw(st.sampled_from(['missing', 'known']))}")
        elif name == "due":
            found.append(f"due {draw(st.sampled_from(['<=', '>']))} now")
        else:
            found.append(f"{name} {draw(st.sampled_from(['>=', '<=', '>', '<', '=']))} {draw(_values)}")
    return found


@st.composite
def facts_of(draw: st.DrawFn, *, value: bool = False, few: bool = False) -> dict[str, Any]:
    most = 1 if few or draw(st.integers(0, 3)) else 2
    kinds = draw(st.lists(st.sampled_from([*KINDS, "call"]), min_size=1, max_size=most, unique=True))
    told: dict[str, Any] = {"of": kinds, "where": draw(conditions(kinds))}
    if value:
        told["value"] = draw(st.sampled_from(_columns(kinds) or ["amount", "number"]))
    for name, texts in (
        ("pipeline", ["Опт", "11", "Нет"]),
        ("source", ["site", "call"]),
        ("stage", ["won", "2 > 3", "s1"]),
    ):
        if draw(st.integers(0, 15)) == 0:
            told[name] = draw(st.sampled_from(texts))
    return told


_side = st.one_of(
    st.fixed_dictionaries({"count": facts_of(few=True)}),
    st.fixed_dictionaries({"clients": facts_of(few=True)}),
    st.fixed_dictionaries({"sum": facts_of(value=True, few=True)}),
)
_bottom = st.one_of(
    _side,
    st.just("days"),
    st.sampled_from(["revenue", "won_deals", "calls", "meetings"]).map(lambda key: {"plan": key}),
)


@st.composite
def shares(draw: st.DrawFn) -> dict[str, Any]:
    told = draw(facts_of())
    if draw(st.booleans()):
        told["among"] = [*told["of"], *draw(st.lists(st.sampled_from(KINDS), max_size=1))]
    told["among_where"] = draw(conditions(told["of"])) if draw(st.integers(0, 3)) == 0 else []
    return told


@st.composite
def conversions(draw: st.DrawFn) -> dict[str, Any]:
    start, end = draw(st.sampled_from(sorted(COHORTS)))
    told: dict[str, Any] = {"from": start, "to": end}
    if draw(st.booleans()):
        told["window"] = draw(st.sampled_from(["1d", "7d", "20d", "400d", "1825d"]))
    if draw(st.integers(0, 3)) == 0:
        told["source"] = "site"
    return told


_words = st.one_of(
    st.tuples(st.sampled_from(["count", "clients"]), facts_of()),
    st.tuples(st.sampled_from(["sum", "mean", "median"]), facts_of(value=True)),
    st.tuples(st.just("percentile"), facts_of(value=True).map(lambda told: told | {"rank": 90})),
    st.tuples(st.just("share"), shares()),
    st.tuples(st.just("ratio"), st.fixed_dictionaries({"top": _side, "bottom": _bottom})),
    st.tuples(st.just("conversion"), conversions()),
)


@st.composite
def sections(draw: st.DrawFn) -> list[KpiSettings]:
    found = []
    for n in range(draw(st.integers(3, 6))):
        word, told = draw(_words)
        more: dict[str, Any] = {"key": f"own_{n}", word: told}
        if draw(st.integers(0, 5)) == 0:
            more["unit"] = draw(st.sampled_from(["minutes", "days", "share", "count"]))
        if draw(st.integers(0, 5)) == 0:
            more["credit"] = draw(st.sampled_from(["event", "now", "actor", "creator", "split"]))
        if draw(st.integers(0, 5)) == 0:
            more["counter"] = draw(st.sampled_from(["win_rate", "own_0", "nobody"]))
        found.append(KpiSettings.model_validate(more))
    return found


def some(chance: random.Random, count: int) -> list[Fact]:
    """Facts of every kind, on and beside every edge."""
    days = ["07-03", "08-31", "09-01", "09-15", "09-24", "09-30"]
    return [
        fact(
            chance.choice(KINDS),
            f"2026-{chance.choice(days)}T{chance.choice(['20:59:59', '21:00:00', '10:00:00'])}",
            chance.choice(["501", "502", "503", None]),
            client=chance.choice(["contact:1", "contact:2", None]),
            amount=chance.choice([None, 0, 5, 10_000_000, 10**13]),
            number=chance.choice([None, 0, 1, 2, 0.5, 60, 180, 900, 30 * 86400, 8_000_000]),
            other=chance.choice([None, 0, 30, 365, 366]),
            due_at=chance.choice([None, fact("x", "2026-09-30T23:59:59").at, fact("x", "2026-10-02T00:00:00").at]),
            pipeline=chance.choice(["11", "12", None]),
            source=chance.choice(["site", None]),
            stage=chance.choice(["won", "lost", "open", "2 > 3", "s1", None]),
            owner_now=chance.choice(["501", "502"]),
            actor=chance.choice(["501", None]),
            creator=chance.choice(["502", None]),
            confidence=chance.choice(["exact", "observed", "assumed"]),
            omitted=chance.choice([None, None, None, "junk"]),
        )
        for _ in range(count)
    ]


@pytest.fixture
def filled(store: Store) -> Iterator[tuple[Connection, int]]:
    """Facts known at two moments, and plans, within one transaction."""
    with store.write() as conn:
        number = account(conn)
        for at, seed in ((100, 1), (NOW - 1, 2)):
            know(conn, number, some(random.Random(seed), 700), at=at)
        for key in ("revenue", "won_deals", "calls", "meetings"):
            plans.add(conn, number, [Plan(subject="user:501", kpi=key, period="2026-09", value=100)], now=0)  # type: ignore[arg-type]
        yield conn, number


def told(conn: Connection, number: int, made: Compiled, rules: Rules, as_of: int | None = None) -> Report:
    return report(
        conn, number, SEPTEMBER, zone=ZONE, now=NOW, as_of=as_of, kpis=list(made.kpis), rules=rules, sources=SOURCES,
        catalogue={**ALL, **made.kpis},
    )  # fmt: skip


@settings(
    max_examples=min(40, settings().max_examples),
    deadline=None,
    phases=QUICK,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(own=sections(), credit=st.sampled_from(["event", "event", "now", "split"]))
def test_whatever_lint_accepts_is_measured_and_its_proof_folds_to_it(
    filled: tuple[Connection, int], own: list[KpiSettings], credit: Any
) -> None:
    conn, number = filled
    made, rules = compiled(own, WORLD), RULES.model_copy(update={"credit": credit})
    event(f"accepted {len(made.kpis)}")
    if not made.kpis:
        return
    for as_of in (None, 200):
        for result in told(conn, number, made, rules, as_of).results:
            kind, _, id = result.subject.partition(":")
            found = explain(
                conn, number, result.kpi, SEPTEMBER, zone=ZONE, now=NOW, as_of=as_of, rules=rules, sources=SOURCES,
                catalogue={**ALL, **made.kpis}, **{kind: id},
            )  # fmt: skip
            assert found.result == result
            assert all(item.role and not item.why for item in found.items)
            if result.reason not in ("no_source", "not_observed"):
                limits = look(
                    number, SEPTEMBER, zone=ZONE, judged_at=200 if as_of else NOW, as_of=as_of, rules=rules
                ).limits
                listed = gather(found.kpi, found.items, limits)
                again = evaluate(found.kpi, result.subject, "2026-09", listed, currency="RUB", given=found.given)
                assert again.value == result.value
            assert result.interval is None or result.interval[0] <= result.interval[1]
            if found.kpi.proportion and result.value is not None and found.kpi.credit != "split":
                assert 0 <= result.value <= 1


@settings(
    max_examples=min(25, settings().max_examples),
    deadline=None,
    phases=QUICK,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(own=sections())
def test_it_is_told_compared_and_kept_in_cells_like_any_other(
    filled: tuple[Connection, int], own: list[KpiSettings]
) -> None:
    conn, number = filled
    made = compiled(own, WORLD)
    catalogue = {**ALL, **made.kpis}
    for kpi in made.kpis.values():
        assert about.as_text(about.Told(kpi, "moscow"), "ru") and about.as_text(about.Told(kpi), "en")
        proof = explain(
            conn, number, kpi.key, SEPTEMBER, zone=ZONE, now=NOW, rules=RULES, sources=SOURCES, catalogue=catalogue,
            user="501",
        )  # fmt: skip
        assert telling.as_text(proof) and telling.as_json(proof)
        both = diff_reading.compare(
            conn, number, kpi.key, SEPTEMBER, user="501", since=200, until=NOW, zone=ZONE, rules=RULES,
            sources=SOURCES, catalogue=catalogue,
        )  # fmt: skip
        assert diff_telling.as_text(both, zone=ZONE, link_to=str)
        same = (both.before.value, both.before.reason) == (both.after.value, both.after.reason)
        assert same or both.differences or both.before.denominator != both.after.denominator
    _same_from_cells(conn, number, list(made.kpis.values()))


def _same_from_cells(conn: Connection, number: int, kpis: list[Kpi]) -> None:
    """Judged at an earlier moment first, then as of now: what the clock passed in between is counted anew."""
    wanted = dict.fromkeys(one for kpi in kpis for one in kpi.measures)
    seen = look(number, SEPTEMBER, zone=ZONE, judged_at=NOW, as_of=None, rules=RULES)
    counted = measure(conn, seen, wanted)
    layout = cells.layout(kpis, RULES)
    save = conn.begin_nested()
    numbers = keeping.numbered(conn, number, layout)
    for kind in keeping.stale(conn, number, layout):
        keeping.build(conn, number, layout, kind, numbers, NOW - 9 * 86_400_000)
    keeping.finish(conn, number, layout, numbers, NOW - 9 * 86_400_000)
    keeping.advance(conn, number, layout, NOW)
    kept = measure(conn, seen, wanted)
    save.rollback()
    assert kept.keys() == counted.keys()
    for one, people in counted.items():
        assert kept[one].keys() == people.keys()
        for person, cell in people.items():
            found = kept[one][person]
            assert (found.total, found.n, found.confidence, found.unpriced) == (
                cell.total, cell.n, cell.confidence, cell.unpriced,
            )  # fmt: skip


@given(st.dictionaries(st.sampled_from([*KpiSettings.model_fields]), st.one_of(st.text(max_size=5), _side), max_size=3))
def test_whatever_stands_in_a_section_is_a_problem_and_no_crash(told: dict[str, Any]) -> None:
    try:
        section = KpiSettings.model_validate({"key": "own"} | told)
    except ValidationError:
        return
    made = compiled([section], WORLD)
    assert made.kpis or made.refused
