"""Two moments out of the store: the values are those that a report as of them tells, and the parts make the change."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy.engine import Connection

from connector.config import Rules
from connector.errors import BadConfig
from connector.fact import Fact
from connector.kpi.catalogue import ALL
from connector.kpi.diff.reading import Comparison, begun, compare
from connector.kpi.diff.telling import as_json, as_text, change
from connector.kpi.engine import report
from connector.moment import Period, to_ms
from connector.records import Client, Deal, Lead, Move, Owner, Price
from connector.result import Plan
from connector.store import accounts, cursors, facts
from connector.store.agreed import plans
from connector.store.engine import Store
from tests.kpi.ground import NOW, ZONE, account, fact, know, save, win
from tests.kpi.test_measure import some

SEPTEMBER = Period.parse("2026-09")
RULES = Rules(csat_field="CSAT", refund_amount_field="Refund")
FIRST, SECOND = NOW - 2 * 86_400_000, NOW


def compared(conn: Connection, number: int, kpi: str = "revenue", **more: Any) -> Comparison:
    base = {"user": "501", "since": FIRST, "until": SECOND, "zone": ZONE, "rules": RULES}
    return compare(conn, number, kpi, SEPTEMBER, **(base | more))


def told(store: Store, then: list[Fact], later: list[Fact], kpi: str = "revenue", **more: Any) -> Comparison:
    with store.write() as conn:
        number = account(conn)
        know(conn, number, then, at=FIRST)
        know(conn, number, later, at=SECOND)
        return compared(conn, number, kpi, **more)


@pytest.mark.parametrize("seed", range(3))
def test_values_are_the_reports_and_the_parts_make_the_change(store: Store, seed: int) -> None:
    chance = random.Random(seed)
    then = some(chance, 200)
    later = [one for one in then if chance.random() < 0.9] + some(chance, 40)
    later = [replace(one, user="502", amount=7) if chance.random() < 0.2 else one for one in later]
    with store.write() as conn:
        number = account(conn)
        know(conn, number, then, at=FIRST)
        plans.add(conn, number, [Plan(subject="user:501", kpi="revenue", period="2026-09", value=10**13)], now=0)  # type: ignore[arg-type]
        know(conn, number, later, at=SECOND)
    with store.read() as conn:
        reports = [
            {
                (result.subject, result.kpi): result
                for result in report(conn, number, SEPTEMBER, zone=ZONE, now=NOW, as_of=at, rules=RULES).results
            }
            for at in (FIRST, SECOND)
        ]
        for key, kpi in ALL.items():
            found = compared(conn, number, key)
            assert [found.before, found.after] == [results["user:501", key] for results in reports]
            if all(one.additive for one in kpi.top + kpi.bottom):
                for cells, name, unit in zip(
                    ("top", "bottom"), ("numerator", "denominator"), kpi.side_units, strict=True
                ):
                    parts = sum(change(getattr(one, cells), unit, "RUB") for one in found.differences)
                    old, new = (getattr(result, name) for result in (found.before, found.after))
                    if old is not None and new is not None and (name == "numerator" or kpi.bottom):
                        assert parts == new - old


def test_a_fact_that_a_merge_took_to_another_client_changes_nothing(store: Store) -> None:
    sale = win(500, deal="7", key="win|deal:7")
    with store.write() as conn:
        number = account(conn)
        know(conn, number, [sale], at=FIRST)
        facts.replace(conn, number, {"contact:1": [], "contact:2": [sale]}, known_at=SECOND)
        found = compared(conn, number)
    assert (found.before.value, found.after.value, found.differences) == (500, 500, ())


def test_where_a_merged_clients_deal_went_is_found_by_its_record(store: Store) -> None:
    sale = win(500, deal="7", key="win|deal:7")
    with store.write() as conn:
        number = account(conn)
        save(conn, number, [Client(id="contact:2")])
        deal = Deal(id="7", created_at=sale.at, pipeline_id="1", stage_id="won", contacts=("contact:2",))
        save(conn, number, [deal])
        know(conn, number, [sale], at=FIRST)
        facts.replace(conn, number, {"contact:1": [], "contact:2": [replace(sale, user="502")]}, known_at=SECOND)
        (one,) = compared(conn, number).differences
    assert one.whys == ("reassigned",)


def test_one_fact_of_two_clients_counts_twice_and_is_told_twice(sqlite_store: Store) -> None:
    sale = win(500, deal="7", key="win|deal:7")
    with sqlite_store.write() as conn:
        number = account(conn)
        facts.replace(conn, number, {"contact:1": [sale], "contact:2": [sale]}, known_at=FIRST)
        facts.replace(conn, number, {"contact:2": []}, known_at=SECOND)
        found = compared(conn, number)
    assert (found.before.value, found.after.value) == (1000, 500)
    assert [(one.fact.record, one.whys) for one in found.differences] == [("deal:7", ("gone",))]


def test_a_plan_that_changed_is_told(sqlite_store: Store) -> None:
    with sqlite_store.write() as conn:
        number = account(conn)
        know(conn, number, [win(500)], at=0)
        for value, at in ((1000, 0), (2000, SECOND)):
            plan = Plan(subject="user:501", kpi="revenue", period="2026-09", value=Decimal(value))
            plans.add(conn, number, [plan], now=at)
        found = compared(conn, number, "plan_attainment")
    assert (found.before.value, found.after.value) == (Decimal("0.5"), Decimal("0.25"))
    text = as_text(found, "en").replace("\u00a0", " ")
    assert "50.0 % → " in text
    assert "(−25.0 pp)" in text
    assert "plan: 1,000.00 → 2,000.00" in text


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"user": "999"}, r"'999' is nobody of this account; there are: Анна \(501\)"),
        ({"since": SECOND}, "--from must lie before --to"),
        ({"kpi": "profit"}, "'profit' is no KPI"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(sqlite_store: Store, asked: dict[str, Any], message: str) -> None:
    with pytest.raises(BadConfig, match=message):
        told(sqlite_store, [win()], [win()], **asked)


def test_without_a_source_there_is_no_value_to_compare(sqlite_store: Store) -> None:
    found = told(sqlite_store, [], [fact("call_out")], "calls", sources=frozenset({"deal"}))
    assert (found.before.reason, found.after.reason) == ("no_source", "no_source")
    assert "нет источника данных" in as_text(found)


def edited(store: Store) -> Comparison:
    """A deal deleted, one re-priced, one handed over; and one edited after its win, which changes nothing."""
    deals = [
        win(roubles, deal=id, key=f"win|deal:{id}") for id, roubles in (("1", 110), ("2", 80), ("3", 50), ("4", 9))
    ]
    one, two, three, four = deals
    later = [replace(one, omitted="deleted"), replace(two, amount=6000), replace(three, user="502"), four]
    at = datetime(2026, 9, 30, 12, tzinfo=UTC)
    with store.write() as conn:
        number = account(conn)
        know(conn, number, deals, at=FIRST)
        save(conn, number, [Price(id="p", of="deal:4", at=at, amount=100, before=900)], now=to_ms(at))
        save(conn, number, [Owner(id="o", of="deal:4", at=at, user_id="503", before="501")], now=to_ms(at))
        know(conn, number, later, at=SECOND)
        return compared(conn, number)


def test_the_text_names_each_record(store: Store) -> None:
    text = as_text(edited(store), "ru", zone=ZONE, link_to="https://crm/{}".format)
    assert text.replace("\u00a0", " ") == (
        "Выручка · Анна · 2026-09\n"
        "2026-09-29 03:00 MSK: 249,00 → 2026-10-01 03:00 MSK: 69,00 (−180,00)\n"
        "\n"
        "Изменило число: 3\n"
        "  −110,00 · сделка 1: удалена · https://crm/deal:1\n"
        "  −20,00 · сделка 2: сумма изменена после выигрыша: 80,00 → 60,00 · https://crm/deal:2\n"
        "  −50,00 · сделка 3: передана: Анна → Борис · https://crm/deal:3\n"
        "\n"
        "Не изменило число: 2\n"
        "  сделка 4: передана после закрытия: Анна → Вера · https://crm/deal:4\n"
        "  сделка 4: сумма изменена после закрытия: 9,00 → 1,00 · https://crm/deal:4"
    )


def test_edits_known_before_the_first_moment_or_after_the_second_are_not_told(sqlite_store: Store) -> None:
    edited(sqlite_store)
    at = to_ms(datetime(2026, 9, 30, 12, tzinfo=UTC))
    with sqlite_store.read() as conn:
        assert len(compared(conn, 1, since=at - 1).unmoved) == 2
        assert compared(conn, 1, since=at).unmoved == ()
        assert compared(conn, 1, until=at - 1).unmoved == ()
        assert len(compared(conn, 1, until=at).unmoved) == 2


def test_ratios_tell_both_sides_and_medians_which_value_became_which(sqlite_store: Store) -> None:
    enquiry = fact("enquiry", number=600, deal="7", key="enquiry|deal:7")
    then, later = [win(deal="8", key="win|deal:8"), enquiry], [replace(enquiry, number=60)]
    ratio = as_text(told(sqlite_store, then, later, "win_rate"), "en")
    assert "numerator −1, denominator −1 · deal 8: reopened" in ratio
    assert "100.0\u00a0% → 2026-10-01 00:00 UTC: — (no closed deals)" in ratio
    with sqlite_store.read() as conn:
        median = as_text(compared(conn, 1, "lead_response_minutes"), "en")
    assert "  10.0 → 1.0 · deal 7: working seconds until the answer: 600 → 60" in median


def test_the_json_holds_everything(sqlite_store: Store) -> None:
    body = json.loads(as_json(edited(sqlite_store), link_to="https://crm/{}".format))
    assert {name: body[name] for name in ("account", "kpi", "period", "unit", "user")} == {
        "account": "moscow",
        "kpi": "revenue",
        "period": "2026-09",
        "unit": "money",
        "user": {"id": "501", "name": "Анна"},
    }
    assert (body["from"]["value"], body["to"]["value"], body["to"]["at"]) == (
        "249.00",
        "69.00",
        "2026-10-01T00:00:00+00:00",
    )
    first = body["differences"][0]
    assert (first["record"], first["numerator"], first["whys"]) == ("deal:1", "-110.00", ["deleted"])
    assert (first["before"]["omitted"], first["after"]["omitted"]) == (None, "deleted")
    assert first["link"] == "https://crm/deal:1"
    assert sum(Decimal(one["numerator"]) for one in body["differences"]) == Decimal("69.00") - Decimal("249.00")
    assert [one["what"] for one in body["unchanged_by"]] == ["owner", "price"]


def test_before_the_first_reading_there_was_no_number(sqlite_store: Store) -> None:
    found = told(sqlite_store, [], [win(500, key="win|deal:7")])
    assert found.first_read is None and found.before.value == 0
    for first_read in (None, FIRST - 1, FIRST):
        assert begun(found, first_read) is found
    fresh = begun(found, FIRST + 1)
    assert (fresh.first_read, fresh.after, fresh.differences) == (FIRST + 1, found.after, found.differences)
    none = fresh.before
    assert (none.value, none.numerator, none.denominator, none.n, none.interval) == (None, None, None, 0, None)
    assert (none.enough, none.reason) == (False, "not_observed")


def test_what_is_compared_is_told_with_it(sqlite_store: Store) -> None:
    with sqlite_store.write() as conn:
        number = account(conn)
        know(conn, number, [win(500)], at=0)
        for value, at in ((1000, 0), (2000, SECOND)):
            plan = Plan(subject="user:501", kpi="revenue", period="2026-09", value=Decimal(value))
            plans.add(conn, number, [plan], now=at)
        found = compared(conn, number, "plan_attainment")
        other = compared(conn, number, "plan_attainment", user="502")
    assert (found.account, found.currency, found.kpi.key, found.name) == ("moscow", "RUB", "plan_attainment", "Анна")
    assert (found.period, found.since, found.until) == (SEPTEMBER, FIRST, SECOND)
    assert (found.plans, other.plans) == ((1000, 2000), (None, None))
    assert found.users == {"501": "Анна", "502": "Борис", "503": "Вера", "509": "Ушёл"}


def test_each_moment_by_its_own_rules(sqlite_store: Store) -> None:
    call = fact("call_out", number=100, key="call_out|call:3")
    strict, mild = Rules(successful_call_seconds=180), Rules(successful_call_seconds=60)
    found = told(sqlite_store, [call], [call], "successful_call_share", rules=(strict, mild))
    assert (found.before.value, found.after.value) == (0, 1)
    assert [one.whys for one in found.differences] == [("rules",)]
    with sqlite_store.read() as conn:
        back = compared(conn, 1, "successful_call_share", rules=(mild, strict))
        same = compared(conn, 1, "successful_call_share", rules=strict)
    assert (back.before.value, back.after.value) == (1, 0)
    assert same.differences == ()


def test_a_shared_win_that_is_none_any_more_was_reopened(sqlite_store: Store) -> None:
    sale = win(500, deal="7", key="win|deal:7")
    parts = [
        fact("win_part", user=user, deal="7", key=f"win_part|deal:7|{user}", amount=250_00, number=0.5)
        for user in ("501", "502")
    ]
    shared = Rules(credit="split", split_field="S")
    found = told(sqlite_store, [sale, *parts], [], rules=shared)
    assert (found.before.value, [one.whys for one in found.differences]) == (250, [("reopened",)])
    assert "deal 7: reopened" in as_text(found, "en")


def test_whom_the_account_credits_is_whose_number_it_is(sqlite_store: Store) -> None:
    sale = win(500, key="win|deal:7", owner_now="502")
    given = replace(sale, owner_now="503")
    found = told(sqlite_store, [sale], [given], user="502", rules=Rules(credit="now"))
    assert (found.before.value, found.after.value, found.differences[0].whys) == (500, 0, ("reassigned",))
    with sqlite_store.read() as conn:
        assert compared(conn, 1, user="503", rules=Rules(credit="now")).after.value == 500
        assert compared(conn, 1, user="501").differences == ()


def test_what_is_left_of_a_plan_is_ones_own(sqlite_store: Store) -> None:
    with sqlite_store.write() as conn:
        number = account(conn)
        cursors.finish(conn, number, "deal", now=0)
        plan = Plan(subject="user:501", kpi="revenue", period="2026-09", value=Decimal(1000))
        plans.add(conn, number, [plan], now=0)
        mine, theirs = win(400), win(500, user="502")
        know(conn, number, [mine, theirs, fact("open_deal", amount=300_00)], at=FIRST)
        found = compared(conn, number, "plan_coverage")
    assert (found.before.denominator, found.after.denominator, found.plans) == (600, 600, (600, 600))


def test_another_accounts_records_are_none_of_ours(sqlite_store: Store) -> None:
    sale = win(500, deal="7", key="win|deal:7")
    with sqlite_store.write() as conn:
        number = account(conn)
        stranger = accounts.enroll(conn, "kazan", "amocrm")
        know(conn, number, [sale], at=FIRST)
        facts.replace(conn, number, {"contact:1": []}, known_at=SECOND)
        facts.replace(conn, stranger, {"contact:1": [fact("loss", deal="7", key="loss|deal:7")]}, known_at=SECOND)
        (one,) = compared(conn, number).differences
    assert one.whys == ("reopened",)  # and not lost: that is the stranger's deal


def test_edits_of_other_deals_and_accounts_and_other_records_are_not_told(sqlite_store: Store) -> None:
    sale = win(500, deal="4", key="win|deal:4")
    at = datetime(2026, 9, 30, 12, tzinfo=UTC)
    with sqlite_store.write() as conn:
        number = account(conn)
        stranger = accounts.enroll(conn, "kazan", "amocrm")
        know(conn, number, [sale], at=FIRST)
        for owner, of, id in ((number, "deal:5", "1"), (stranger, "deal:4", "2"), (number, "deal:4", "3")):
            save(conn, owner, [Price(id=id, of=of, at=at, amount=100, before=900)], now=to_ms(at))
        moved = Move(id="m", of="deal:4", at=at, pipeline_id="1", stage_id="1/won", outcome="won")
        save(conn, number, [moved], now=to_ms(at))
        found = compared(conn, number)
    assert [(one.change.kind, one.change.id) for one in found.unmoved] == [("price", "3")]


def test_a_lost_deals_edits_are_told_beside_the_win_rate(sqlite_store: Store) -> None:
    lost = fact("loss", deal="4", key="loss|deal:4")
    at = datetime(2026, 9, 30, 12, tzinfo=UTC)
    with sqlite_store.write() as conn:
        number = account(conn)
        know(conn, number, [lost], at=FIRST)
        save(conn, number, [Owner(id="o", of="deal:4", at=at, user_id="503", before="501")], now=to_ms(at))
        assert [one.change.id for one in compared(conn, number, "win_rate").unmoved] == ["o"]


def test_somebody_with_facts_and_no_name_can_be_asked_about(sqlite_store: Store) -> None:
    sale = win(500, user="operator 7", key="win|deal:7")
    assert told(sqlite_store, [sale], [], user="operator 7").name == "operator 7"
    with sqlite_store.read() as conn:
        assert compared(conn, 1, user="operator 7", until=SECOND - 1).after.value == 500
        assert compared(conn, 1, "tasks_in_time", user="operator 7").after.reason == "no_tasks"
        with pytest.raises(BadConfig, match="nobody of this account"):
            compared(conn, 1, user="operator 8")


def test_a_lead_that_a_merge_took_along_is_found_by_its_record(sqlite_store: Store) -> None:
    asked = fact("enquiry", number=60, lead="7", deal=None, key="enquiry|lead:7")
    with sqlite_store.write() as conn:
        number = account(conn)
        save(conn, number, [Client(id="contact:2")])
        save(conn, number, [Lead(id="7", created_at=asked.at, stage_id="new", clients=("contact:2",))])
        know(conn, number, [asked], at=FIRST)
        facts.replace(conn, number, {"contact:1": [], "contact:2": [replace(asked, user="502")]}, known_at=SECOND)
        (one,) = compared(conn, number, "lead_response_minutes").differences
    assert one.whys == ("reassigned",)
