"""Company, teams, people: what the parts make, and by how much that misses the whole."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from connector.kpi.people import People
from connector.kpi.spans import Part, Parts
from connector.moment import Period
from connector.targets.planning.cascade import Node, cascade
from connector.targets.planning.telling.trees import cascade_json, cascade_text
from tests.kpi.ground import TEAMS

NAMES = {"501": "Анна", "502": "Борис", "503": "Вера", "504": "Глеб"}
MEMBERS = {
    "1": frozenset({"501", "502", "503"}), "700": frozenset({"501", "502"}), "701": frozenset({"503"})
}  # fmt: skip
BY_ID = {team.id: team for team in TEAMS}


def everyone(members=MEMBERS, parts: Parts | None = None) -> People:
    titles = {id: team.name for id, team in BY_ID.items()}
    return People(NAMES, frozenset(NAMES), titles, members, parts or Parts(members=members))


def tree(agreed: dict[str, int], told: People | None = None) -> Node:
    return cascade({who: Decimal(value) for who, value in agreed.items()}, told or everyone(), BY_ID, company="ACME")


def found(top: Node) -> dict[str, Node]:
    return {node.subject: node for node in top.nodes()}


def test_each_level_beside_its_parts():
    agreed = {"account": 1000, "team:700": 500, "user:501": 200, "user:502": 250, "user:503": 400, "user:504": 50}
    top = tree(agreed)
    nodes = found(top)
    assert nodes["team:700"].mismatch == -50
    assert (nodes["team:701"].own, nodes["team:701"].value) == (None, 400)
    assert nodes["team:1"].summed == 900
    assert (top.summed, top.mismatch) == (950, -50)
    assert [one.subject for one in top.parts] == ["team:1", "user:504"]


def test_nothing_agreed_on_is_no_mismatch():
    top = tree({"account": 100})
    assert (top.summed, top.mismatch, top.value) == (None, None, 100)
    assert tree({}).value is None


def test_who_moved_counts_in_each_team_for_his_days():
    month = Period.parse("2026-09")
    first, second = (Part(f"501\x1f{n}", "501", month.start, month.end) for n in (1, 2))
    members = {
        "1": frozenset({first.name, second.name, "502"}), "700": frozenset({first.name, "502"}),
        "701": frozenset({second.name}),
    }  # fmt: skip
    moved = Parts({"501": (first, second)}, members, {first.name: 15, second.name: 5})
    whole = {team: frozenset(moved.user(name) for name in some) for team, some in members.items()}
    nodes = found(tree({"user:501": 200, "user:502": 100}, everyone(whole, moved)))
    assert (nodes["team:700"].summed, nodes["team:701"].summed, nodes["team:1"].summed) == (250, 50, 300)


def test_it_is_told():
    top = tree({"account": 1000, "user:501": 200, "user:503": 900})
    text = cascade_text("h", top, "count", "RUB", "ru").replace("\u00a0", " ")
    assert text.splitlines()[1] == "ACME: 1 000; части дают 1 100; лишние 100"
    assert "    Розница: нет плана; части дают 200" in text
    assert "      Борис: нет плана" in text
    told = cascade_json(top, "count", "RUB")
    assert (told["plan"], told["parts_make"], told["mismatch"]) == (1000, 1100, 100)


@limits(max_examples=50)
@given(st.dictionaries(st.sampled_from([f"user:{id}" for id in NAMES]), st.integers(0, 10**6)))
def test_what_people_agreed_on_reaches_the_top_whole(agreed):
    top = tree(agreed)
    assert (top.summed or 0) == sum(agreed.values())
