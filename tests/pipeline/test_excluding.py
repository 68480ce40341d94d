"""From the configuration to the finding: our own numbers, tests and excused refunds, through a sync (C11, K-08)."""

from __future__ import annotations

from datetime import timedelta

from connector.pipeline.reading import sync_and_derive
from connector.pipeline.trust.health import quality_of
from connector.records import Call, Message
from connector.store.engine import Store
from connector.store.secret.phones import phone_hasher
from connector.testing.world import START, populate
from tests.pipeline.shop import SEPTEMBER, bring, opened, result


def test_a_number_of_the_configuration_is_that_of_calls_however_it_is_written(sqlite_store: Store) -> None:
    bench = opened(sqlite_store, internal_numbers=("+7 (495) 000-00-00", "101"), test_users=("Boris",))
    hashed, at = phone_hasher(bench.key), START + timedelta(hours=12)
    numbers = {"1": "84950000000", "2": "101", "3": "79160000000", "4": "1010"}
    for id, number in numbers.items():
        populate(
            bench.provider.world,  # type: ignore[attr-defined]  # the fake one's
            [
                Call(
                    id=id, at=at, direction="out", answered=True, seconds=95, user_id="501", on=("contact:7",),
                    phone=hashed(number),
                ),
            ],
        )  # fmt: skip
    mine = Call(id="5", at=at, direction="out", answered=True, seconds=95, user_id="502", on=("contact:7",))
    populate(bench.provider.world, [mine])  # type: ignore[attr-defined]
    populate(bench.provider.world, [Message(id="w1", at=at, user_id="501", on=("contact:7",))])  # type: ignore[attr-defined]
    sync_and_derive(bench)
    assert result(bench, "outgoing_calls").value == 2
    found = {
        one.code: (one.count, [example.ref for example in one.examples])
        for one in quality_of(bench, SEPTEMBER).findings
    }
    assert found["internal_calls"] == (2, ["contact:7", "contact:7"])
    assert found["tests"] == (1, ["call:5"])


def test_an_imported_refund_with_an_excused_reason_stands_apart(sqlite_store: Store) -> None:
    bench = opened(sqlite_store, refund_excused_reasons=("Брак",), refund_reason_field="Причина")
    rows = "key;what;date;deal;amount;reason\na;возврат;2026-09-05;1;100;брак\nb;refund;2026-09-05;2;300;не подошло\n"
    assert not bring(bench, rows).bad
    assert result(bench, "excused_refund_share").value == 0.25
    assert result(bench, "refund_share").numerator == 300


def test_a_reason_says_nothing_of_a_payment(sqlite_store: Store) -> None:
    bench = opened(sqlite_store)
    told = bring(bench, "key;what;date;deal;amount;reason\na;payment;2026-09-05;1;100;брак\n")
    assert "reason 'брак' says nothing of a payment" in str(told.bad)
