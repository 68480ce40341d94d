"""The proof of a number: its facts fold to the value, and whatever is not in it says why."""

from __future__ import annotations

import dataclasses
import json
import random
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec.structs import replace
from sqlalchemy.engine import Connection

from connector.errors import BadConfig
from connector.fact import Fact
from connector.kpi.catalogue import ALL
from connector.kpi.definition import Measure, Where
from connector.kpi.engine import report
from connector.kpi.evaluate import evaluate
from connector.kpi.explain import Explanation, explain
from connector.kpi.fold import gather
from connector.kpi.look import look
from connector.kpi.telling.explanation import LONGEST, as_json, as_text
from connector.moment import Period
from connector.result import Plan, Result
from connector.store.agreed import plans
from connector.store.engine import Store
from tests.kpi.companies import COMPANIES, RULES, SOURCES, Company, founded
from tests.kpi.ground import NOW, USERS, ZONE, account, fact, know, win
from tests.kpi.test_measure import some

SEPTEMBER = Period.parse("2026-09")
WITHHELD = ("no_source", "not_observed")
"""Reasons for which a number is not told whatever facts there are: nothing folds to it. What stood before anybody
looked would have to be made of what was read later. The companies by chance have every source, seen all along.
"""


def proof(store: Store, facts: list[Fact], kpi: str, **more: Any) -> Explanation:
    with store.write() as conn:
        number = account(conn)
        know(conn, number, facts)
    with store.read() as conn:
        base = {"user": "501", "zone": ZONE, "now": NOW, "rules": RULES, "link_to": "https://crm/{}".format}
        return explain(conn, number, kpi, SEPTEMBER, **(base | more))


def test_each_sort_of_facts_is_of_whom_it_credits(sqlite_store: Store) -> None:
    """Deals count for who has them now, calls for who called: neither is looked for under the other's person."""
    facts = [win(user="501", owner_now="502"), win(user="502", owner_now="501"), fact("call_out", owner_now="502")]
    facts.append(fact("call_out", user="502", owner_now="501"))
    found = proof(sqlite_store, facts, "calls_to_deals", rules=RULES.model_copy(update={"credit": "now"}))
    assert [(item.kind, item.user) for item in found.items] == [("call_out", "501"), ("win", "502")]
    assert not found.left_out and (found.result.numerator, found.result.denominator) == (1, 1)


def folds(conn: Connection, company: Company) -> set[str]:
    """The KPIs of the person or the team that have a value, each proof having folded to it."""
    number = founded(conn, company)
    asked: Any = {"zone": ZONE, "now": company.at, "rules": company.rules, "sources": SOURCES}
    terms: Any = {"zone": ZONE, "rules": company.rules, "judged_at": company.at, "as_of": None}
    limits = look(number, SEPTEMBER, chances=company.chances, **terms).limits
    told = report(conn, number, SEPTEMBER, **asked)
    whose = {f"user:{company.person}", f"team:{company.team}"}
    results = [one for one in told.results if one.subject in whose]
    for result in results:
        kind, _, id = result.subject.partition(":")
        found = explain(conn, number, result.kpi, SEPTEMBER, **asked, **{kind: id})
        assert found.result == result
        assert result.reason not in WITHHELD
        listed = gather(found.kpi, found.items, limits)
        again = evaluate(found.kpi, result.subject, "2026-09", listed, currency="RUB", given=found.given)
        assert numbers(again) == numbers(result), result.kpi
        assert all(item.why and not item.role for item in found.left_out)
        assert all(item.role and not item.why for item in found.items)
    return {one.kpi for one in results if one.value is not None}


def numbers(result: Result) -> tuple[Any, ...]:
    """All that the facts which count make; how far it is to be trusted comes of those left out too."""
    return result.value, result.numerator, result.denominator, result.n, result.interval


@given(company=COMPANIES)
@settings(
    max_examples=10,
    # every example has an account of its own, so one database does for all; what is slow is a hundred proofs each
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)
def test_the_listed_facts_fold_to_the_reported_value(store: Store, company: Company) -> None:
    with store.write() as conn:
        folds(conn, company)


def test_every_kpi_has_a_value_to_fold_to(store: Store) -> None:
    agreed = [
        Plan(subject=whose, kpi=kpi, period="2026-09", value=Decimal(10**14))
        for whose in ("account", "user:501")
        for kpi in ("revenue", "paid_revenue")
    ]
    with store.write() as conn:
        assert folds(conn, Company(USERS, USERS, some(random.Random(1), 1200), agreed)) == set(ALL)


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
    assert left(proof(sqlite_store, facts, "lead_response_p90")) == {"not_answered": 1, "in_norm_yet": 1, "junk": 1}


def test_who_still_waits_is_behind_a_median_too(sqlite_store: Store) -> None:
    """Two of ten wait: by Kaplan-Meier half of all were answered in five minutes, though of the answered it is four and
    a half."""
    facts = [fact("enquiry", number=60.0 * n) for n in range(1, 9)] + [fact("enquiry") for _ in range(2)]
    found = proof(sqlite_store, facts, "lead_response_minutes")
    assert (found.result.value, found.result.reason, found.result.ripening, found.result.n) == (5, "estimated", 2, 10)
    assert [item.role for item in found.items] == ["top"] * 10 and not found.left_out


