"""A past moment is told in the same bytes whatever happens later: names, teams, plans, rules, sources and facts."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from decimal import Decimal

import pytest
from msgspec.structs import replace

from connector.kpi.telling.render import as_json
from connector.moment import to_ms
from connector.pipeline.measuring import report_of
from connector.provider import Account
from connector.records import Team, User
from connector.result import Plan
from connector.store import accounts, cursors
from connector.store.crm import memberships
from connector.store.engine import Store
from tests.kpi.ground import TEAMS, USERS, fact, save, win
from tests.late import slip_in
from tests.pipeline.months import AUGUST, SEPTEMBER, Month, at

SALE = win(1000, when="2026-08-20T12:00", key="win|deal:1", deal="1")
OTHER = win(500, when="2026-08-21T12:00", key="win|deal:2", deal="2", user="502")
NEXT = win(70, when="2026-09-15T12:00", key="win|deal:3", deal="3")
CALLS = [fact("call_out", "2026-08-20T12:00", number=30, call="1", key="call_out|call:1")]
THEN = at("2026-09-02T09:00")


def told(month: Month) -> str:
    return as_json(report_of(month.bench, AUGUST, as_of=THEN))


def later(month: Month) -> list[str]:
    """What is told ten days on."""
    changed, month.now = month.now, at("2026-09-20T09:00")
    month.read()
    found = [as_json(report_of(month.bench, period)) for period in (AUGUST, SEPTEMBER)]
    month.now = changed
    return found


@pytest.fixture
def month(store: Store) -> Month:
    made = Month(store, "2026-08-25T09:00", csat_field="CSAT")
    made.adopt()
    made.learn([SALE, OTHER, NEXT, *CALLS])
    agree(made, 2000)
    made.now = at("2026-08-31T15:00")  # in Vladivostok September has begun
    people(made, (USERS[0], replace(USERS[1], team_ids=("701",)), *USERS[2:]))
    made.now = at("2026-09-10T09:00")
    return made


def agree(month: Month, value: int) -> None:
    plan = Plan(subject="user:501", kpi="revenue", period="2026-08", value=Decimal(value))
    with month.bench.store.write() as conn:
        slip_in(conn, month.bench.account, plan, at=to_ms(month.now))


def people(month: Month, users: tuple[User, ...], teams: tuple[Team, ...] = TEAMS) -> None:
    now = to_ms(month.now)
    with month.bench.store.write() as conn:
        save(conn, month.bench.account, users, now=now)
        save(conn, month.bench.account, teams, now=now)
        memberships.observe(conn, month.bench.account, users, now=now)


def renamed(month: Month) -> None:
    people(month, tuple(replace(user, name=f"Я {user.name}") for user in USERS))


def moved(month: Month) -> None:
    people(month, tuple(replace(user, team_ids=("701",)) for user in USERS))


def left(month: Month) -> None:
    people(month, tuple(replace(user, active=False) for user in USERS))


def hired(month: Month) -> None:
    people(month, (*USERS, User(id="599", name="А", team_ids=("700",))))


def regrouped(month: Month) -> None:
    people(month, USERS, (replace(TEAMS[1], name="Переименована", parent_id=None), Team(id="702", name="Новая")))


def replanned(month: Month) -> None:
    agree(month, 4000)


def relearned(month: Month) -> None:
    month.learn([replace(SALE, amount=7, user="503"), OTHER, win(5, when="2026-08-21T09:00", user="502")])


def ruled(month: Month) -> None:
    month.adopt(successful_call_seconds=10, csat_field=None, credit="actor")


def zoned(month: Month) -> None:
    month.bench.settings = month.settings().model_copy(update={"timezone": "Asia/Vladivostok"})
    month.bench._zone = None
    month.adopt_as_it_is()


def in_yen(month: Month) -> None:
    with month.bench.store.write() as conn:
        told = Account("1", "ACME", "Europe/Moscow", "JPY", "acme")
        accounts.describe(conn, month.bench.account, told, "Europe/Moscow", "JPY")


def unread(month: Month) -> None:
    can = month.provider.can
    month.provider.can = dataclasses.replace(can, kinds=frozenset(kind for kind in can.kinds if kind.kind != "call"))


CHANGES: tuple[Callable[[Month], None], ...] = (
    renamed, moved, left, hired, regrouped, replanned, relearned, ruled, zoned, in_yen, unread,
)  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_a_past_moment_is_told_in_the_same_bytes(month: Month, change: Callable[[Month], None]) -> None:
    before, now = told(month), later(month)
    change(month)
    assert told(month) == before
    assert later(month) != now, "it changes something, or it tests nothing"


def test_everything_at_once(month: Month) -> None:
    before = told(month)
    for change in CHANGES:
        change(month)
        month.now = month.now.replace(hour=month.now.hour + 1)
    assert told(month) == before


def test_a_kind_that_was_first_read_later_has_no_source_then(month: Month) -> None:
    with month.bench.store.write() as conn:
        later = cursors.CURSOR.update().where(cursors.CURSOR.c.kind == "call").values(whole_at=to_ms(THEN) + 1)
        conn.execute(later)
    results = report_of(month.bench, AUGUST, as_of=THEN).results
    assert {one.reason for one in results if one.kpi == "calls"} == {"no_source"}
