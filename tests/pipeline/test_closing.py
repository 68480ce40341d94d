"""A month is closed when it may be, stays as it was closed, and can be opened again."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from connector.errors import BadConfig
from connector.kpi.telling.render import as_csv, as_json
from connector.kpi.telling.table import as_table
from connector.moment import Period, from_ms, to_ms
from connector.pipeline.closing import (
    close_due,
    close_month,
    history_of,
    reopen_month,
    verified,
)
from connector.pipeline.correcting import corrections_of
from connector.pipeline.measuring import report_of
from connector.pipeline.official import closing_of, narrowed, official_explanation, official_report
from connector.result import Plan
from connector.store import cursors
from connector.store.agreed import closings
from connector.store.crm import memberships
from connector.store.engine import Store
from tests.kpi.ground import USERS, fact, save, win
from tests.late import slip_in
from tests.pipeline.months import AUGUST, SEPTEMBER, Month, at

SALE = win(1000, when="2026-08-20T12:00", key="win|deal:1", deal="1")
OTHER = win(500, when="2026-08-21T12:00", key="win|deal:2", deal="2", user="502")


@pytest.fixture
def month(store: Store) -> Month:
    """August as it looks on the eighth of September, when it may be closed."""
    made = Month(store)
    made.learn([SALE, OTHER], "2026-08-25T09:00")
    made.now = at("2026-09-08T09:00")
    made.read()
    return made


def close(month: Month, **more: Any) -> Any:
    return close_month(month.bench, AUGUST, author="glavbuh", **more)


def revenue(month: Month, subject: str = "user:501", **more: Any) -> Decimal | None:
    results = official_report(month.bench, AUGUST, **more).results
    return next(one.value for one in results if (one.kpi, one.subject) == ("revenue", subject))


@pytest.mark.parametrize(
    ("now", "force", "message"),
    [
        ("2026-08-31T12:00", False, "2026-08 is not over; it can be closed from 2026-09-08 on"),
        ("2026-08-31T20:59", True, "2026-08 is not over"),
        ("2026-09-07T20:59", False, r"can be closed from 2026-09-08 on \(5 working days\); --force closes now"),
        ("2026-09-07T20:59", True, None),
        ("2026-09-07T21:00", False, None),
    ],
)
def test_it_may_be_closed_once_the_grace_is_over(store: Store, now: str, force: bool, message: str | None) -> None:
    month = Month(store, now)
    month.read()
    if message is None:
        assert close(month, force=force).period == "2026-08"
    else:
        with pytest.raises(BadConfig, match=message):
            close(month, force=force)
        assert history_of(month.bench) == []


def test_a_closed_month_stays_closed_however_it_is_written(month: Month) -> None:
    close(month)
    month.learn([OTHER], "2026-09-10T09:00")
    both = [official_report(month.bench, Period.parse(text)) for text in ("2026-08", "2026-08-01..2026-08-31")]
    assert both[0].results == both[1].results
    assert both[1].closed_at == both[0].closed_at is not None


@pytest.mark.parametrize(("days", "first"), [(0, "2026-09-01"), (1, "2026-09-02"), (6, "2026-09-09")])
def test_the_grace_is_a_setting(sqlite_store: Store, days: int, first: str) -> None:
    month = Month(sqlite_store, "2026-08-31T12:00", close_grace_days=days)
    with pytest.raises(BadConfig, match=f"can be closed from {first} on"):
        close(month)


def test_what_is_not_read_is_not_closed(month: Month) -> None:
    month.now = at("2026-09-20T09:00")
    with month.bench.store.write() as conn:
        conn.execute(cursors.CURSOR.update().values(told_at=to_ms(at("2026-09-06T09:00"))))
    with pytest.raises(BadConfig, match="the data only reaches 2026-09-06; first kpi sync"):
        close(month)
    assert close(month, force=True).version == 1
    with month.bench.store.write() as conn:
        conn.execute(cursors.CURSOR.update().where(cursors.CURSOR.c.kind == "call").values(whole_at=None))
    with pytest.raises(BadConfig, match="not read to the end yet: call; first kpi sync"):
        close_month(month.bench, Period.parse("2026-07"), author="x")


@pytest.mark.parametrize("period", ["2026-W34", "2026-08-03", "2026-08-01..2026-08-31"])
def test_only_months_are_closed(month: Month, period: str) -> None:
    with pytest.raises(BadConfig, match="only a month is closed"):
        close_month(month.bench, Period.parse(period), author="x")


def test_twice_is_refused(month: Month) -> None:
    close(month)
    with pytest.raises(BadConfig, match="2026-08 is closed already; kpi reopen opens it"):
        close(month)


def test_a_closed_month_stands_and_today_is_seen_apart(month: Month) -> None:
    before = report_of(month.bench, AUGUST, as_of=month.now)
    closed = close(month)
    assert (closed.values, f"{closed.at:%d.%m.%Y %H:%M}") == (len(before.results), "08.09.2026 12:00")
    month.learn([replace(SALE, omitted="deleted"), OTHER], "2026-09-12T09:00")
    frozen = official_report(month.bench, AUGUST)
    assert frozen.results == before.results
    assert (frozen.users, frozen.teams, frozen.omitted) == (before.users, before.teams, before.omitted)
    assert revenue(month) == 1000
    assert revenue(month, recalculated=True) == 0
    assert revenue(month, as_of=at("2026-08-24T00:00")) is None or revenue(month, as_of=at("2026-08-24T00:00")) == 0
    assert (revenue(month, "team:1"), revenue(month, "team:1", recalculated=True)) == (1500, 500)


def test_of_some_kpis_only_what_was_left_out_of_them_is_told(month: Month) -> None:
    month.learn([replace(SALE, omitted="deleted")], "2026-09-01T09:00")
    for _ in ("open", "closed"):
        report = official_report(month.bench, AUGUST)
        assert report.omitted == {"deleted": 1}
        assert narrowed(month.bench, report, ["revenue", "calls"]).omitted == {"deleted": 1}
        assert narrowed(month.bench, report, ["calls"]).omitted == {}
        close(month, force=True) if report.closed_at is None else None
    before = official_report(month.bench, AUGUST, as_of=at("2026-08-31T00:00"))
    assert narrowed(month.bench, before, ["revenue"], at("2026-08-31T00:00")).omitted == {}


def test_a_team_is_shown_with_the_people_it_had(month: Month) -> None:
    close(month)
    only = official_report(month.bench, AUGUST, team="Опт")
    assert {one.subject for one in only.results} == {"user:503", "team:701"}


def test_it_says_so_in_every_form(month: Month) -> None:
    assert '"closed_at": null' in as_json(official_report(month.bench, AUGUST))
    close(month)
    report = official_report(month.bench, AUGUST)
    assert as_table(report).startswith("moscow · 2026-08 · RUB · закрыт 08.09.2026\n")
    assert "· closed 08.09.2026\n" in as_table(report, "en")
    assert '"closed_at": "2026-09-08T09:00:00+00:00"' in as_json(report)
    assert as_csv(report).splitlines()[1].endswith(",2026-09-08T09:00:00+00:00")


def test_a_closing_judges_as_far_as_the_data_reaches(month: Month) -> None:
    """Nobody is blamed for a call that had not been read yet; once it is, that it never came is a correction."""
    asked = fact("enquiry", "2026-08-31T14:00", key="enquiry|deal:7", deal="7", due_at=at("2026-09-08T09:20"))
    month.learn([SALE, OTHER, asked], "2026-09-08T09:10")
    month.now = at("2026-09-08T09:30")
    close(month)
    closing = closing_of(month.bench, AUGUST)
    assert closing is not None and closing.reached == to_ms(at("2026-09-08T09:10"))

    def answered(**more: Any) -> Any:
        results = official_report(month.bench, AUGUST, **more).results
        return next(one for one in results if (one.kpi, one.subject) == ("lead_answered_in_norm", "user:501"))

    assert (answered().value, answered().reason) == (None, "no_leads")
    proof = official_explanation(month.bench, "lead_answered_in_norm", AUGUST, user="501")
    assert (proof.result, [item.why for item in proof.left_out]) == (answered(), ["in_norm_yet"])
    assert verified(month.bench, closing)
    month.now = at("2026-09-10T09:00")
    month.read()
    assert answered(recalculated=True).value == 0
    assert answered().value is None
    [told] = corrections_of(month.bench, SEPTEMBER, kpi="lead_answered_in_norm")
    [trail] = told.trails
    assert (trail.before.value, trail.after.value, trail.rest("RUB")) == (None, 0, (0, 0))
    assert [from_ms(one.known) for one in trail.corrections] == [at("2026-09-08T09:30") + timedelta(milliseconds=1)]


def test_a_quarter_names_the_closed_months_that_it_counts_anew(month: Month) -> None:
    quarter = Period.parse("2026-07-01..2026-09-30")
    assert official_report(month.bench, quarter).recounted == {}
    close(month)
    assert official_report(month.bench, quarter).recounted == {"2026-08": False}
    month.learn([replace(SALE, omitted="deleted"), OTHER], "2026-09-12T09:00")
    for period in (quarter, Period.parse("2026-08-20..2026-09-10")):
        assert official_report(month.bench, period).recounted == {"2026-08": True}
    report = official_report(month.bench, quarter)
    assert (
        "\nЗакрыты, а здесь пересчитаны по данным на сегодня (! — с тех пор что-то изменилось): 2026-08!\n"
        in as_table(report)
    )
    assert json.loads(as_json(report))["recounted"] == {"2026-08": True}
    assert official_report(month.bench, AUGUST).recounted == {}
    assert official_report(month.bench, AUGUST, recalculated=True).recounted == {"2026-08": True}
    assert official_report(month.bench, Period.parse("2026-09")).recounted == {}


def test_plans_are_frozen_too(month: Month) -> None:
    def attained(**more: Any) -> Decimal | None:
        results = official_report(month.bench, AUGUST, **more).results
        return next(one.value for one in results if (one.kpi, one.subject) == ("plan_attainment", "user:501"))

    def agree(value: int) -> None:
        plan = Plan(subject="user:501", kpi="revenue", period="2026-08", value=Decimal(value))
        with month.bench.store.write() as conn:
            slip_in(conn, month.bench.account, plan, at=to_ms(month.now))

    agree(2000)
    close(month)
    month.now = at("2026-09-15T09:00")
    agree(4000)
    assert (attained(), attained(recalculated=True)) == (Decimal("0.5"), Decimal("0.25"))


def test_opened_again_it_follows_changes_and_the_history_keeps_all(month: Month) -> None:
    close(month, reason="salaries of August")
    month.learn([SALE], "2026-09-12T09:00")
    row = reopen_month(month.bench, AUGUST, author="ivanov", reason="a sale was forgotten")
    assert (row.version, row.what) == (2, "reopened")
    assert closing_of(month.bench, AUGUST) is None
    assert revenue(month, "user:502") == 0
    with pytest.raises(BadConfig, match="2026-08 is not closed"):
        reopen_month(month.bench, AUGUST, author="ivanov", reason="again")
    close(month)
    told = [(row.version, row.what, row.author, row.reason) for row in history_of(month.bench)]
    assert told == [
        (1, "closed", "glavbuh", "salaries of August"),
        (2, "reopened", "ivanov", "a sale was forgotten"),
        (3, "closed", "glavbuh", ""),
    ]
    with month.bench.store.read() as conn:
        first, last = (closings.values(conn, history_of(month.bench)[place]) for place in (0, 2))
    values = [
        next(one.result.value for one in some if (one.result.kpi, one.result.subject) == ("revenue", "user:502"))
        for some in (first, last)
    ]
    assert values == [500, 0]


def test_the_proof_is_of_exactly_these_facts(month: Month) -> None:
    close(month)
    closing = closing_of(month.bench, AUGUST)
    assert closing is not None
    month.learn([replace(SALE, amount=1)], "2026-09-12T09:00")
    month.adopt(successful_call_seconds=1, lead_norm_minutes=1)
    assert verified(month.bench, closing)
    with month.bench.store.write() as conn:
        conn.execute(sa.text("update fact set amount = amount + 1 where key = 'win|deal:2'"))
    assert not verified(month.bench, closing)


def test_no_later_word_of_anybody_breaks_the_proof(month: Month) -> None:
    """A number per worked day is of a team's sellers: who joins them, leaves or is promoted later was none that day."""
    calls = [fact("call_out", when="2026-08-20T12:00", user=user, number=100) for user in ("501", "502", "509")]
    month.learn([SALE, OTHER, *calls], "2026-08-26T09:00")
    month.now = at("2026-09-08T09:00")
    month.read()
    close(month)
    closing = closing_of(month.bench, AUGUST)
    assert closing is not None
    month.learn([SALE, calls[0], fact("call_out", when="2026-08-21T12:00", user="503", number=100)], "2026-09-12T09:00")
    now = to_ms(month.now)
    with month.bench.store.write() as conn:
        others = (replace(USERS[0], admin=True), replace(USERS[1], active=False), replace(USERS[2], team_ids=("700",)))
        save(conn, month.bench.account, others, now=now)
        memberships.observe(conn, month.bench.account, others, now=now)
    assert verified(month.bench, closing)