def test_why_others_are_left_out(sqlite_store: Store) -> None:
    wins = [win(5, number=1), win(5, number=2), win(5, number=None)]
    assert left(proof(sqlite_store, wins, "new_clients")) == {"condition": 1, "no_client": 1}
    back = [fact("refund", amount=5, due_at=fact("x", "2026-10-30T12:00:00").at), win(5)]
    assert left(proof(sqlite_store, back, "refund_share")) == {"later": 1}


LATE, ON_TIME = fact("x", "2026-10-01T00:00:01").at, fact("x", "2026-10-01T00:00:00").at
"""A second after the moment of the report, and that moment."""


@pytest.mark.parametrize(
    ("kpi", "told", "why"),
    [
        ("average_deal", win(None, note="no_rate:GBP"), "no_rate"),
        ("average_deal", win(0), "no_amount"),
        ("revenue", win(None, note="no_rate:GBP"), "no_rate"),
        ("revenue_per_lead", win(None, note="no_rate:GBP"), "no_rate"),
        ("revenue", win(0), None),
        ("won_deals", win(None), None),
        ("revenue_per_client", win(None), None),  # the client counts, whatever he paid
        ("new_clients", win(5, number=None), "no_client"),
        ("new_clients", win(5, number=2), "condition"),
        ("loss_reason_share", fact("loss"), None),
        ("lead_response_p90", fact("enquiry", due_at=LATE), "in_norm_yet"),
        ("lead_response_p90", fact("enquiry", due_at=ON_TIME), "not_answered"),
        ("lead_response_p90", fact("enquiry"), "not_answered"),
        ("lead_response_minutes", fact("enquiry"), None),
        ("lead_answered_in_norm", fact("enquiry", due_at=ON_TIME), None),
        ("overdue_task_share", fact("win"), "unasked"),
        ("revenue", win(5, omitted="junk"), "junk"),
        ("win_rate", fact("loss", omitted="deleted"), "deleted"),
    ],
)
def test_why_a_fact_counts_or_does_not(sqlite_store: Store, kpi: str, told: Fact, why: str | None) -> None:
    found = proof(sqlite_store, [told, fact("reschedule")], kpi)
    every = {item.kind: item.why for item in (*found.items, *found.left_out)}
    assert every == ({} if why == "unasked" else {told.kind: why})
    assert len(found.items) == (why is None)


def test_what_is_too_young_is_told_and_counted_as_ripening(sqlite_store: Store) -> None:
    facts = [fact("lead_won", number=5, due_at=LATE), fact("lead_won", due_at=LATE)]
    found = proof(sqlite_store, facts, "lead_won_share")
    assert (left(found), found.result.ripening, found.items) == ({"young": 2}, 2, ())


def test_facts_are_told_in_the_order_of_time(sqlite_store: Store) -> None:
    facts = [
        win(n, when=f"2026-09-{day:02}T12:00", key=key) for n, (day, key) in enumerate(((9, "b"), (3, "c"), (9, "a")))
    ]
    assert [item.key for item in proof(sqlite_store, facts, "revenue").items] == ["c", "a", "b"]


def test_one_of_whom_the_crm_knows_nothing_has_a_proof_where_he_has_facts(sqlite_store: Store) -> None:
    found = proof(sqlite_store, [win(7, user="operator 7"), win(5)], "revenue", user="operator 7")
    assert (found.name, found.result.value, len(found.items)) == ("operator 7", 7, 1)
    assert proof(sqlite_store, [], "revenue", user="502").result.value == 0


@pytest.mark.parametrize(
    ("key", "more", "links"),
    [
        ("win|deal:7", {}, {"deal:7": "https://crm/deal:7", "contact:1": "https://crm/contact:1"}),
        ("win|deal:7", {"lead": "9"}, {"deal:7": "https://crm/deal:7", "contact:1": "https://crm/contact:1"}),
        (
            "win|lead:9",
            {"deal": None, "lead": "9"},
            {"lead:9": "https://crm/lead:9", "contact:1": "https://crm/contact:1"},
        ),
        ("win|x", {"deal": None, "client": None}, {}),
        ("win|external:bank:1", {"deal": None, "client": None}, {"external:bank:1": "import:bank:1"}),
        ("win|external:score:1", {"deal": None, "client": None, "call": "55"}, {"call:55": "call:55"}),
    ],
)
def test_where_a_fact_is_to_be_seen(sqlite_store: Store, key: str, more: dict[str, Any], links: dict[str, str]) -> None:
    one = win(5, key=key, **({"deal": "7", "client": "contact:1"} | more))
    (item,) = proof(sqlite_store, [one], "revenue").items
    assert item.links == links


