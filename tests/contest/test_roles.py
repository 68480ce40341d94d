"""Who may contest and who decides: the owner opens, whoever leads him decides, nobody over himself."""

from __future__ import annotations

import pytest

from connector.contest.roles import WORDS, Act, Denied, deciders, denied
from connector.records import Team, User

USERS = {
    user.id: user
    for user in (
        User(id="501", name="Anna", team_ids=("700",)),
        User(id="502", name="Boris", team_ids=("700",)),
        User(id="510", name="Head", team_ids=("700",)),
        User(id="511", name="Gone head", team_ids=("700",), active=False),
        User(id="520", name="Director", team_ids=("800",)),
        User(id="530", name="Loner"),
        User(id="599", name="Admin", admin=True),
    )
}
TEAMS = {
    "700": Team(id="700", name="North", parent_id="800", head_ids=("510", "511")),
    "800": Team(id="800", name="All", head_ids=("520",)),
}


@pytest.mark.parametrize(
    ("act", "who", "owner", "why"),
    [
        ("open", "501", "501", None),
        ("open", "502", "501", "not_owner"),
        ("open", "510", "501", "not_owner"),
        ("withdraw", "501", "501", None),
        ("withdraw", "510", "501", "not_owner"),
        ("decide", "510", "501", None),
        ("decide", "520", "501", None),
        ("decide", "501", "501", "own"),
        ("decide", "502", "501", "not_head"),
        ("decide", "599", "501", "not_head"),
        ("decide", "511", "501", "left"),
        ("decide", "510", "510", "own"),
        ("decide", "520", "510", None),
        ("decide", "599", "520", None),
        ("decide", "599", "530", None),
        ("decide", "510", "530", "not_head"),
        ("open", "777", "777", "unknown"),
        ("decide", "777", "501", "unknown"),
        ("open", "511", "511", "left"),
    ],
)
def test_who_may_do_what(act: Act, who: str, owner: str, why: Denied | None) -> None:
    assert denied(act, who, owner, USERS, TEAMS) == why
    assert why is None or WORDS[why].format(who=who, owner=owner, heads="x")


def test_heads_are_named_upwards_and_teams_in_a_circle_end() -> None:
    assert deciders("501", USERS, TEAMS) == ("510", "520")
    circle = {"700": Team(id="700", name="a", parent_id="800"), "800": Team(id="800", name="b", parent_id="700")}
    assert deciders("501", USERS, circle) == ("599",)


def test_without_anybody_nobody_decides() -> None:
    assert deciders("501", {"501": USERS["501"]}, {}) == ()
