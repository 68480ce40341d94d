"""A fact belongs to the team of its person on its day: nobody counts in two teams, and no transfer moves the past."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.kpi.spans import COMPANY, Part, Parts, Stay, parts, users_of
from connector.moment import DAY, Period, WorkCalendar, day_number, to_ms
from connector.records import Team

ZONE = ZoneInfo("Europe/Moscow")
JUNE = Period.parse("2026-06")
TEAMS = {
    "1": Team(id="1", name="Продажи"),
    "2": Team(id="2", name="Север", parent_id="1"),
    "3": Team(id="3", name="Юг", parent_id="1"),
    "8": Team(id="8", name="Кольцо", parent_id="9"),
    "9": Team(id="9", name="Кольцо", parent_id="8"),
}


def ms(text: str) -> int:
    return to_ms(datetime.fromisoformat(text).replace(tzinfo=ZONE))


NOON = ms("2026-06-10T12:00")
MOVED: dict[str, list[Stay]] = {"501": [("2", 0, NOON), ("3", NOON, None)], "502": [("2", 0, None)], "503": []}


def made(stays: dict[str, list[Stay]] = MOVED, period: Period = JUNE, until: date | None = None) -> Parts:
    return parts(period, ZONE, stays=stays, teams=TEAMS, until=until)


FIRST, LATER = "501\x1f20260601", "501\x1f20260611"


def test_a_transfer_takes_a_person_apart_at_the_next_morning() -> None:
    told = made()
    split = [
        Part(FIRST, "501", date(2026, 6, 1), date(2026, 6, 11)), Part(LATER, "501", date(2026, 6, 11), JUNE.end),
    ]  # fmt: skip
    assert told.of == {"501": split}
    assert told.members["2"] == {FIRST, "502"}
    assert told.members["3"] == {LATER}
    assert told.members["1"] == {FIRST, LATER, "502"}
    assert users_of(told, told.members["1"]) == {"501", "502"}
    assert told.stretches() == [(part.start, part.end) for part in split]


@pytest.mark.parametrize(("day", "name"), [(20260601, FIRST), (20260610, FIRST), (20260611, LATER), (99991231, LATER)])
def test_the_part_of_a_fact(day: int, name: str) -> None:
    assert made().name("501", day) == name
    assert made().name("502", day) == "502"
    assert made().name(None, day) is None


@pytest.mark.parametrize("moment", ["2026-06-01T00:00", "2026-05-31T10:00", "2026-07-01T00:00", "2026-06-30T09:00"])
def test_a_transfer_outside_the_days_of_the_period_splits_nobody(moment: str) -> None:
    at = ms(moment)
    told = made({"501": [("2", 0, at), ("3", at, None)]})
    assert told.of == {}
    assert told.members["3" if at < ms("2026-06-02T00:00") else "2"] == {"501"}


def test_whoever_left_stays_in_what_was() -> None:
    told = made({"501": [("2", 0, NOON)]})
    assert told.members["2"] == {FIRST}
    assert [part.end for part in told.of["501"]] == [date(2026, 6, 11), JUNE.end]


def test_a_move_there_and_back_in_a_day_is_none() -> None:
    one, two = ms("2026-06-10T10:00"), ms("2026-06-10T12:00")
    assert made({"501": [("2", 0, one), ("3", one, two), ("2", two, None)]}).of == {}


def test_what_has_not_come_is_no_part_yet() -> None:
    told = made(until=date(2026, 6, 11))
    assert told.of == {}
    assert made(until=date(2026, 6, 12)).of["501"][1].end == JUNE.end


def test_teams_in_a_ring_end() -> None:
    told = made({"501": [("8", 0, None)]})
    assert told.members["8"] == told.members["9"] == {"501"}


GROUPS = {id: Team(id=id, name=id) for id in ("2", "3", "4")}


def test_a_company_stands_over_groups_without_a_root() -> None:
    told = parts(JUNE, ZONE, stays=MOVED, teams=GROUPS)
    assert told.members[COMPANY] == {FIRST, LATER, "502"}
    assert told.below[COMPANY] == ["2", "3"], "nobody is in the fourth"


@pytest.mark.parametrize(
    ("teams", "stays"),
    [
        pytest.param(TEAMS, MOVED, id="the CRM has a root"),
        pytest.param(GROUPS, {"502": [("2", 0, None)]}, id="all are in one group, which says it already"),
        pytest.param(GROUPS, {}, id="nobody is anywhere"),
    ],
)
def test_no_company_beside_a_team_that_is_all_of_it(teams: dict[str, Team], stays: dict[str, list[Stay]]) -> None:
    told = parts(JUNE, ZONE, stays=stays, teams=teams)
    assert COMPANY not in told.members
    assert COMPANY not in told.below


def test_a_plan_is_shared_by_working_days_and_nothing_of_it_is_lost() -> None:
    office = WorkCalendar(ZONE)
    told = parts(JUNE, ZONE, stays=MOVED, teams=TEAMS, working=office.working_days)
    assert told.weight == {FIRST: 8, LATER: 13}
    assert told.share(Decimal(100), FIRST) == Decimal("38.10")
    assert told.share(Decimal(100), LATER) == Decimal("61.90")
    assert told.share(Decimal(100), "501") == told.share(Decimal(100), "502") == Decimal(100)
    assert made().share(Decimal(90), FIRST) == Decimal(30)


moves = st.lists(st.tuples(st.sampled_from(["2", "3", "-"]), st.integers(0, 40 * 24)), max_size=6)


@given(moves, st.decimals(0, 10**9, places=2), st.lists(st.integers(0, 10), min_size=6, max_size=6))
def test_every_day_is_in_one_part_and_every_part_in_the_right_teams(
    hops: list[tuple[str, int]], plan: Decimal, weights: list[int]
) -> None:
    start = ms("2026-05-27T00:00")
    when = sorted((start + hours * 3_600_000, team) for team, hours in hops)
    edges = [(0, "2"), *when]
    ends: list[int | None] = [*(at for at, _ in when), None]
    stays: list[Stay] = [(team, since, end) for (since, team), end in zip(edges, ends, strict=True) if team != "-"]
    told = replace(made({"501": stays}), weight={})
    for n in range(30):
        day = JUNE.start + n * DAY
        morning = ms(f"{day}T00:00")
        name = told.name("501", day_number(day))
        now = {team for team, since, end in stays if since <= morning and (end is None or morning < end)}
        assert {team for team in ("2", "3") if name in told.members[team]} == now
    names = [part.name for part in told.of.get("501", [])] or ["501"]
    weighed = replace(told, weight=dict(zip(names, weights, strict=False)))
    assert sum(weighed.share(plan, name) for name in names) == plan