def planned(store: Store, some: list[Plan], period: str = "2026-09", **whose: Any) -> list[tuple[str, str, int]]:
    with store.write() as conn:
        number = account(conn)
        for n, plan in enumerate(some):
            plans.add(conn, number, [plan], now=10 + n)
        found = explain(conn, number, "plan_attainment", Period.parse(period), zone=ZONE, now=NOW, **whose)
    return [(one.subject, one.period, int(one.value)) for one in found.plans]


def agreed(subject: str, value: int, period: str = "2026-09") -> Plan:
    return Plan(subject=subject, kpi="revenue", period=period, value=Decimal(value))


def test_every_version_of_the_plan_it_is_measured_by_is_told(sqlite_store: Store) -> None:
    some = [agreed("user:501", 5), agreed("user:502", 9), agreed("user:501", 7)]
    assert planned(sqlite_store, some, user="501") == [("user:501", "2026-09", 5), ("user:501", "2026-09", 7)]
    some = [agreed("team:700", 3), agreed("user:501", 5)]
    assert planned(sqlite_store, some, team="700") == [("team:700", "2026-09", 3)]
    assert planned(sqlite_store, [], "2026-08", user="501") == []


def test_a_team_without_a_plan_tells_those_that_make_it_up(sqlite_store: Store) -> None:
    some = [agreed("user:501", 5), agreed("user:502", 9), agreed("user:503", 7)]
    assert planned(sqlite_store, some, team="700") == [("user:501", "2026-09", 5), ("user:502", "2026-09", 9)]


def test_the_plans_of_several_months_are_told_month_by_month(sqlite_store: Store) -> None:
    some = [agreed("user:501", 5, "2026-08"), agreed("user:501", 7), agreed("user:501", 9, "2026-10")]
    told = planned(sqlite_store, some, "2026-08-01..2026-09-30", user="501")
    assert told == [("user:501", "2026-08", 5), ("user:501", "2026-09", 7)]


def test_a_kpi_without_a_plan_tells_none(sqlite_store: Store) -> None:
    assert proof(sqlite_store, [win()], "revenue").plans == ()


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


@pytest.mark.parametrize(("kpi", "value"), [("revenue", 10), ("calls", 0), ("tasks_in_time", None)])
def test_whom_the_crm_does_not_know_is_answered_as_anybody(sqlite_store: Store, kpi: str, value: int | None) -> None:
    """Who left before the first reading stands in reports by what is credited to him, so every KPI of his is told."""
    found = proof(sqlite_store, [win(10, user="999")], kpi, user="999")
    assert found.name == "999"
    with sqlite_store.read() as conn:
        told = report(conn, 1, SEPTEMBER, zone=ZONE, now=NOW, rules=RULES)
    assert found.result == next(one for one in told.results if (one.kpi, one.subject) == (kpi, "user:999"))
    assert found.result.value == value
    assert value is not None or found.result.reason == "no_tasks"


@pytest.mark.parametrize(
    ("fact", "why"),
    [(win(50), "condition"), (win(0), "no_amount"), (win(None), "no_rate"), (win(500), ""), (win(50, number=2), "")],
)
def test_only_what_has_no_amount_is_left_out_for_that(sqlite_store: Store, fact: Fact, why: str) -> None:
    """A deal below the limit that a KPI sets has an amount: it is another matter."""
    big, again = (Measure(("win",), (where,)) for where in (Where("amount", "gt", 100_00), Where("number", "ge", 2)))
    own = dataclasses.replace(ALL["win_rate"], key="own", top=(big,), bottom=(big, again))
    found = proof(sqlite_store, [fact], "own", catalogue={"own": own})
    assert [item.why or "" for item in (*found.items, *found.left_out)] == [why]


def test_a_kpi_that_asks_for_no_amount_leaves_nothing_out_for_want_of_one(sqlite_store: Store) -> None:
    repeat = dataclasses.replace(ALL["repeat_share"], key="own", bottom=ALL["repeat_share"].top)
    found = proof(sqlite_store, [win(0), win(None, client="contact:9")], "own", catalogue={"own": repeat})
    assert [item.why for item in found.left_out] == ["condition", "condition"]


@pytest.mark.parametrize("kpi", ["average_deal", "median_deal", "average_purchase", "median_purchase"])
def test_an_average_without_the_wins_that_have_no_rate_says_so(sqlite_store: Store, kpi: str) -> None:
    """As plan revenue does: so many wins and no more are in it, and nobody takes it for all of them."""
    rules = RULES.model_copy(update={"group_wins_days": 30})
    kind = kpi.split("_")[1].replace("deal", "win")
    facts = [replace(one, key=f"{kind}|{one.key}", kind=kind) for one in (win(100), win(300), win(0), win(None))]
    found = proof(sqlite_store, facts, kpi, rules=rules)
    assert (found.result.value, found.result.reason, found.result.n) == (200, "no_rate", 2)
    assert [item.why for item in found.left_out] == ["no_amount", "no_rate"]
    with sqlite_store.read() as conn:
        told = report(conn, 1, SEPTEMBER, zone=ZONE, now=NOW, rules=rules)
    assert found.result == next(one for one in told.results if (one.kpi, one.subject) == (kpi, "user:501"))


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
