"""With whom somebody is compared."""

from __future__ import annotations

from connector.advice.diagnosis.peers import members_of, peers
from connector.records import Team, User

TEAMS = {
    "1": Team(id="1", name="All"),
    "700": Team(id="700", name="Retail", parent_id="1"),
    "701": Team(id="701", name="Wholesale", parent_id="1"),
    "9": Team(id="9", name="A circle", parent_id="10"),
    "10": Team(id="10", name="Its other half", parent_id="9"),
}


def users(**teams: str) -> dict[str, User]:
    return {name: User(id=name, name=name, team_ids=tuple(ids.split())) for name, ids in teams.items()}


def test_the_nearest_team_with_three_sellers_else_the_one_above_else_everybody() -> None:
    people = users(a="700", b="700", c="700", d="701", e="", f="404")
    told = peers(people, people, TEAMS)
    assert told == {"a": "700", "b": "700", "c": "700", "d": "1", "e": None, "f": None}
    assert members_of(people, people, TEAMS)["1"] == {"a", "b", "c", "d"}


def test_only_sellers_make_a_team() -> None:
    people = users(a="700", b="700", c="700")
    assert set(peers(["a", "b"], people, TEAMS).values()) == {None}


def test_a_circle_of_teams_ends_and_strangers_have_none() -> None:
    people = users(a="9", b="9", c="10")
    assert peers(["a", "b", "c", "x"], people, TEAMS) == {"a": "9", "b": "9", "c": "10", "x": None}
