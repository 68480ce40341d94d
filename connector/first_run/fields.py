"""Which custom field holds what: by its name, by what stands in it, and by how often anything does."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from connector.first_run.seen import Proposal, Seen
from connector.kpi.text import Text, percent
from connector.provider import Field
from connector.records import Deal

ENOUGH = 5
"""Filled so often, a field is used at all."""
USUAL = 0.3
"""A part of deals in which a field is filled that people mean to fill."""
_NUMBER = re.compile(r"^-?\d+([.,]\d+)?(\|[A-Z]{3})?$")
_DATE = re.compile(r"^(\d{4}-\d\d-\d\d|\d{2}\.\d{2}\.\d{4}|\d{9,10}$)")
_WANTED: tuple[tuple[str, tuple[str, ...], tuple[str, ...], str], ...] = (
    ("csat_field", ("csat", "nps", "оценк", "удовлетвор"), ("дата", "date"), "number"),
    ("csat_date_field", ("дата оценк", "csat date", "date of csat", "rating date"), (), "date"),
    ("refund_amount_field", ("сумма возврат", "возврат", "refund"), ("дата", "date"), "number"),
    ("refund_date_field", ("дата возврат", "refund date", "date of refund"), (), "date"),
    ("payment_amount_field", ("сумма оплат", "оплачено", "payment", "paid"), ("дата", "date"), "number"),
    ("payment_date_field", ("дата оплат", "payment date", "paid at"), (), "date"),
    ("margin_field", ("маржа", "margin", "прибыль", "profit"), ("%", "дата", "date"), "number"),
)
"""Key, signs in the name, signs that it is something else, and what must stand in it."""
WANTED = tuple(key for key, *_ in _WANTED)
"""What fields are looked for."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A field and how it is used among the deals looked at: `fit` of the filled ones read as number or date."""

    field: Field
    count: int
    of: int
    numbers: int
    dates: int

    @property
    def share(self) -> float:
        """0..1."""
        return self.count / self.of if self.of else 0.0


def filled(seen: Seen) -> list[Filled]:
    """Every field of deals by how often it is filled, the most used first."""
    told = [_filled(one, seen.deals) for one in seen.fields]
    return sorted(told, key=lambda one: (-one.count, one.field.name))


def fields(seen: Seen) -> Iterator[Proposal]:
    """One field a purpose, the most filled of those whose name and content fit."""
    known, taken = filled(seen), set[str]()
    for key, signs, other, content in _WANTED:
        fits: Callable[[Filled], int] = (lambda one: one.numbers) if content == "number" else (lambda one: one.dates)
        found = [
            one
            for one in known
            if _named(one.field.name, signs, other)
            and one.field.id not in taken
            and fits(one) >= max(ENOUGH, one.count * 0.9)
        ]
        if found:
            taken.add(found[0].field.id)
            yield _proposal(key, found)
    yield from _amount(seen)


def required(seen: Seen) -> Iterator[Proposal]:
    """What a complete card has, where no reasons of losses are there to tell how well cards are kept."""
    if seen.reasons or any(deal.loss_reason_id for deal in seen.deals):
        return
    usual = [one for one in filled(seen) if one.count >= ENOUGH and one.share >= USUAL][:3]
    if usual:
        told = Text(
            ", ".join(f"{one.field.name}: {percent(one.share).ru}" for one in usual),
            ", ".join(f"{one.field.name}: {percent(one.share).en}" for one in usual),
        )
        why = Text(f"чаще всего заполнены ({told.ru})", f"filled most often ({told.en})")
        yield Proposal("required_fields", tuple(one.field.name for one in usual), why, sure=False)


def _proposal(key: str, found: Sequence[Filled]) -> Proposal:
    best = found[0]
    share = percent(best.share)
    why = Text(
        f"заполнено {share.ru} сделок ({best.count} из {best.of})",
        f"filled in {share.en} of deals ({best.count} of {best.of})",
    )
    others = ((one.field.name, percent(one.share)) for one in found[1:4])
    rest = tuple(Text(f"ещё подходит: {name}, {share.ru}", f"fits too: {name}, {share.en}") for name, share in others)
    return Proposal(key, best.field.name, why, lines=rest)


def _amount(seen: Seen) -> Iterator[Proposal]:
    """The deal's own amount is what counts: said where it is not filled, as revenue would be too small."""
    won = [deal for deal in seen.deals if deal.outcome == "won"]
    with_amount = sum(1 for deal in won if deal.amount)
    if won:
        share = with_amount / len(won)
        part = percent(share)
        told = Text(
            f"сумма стоит у {part.ru} выигранных ({with_amount} из {len(won)}); выручка считается по ней",
            f"an amount stands on {part.en} of won deals ({with_amount} of {len(won)}); revenue is made of it",
        )
        yield Proposal("", None, told, sure=share >= 0.9)


def _filled(field: Field, deals: Sequence[Deal]) -> Filled:
    texts = written(field, deals)
    numbers = sum(1 for text in texts if _NUMBER.match(text))
    dates = sum(1 for text in texts if _DATE.match(text))
    return Filled(field, len(texts), len(deals), numbers, dates)


def written(field: Field, deals: Sequence[Deal]) -> list[str]:
    """What stands in the field of every deal in which it is filled."""
    keys = list(dict.fromkeys(key for key in (field.id, field.name, field.code) if key))
    return [str(found).strip() for deal in deals if (found := _value(deal, keys)) is not None]


def _value(deal: Deal, keys: Sequence[str]) -> Any:
    """Whatever a person put there; None for nothing."""
    found = next((deal.fields[key] for key in keys if key in deal.fields), None)
    return None if found in ("", [], {}, "0", 0) else found


def _named(name: str, signs: Sequence[str], other: Sequence[str]) -> bool:
    told = name.casefold()
    return any(sign in told for sign in signs) and not any(sign in told for sign in other)
