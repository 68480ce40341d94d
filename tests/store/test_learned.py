"""Whether plans, rules, absences or teams changed in a span."""

from __future__ import annotations

from decimal import Decimal

import pytest

from connector.records import User
from connector.result import Plan
from connector.store import learned, terms
from connector.store.agreed import plans
from connector.store.crm import memberships
from connector.store.engine import Store
from connector.store.terms import Terms
from connector.store.upsert import table
from tests.kpi.ground import account, save

SPANS = [((4, 5), True), ((5, 9), False), ((3, 4), False), ((0, 9), True)]


@pytest.mark.parametrize("what", ["plan", "terms", "absence", "absence taken back", "joined", "left"])
@pytest.mark.parametrize(("span", "found"), SPANS)
def test_what_was_learned_at_five(store: Store, what: str, span: tuple[int, int], found: bool) -> None:
    with store.write() as conn:
        number = account(conn)
        away = {
            "account": number,
            "user_id": "501",
            "what": "sick",
            "first": 20260801,
            "last": 20260802,
            "source": "csv",
        }
        match what:
            case "plan":
                agreed = Plan(subject="user:501", kpi="revenue", period="2026-08", value=Decimal(1))
                plans.add(conn, number, [agreed], now=5)
            case "terms":
                terms.adopt(conn, number, Terms(rules="{}", zone="UTC", currency="RUB"), now=5)
            case "absence":
                conn.execute(table("absence").insert(), away | {"known_from": 5, "known_to": None})
            case "absence taken back":
                conn.execute(table("absence").insert(), away | {"known_from": -1, "known_to": 5})
            case _:
                teams = ("700", "701") if what == "joined" else ()
                save(conn, number, [User(id="501", name="Анна", team_ids=teams)], now=5)
                memberships.observe(conn, number, [User(id="501", name="Анна", team_ids=teams)], now=5)
        assert learned.beside_facts(conn, number, "2026-08", *span) is found
        assert not learned.beside_facts(conn, number + 1, "2026-08", *span)
        if what == "plan":
            assert not learned.beside_facts(conn, number, "2026-09", *span)
