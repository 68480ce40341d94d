"""Who may see what: every role against every id, then against every page that is about somebody."""

from __future__ import annotations

import msgspec
import pytest
from fastapi.testclient import TestClient

from connector.kpi.spans import COMPANY
from connector.pipeline.bench import Workbench
from connector.records import Team, User
from connector.store.crm import records
from connector.store.engine import Store
from connector.web.access import access_of
from connector.web.app import build
from tests.web.ground import (
    ADMIN,
    ANNA,
    BORIS,
    CHIEF,
    DINA,
    GONE,
    HEAD,
    HEARS,
    OTHER_HEAD,
    PEOPLE,
    SEES,
    SEES_TEAMS,
    SETS,
    TEAMS,
    opened,
    pages,
    signed_in,
    token_in,
)

USERS = {
    id: User(id=id, name=id, admin=id == ADMIN, active=id != GONE)
    for id in PEOPLE
}  # fmt: skip
TEAM = {
    "700": Team(id="700", name="North", parent_id="710", head_ids=(HEAD,)),
    "701": Team(id="701", name="South", head_ids=(OTHER_HEAD,)),
    "710": Team(id="710", name="All", head_ids=(CHIEF,)),
}
MEMBERS = {
    "700": frozenset({ANNA, BORIS, HEAD}),
    "701": frozenset({DINA, OTHER_HEAD, GONE}),
    "710": frozenset({ANNA, BORIS, HEAD, CHIEF}),
}


@pytest.mark.parametrize("viewer", sorted(SEES))
def test_each_sees_those_he_may(viewer: str) -> None:
    access = access_of(viewer, USERS, TEAM, MEMBERS)
    assert access is not None
    assert {id for id in PEOPLE if access.person(id)} == SEES[viewer]
    assert {id for id in TEAMS if access.team(id)} == SEES_TEAMS[viewer]
    assert access.role == ("admin" if viewer == ADMIN else "head" if SEES_TEAMS[viewer] else "manager")
    assert access.subject("account") == (viewer == ADMIN)
    assert [access.subject(some) for some in ("user:nobody", "team:none", "", "user:", "501")] == [False] * 5


@pytest.mark.parametrize("viewer", [GONE, "nobody", ""])
def test_who_is_dismissed_or_unknown_sees_nothing(viewer: str) -> None:
    assert access_of(viewer, USERS, TEAM, MEMBERS) is None


def test_private_feedback_is_not_for_the_admin() -> None:
    told = {id: access_of(id, USERS, TEAM, MEMBERS) for id in SEES}
    readers = {id for id, access in told.items() if access is not None and access.feedback(ANNA)}
    assert readers == {ANNA, HEAD, CHIEF}


def test_who_left_the_team_is_seen_in_the_months_of_it() -> None:
    then, now = {"700": frozenset({ANNA, DINA})}, {"700": frozenset({ANNA})}
    before, after = (access_of(HEAD, USERS, TEAM, members) for members in (then, now))
    assert before is not None and before.person(DINA)
    assert after is not None and not after.person(DINA)


@pytest.mark.parametrize(
    ("viewer", "sees"), [(ADMIN, True), (CHIEF, True), (HEAD, False), (OTHER_HEAD, False), (ANNA, False)]
)
def test_the_company_is_for_who_leads_every_team(viewer: str, sees: bool) -> None:
    led = {id: msgspec.structs.replace(team, head_ids=(CHIEF, *team.head_ids)) for id, team in TEAM.items()}
    access = access_of(viewer, USERS, led, {**MEMBERS, COMPANY: frozenset(PEOPLE)})
    assert access is not None and access.team(COMPANY) is sees


def test_a_team_that_is_its_own_parent_ends() -> None:
    looped = {"1": Team(id="1", name="a", parent_id="2", head_ids=(HEAD,)), "2": Team(id="2", name="b", parent_id="1")}
    access = access_of(HEAD, USERS, looped, {"1": frozenset({ANNA})})
    assert access is not None and access.teams == {"1", "2"}


@pytest.fixture
def bench(sqlite_store: Store) -> Workbench:
    return opened(sqlite_store)


@pytest.mark.parametrize("viewer", sorted(SEES))
def test_each_page_of_somebody_else_is_not_there(company: Workbench, viewer: str) -> None:
    with TestClient(build([company])) as client:
        signed_in(client, company, viewer)
        for kind, id, address in pages((*PEOPLE, "nobody", "%27%20or%201=1"), (*TEAMS, "none")):
            allowed = id in (SEES[viewer] if kind == "user" else SEES_TEAMS[viewer])
            status = client.get(address, follow_redirects=False).status_code
            assert status == (200 if allowed else 404), (address, status)


