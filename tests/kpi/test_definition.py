"""The catalogue: keys as agreed, texts in both languages, formulas that a version follows."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any, get_args

import pytest

from connector.config import Rules
from connector.errors import BadConfig
from connector.kpi.catalogue import ALL, GROUPS, NEAR, chosen, nearest
from connector.kpi.definition import Ago, Credit, Kpi, Limits, Measure, Text, Where, thresholds
from connector.kpi.kinds import KINDS
from connector.kpi.telling.words import LEFT_OUT, REASONS
from connector.records import BY_NAME
from connector.result import Unit
from tests.kpi.ground import Row, fact

KEYS = """
revenue won_deals average_deal plan_attainment repeat_share new_clients
outgoing_calls answered_incoming_calls calls successful_call_share calls_to_deals meetings win_rate
lead_response_minutes lead_answered_in_norm
csat refund_share
"""
"""What every report has from the beginning on."""
DEFINED = {f"K-{n:02}" for n in range(1, 39)}


def test_the_keys_are_those_agreed() -> None:
    assert set(KEYS.split()) <= set(ALL)
    assert sum(len(group) for _, group in GROUPS) == len(ALL)


def test_every_definition_has_its_kpi() -> None:
    assert {kpi.number[:4] for kpi in ALL.values()} == DEFINED
    variants = {"K-03a", "K-03b", "K-05a", "K-05b", "K-06a", "K-06b", "K-06c"}
    assert variants <= {kpi.number for kpi in ALL.values()}


@pytest.mark.parametrize("kpi", ALL.values(), ids=list(ALL))
def test_every_kpi_is_whole(kpi) -> None:  # type: ignore[no-untyped-def]
    assert kpi.title.ru and kpi.title.en and kpi.meaning.ru.endswith(".") and kpi.meaning.en.endswith(".")
    assert kpi.empty in REASONS
    assert kpi.unit in get_args(Unit)
    assert kpi.needs <= set(BY_NAME)
    assert kpi.setting is None or kpi.setting in Rules.model_fields
    assert kpi.proportion <= bool(kpi.bottom)
    assert kpi.counter in ALL
    assert kpi.counter != kpi.key
    assert {kind for one in kpi.measures for kind in one.kinds} <= set(KINDS)
    assert len({one.standing for side in (kpi.top, kpi.bottom) for one in side}) == 1


def test_words_are_in_both_languages() -> None:
    assert all(text.ru and text.en and text("ru") != text("en") for text in [*REASONS.values(), *LEFT_OUT.values()])


def test_the_version_follows_the_formula_and_not_the_words() -> None:
    kpi = ALL["csat"]
    assert replace(kpi, title=Text("а", "b")).version == kpi.version
    harder = replace(kpi.top[0], where=(Where("number", "gt", "csat_good_from"),))
    assert replace(kpi, top=(harder,)).version != kpi.version
    assert len({one.version for one in ALL.values()}) == len(ALL)
    other = replace(kpi.top[0], where=(Where("number", "ge", "csat_good_from", instead="other"),))
    assert replace(kpi, top=(other,)).version != kpi.version


@pytest.mark.parametrize(
    ("told", "near"),
    [
        ("revenu", ["revenue"]),
        ("Выручка", ["revenue"]),
        ("meeting", ["meetings"]),
        ("refund_shar", ["refund_share"]),
        ("first_response", ["csat_response", "lead_response_minutes"]),
        ("norm", ["callback_in_norm", "lead_answered_in_norm"]),
        ("zzz", []),
        ("", []),
    ],
)
def test_unknown_keys_are_refused_with_those_that_may_be_meant(told: str, near: list[str]) -> None:
    assert nearest(told)[: len(near)] == near and len(nearest(told)) <= NEAR
    with pytest.raises(BadConfig, match=f"'{told}' is no KPI;.*`kpi kpis list` shows them all") as caught:
        chosen([told])
    assert len(str(caught.value)) < 250 and (near != []) is ("near it" in str(caught.value))


def test_known_keys_come_in_the_catalogues_order() -> None:
    assert [kpi.key for kpi in chosen(["calls", "revenue"])] == ["revenue", "calls"]


def test_sources() -> None:
    assert not ALL["csat"].has_source(None, Rules())
    assert ALL["csat"].has_source(None, Rules(csat_field="CSAT"))
    assert not ALL["calls"].has_source(frozenset({"deal"}), Rules())
    assert ALL["calls"].has_source(frozenset({"call"}), Rules())


DAY = 86_400
LIMITS = thresholds(
    Rules(
        connected_call_seconds=11, successful_call_seconds=181, meaningful_call_seconds=61, lead_norm_minutes=16,
        callback_minutes=61, conversion_window_days=91, step_window_days=31, return_days=181, reactivation_days=366,
        csat_good_from=4, score_good_from=0.7,
    ),
    7_200_000,
)  # fmt: skip


def test_thresholds_are_the_rules_in_the_units_of_facts() -> None:
    assert LIMITS == {
        "connected_call_seconds": 11, "successful_call_seconds": 181, "meaningful_call_seconds": 61,
        "lead_norm_seconds": 16 * 60, "callback_seconds": 61 * 60, "conversion_window_seconds": 91 * DAY,
        "step_window_seconds": 31 * DAY, "return_days": 181, "reactivation_days": 366, "csat_good_from": 4,
        "score_good_from": 0.7, "as_of": 7_200_000, "hour_ago": 3_600_000,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("where", "more", "holds"),
    [
        (Where("number", "ge", 2), {"number": 2}, True),
        (Where("number", "gt", 2), {"number": 2}, False),
        (Where("number", "le", 2), {"number": 2}, True),
        (Where("number", "lt", 2), {"number": 2}, False),
        (Where("number", "eq", 2), {"number": 2}, True),
        (Where("number", "eq", 2), {"number": 3}, False),
        (Where("number", "ge", -5), {"number": None}, False),
        (Where("number", "ge"), {"number": 0}, True),
        (Where("number", "ge"), {"number": -1}, False),
        (Where("number", "unknown"), {"number": None}, True),
        (Where("number", "unknown"), {"number": 0}, False),
        (Where("number", "known"), {"number": 0}, True),
        (Where("number", "known"), {"number": None}, False),
        (Where("source", "in", ("site",)), {"source": "site"}, True),
        (Where("source", "in", ("site",)), {"source": "ads"}, False),
        (Where("number", "ge", "successful_call_seconds"), {"number": 181}, True),
        (Where("number", "ge", "successful_call_seconds"), {"number": 180}, False),
        (Where("at", "le", Ago(7200)), {"when": "1970-01-01T00:00:00"}, True),
        (Where("at", "le", Ago(7200)), {"when": "1970-01-01T00:00:01"}, False),
        (Where("number", "le", 5, instead="other"), {"number": 5, "other": 6}, True),
        (Where("number", "le", 5, instead="other"), {"number": 6, "other": 5}, False),
        (Where("number", "le", 5, instead="other"), {"other": 5}, True),
        (Where("number", "le", 5, instead="other"), {"other": 6}, False),
        (Where("number", "le", 5, instead="other"), {}, False),
    ],
)
def test_what_passes_a_condition(where: Where, more: dict[str, object], holds: bool) -> None:
    assert where.holds(Row(fact("call_out", **more)), LIMITS) is holds  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("where", "moves"),
    [
        (Where("due_at", "le", "as_of"), True),
        (Where("at", "le", "hour_ago"), True),
        (Where("at", "le", Ago(1)), True),
        (Where("number", "le", "return_days"), False),
        (Where("number", "le", 5), False),
        (Where("source", "in", ("site",)), False),
    ],
)
def test_what_may_pass_later_without_having_changed(where: Where, moves: bool) -> None:
    assert where.moves is moves
    assert Measure(("win",), (where,)).moves is moves
    assert Measure(("win",), (Where("number", "ge", 1), where)).moves is moves


@pytest.mark.parametrize(
    ("one", "additive", "money", "moves"),
    [
        (Measure(("win",)), True, False, False),
        (Measure(("win",), take="sum"), True, True, False),
        (Measure(("win",), take="sum", of="number"), True, False, False),
        (Measure(("win",), take="quantile"), False, True, False),
        (Measure(("win",), take="clients"), False, False, False),
        (Measure(("open_deal",), take="expected"), False, True, True),
        (Measure(("created",), take="survival", of="number"), False, False, True),
    ],
)
def test_what_a_measure_is(one: Measure, additive: bool, money: bool, moves: bool) -> None:
    assert (one.additive, one.money, one.moves) == (additive, money, moves)
    assert one.standing is (one.kinds == ("open_deal",))


def test_a_measure_counts_facts_of_its_kinds_that_pass_every_condition() -> None:
    one = Measure(("win", "loss"), (Where("number", "ge", 2), Where("amount", "gt", 0)))
    told = [("win", 2, 1), ("loss", 2, 1), ("call_out", 2, 1), ("win", 1, 1), ("win", 2, 0)]
    found = [one.holds(Row(fact(kind, number=n, amount=a)), LIMITS) for kind, n, a in told]  # type: ignore[arg-type]
    assert found == [True, True, False, False, False]


@pytest.mark.parametrize(
    ("one", "credit", "credited"),
    [
        (Measure(("win",)), "now", Measure(("win",), credit="now")),
        (Measure(("win",)), "event", Measure(("win",))),
        (Measure(("call_out",)), "now", Measure(("call_out",))),
        (Measure(("win", "call_out")), "now", Measure(("win", "call_out"))),
        (Measure(("win",)), "split", Measure(("win_part",), take="sum", of="number", credit="split")),
        (Measure(("win",), take="sum"), "split", Measure(("win_part",), take="sum", credit="split")),
        (Measure(("loss",)), "split", Measure(("loss",))),
        (Measure(("win", "loss")), "split", Measure(("win", "loss"))),
    ],
)
def test_whom_a_measure_credits(one: Measure, credit: Credit, credited: Measure) -> None:
    assert one.credited(credit) == credited


def test_a_kpi_credits_in_every_part_of_it_unless_it_says_otherwise() -> None:
    kpi = replace(ALL["average_deal"], ripens=(Measure(("win",)),))
    now = kpi.credited("now")
    assert now.credit == "now"
    assert {one.credit for one in now.measures} == {"now"}
    assert len(now.measures) == len(kpi.measures) == 5
    assert kpi.credited("event") == kpi
    assert replace(kpi, own_credit=True).credited("now") == replace(kpi, own_credit=True)
    assert ALL["repeat_share"].credited("split") == ALL["repeat_share"]
    assert ALL["repeat_share"].credited("now").credit == "now"
    assert ALL["revenue"].credited("split").top[0].kinds == ("win_part",)


@pytest.mark.parametrize(
    ("key", "ratio", "units", "standing"),
    [
        ("revenue", False, ("money", "count"), False),
        ("won_deals", False, ("count", "count"), False),
        ("average_deal", True, ("money", "count"), False),
        ("repeat_revenue_share", True, ("money", "money"), False),
        ("plan_attainment", True, ("money", "money"), False),
        ("revenue_per_day", True, ("money", "count"), False),
        ("stuck_deal_share", True, ("count", "count"), True),
    ],
)
def test_what_stands_above_and_below(key: str, ratio: bool, units: tuple[str, str], standing: bool) -> None:
    kpi = ALL[key]
    assert (kpi.ratio, kpi.side_units, kpi.standing) == (ratio, units, standing)


@pytest.mark.parametrize(
    "more",
    [
        {"unit": "count"}, {"plan": "revenue"}, {"minimum": 99}, {"proportion": True}, {"per": 60}, {"left": True},
        {"days": True}, {"ripens": (Measure(("loss",)),)}, {"bottom": ()}, {"spread": None},
    ],
    ids=str,
)  # fmt: skip
def test_the_version_follows_each_part_of_the_formula(more: dict[str, object]) -> None:
    kpi = ALL["average_deal"]
    assert replace(kpi, **more).version != kpi.version  # type: ignore[arg-type]


def test_an_imported_fact_is_a_source_of_its_kind_and_of_no_other() -> None:
    imported = ALL["csat"]
    assert imported.has_source(frozenset({"deal", "import:rating"}), Rules())
    assert not imported.has_source(frozenset({"deal", "import:payment"}), Rules())
    assert not imported.has_source(frozenset({"deal"}), Rules())
    only = next(kpi for kpi in ALL.values() if kpi.external and kpi.setting is None)
    kind = f"import:{only.top[0].kinds[0]}"
    assert only.has_source(only.needs | {kind}, Rules())
    assert not only.has_source(only.needs, Rules())
    assert not only.has_source(None, Rules())
    assert ALL["revenue"].has_source(None, Rules())
    assert ALL["revenue"].has_source(frozenset({"deal"}), Rules())


@pytest.mark.parametrize(
    ("sources", "rules", "known"),
    [
        ({"deal"}, {}, False),
        ({"deal"}, {"quote_stage": "quote"}, False),
        ({"deal"}, {"payment_amount_field": "Paid"}, True),
        ({"deal", "import:payment", "import:quote_paid"}, {}, True),
        ({"import:quote_paid"}, {}, False),
    ],
)
def test_without_payments_nobody_knows_which_quotes_were_paid(
    sources: set[str], rules: dict[str, Any], known: bool
) -> None:
    assert ALL["quote_paid_share"].has_source(frozenset(sources), Rules(**rules)) is known


def test_facts_of_one_kind_count_for_one_person_wherever_they_stand() -> None:
    """A part of wins among wins and cards: cards know no owner of now, and a win must not be two people's."""
    wins, all_of = Measure(("win",)), Measure(("win", "card"))
    mixed = replace(ALL["won_deals"], top=(wins,), bottom=(all_of,))
    assert mixed.credited("now") == mixed
    apart = replace(ALL["won_deals"], top=(wins,), bottom=(Measure(("card",)),))
    assert [one.credit for one in apart.credited("now").measures] == ["now", "event"]


