"""Companies by chance, to be shrunk: people who move, plans or none, facts of every kind that sit on every edge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

import msgspec
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from connector.config import Rules
from connector.fact import STANDS, Fact
from connector.kpi.chance import Chances, Hazard
from connector.kpi.definition import CREDITED
from connector.kpi.kinds import KINDS, STANDING
from connector.moment import local_day, to_ms
from connector.provider import Account
from connector.records import User
from connector.result import Plan
from connector.store import accounts, chances, cursors
from connector.store.agreed import plans
from connector.store.crm import memberships
from tests.kpi.ground import NOW, TEAMS, ZONE, know, save

RULES = Rules(
    csat_field="CSAT", refund_amount_field="Refund", margin_field="Margin", list_price_field="List",
    payment_amount_field="Paid", required_fields=("INN",), objection_field="O", script_field="S",
    qualified_stages=("2",), quote_stage="3", key_steps=("2 > 3",), group_wins_days=3, refund_reason_field="Reason",
    expected_close_field="Close", junk_reasons=("77",),
)  # fmt: skip
SOURCES = frozenset({"deal", "lead", "call", "meeting", "task", "import:invoice", "import:technique", "import:billed"})
"""With the rules above: nothing is without a source."""
STRANGER = "operator 7"
"""Credited, though the CRM has no such user."""
PEOPLE = ("501", "502", "503", "509", STRANGER)
MIDDLE = to_ms(datetime(2026, 9, 16, 9, tzinfo=UTC))
EVERY = Hazard(n=50, won={1: 0.1, 10: 0.3}, lost={2: 0.2})
CHANCES = Chances(EVERY, {"won": Hazard(n=30, won={3: 0.5})})
_number = count(1)


@dataclass(frozen=True)
class Company:
    """`moved`: the same people with the teams in which they are since the middle of the month; `at`: epoch ms, when it
    is looked at. `person`, `team`: whose proofs are asked for.
    """

    people: Sequence[User]
    moved: Sequence[User]
    facts: Sequence[Fact]
    agreed: Sequence[Plan]
    rules: Rules = RULES
    chances: Chances | None = CHANCES
    at: int = NOW
    person: str = "501"
    team: str = "1"


def founded(conn: Connection, company: Company) -> int:
    """An account of its own that has all of it; what stands was seen from the beginning."""
    name = f"company {next(_number)}"
    number = accounts.enroll(conn, name, "amocrm")
    accounts.describe(conn, number, Account(name, "ACME", ZONE, "RUB", name), ZONE, "RUB")
    save(conn, number, company.people)
    save(conn, number, TEAMS)
    memberships.observe(conn, number, company.people, now=0)
    memberships.observe(conn, number, company.moved, now=MIDDLE)
    cursors.finish(conn, number, "deal", now=0)
    know(conn, number, company.facts)
    for one in company.agreed:
        plans.add(conn, number, [one], now=0)
    if company.chances is not None:
        chances.keep(conn, number, msgspec.json.encode(company.chances).decode(), now=0)
    return number


def _at(told: str) -> datetime:
    return datetime.fromisoformat(told).replace(tzinfo=UTC)


_EDGES = tuple(
    _at(told)
    for told in (
        "2026-09-15T12:00", "2026-08-31T20:59:59", "2026-08-31T21:00", "2026-09-30T20:59:59", "2026-09-30T21:00",
    )
)  # fmt: skip
"""September begins and ends in Moscow at 21:00 UTC."""
_MOMENTS = st.sampled_from(_EDGES) | st.integers(0, 33 * 86_400).map(
    lambda seconds: _at("2026-08-30T00:00") + timedelta(seconds=seconds)
)
_DUE = st.sampled_from([None, *map(_at, ("2026-09-15T12:00", "2026-10-01T00:00", "2026-10-01T00:00:01"))])
_WHO = st.sampled_from([None, *PEOPLE])
_NUMBERS = (None, 0, 1, 2, 4, 5, 0.1, 0.7, 0.8, 59, 59.5, 60, 179, 180, 899, 900, 901, 1200, 1201, 86_400)
"""Scores, ordinals, shares and seconds, on the thresholds and beside them."""


def _keyed(facts: Sequence[Fact | None]) -> list[Fact]:
    """Of a deal and a client each, so that none stands for another."""
    told = [one for one in facts if one is not None]
    return [
        msgspec.structs.replace(one, key=f"{one.kind}|deal:{n}", deal=str(n), day=_day(one))
        for n, one in enumerate(told)
    ]


def _day(one: Fact) -> date:
    return STANDS if one.kind in STANDING else local_day(one.at, ZONE)


FACTS: st.SearchStrategy[list[Fact]] = st.lists(
    st.none()  # so that a list of any length shrinks fact by fact
    | st.builds(
        Fact,
        key=st.just(""),
        kind=st.sampled_from(sorted(KINDS)),
        at=_MOMENTS,
        day=st.just(STANDS),
        user=_WHO,
        owner_now=_WHO,
        actor=_WHO,
        creator=_WHO,
        client=st.sampled_from([None, "contact:1", "contact:2", "company:3"]),
        amount=st.sampled_from([None, 0, 1, 5, 99_999, 10**15]),
        number=st.sampled_from(_NUMBERS),
        other=st.sampled_from([None, 0, 9, 10, 365, 366]),
        stage=st.sampled_from([None, "won", "lost", "task", "activity"]),
        due_at=_DUE,
        confidence=st.sampled_from(["exact", "observed", "assumed"]),
        omitted=st.sampled_from([None, None, None, "junk", "deleted"]),
        note=st.sampled_from([None, None, "no_rate:GBP"]),
    ),
    min_size=120,
    max_size=240,
).map(_keyed)


def _staff() -> st.SearchStrategy[tuple[User, ...]]:
    teams = st.sampled_from([("700",), ("701",), (), ("700", "701")])
    known = PEOPLE[:-1]
    return st.tuples(*(teams for _ in known)).map(
        lambda some: tuple(
            User(id=id, name=f"P{id}", active=id != "509", team_ids=of) for id, of in zip(known, some, strict=True)
        )
    )


PLANS: st.SearchStrategy[list[Plan]] = st.lists(
    st.builds(
        Plan,
        subject=st.sampled_from(["account", "team:700", "team:701", "user:501", "user:502", "user:503"]),
        kpi=st.sampled_from(["revenue", "paid_revenue"]),
        period=st.just("2026-09"),
        value=st.sampled_from([Decimal(1), Decimal("999.99"), Decimal(10**13)]),
        reason=st.just("agreed"),
    ),
    max_size=8,
)
COMPANIES = st.builds(
    Company,
    people=_staff(),
    moved=_staff(),
    facts=FACTS,
    agreed=PLANS,
    rules=st.sampled_from(sorted(CREDITED)).map(lambda credit: RULES.model_copy(update={"credit": credit})),
    chances=st.sampled_from([CHANCES, None]),
    at=st.sampled_from([NOW, MIDDLE]),
    person=st.sampled_from(PEOPLE[:-1]),
    team=st.sampled_from(["1", "700", "701"]),
)