@pytest.mark.parametrize("viewer", sorted(SEES))
def test_plans_and_private_talks_are_for_whom_they_are(company: Workbench, viewer: str) -> None:
    with TestClient(build([company])) as client:
        signed_in(client, company, viewer)
        token = token_in(client.get("/contests").text)
        form = {"token": token, "kpi": "revenue", "value": "none", "reason": "why"}
        for id in (*PEOPLE, "nobody", "%27%20or%201=1"):
            sets = 200 if id in SETS[viewer] else 404
            assert client.get(f"/plans/people/{id}").status_code == sets, id
            assert client.get(f"/plans/people/{id}/chance?value=5").status_code == sets, id
            assert client.post(f"/plans/people/{id}", data=form).status_code == (400 if sets == 200 else 404), id
            assert client.get(f"/people/{id}/talks").status_code == (200 if id in HEARS[viewer] else 404), id
        for what in ("closed", "reopened"):
            status = client.post(f"/months/2026-08/{what}", data={"token": token}).status_code
            assert status == (400 if viewer == ADMIN else 404), what


@pytest.mark.parametrize("address", ["/plans/people/501", "/months/2026-08/closed", "/months/2026-08/reopened"])
def test_a_form_that_is_not_ours_changes_nothing(company: Workbench, address: str) -> None:
    with TestClient(build([company])) as client:
        signed_in(client, company, ADMIN)
        told = {"kpi": "revenue", "value": "5", "reason": "why", "sure": "yes", "early": "yes"}
        for more in ({}, {"token": ""}, {"token": "stolen"}):
            assert client.post(address, data=told | more).status_code == 403
        mine = told | {"token": token_in(client.get("/months").text)}
        assert client.post(address, data=mine, headers={"sec-fetch-site": "cross-site"}).status_code == 403


@pytest.mark.parametrize(
    ("address", "who"),
    [
        ("/board", {HEAD, OTHER_HEAD, CHIEF, ADMIN}),
        ("/board/changes", {HEAD, OTHER_HEAD, CHIEF, ADMIN}),
        ("/charts/board/funnel", {HEAD, OTHER_HEAD, CHIEF, ADMIN}),
        ("/charts/board/compare/win_rate", {HEAD, OTHER_HEAD, CHIEF, ADMIN}),
        ("/data", {HEAD, OTHER_HEAD, CHIEF, ADMIN}),
        ("/charts/board/activity", {HEAD, OTHER_HEAD, CHIEF, ADMIN}),
        ("/company", {ADMIN}),
        ("/months", {ADMIN}),
        ("/admin", {ADMIN}),
        ("/contests", set(SEES)),
    ],
)
def test_pages_are_for_roles(company: Workbench, address: str, who: set[str]) -> None:
    for viewer in SEES:
        with TestClient(build([company])) as client:
            status = signed_in(client, company, viewer).get(address).status_code
            assert status == (200 if viewer in who else 404), (viewer, status)


def test_a_board_and_its_charts_name_nobody_else(company: Workbench) -> None:
    with TestClient(build([company])) as client:
        signed_in(client, company, HEAD)
        for address in ("/board", "/charts/board/compare/average_deal", "/contests", "/board/changes"):
            text = client.get(address).text
            assert "Dina" not in text and "Gone" not in text, address


@pytest.mark.parametrize("address", [address for _, _, address in pages((ANNA,), ("700",))] + ["/", "/live", "/admin"])
def test_nobody_sees_nothing(company: Workbench, address: str) -> None:
    with TestClient(build([company])) as client:
        page = client.get(address, headers={"accept": "text/html"}, follow_redirects=False)
        assert (page.status_code, page.headers["location"]) == (303, "/in")
        assert client.get(address, headers={"accept": "application/json"}).status_code == 401


def test_who_is_dismissed_is_out_at_once(bench: Workbench) -> None:
    with TestClient(build([bench])) as client:
        signed_in(client, bench, ANNA)
        assert client.get(f"/people/{ANNA}").status_code == 200
        with bench.store.write() as conn:
            records.keep(
                conn, bench.account, [User(id=ANNA, name="Anna", team_ids=("700",), active=False)], now=bench.now()
            )
        assert client.get(f"/people/{ANNA}", follow_redirects=False).status_code in (303, 401)
