"""A field that names currencies is found, by name or by what stands in it; numbers and ids are none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from connector.first_run.currencies import currencies
from connector.first_run.lacking import lacking
from connector.first_run.seen import Proposal, Seen
from connector.provider import Field
from connector.records import Deal

AT = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)


def seen(name: str, values: Sequence[str], own: Sequence[str] = ("RUB",)) -> Seen:
    deals = [
        Deal(
            id=str(n), created_at=AT, pipeline_id="1", stage_id="x", outcome="won", owner_id="501", amount=1,
            currency=own[n % len(own)], created_by="501", fields={"7": value},
        )
        for n, value in enumerate(values)
    ]  # fmt: skip
    return Seen(ZoneInfo("Europe/Moscow"), fields=[Field("7", name, None, "select")], deals=deals)


def proposed(what: Seen) -> Proposal | None:
    return next(iter(currencies(what)), None)


@pytest.mark.parametrize(
    ("name", "values", "sure"),
    [
        ("Валюта", ["USD", ""], True),
        ("Deal currency", ["usd", "RUB"], True),
        ("Расчёты", ["USD", "€", "RUB", "₽", "руб."], True),
        ("Расчёты", ["$", "€", "RUB", "RUB", "RUB"], False),
        ("Валюта сделки", ["доллары", "USD"], False),
        ("Валюта", ["Доллары", "Рубли"], False),
        ("Валютный контроль", ["Да", "Нет", "нет"], None),
        ("Курс валюты", ["90.5", "91"], None),
        ("Валюта", ["45", "47"], None),
        ("Валюта", ["", ""], None),
        ("Регион", ["VIP", "ABC", "XYZ", "MSK", "SPB"], None),
        ("Расчёты", ["USD"], None),
    ],
)
def test_what_is_taken_for_a_field_of_currencies(name: str, values: Sequence[str], sure: bool | None) -> None:
    found = proposed(seen(name, values))
    assert (found and (found.key, found.value, found.sure)) == (
        None if sure is None else ("currency_field", name, sure)
    )


def test_it_says_how_many_deals_are_in_another_currency_and_what_a_no_means() -> None:
    found = proposed(seen("Валюта", ["USD", "RUB", "RUB", "$"]))
    assert found is not None and found.declined is not None
    assert "4 of 4 deals (RUB: 2, USD: 1, $: 1)" in found.why.en
    assert "1000 USD become 1000 RUB" in found.declined.en and "in 2 of 4" in found.declined.en
    assert "$" in found.lines[0].en and "no rate" in found.lines[0].en
    assert found.then is not None and "(USD)" in found.then.en


def test_rates_are_asked_for_only_where_the_crm_has_none_and_something_is_foreign() -> None:
    told = seen("Валюта", ["USD", "RUB"])
    given = proposed(replace(told, kinds=frozenset({"rate"})))
    own = proposed(seen("Валюта", ["RUB", "rub"]))
    assert given is not None and given.then is None and given.declined is not None
    assert own is not None and own.then is None
    assert own.declined is not None and "in 0 of 2" in own.declined.en


@pytest.mark.parametrize("kinds", [frozenset[str](), frozenset({"rate"})])
def test_a_crm_that_gives_deals_their_currency_needs_no_field_but_rates(kinds: frozenset[str]) -> None:
    known = replace(seen("Валюта", ["USD"] * 6, own=("RUB", "RUB", "RUB", "USD", "GBP", "USD")), kinds=kinds)
    noticed = proposed(known)
    assert noticed is not None and noticed.key == "" and noticed.then is not None
    assert noticed.why.ru == "сделки в валютах (RUB: 3, USD: 2, GBP: 1)"
    [left, *_] = lacking([noticed], [], unseen=False)
    assert left == noticed.then
    assert left.ru.startswith("курсы (USD, GBP)") and ("на день чтения" in left.ru) is bool(kinds)
