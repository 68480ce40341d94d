"""Plans against the evidence: proposed once, decided by the head, a version of the plan, never backwards."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from connector.advice.correction import Proposal
from connector.errors import BadConfig
from connector.fact import Fact
from connector.moment import Period
from connector.pipeline.measuring import learned_at
from connector.pipeline.planning import replanning
from connector.pipeline.planning.evidence import cases_of
from connector.pipeline.planning.log import plan_changes
from connector.pipeline.planning.replanning import Proposed, decide, look_daily, propose, proposed
from connector.pipeline.running import held
from connector.records import Absence, Team, User
from connector.result import Plan
from connector.store import notices
from connector.store.agreed import plans
from connector.store.clock import absences
from connector.store.engine import Store
from tests.kpi.ground import fact, save, win
from tests.pipeline.months import SEPTEMBER, Month, at

SELLERS = tuple(User(id=str(id), name=f"Seller {id}", team_ids=("700",)) for id in range(501, 507))
HEAD = User(id="590", name="Head", team_ids=("700",))
PAST = [f"2025-{month:02}" for month in range(9, 13)] + [f"2026-{month:02}" for month in range(1, 9)]


def history(user: str) -> list[Fact]:
    """Six wins of 100 000 a month, a little more or less, and thirty enquiries, of a year."""
    found = []
    for place, label in enumerate(PAST):
        wins = 5 + (place * 7 + int(user)) % 3
        found += [win(100_000, user, when=f"{label}-{3 + 4 * n:02}T12:00") for n in range(wins)]
        asked = [f"{label}-{1 + n % 27:02}T10:00" for n in range(30)]
        found += [fact("enquiry", when, user, number=60.0) for when in asked]
        found += [
            fact("lead_won", when, user, number=1.0 if n < wins else None, due_at=at(when) + timedelta(days=1))
            for n, when in enumerate(asked)
        ]
    return found


def month(store: Store, **rules: object) -> Month:
    """The morning of the eleventh of September; forecasts held so far; every seller has a year behind him."""
    made = Month(store, "2026-08-28T07:00", **rules)
    with store.write() as conn:
        save(conn, made.bench.account, [*SELLERS, HEAD])
        save(conn, made.bench.account, [Team(id="700", name="North", head_ids=("590",))])
    for one in SELLERS:
        made.learn(history(one.id), dossier=f"contact:{one.id}")
    made.bench.vouched["2026-09"] = True
    return made


def agree(made: Month, value: int, user: str = "501", *, reason: str = "agreed", now: str = "2026-08-30T09:00") -> None:
    made.now = at(now)
    with made.bench.store.write() as conn:
        plan = Plan(
            subject=f"user:{user}", kpi="revenue", period="2026-09", value=Decimal(value), author="head", reason=reason
        )
        plans.add(conn, made.bench.account, [plan], now=learned_at(made.bench, conn))


def looked(made: Month, now: str = "2026-09-11T07:00") -> list[Proposed]:
    made.now = at(now)
    made.read()
    return list(propose(made.bench, SEPTEMBER).found)


def versions(made: Month, user: str = "501") -> list[tuple[int, str, str]]:
    with made.bench.store.read() as conn:
        known = plans.versions(conn, made.bench.account, f"user:{user}", "revenue", "2026-09")
    return [(int(one.value), one.author, one.reason) for one in known]


def on_time(made: Month) -> None:
    """Everybody has won by the eleventh what is usual."""
    for one in SELLERS:
        wins = [win(100_000, one.id, when=f"2026-09-{day:02}T12:00") for day in (2, 7)]
        asked = [fact("enquiry", f"2026-09-{1 + n % 9:02}T10:00", one.id, number=60.0) for n in range(10)]
        made.learn([*history(one.id), *wins, *asked], "2026-09-11T06:00", dossier=f"contact:{one.id}")


def test_out_of_reach_is_proposed_once_and_approved_it_is_the_plan_from_then_on(store: Store) -> None:
    made = month(store)
    agree(made, 1_500_000)
    agree(made, 600_000, "502")
    on_time(made)
    (one,) = looked(made)
    told: Proposal = one.proposal
    assert (told.subject, told.why, told.was, one.state) == ("user:501", ("out_of_reach",), 1_500_000, "proposed")
    assert told.before < 0.1 < 0.5 < told.after
    assert told.value < told.was
    assert one.deciders == ("Head (590)",)
    (again,) = looked(made, "2026-09-14T07:00")
    assert again.id == one.id
    before = made.now
    done = decide(made.bench, one.id, "approved", by=None, reason="the plan was a mistake")
    assert (done.state, done.by, done.reason) == ("approved", "590", "the plan was a mistake")
    assert versions(made)[1:] == [(int(told.value), "Head (590)", "the plan was a mistake")]
    with store.read() as conn:
        changed = plan_changes(made.bench, conn, SEPTEMBER)
        assert set(changed) == {"501"}
        assert changed["501"].startswith("2026-09-14 · 1 500 000 → ")
        assert changed["501"].endswith(" · Head (590) · the plan was a mistake")
        then = plans.current(conn, made.bench.account, "2026-09", as_of=int(before.timestamp() * 1000) - 1)
    assert then["user:501", "revenue"].value == 1_500_000
    assert [item.state for item in looked(made, "2026-09-15T07:00")] == ["approved"]


def test_declined_it_is_not_proposed_again_in_the_period_and_the_plan_stands(sqlite_store: Store) -> None:
    made = month(sqlite_store)
    agree(made, 1_500_000)
    on_time(made)
    (one,) = looked(made)
    decide(made.bench, one.id, "declined", by="590", reason="he promised")
    assert [item.state for item in looked(made, "2026-09-16T07:00")] == ["declined"]
    assert versions(made) == [(1_500_000, "head", "agreed")]
    with pytest.raises(BadConfig, match="declined already"):
        decide(made.bench, one.id, "approved", by="590", reason="after all")


def test_who_may_not_decide_and_when_it_is_too_late(sqlite_store: Store) -> None:
    made = month(sqlite_store)
    agree(made, 1_500_000)
    on_time(made)
    (one,) = looked(made)
    for by, reason, told in (("501", "x", "his own"), ("502", "x", "does not lead"), ("590", " ", "reason")):
        with pytest.raises(BadConfig, match=told):
            decide(made.bench, one.id, "approved", by=by, reason=reason)
    with pytest.raises(BadConfig, match="there is none"):
        decide(made.bench, one.id + 1, "approved", by="590", reason="x")
    made.now = at("2026-10-01T09:00")
    with pytest.raises(BadConfig, match="over"):
        decide(made.bench, one.id, "approved", by="590", reason="x")
    assert [item.state for item in propose(made.bench, SEPTEMBER).found] == ["overtaken"]
    assert versions(made) == [(1_500_000, "head", "agreed")]


def test_a_plan_changed_since_overtakes_what_was_proposed(sqlite_store: Store) -> None:
    made = month(sqlite_store)
    agree(made, 1_500_000)
    on_time(made)
    (one,) = looked(made)
    agree(made, 1_400_000, reason="less", now="2026-09-11T08:00")
    with pytest.raises(BadConfig, match="was changed since"):
        decide(made.bench, one.id, "approved", by="590", reason="x")
    assert [(item.state, item.proposal.was) for item in looked(made, "2026-09-11T09:00")] == [
        ("proposed", 1_400_000),
        ("overtaken", 1_500_000),
    ]


def test_nothing_is_proposed_while_no_backtest_vouches_and_nothing_for_a_believable_plan(sqlite_store: Store) -> None:
    made = month(sqlite_store)
    agree(made, 600_000)
    on_time(made)
    assert looked(made) == []
    agree(made, 1_500_000, reason="more", now="2026-09-11T08:00")
    made.bench.vouched["2026-09"] = False
    assert looked(made, "2026-09-11T09:00") == []
    assert not propose(made.bench, SEPTEMBER).vouched


def test_an_absence_that_was_not_known_when_the_plan_was_made(sqlite_store: Store) -> None:
    made = month(sqlite_store, prorate_plans=False)
    agree(made, 600_000)
    on_time(made)
    away = Absence.of("501", "sick", at("2026-09-14T00:00").date(), at("2026-09-30T00:00").date())
    with sqlite_store.write() as conn:
        absences.take(conn, made.bench.account, [away], source="csv", now=learned_at(made.bench, conn))
    (one,) = looked(made)
    assert one.proposal.why[-1:] == ("away",)
    assert one.proposal.days < one.proposal.days_agreed == 22
    assert one.proposal.value < 600_000


def test_an_absence_that_is_taken_off_by_itself_is_no_reason(sqlite_store: Store) -> None:
    made = month(sqlite_store)
    agree(made, 600_000)
    on_time(made)
    away = Absence.of("501", "vacation", at("2026-09-11T00:00").date(), at("2026-09-24T00:00").date())
    with sqlite_store.write() as conn:
        absences.take(conn, made.bench.account, [away], source="csv", now=learned_at(made.bench, conn))
        (his,) = [one for one in cases_of(made.bench, conn, SEPTEMBER)[0] if one.plan.subject == "user:501"]
    assert his.part == pytest.approx(12 / 22) and his.done == 200_000
    assert looked(made) == []


def test_fewer_enquiries_of_the_team(sqlite_store: Store) -> None:
    made = month(sqlite_store)
    agree(made, 750_000)
    for one in SELLERS:
        asked = [fact("enquiry", f"2026-09-{2 + n:02}T10:00", one.id, number=60.0) for n in range(5)]
        made.learn([*history(one.id), *asked], "2026-09-11T06:00", dossier=f"contact:{one.id}")
    (one,) = looked(made)
    assert "fewer_leads" in one.proposal.why
    assert one.proposal.flow is not None
    assert one.proposal.flow.interval[1] < 0.85


def test_once_a_day_with_one_notice_that_goes_with_the_decision(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = month(sqlite_store)
    agree(made, 1_500_000)
    on_time(made)
    made.now = at("2026-09-11T07:00")
    looks: list[str] = []
    really = replanning.cases_of
    monkeypatch.setattr(replanning, "cases_of", lambda *told: looks.append(told[2].label) or really(*told))
    for hour in (7, 8, 20):
        made.now = at(f"2026-09-11T{hour:02}:00")
        with held(made.bench) as fence:
            look_daily(made.bench, fence)
    assert looks == ["2026-09"]
    (one,) = proposed(made.bench, only_open=True)

    def told() -> list[str]:
        with sqlite_store.read() as conn:
            return [row.text for row in notices.all(conn, made.bench.account) if row.code == "plan_correction"]

    (text,) = told()
    assert "Seller 501, revenue 2026-09, 1500000 -> " in text
    decide(made.bench, one.id, "declined", by="590", reason="no")
    assert told() == []
    assert proposed(made.bench, only_open=True) == []
    assert Period.parse("2026-09") == SEPTEMBER
