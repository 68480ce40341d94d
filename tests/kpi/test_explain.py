"""The proof of a number: its facts fold to the value, and whatever is not in it says why."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import Any

import pytest

from connector.config import Rules
from connector.errors import BadConfig
from connector.fact import Fact
from connector.kpi.catalogue import ALL
from connector.kpi.engine import report
from connector.kpi.evaluate import evaluate
from connector.kpi.explain import Explanation, explain
from connector.kpi.fold import gather
from connector.kpi.telling.explanation import LONGEST, as_json, as_text
from connector.moment import Period
from connector.result import Plan
from connector.store.agreed import plans
from connector.store.engine import Store
from tests.kpi.ground import NOW, ZONE, account, fact, know, seen, win
from tests.kpi.test_measure import some

SEPTEMBER = Period.parse("2026-09")
RULES = Rules(
    csat_field="CSAT", refund_amount_field="Refund", margin_field="Margin", list_price_field="List",
    payment_amount_field="Paid", required_fields=("INN",), objection_field="O", script_field="S",
    qualified_stages=("2",), quote_stage="3", key_steps=("2 > 3",),
)  # fmt: skip
SOURCES = frozenset({"deal", "lead", "call", "meeting", "task", "import:invoice", "import:technique"})


def proof(store: Store, facts: list[Fact], kpi: str, **more: Any) -> Explanation:
    with store.write() as conn:
        number = account(conn)
        know(conn, number, facts)
    with store.read() as conn:
        base = {"user": "501", "zone": ZONE, "now": NOW, "rules": RULES, "link_to": "https://crm/{}".format}
        return explain(conn, number, kpi, SEPTEMBER, **(base | more))


@pytest.mark.parametrize("seed", range(3))
def test_the_listed_facts_fold_to_the_reported_value(store: Store, seed: int) -> None:
    facts = some(random.Random(seed), 300)
    with store.write() as conn:
        number = account(conn)
        know(conn, number, facts)
        plans.add(conn, number, [Plan(subject="user:501", kpi="revenue", period="2026-09", value=10**13)], now=0)  # type: ignore[arg-type]
    with store.read() as conn:
        told = report(conn, number, SEPTEMBER, zone=ZONE, now=NOW, rules=RULES, sources=SOURCES)
        for result in told.results:
            kind, _, id = result.subject.partition(":")
            found = explain(
                conn,
                number,
                result.kpi,
                SEPTEMBER,
                zone=ZONE,
                now=NOW,
                rules=RULES,
                sources=SOURCES,
                **{kind: id},  # type: ignore[arg-type]
            )
            assert found.result == result
            listed = gather(found.kpi, found.items, seen(rules=RULES).limits)
            again = evaluate(found.kpi, result.subject, "2026-09", listed, currency="RUB", given=found.given)
            assert result.reason == "not_observed" or again.value == result.value
            assert all(item.why and not item.role for item in found.left_out)
            assert all(item.role and not item.why for item in found.items)


def left(found: Explanation) -> Counter[str | None]:
    return Counter(item.why for item in found.left_out)


def test_every_fact_of_the_kpis_kinds_is_told_once(sqlite_store: Store) -> None:
    facts = [win(5), win(0, note="no_amount"), win(None, note="no_rate:GBP"), win(7, omitted="deleted"), fact("loss")]
    found = proof(sqlite_store, facts, "average_deal")
    assert [item.amount for item in found.items] == [500]
    assert left(found) == {"no_amount": 1, "no_rate": 1, "deleted": 1}
    assert left(proof(sqlite_store, facts, "revenue")) == {"no_rate": 1, "deleted": 1}
    assert left(proof(sqlite_store, facts, "win_rate")) == {"deleted": 1}


def test_why_an_enquiry_is_left_out(sqlite_store: Store) -> None:
    over, inside = fact("x", "2026-09-30T12:00:00").at, fact("x", "2026-10-30T12:00:00").at
    facts = [
        fact("enquiry", due_at=over),
        fact("enquiry", due_at=inside),
        fact("enquiry", number=5),
        fact("enquiry", omitted="junk"),
    ]
    assert left(proof(sqlite_store, facts, "lead_answered_in_norm")) == {"in_norm_yet": 1, "junk": 1}
    assert left(proof(sqlite_store, facts, "lead_response_minutes")) == {"not_answered": 1, "in_norm_yet": 1, "junk": 1}


def test_why_others_are_left_out(sqlite_store: Store) -> None:
    wins = [win(5, number=1), win(5, number=2), win(5, number=None)]
    assert left(proof(sqlite_store, wins, "new_clients")) == {"condition": 1, "no_client": 1}
    back = [fact("refund", amount=5, due_at=fact("x", "2026-10-30T12:00:00").at), win(5)]
    assert left(proof(sqlite_store, back, "refund_share")) == {"later": 1}


def test_roles_say_on_which_side_a_fact_counts(sqlite_store: Store) -> None:
    found = proof(sqlite_store, [win(), fact("loss")], "win_rate")
    assert {item.kind: item.role for item in found.items} == {"win": "both", "loss": "bottom"}
    calls = proof(sqlite_store, [win(), fact("call_out")], "calls_to_deals")
    assert {item.kind: item.role for item in calls.items} == {"win": "top", "call_out": "bottom"}


def test_links_lead_to_the_deal_or_lead_and_the_client(sqlite_store: Store) -> None:
    facts = [
        fact("call_out", "2026-09-10T10:00", deal="7", lead="8", client="contact:9", number=1),
        fact("call_out", "2026-09-10T11:00", deal=None, lead="8", client=None, number=1),
        fact("call_out", "2026-09-10T12:00", deal=None, client=None, number=1),
    ]
    assert [item.links for item in proof(sqlite_store, facts, "calls").items] == [
        {"deal:7": "https://crm/deal:7", "contact:9": "https://crm/contact:9"},
        {"lead:8": "https://crm/lead:8"},
        {},
    ]


def test_as_it_was_known_then(store: Store) -> None:
    with store.write() as conn:
        number = account(conn)
        know(conn, number, [win(5)], at=100)
        know(conn, number, [win(7)], at=200)
    with store.read() as conn:
        values = [
            explain(conn, number, "revenue", SEPTEMBER, user="501", zone=ZONE, now=NOW, as_of=as_of).result.value
            for as_of in (99, 100, 200, None)
        ]
    assert values == [0, 5, 7, 7]


def test_a_source_that_is_missing_is_told(sqlite_store: Store) -> None:
    found = proof(sqlite_store, [], "calls", sources=frozenset({"deal"}))
    assert (found.result.value, found.result.reason) == (None, "no_source")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"user": "999"}, r"'999' is nobody of this account; there are: Анна \(501\)"),
        ({"user": None, "team": "x"}, "'x' is no team"),
        ({"user": None}, "a user or a team"),
    ],
)
def test_who_is_not_there_is_refused(sqlite_store: Store, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(BadConfig, match=message):
        proof(sqlite_store, [win()], "revenue", **asked)


FACTS = [
    win(1234, client="company:3", deal="7", confidence="assumed"),
    win(None, note="no_rate:GBP", client=None, deal="8"),
    win(5, omitted="deleted", client=None, deal="9", number=None),
]


def test_the_text_reads_in_russian(sqlite_store: Store) -> None:
    assert as_text(proof(sqlite_store, FACTS, "revenue"), "ru", zone=ZONE).replace("\u00a0", " ") == (
        "Выручка · Анна · 2026-09\n"
        "Сумма сделок, выигранных за период, по сумме и курсу на день выигрыша.\n"
        "Значение: 1 234,00 (не всё учтено: нет курса валюты)\n"
        "\n"
        "Учтено: 1\n"
        "  2026-09-10 15:00 · выигрыш · 1 234,00 RUB · покупка № 1 · предположительно"
        " · https://crm/deal:7 · https://crm/company:3\n"
        "\n"
        "Не учтено: 2\n"
        "  2026-09-10 15:00 · выигрыш · покупка № 1 · нет курса валюты GBP · https://crm/deal:8\n"
        "  2026-09-10 15:00 · выигрыш · 5,00 RUB · удалено в CRM · https://crm/deal:9\n"
        "  удалено в CRM: 1\n"
        "  нет курса валюты: 1"
    )


def test_the_text_reads_in_english_with_both_sides(sqlite_store: Store) -> None:
    text = as_text(proof(sqlite_store, [win(), fact("loss")], "win_rate"), "en", zone=ZONE)
    assert "Value: 50.0\u00a0% (too little data)" in text
    assert "numerator 1, denominator 2, facts 2" in text
    assert "win · 1,000.00 RUB · purchase no. 1 · numerator and denominator" in text


def test_a_long_list_is_cut_in_the_text_and_whole_in_the_json(sqlite_store: Store) -> None:
    found = proof(sqlite_store, [fact("call_out", number=61) for _ in range(LONGEST + 7)], "calls")
    assert "… и ещё 7" in as_text(found)
    assert len(json.loads(as_json(found))["facts"]) == LONGEST + 7


def test_the_json_holds_everything(sqlite_store: Store) -> None:
    told = json.loads(as_json(proof(sqlite_store, FACTS, "revenue")))
    assert {name: told[name] for name in ("account", "kpi", "user", "period", "value", "unit", "n", "reason")} == {
        "account": "moscow",
        "kpi": "revenue",
        "user": {"id": "501", "name": "Анна"},
        "period": "2026-09",
        "value": "1234.00",
        "unit": "money",
        "n": 1,
        "reason": "no_rate",
    }
    assert told["version"] == ALL["revenue"].version
    assert told["facts"] == [
        {
            "key": told["facts"][0]["key"],
            "kind": "win",
            "at": "2026-09-10T12:00:00+00:00",
            "user": "501",
            "amount": "1234.00",
            "number": 1.0,
            "due_at": None,
            "confidence": "assumed",
            "note": None,
            "role": "top",
            "why": None,
            "links": {"deal:7": "https://crm/deal:7", "company:3": "https://crm/company:3"},
            "contest": None,
        }
    ]
    assert [(item["why"], item["note"]) for item in told["left_out"]] == [("no_rate", "no_rate:GBP"), ("deleted", None)]
