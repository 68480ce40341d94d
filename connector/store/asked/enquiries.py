"""What became of enquiries and sales, as advice looks at it: who was reached, what was given back, what was done on the
way to a win. A few plain statements; what they come to is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.moment import Period
from connector.records import Ref
from connector.store.facts import FACT, known_at, won_in_window

_MONTH = sa.cast(sa.func.floor(FACT.c.day / 100), sa.Integer)
"""yyyymm of a day yyyymmdd."""


@dataclass(frozen=True, slots=True)
class Span:
    """An account's days from `first` up to, not including, `end` (yyyymmdd), as known at `as_of`; `judged_at`: up to
    when the data reaches (both epoch ms).
    """

    account: int
    first: int
    end: int
    judged_at: int
    as_of: int | None = None

    @classmethod
    def of(cls, account: int, months: Sequence[str], judged_at: int, as_of: int | None = None) -> Span:
        """Whole months, the oldest first."""
        return cls(account, Period.parse(months[0]).days()[0], Period.parse(months[-1]).days()[1], judged_at, as_of)

    def facts(self, kinds: Collection[str]) -> tuple[sa.ColumnElement[bool], ...]:
        """Those that count and are somebody's."""
        return (
            FACT.c.account == self.account, FACT.c.day >= self.first, FACT.c.day < self.end, known_at(self.as_of),
            FACT.c.omitted.is_(None), FACT.c.user_id.is_not(None), FACT.c.kind.in_(sorted(kinds)),
        )  # fmt: skip


class Counted(NamedTuple):
    """So many of `n` in a person's month (yyyymm)."""

    user: str
    month: int
    hits: int
    n: int


class Ripe(NamedTuple):
    """An enquiry whose window is over: whose, when, from where, which records, and whether it was won."""

    user: str
    month: int
    source: str | None
    pipeline: str | None
    deal: str | None
    record: Ref
    won: bool


def answered(conn: Connection, span: Span) -> list[Counted]:
    """Enquiries that were answered, of those that were or whose norm is over."""
    got = FACT.c.number.is_not(None)
    judged = sa.or_(got, FACT.c.due_at <= span.judged_at)
    query = (
        sa.select(FACT.c.user_id, _MONTH, sa.func.count(sa.case((got, 1))), sa.func.count(sa.case((judged, 1))))
        .where(*span.facts(("enquiry",)))
        .group_by(FACT.c.user_id, _MONTH)
    )
    return sorted(Counted(*row) for row in conn.execute(query))


def refunded(conn: Connection, span: Span) -> tuple[list[Counted], float]:
    """Won deals of which something was given back, by the month of the sale, of all won; and the part of such a deal's
    amount that was (1 where nothing was).
    """
    wins = _won_deals(conn, span)
    rows = conn.execute(
        sa.select(FACT.c.deal_id, sa.func.sum(FACT.c.amount))
        .where(*span.facts(("refund",)), FACT.c.due_at <= span.judged_at, FACT.c.amount > 0)
        .group_by(FACT.c.deal_id)
    )
    back = {deal: int(amount) for deal, amount in rows if deal in wins}
    counts: dict[tuple[str, int], tuple[int, int]] = {}
    for deal, (user, month, _) in wins.items():
        hits, n = counts.get((user, month), (0, 0))
        counts[user, month] = hits + (deal in back), n + 1
    amount = sum(wins[deal][2] for deal in back)
    part = min(sum(back.values()) / amount, 1.0) if amount else 1.0
    return sorted(Counted(user, month, hits, n) for (user, month), (hits, n) in counts.items()), part


def ripe(conn: Connection, span: Span) -> list[Ripe]:
    """Every enquiry whose window is over, in the order of its key."""
    named = [FACT.c[name] for name in ("user_id", "source", "pipeline_id", "deal_id", "key")]
    columns: list[sa.ColumnElement[Any]] = [*named, _MONTH, sa.case((won_in_window(), 1), else_=0)]
    query = sa.select(*columns).where(*span.facts(("lead_won",)), FACT.c.due_at <= span.judged_at)
    found = []
    for user, source, pipeline, deal, key, month, won in conn.execute(query.order_by(FACT.c.key, FACT.c.dossier)):
        found.append(Ripe(user, month, source, pipeline, deal, key.partition("|")[2], bool(won)))
    return found


def amounts(conn: Connection, span: Span) -> dict[str, int]:
    """What deals made in the span are worth, by id."""
    query = sa.select(FACT.c.deal_id, FACT.c.amount).where(*span.facts(("created",)), FACT.c.amount > 0)
    return {deal: amount for deal, amount in conn.execute(query) if deal is not None}


def done_well(conn: Connection, span: Span, kind: str, good_from: float) -> Mapping[str, bool]:
    """By deal, whether what was scored on it (`objection`, `script_passed`, `technique`) was good each time."""
    least = sa.select(FACT.c.deal_id, sa.func.min(FACT.c.number)).where(*span.facts((kind,)))
    query = least.where(FACT.c.number.is_not(None), FACT.c.deal_id.is_not(None)).group_by(FACT.c.deal_id)
    return {deal: worst >= good_from for deal, worst in conn.execute(query)}


def in_norm(conn: Connection, span: Span, seconds: float) -> Mapping[Ref, bool]:
    """By the record of an enquiry, whether it was answered within the norm."""
    query = sa.select(FACT.c.key, FACT.c.number).where(*span.facts(("enquiry",)), FACT.c.due_at <= span.judged_at)
    return {key.partition("|")[2]: number is not None and number <= seconds for key, number in conn.execute(query)}


def _won_deals(conn: Connection, span: Span) -> dict[str, tuple[str, int, int]]:
    query = sa.select(FACT.c.deal_id, FACT.c.user_id, _MONTH, FACT.c.amount)
    rows = conn.execute(query.where(*span.facts(("win",)), FACT.c.amount > 0).order_by(FACT.c.deal_id))
    return {deal: (user, month, amount) for deal, user, month, amount in rows if deal is not None}
