from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace

from connector.advice.feedback.rules import found
from connector.advice.feedback.weeks import windows
from connector.advice.rules import advise
from tests.advice.feedback.ground import SELLERS, result, situation, weeks

ALIKE = {user: (0.7, 60) for user in SELLERS}
QUALITY = "objection_handling"


def rules(seen, user="501"):
    return [(weak.rule, weak.kpi) for weak in found(seen, user)]


def test_whole_weeks_that_are_over():
    for day in (14, 16, 20):  # Monday, Wednesday, Sunday
        now, before = windows(date(2026, 9, day))
        assert (now.label, before.label) == ("2026-08-17..2026-09-13", "2026-06-22..2026-08-16")


@pytest.mark.parametrize("kpi", ["objection_handling", "script_compliance"])
@pytest.mark.parametrize(
    ("now", "before", "team", "says"),
    [
        ((0.3, 40), (0.7, 80), 0.7, True),
        ((0.65, 40), (0.7, 80), 0.7, False),  # not a tenth lower
        ((0.5, 40), (0.7, 80), 0.7, False),  # chance may do that
        ((0.3, 5), (0.7, 80), 0.7, False),  # too few
        ((0.3, 40), (0.7, 5), 0.7, False),  # nothing of his own to compare with
        ((0.3, 40), (0.7, 80), 0.3, False),  # the whole team dropped
    ],
)
def test_quality_drops_below_ones_own(kpi, now, before, team, says):
    others = {user: (team, 40) for user in SELLERS}
    seen = weeks({kpi: others | {"501": now}}, {kpi: {"501": before}})
    assert (rules(seen) == [("quality_drop", kpi)]) is says


def test_without_colleagues_ones_own_weeks_decide_about_quality():
    assert rules(weeks({QUALITY: {"501": (0.3, 40)}}, {QUALITY: {"501": (0.7, 80)}})) == [("quality_drop", QUALITY)]


def test_a_norm_is_missed_where_fewer_than_half_keep_it_beyond_chance():
    kpi = "lead_answered_in_norm"
    assert rules(weeks({kpi: {"501": (0.2, 40)}})) == [("slow_response", kpi)]
    assert rules(weeks({kpi: {"501": (0.45, 40)}})) == []
    assert rules(weeks({kpi: {"501": (0.0, 19)}})) == [], "under the minimum sample"


def test_the_median_itself_must_be_over_the_norm():
    seen = weeks({"lead_answered_in_norm": {"501": (0.2, 40)}, "lead_response_minutes": {"501": (47, 30)}})
    key = ("lead_response_minutes", "user:501")
    for interval, says in (((31, 60), True), ((9, 60), False)):
        ends = tuple(map(Decimal, interval))
        seen.results[key] = replace(seen.results[key], interval=ends)
        assert bool(rules(seen)) is says


@pytest.mark.parametrize(
    ("kpi", "rule", "bad", "good"),
    [("stuck_deal_share", "stuck_deals", 0.7, 0.2), ("callback_in_norm", "missed_calls", 0.2, 0.8)],
)
def test_worse_than_the_team_and_where_there_is_none_than_oneself(kpi, rule, bad, good):
    others = {user: (good, 40) for user in SELLERS}
    assert rules(weeks({kpi: others | {"501": (bad, 40)}})) == [(rule, kpi)]
    assert rules(weeks({kpi: others})) == []
    assert rules(weeks({kpi: {"501": (bad, 40)}})) == []
    assert rules(weeks({kpi: {"501": (bad, 40)}}, {kpi: {"501": (good, 60)}})) == [(rule, kpi)]


def test_equal_people_are_told_nothing():
    seen = weeks(dict.fromkeys(("objection_handling", "script_compliance", "callback_in_norm"), ALIKE))
    assert [rules(seen, user) for user in SELLERS] == [[], [], [], []]


def test_a_kpi_that_is_held_still_is_not_looked_at():
    seen = weeks({QUALITY: {"501": (0.3, 40)}}, {QUALITY: {"501": (0.7, 80)}})
    del seen.kpis[QUALITY]  # type: ignore[attr-defined]
    assert rules(seen) == []


def test_rounding_favours_the_person():
    seen = weeks({"script_compliance": {"501": (0.701, 10)}, "stuck_deal_share": {"501": (0.25, 10)}})
    assert seen.of("script_compliance", "501").good == 8
    assert seen.of("stuck_deal_share", "501").good == 8


def test_the_least_likely_comes_first_and_seven_a_week_is_all():
    now = {kpi: {user: (0.1, 60) for user in SELLERS} for kpi in ("lead_answered_in_norm",)}
    now |= {QUALITY: {user: (0.1, 40) for user in SELLERS}}
    before = {QUALITY: {user: (0.9, 80) for user in SELLERS}}
    got = advise(situation(weeks(now, before)))
    assert len(got.tasks) == 4, "quality: all dropped alike, so only the norm speaks"
    lonely = weeks(now, before)
    lonely = type(lonely)(**{n: getattr(lonely, n) for n in lonely.__slots__} | {"peers": {}})
    got = advise(situation(lonely))
    assert len(got.tasks) == 7
    assert len(got.silent) == 1
    [reason] = got.silent.values()
    assert reason.ru == "на этой неделе уже 7 задач"


def test_results_of_nothing_are_nothing():
    seen = weeks({})
    seen.results["callback_in_norm", "user:501"] = replace(result("callback_in_norm", "501", 0, 0), value=None)
    assert seen.of("callback_in_norm", "501").n == 0
