"""The caps as a state machine: whatever fires, closes and passes, no limit is ever broken."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.structs import replace

from connector.advice.feedback.caps import ALERTS, Ask, Barred, Book, Limits
from connector.kpi.text import Text
from connector.moment import local_day
from connector.wishes import Raised

ZONE = "Europe/Moscow"
PEOPLE, HEADS = [str(n) for n in range(501, 507)], ["511", "512"]
KPIS = ["revenue", "objection_handling", "stuck_deal_share"]
AWAY, NEW, SPOILT = Text("в отпуске", "away"), Text("новичок", "new"), Text("данные", "data")
people, kpis = st.sampled_from(PEOPLE), st.sampled_from(KPIS)


class Caps(RuleBasedStateMachine):
    """Rules that fire at random, heads and sellers who close or do not, time that passes."""

    @initialize(
        a_week=st.integers(1, 7), cool=st.integers(1, 20), alerts=st.integers(0, 5), spoilt=st.sets(kpis, max_size=2)
    )
    def begin(self, a_week: int, cool: int, alerts: int, spoilt: set[str]) -> None:
        self.now = datetime(2026, 9, 1, 6, tzinfo=UTC)
        self.limits = Limits(a_week, timedelta(days=cool), alerts)
        self.away: set[str] = set()
        self.new: set[str] = set()
        self.spoilt = spoilt
        self.raised: list[Raised] = []

    def book(self) -> Book:
        barred = Barred(
            dict.fromkeys(self.away, AWAY), dict.fromkeys(self.new, NEW), dict.fromkeys(self.spoilt, SPOILT)
        )
        return Book(self.limits, barred, ZONE, tuple(self.raised))

    def ask(self, ask: Ask) -> None:
        """As `advise` does it; what must never be is checked at the moment of raising."""
        before = self.book()
        reason = before.why_not(ask, self.now)
        assert reason == before.why_not(ask, self.now)
        if reason is not None:
            assert reason.ru
            assert reason.en
            return
        assert ask.of not in self.away
        assert ask.is_alert or ask.of not in self.new
        assert ask.kpi not in self.spoilt
        assert ask.n >= ask.minimum
        mine = [old for old in self.raised if (old.subject, old.kpi) == (ask.subject, ask.kpi)]
        assert all(old.closed_at is not None and old.closed_at <= self.now for old in mine)
        assert all(self.now - max(old.at, old.closed_at or old.at) >= self.limits.cool_down for old in mine)
        self.raised = list(before.noting(ask, self.now).raised)

    @rule(user=people, kpi=kpis, head=st.sampled_from(HEADS), n=st.integers(0, 40))
    def fire(self, user: str, kpi: str, head: str, n: int) -> None:
        self.ask(Ask(f"user:{user}", kpi, user, head, n, 20))

    @rule(user=people, what=st.sampled_from(ALERTS), deal=st.integers(1, 12))
    def wait_too_long(self, user: str, what: str, deal: int) -> None:
        self.ask(Ask(f"deal:{deal}", what, user, user))

    @rule(head=st.sampled_from(HEADS))
    def a_bad_monday(self, head: str) -> None:
        for user in PEOPLE:
            for kpi in KPIS:
                self.ask(Ask(f"user:{user}", kpi, user, head, 30, 20))

    @rule(place=st.integers(0, 200), later=st.integers(0, 48))
    def close(self, place: int, later: int) -> None:
        """Somebody closes a task, or the CRM tells of it only for a moment to come."""
        if self.raised:
            at = place % len(self.raised)
            one = self.raised[at]
            closed = one.closed_at or self.now + timedelta(hours=later)
            self.raised[at] = replace(one, closed_at=closed)

    @rule(hours=st.integers(1, 24 * 9))
    def pass_time(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(user=people)
    def leave_or_return(self, user: str) -> None:
        self.away ^= {user}

    @rule(user=people)
    def come_or_settle_in(self, user: str) -> None:
        self.new ^= {user}

    @invariant()
    def one_open_task_for_each(self) -> None:
        open_ones = Counter(
            (one.subject, one.kpi) for one in self.raised if one.closed_at is None or one.closed_at > self.now
        )
        assert not open_ones or max(open_ones.values()) == 1

    @invariant()
    def so_many_a_week(self) -> None:
        """In any seven days, not only in the last."""
        for head in HEADS:
            at = sorted(one.at for one in self.raised if one.head == head and one.kpi not in ALERTS)
            for first, last in zip(at, at[self.limits.a_week :], strict=False):
                assert last - first >= timedelta(days=7)

    @invariant()
    def so_many_alerts_a_day(self) -> None:
        days = Counter((one.head, local_day(one.at, ZONE)) for one in self.raised if one.kpi in ALERTS)
        assert not days or max(days.values()) <= self.limits.alerts_a_day


TestCaps = Caps.TestCase
TestCaps.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_alerts_to_a_head_who_sells_do_not_fill_his_week() -> None:
    now = datetime(2026, 9, 1, 6, tzinfo=UTC)
    told = tuple(Raised(subject=f"deal:{n}", kpi="stuck_deal", head="511", at=now) for n in range(9))
    book = Book(Limits(), Barred(), ZONE, told)
    assert book.why_not(Ask("user:501", "revenue", "501", "511"), now) is None
    reason = book.why_not(Ask("deal:77", "stuck_deal", "511", "511"), now)
    assert reason is not None
    assert "5 alerts" in reason.en


def test_a_newcomer_is_told_of_his_waiting_client_and_nobody_of_his_numbers() -> None:
    now = datetime(2026, 9, 1, 6, tzinfo=UTC)
    book = Book(Limits(), Barred(new={"501": NEW}), ZONE)
    assert book.why_not(Ask("deal:77", "unanswered_lead", "501", "501"), now) is None
    assert book.why_not(Ask("user:501", "revenue", "501", "511"), now) == NEW


def test_a_task_that_was_put_back_is_not_open_by_any_clock_and_is_told_apart() -> None:
    """The CRM's clock may be behind ours: an undo seemed to lie ahead, and the task to be open until then."""
    now = datetime(2026, 9, 1, 6, tzinfo=UTC)
    undone = Raised(
        subject="user:501", kpi="revenue", head="511", at=now, closed_at=now + timedelta(seconds=3), withdrawn=True
    )
    reason = Book(Limits(), Barred(), ZONE, (undone,)).why_not(Ask("user:501", "revenue", "501", "511"), now)
    assert reason is not None
    assert reason.en == "the task about this was put back (kpi undo); not again within 14 days"
