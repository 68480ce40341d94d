"""A set of KPIs: what is missing from it is said, with what to do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector.kpi.catalogue import ALL
from connector.targets.planning.balance import EXAMPLES, activity, balance
from connector.targets.planning.sets import KpiSet, lines_above, sets_for
from tests.kpi.ground import TEAMS

GOOD = KpiSet(
    0, "Розница", "Выручка +20 %",
    {"revenue": 40, "outgoing_calls": 15, "successful_call_share": 15, "csat": 15, "script_compliance": 15},
    everyone=True,
)  # fmt: skip


def codes(one: KpiSet, *sourceless: str) -> list[tuple[str, str, str]]:
    return [(found.grade, found.code, found.kpi) for found in balance([one], ALL, sourceless)]


def test_a_balanced_set_is_left_alone():
    assert codes(GOOD) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"goal": "  "}, ("error", "no_goal", "")),
        ({"everyone": False}, ("error", "nobody", "")),
        ({"unknown": ("Никто",)}, ("error", "unknown_name", "")),
        ({"weights": GOOD.weights | {"win_rate": 0.0}}, ("error", "too_many", "")),
        ({"weights": {key: w for key, w in GOOD.weights.items() if key != "revenue"}}, ("error", "no_family", "")),
        ({"weights": {key: w for key, w in GOOD.weights.items() if key != "csat"}}, ("error", "no_family", "")),
        (
            {"weights": {key: w for key, w in GOOD.weights.items() if key != "successful_call_share"}},
            ("error", "no_counter", "outgoing_calls"),
        ),
        ({"weights": GOOD.weights | {"revenue": 30}}, ("warning", "weights", "")),
        ({"weights": {"nonsense": 1, **GOOD.weights}}, ("error", "unknown_kpi", "nonsense")),
    ],
)
def test_what_is_missing_is_said(change, found):
    assert found in codes(replace(GOOD, **change))


@pytest.mark.parametrize("family", EXAMPLES)
def test_every_family_is_asked_for_and_its_example_is_of_it(family):
    assert ALL[EXAMPLES[family]].family == family
    without = {key: 25 for other, key in EXAMPLES.items() if other != family}
    [said] = [one for one in balance([replace(GOOD, weights=without)], ALL) if one.code == "no_family"]
    assert EXAMPLES[family] in said.todo.en
    assert EXAMPLES[family] in said.todo.ru


def test_shares_of_one_are_weights_too():
    assert codes(replace(GOOD, weights={key: weight / 100 for key, weight in GOOD.weights.items()})) == []


def test_a_kpi_without_a_source_is_told():
    assert codes(GOOD, "script_compliance") == [("warning", "no_source", "script_compliance")]


def test_what_is_easily_done_for_its_own_sake_has_somebody_who_watches():
    acts = {key for key, kpi in ALL.items() if activity(kpi)}
    assert {"outgoing_calls", "calls", "meetings"} <= acts
    assert not {"revenue", "won_deals", "win_rate", "successful_call_share", "csat"} & acts
    assert all(ALL[key].counter in ALL for key in acts)


def test_an_activity_of_ones_own_without_a_counter_is_no_way_around_it():
    """A KPI that an account made itself need not name one: within a set it has to."""
    bare = ALL | {"visits": replace(ALL["meetings"], key="visits", counter=None)}
    weights = {"visits" if key == "outgoing_calls" else key: weight for key, weight in GOOD.weights.items()}
    [found] = balance([replace(GOOD, weights=weights)], bare)
    assert (found.grade, found.code, found.kpi) == ("error", "no_counter_at_all", "visits")
    assert found.path == ("kpi_set", 0, "kpis", "visits")


def test_findings_say_where():
    [said] = balance([replace(GOOD, place=3, goal="")], ALL)
    assert said.path == ("kpi_set", 3, "goal")
    assert "Розница" in said.about.ru


@pytest.mark.parametrize(
    ("user", "teams", "name"),
    [("501", ("700",), "own"), ("502", ("700",), "retail"), ("503", ("701",), "all teams"), ("509", (), "everybody")],
)
def test_the_nearest_set_holds(user, teams, name):
    sets = [
        replace(GOOD, name="everybody"),
        replace(GOOD, name="all teams", everyone=False, teams=frozenset({"1"})),
        replace(GOOD, name="retail", everyone=False, teams=frozenset({"700"})),
        replace(GOOD, name="own", everyone=False, users=frozenset({"501"})),
    ]
    above = lines_above(teams, {team.id: team for team in TEAMS})
    assert [one.name for one in sets_for(sets, user, above)] == [name]


def test_teams_in_a_circle_end():
    ring = {"1": replace_team("1", "2"), "2": replace_team("2", "1")}
    assert lines_above(["1"], ring) == [{"1"}, {"2"}]


def replace_team(id: str, above: str):
    return TEAMS[0].__class__(id=id, name=id, parent_id=above)
