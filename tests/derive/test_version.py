"""What is derived from a fixed world is pinned to the version of its meaning: no store keeps facts of an older one."""

from __future__ import annotations

import hashlib

import msgspec

from connector.derive import DERIVE_VERSION, derive
from connector.fact import Dossier
from connector.kpi.kinds import KINDS
from connector.records import Client, Deadline, Done, Meeting, Task
from tests.derive.ground import at, call, deal, dossier, into, lead, move, owner, price, sales

EVERYTHING = {
    "qualified_stages": ("quote",), "quote_stage": "quote", "key_steps": ("talk > quote", "quote > won"),
    "stuck_by_stage": {"new": 2}, "required_fields": ("CSAT", "ИНН"), "split_field": "Деление", "margin_field": "Маржа",
    "list_price_field": "Прайс", "payment_amount_field": "Оплачено", "payment_date_field": "Дата оплаты",
    "objection_field": "Возражения", "script_field": "Скрипт", "group_wins_days": 3, "refund_reason_field": "Причина",
    "refund_excused_reasons": ("Брак",), "expected_close_field": "Ждём",
}  # fmt: skip
RULES = {
    "exact": sales(holidays=""),
    "observed": sales("observed", holidays=""),
    "everything": sales(holidays="", **EVERYTHING),
}
"""No country: the calendar's own version is told aside."""
FIELDS = {"Деление": "501: 60, 502: 40", "Маржа": "30", "Прайс": "1 200", "Оплачено": "1000", "Скрипт": "80 %"}
GOLDEN = (16, "1b807cb5512585a8eaedac2f")
BOUGHT_TWICE = dossier(
    clients=(Client(id="contact:7", company="company:3"), Client(id="contact:8")),
    deals=(
        deal("1", fields={"CSAT": "5", "CSAT date": "2026-09-12", "Refund": "10|USD", "Refund date": "2026-09-20"}),
        deal("9", closed_at=at("2026-09-16T12:00"), fields={"Refund": 5, "Причина": "брак "}),
        deal(
            "2",
            amount=1000_00,
            currency="USD",
            owner_id="502",
            closed_at=at("2026-09-15T12:00"),
            source="Сайт",
            fields=FIELDS,
        ),
        deal(
            "3", "lost", loss_reason_id="78", fields={"CSAT": "2", "Возражения": 0.5}, updated_at=at("2026-09-16T09:00")
        ),
        deal("4", "lost", loss_reason_id="77"),
        deal("5", pipeline="3"),
        deal("6", "open", created_by="501", amount=None, fields={"CSAT": "good", "Refund": 5, "Ждём": "2026-10-01"}),
        deal("7", amount=5_00, currency="GBP", company="company:3", created_at=at("2026-08-28T19:00")),
        deal("8", "open", created_at=at("2026-09-05T11:00"), owner_id="503"),
    ),
    moves=(
        move("won", "2026-09-10T12:00", source="open", id="m1"),
        move("open", "2026-09-11T12:00", source="won", id="m2"),
        move("won", "2026-09-12T12:00", source="open", id="m3"),
        move("lost", "2026-09-14T12:00", of="deal:3", source="open", id="m4"),
        move("won", "2026-09-13T12:00", of="deal:7", id="m5"),
        into("quote", "2026-09-05T12:00", of="deal:7"),
    ),
    owners=(
        owner("501", "502", "2026-09-12T18:00"),
        owner("501", "503", "2026-09-15T10:00", of="deal:3", how="observed"),
    ),
    prices=(
        price(80_000_00, 5, "2026-09-09T10:00"),
        price(5_00, 7_00, "2026-09-20T10:00", of="deal:7", how="observed", currency="GBP", currency_before="USD"),
    ),
    calls=(
        call("2026-09-01T10:20", 95, "1", on=("deal:1", "contact:7")),
        call("2026-09-01T10:20", 5, "2", unique="x"),
        call("2026-09-01T10:21", 70, "3", unique="x"),
        call("2026-09-02T08:00", 0, "4", direction="in", on=("contact:8",)),
        call("2026-09-02T20:00", 30, "5", user="502", direction="in"),
        call("2026-09-02T12:00", 0, "6", direction="in", phone="a"),
        call("2026-09-02T12:09", 0, "7", user="502", phone="a"),
    ),
    meetings=(
        Meeting(id="61", user_id="501", done_at=at("2026-09-03T15:00"), has_result=True, on=("deal:1",)),
        Meeting(id="62", user_id="501", done_at=at("2026-09-02T15:00"), has_result=False, on=("deal:1",)),
        Meeting(id="62", user_id="502", due_at=at("2026-09-03T15:00"), on=("deal:2",)),
    ),
    tasks=(
        Task(id="63", user_id="501", created_at=at("2026-09-03T10:00"), due_at=at("2026-09-09T18:00"), on=("deal:1",)),
        Task(id="64", user_id="502", due_at=at("2026-09-04T18:00"), done_at=at("2026-09-05T10:00"), on=("deal:2",)),
        Task(id="65", user_id="503", due_at=at("2026-09-04T18:00"), ours=True),
    ),
    deadlines=(
        Deadline(
            id="l1", of="task:63", at=at("2026-09-04T10:00"), before=at("2026-09-04T18:00"), due_at=None, by="503"
        ),
        Deadline(id="l2", of="task:63", at=at("2026-09-04T11:00"), before=None, due_at=at("2026-09-09T18:00")),
    ),
    dones=(Done(id="d1", of="task:62", at=at("2026-09-03T16:00"), by="503"),),
    since={f"deal:{n}": at("2026-09-11T00:00") for n in range(1, 9)},
    gone={"deal:8": at("2026-09-21T10:00")},
)
ASKED = dossier(
    key="contact:9",
    clients=(Client(id="contact:9"),),
    leads=(
        lead("1", clients=("contact:9",), source="Сайт"),
        lead("2", clients=("contact:9",), outcome="lost", loss_reason_id="77"),
        lead("3", clients=("contact:9",), created_at=at("2026-09-05T12:00"), deal="deal:9"),
    ),
    deals=(deal("9", "open", lead_id="3", contacts=("contact:9",), created_at=at("2026-09-06T12:00")),),
    calls=(call("2026-09-07T09:10", 65, "9", on=("contact:9",)),),
    owners=(owner("502", "501", "2026-09-03T10:00", of="lead:1"),),
    merged={"lead:2": "lead:1"},
)
WORLD: tuple[Dossier, ...] = (BOUGHT_TWICE, ASKED, dossier(key="contact:5", calls=(call("2026-09-07T09:10", 65, "8"),)))


def test_the_same_records_give_the_facts_of_this_version() -> None:
    facts = [derive(known, rules) for rules in RULES.values() for known in WORLD]
    told = hashlib.blake2b(msgspec.json.encode(facts), digest_size=12).hexdigest()
    assert (DERIVE_VERSION, told) == GOLDEN, (
        "the same records give other facts than before: raise DERIVE_VERSION in connector/derive/__init__.py, so that "
        "every store derives anew, and set GOLDEN here to the new version and hash"
    )


def test_the_pinned_world_holds_every_kind_of_fact() -> None:
    kinds = {fact.kind for known in WORLD for fact in derive(known, RULES["everything"])}
    assert kinds == set(KINDS) - {"invoice", "billed", "technique"}  # these come by import only
    plain = {fact.kind for known in WORLD for fact in derive(known, RULES["exact"])}
    assert kinds - plain == {
        "card", "discount", "open_expected", "purchase", "refund_excused",
        "lead_processed", "lead_qualified", "listed", "margin", "margin_base", "objection",
        "payment", "quote", "quote_paid",
        "script_items", "script_passed", "step", "win_part",
    }  # fmt: skip
