"""An account whose cells are kept as the pipeline keeps them, and facts of every sort that they are made of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from connector.config import Rules
from connector.fact import STANDS, Fact
from connector.kpi import cells, keeping
from connector.kpi.catalogue import ALL
from connector.kpi.definition import Measure, Op, Where, thresholds
from connector.kpi.kinds import STANDING
from connector.kpi.look import look
from connector.kpi.measure import Cells, measure
from connector.kpi.tally import tallies_of
from connector.kpi.varying import for_interval
from connector.moment import Period, local_day, to_ms
from connector.store import cells as rows
from connector.store import facts
from connector.store.engine import Store
from tests.kpi.ground import ZONE, account

KINDS = (
    "win",
    "loss",
    "call_out",
    "call_in",
    "callback",
    "enquiry",
    "lead_won",
    "quote",
    "refund",
    "card",
    "open_deal",
    "open_task",
)
USED = frozenset(KINDS)
MEASURES = tuple(
    dict.fromkeys(
        one
        for kpi in ALL.values()
        for one in (*kpi.measures, *for_interval(kpi))
        if one.additive and USED.issuperset(one.kinds)
    )
)
CLOCK_OPS: tuple[Op, ...] = ("ge", "gt", "le", "lt")
TIMES = [datetime(2026, 9, day, hour, tzinfo=UTC) for day, hour in ((1, 10), (1, 11), (1, 12), (2, 12))]
"""23 hours before the last one the calls of the first day are over."""


def told(key: str, kind: str, day: int, user: str | None, n: int, due: int | None, **more: Any) -> Fact:
    at = (
        datetime(2026, 8, 31, 20, 59, 59, tzinfo=UTC).replace(day=31)
        if day == 0
        else datetime(2026, 9, day, 9, tzinfo=UTC)
    )
    return Fact(
        key=key, kind=kind, at=at, day=STANDS if kind in STANDING else local_day(at, ZONE), user=user,
        client="contact:1", deal=key, amount=None if n == 0 else n * 100, number=None if n == 5 else n * 60,
        other=None if n == 3 else n * 4, due_at=None if due is None else TIMES[due], **more,
    )  # fmt: skip


FACTS = st.builds(
    told,
    st.sampled_from("abcdef"),
    st.sampled_from(KINDS),
    st.sampled_from([0, 1, 2, 30]),
    st.sampled_from(["501", "502", None]),
    st.integers(0, 5),
    st.sampled_from([None, 0, 1, 2, 3]),
    confidence=st.sampled_from(["exact", "observed", "assumed"]),
    omitted=st.sampled_from([None, None, None, "junk"]),
)
CLOCKED = tuple(
    Measure((kind,), (Where("due_at", op, "as_of"),)) for kind in ("task_due", "open_task") for op in CLOCK_OPS
)


class Kept:
    """An account whose cells are kept as the pipeline keeps them."""

    measures: tuple[Measure, ...] = MEASURES

    def __init__(self, conn: Connection) -> None:
        self.conn, self.rules, self.moment, self.known = conn, Rules(), to_ms(TIMES[0]), 0
        self.account = account(conn)
        self.make()

    @property
    def layout(self) -> cells.Layout:
        whole = cells.layout(ALL.values(), self.rules)
        return replace(whole, tallies={key: one for key, one in whole.tallies.items() if one.kind in USED})

    def make(self) -> None:
        conn, number = self.conn, self.account
        missing = keeping.stale(conn, number, self.layout)
        numbers = keeping.numbered(conn, number, self.layout)
        for kind in missing:
            keeping.build(conn, number, self.layout, kind, numbers, self.moment)
        keeping.finish(conn, number, self.layout, numbers, self.moment)

    def derive(self, dossier: str, some: list[Fact]) -> None:
        self.known, touched = self.known + 1, set[facts.Touched]()
        facts.replace(self.conn, self.account, {dossier: some}, known_at=self.known, touched=touched)
        keeping.refresh(self.conn, self.account, self.layout, touched)

    def advance(self, hour: int, _: None = None) -> None:
        self.moment = to_ms(TIMES[hour])
        keeping.advance(self.conn, self.account, self.layout, self.moment)

    def change_rules(self, seconds: int, _: None = None) -> None:
        self.rules = Rules(successful_call_seconds=seconds)
        self.make()

    def measured(self, period: str, only: set[str] | None = None) -> Cells:
        seen = look(self.account, Period.parse(period), zone=ZONE, judged_at=self.moment, as_of=None, rules=self.rules)
        return measure(self.conn, replace(seen, only=None if only is None else frozenset(only)), self.measures)

    def counted(self, period: str, only: set[str] | None = None) -> Cells:
        """The same from the facts."""
        with self.conn.begin_nested() as aside:
            rows.forget(self.conn, self.account)
            found = self.measured(period, only)
            aside.rollback()
        return found


class Clocked(Kept):
    """Cells of nothing but what is held against the clock, to the millisecond."""

    measures = CLOCKED

    @property
    def layout(self) -> cells.Layout:
        named = thresholds(self.rules, 0)
        return cells.Layout({one.key(named): one for one in tallies_of(self.measures)}, self.rules)


class Aside:
    def __init__(self, store: Store, what: type[Kept] = Kept) -> None:
        self.conn, self.what = store._writer.connect(), what

    def __enter__(self) -> Kept:
        self.open = self.conn.begin()
        return self.what(self.conn)

    def __exit__(self, *_: object) -> None:
        self.open.rollback()
        self.conn.close()