def test_a_frozen_value_that_was_touched_is_seen(month: Month) -> None:
    close(month)
    closing = closing_of(month.bench, AUGUST)
    assert closing is not None
    with month.bench.store.write() as conn:
        conn.execute(sa.text("update closed_value set name = 'Z' where subject = 'user:501' and kpi = 'revenue'"))
    assert not verified(month.bench, closing)


def test_a_result_of_a_version_with_fewer_fields_can_be_read(month: Month) -> None:
    close(month)
    with month.bench.store.write() as conn:
        shorter = '{"kpi":"revenue","subject":"user:501","period":"2026-08","unit":"money","value":"7"}'
        ours = sa.text("update closed_value set body = :body where subject = 'user:501' and kpi = 'revenue'")
        conn.execute(ours, {"body": shorter})
    assert revenue(month) == 7


def test_what_is_learned_in_the_same_millisecond_is_dated_after_the_closing(month: Month) -> None:
    close(month)
    month.learn([], "2026-09-08T09:00")
    closing = closing_of(month.bench, AUGUST)
    assert closing is not None
    assert verified(month.bench, closing)
    assert revenue(month, recalculated=True) == 0


def test_the_daemon_closes_what_ended_since_it_was_connected(store: Store) -> None:
    month = Month(store, "2026-10-20T09:00")  # connected on the first of August
    month.learn([fact("call_out", "2026-06-10T12:00")])
    done = close_due(month.bench)
    assert [(one.period, one.version) for one in done] == [("2026-08", 1), ("2026-09", 1)]
    assert {row.author for row in history_of(month.bench)} == {"kpi run"}
    assert close_due(month.bench) == []


@pytest.mark.parametrize(
    ("now", "rules", "closed"),
    [
        ("2026-09-07T20:59", {}, []),
        ("2026-09-07T21:00", {}, ["2026-08"]),
        ("2026-09-20T09:00", {"close_months": "manual"}, []),
        ("2026-09-20T09:00", {"close_grace_days": 20}, []),
    ],
)
def test_when_it_closes_by_itself(store: Store, now: str, rules: dict[str, Any], closed: list[str]) -> None:
    month = Month(store, now, **rules)
    month.read()
    assert [one.period for one in close_due(month.bench)] == closed


def test_it_waits_for_the_data_and_leaves_what_a_person_opened(store: Store) -> None:
    month = Month(store, "2026-09-08T09:00")
    month.read("2026-09-07T12:00")
    assert close_due(month.bench) == []
    month.read()
    assert [one.period for one in close_due(month.bench)] == ["2026-08"]
    reopen_month(month.bench, AUGUST, author="ivanov", reason="wait")
    assert close_due(month.bench) == []
    assert closing_of(month.bench, SEPTEMBER) is None