def test_what_stands_is_held_against_the_periods_end() -> None:
    limits = Limits({"as_of": 5}, {"as_of": 3}, lambda start, end: 0.0)
    assert limits.of(Measure(("win",))) == {"as_of": 5}
    assert limits.of(Measure(("open_deal",))) == {"as_of": 3}
    assert limits.chance("new", 0) is None


def test_more_is_better_unless_it_is_said() -> None:
    bare = Kpi("own", "count", Text("а", "a"), Text("а", "a"), (Measure(("win",)),))
    assert (bare.direction, bare.family, bare.minimum, bare.per) == ("more", "process", 1, 1)
    assert (bare.proportion, bare.left, bare.days, bare.lookback, bare.external, bare.own_credit) == (False,) * 6
    assert [ALL[key].direction for key in ("revenue", "refund_share", "deal_cycle_days")] == ["more", "less", "less"]


def test_what_mutes_a_kpi_is_of_both_sides_and_credits_as_the_kpi_does() -> None:
    rule = ALL["csat"].muted
    assert rule is not None
    assert rule.measures == (*rule.top, *rule.bottom) and len(rule.measures) == 3
    assert {one.credit for one in rule.credited("now").bottom} == {"now"}
    assert rule.credited("now").least == rule.least


def test_what_a_person_wrote_for_a_limit_changes_nothing() -> None:
    """«3m» and 180 are one condition: the same facts, the same tally, the same version."""
    written, plain = Where("number", "ge", 180, "3m"), Where("number", "ge", 180)
    assert written == plain
    assert repr(written) == repr(plain)
    base = ALL["calls"]
    versions = {replace(base, top=(Measure(("call_out",), (one,)),)).version for one in (written, plain)}
    assert len(versions) == 1
    assert re.fullmatch("[0-9a-f]{12}", versions.pop())  # as plans and closed months have stored it
