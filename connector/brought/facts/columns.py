"""What the columns of imported facts are called, and which of them each sort of row needs and knows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from connector.records import What

COLUMNS: dict[str, tuple[str, ...]] = {
    "key": ("key", "id", "ключ", "ид", "номер", "№"),
    "what": ("what", "kind", "type", "что", "вид", "тип"),
    "at": ("at", "date", "дата", "когда"),
    "user": ("user", "пользователь", "менеджер", "сотрудник", "ответственный"),
    "deal": ("deal", "сделка"),
    "client": ("client", "клиент", "контакт", "компания"),
    "amount": ("amount", "sum", "сумма"),
    "currency": ("currency", "валюта"),
    "number": ("number", "score", "оценка", "балл", "баллы", "значение"),
    "items": ("items", "of", "пунктов", "пункты", "из"),
    "due": ("due", "срок", "оплатить до"),
    "paid": ("paid", "оплачено"),
    "technique": ("technique", "техника"),
    "reason": ("reason", "причина"),
}
"""The headings that mean each column, in small letters; the first is the key in JSON."""

WHATS: dict[What, tuple[str, ...]] = {
    "payment": ("payment", "оплата", "платёж", "платеж"),
    "refund": ("refund", "возврат"),
    "rating": ("rating", "оценка", "csat"),
    "objection": ("objection", "возражение", "возражения"),
    "script": ("script", "скрипт"),
    "technique": ("technique", "техника"),
    "invoice": ("invoice", "счёт", "счет"),
    "training": ("training", "обучение"),
}
"""How people call each sort of row."""


class Shape(NamedTuple):
    """The columns that a sort of row needs beside key, what, at and somebody to credit; and those it also knows."""

    needs: tuple[str, ...]
    knows: tuple[str, ...] = ()


SHAPES: dict[What, Shape] = {
    "payment": Shape(("amount",)),
    "refund": Shape(("amount",), ("reason",)),
    "rating": Shape(("number",)),
    "objection": Shape(("number",), ("items",)),
    "script": Shape(("number", "items")),
    "technique": Shape(("number", "technique"), ("items",)),
    "invoice": Shape(("amount", "due"), ("paid",)),
    "training": Shape(("technique",)),
}
TELLING = ("amount", "number", "items", "due", "paid", "technique", "reason")
"""Columns that say something of some sorts of rows and nothing of others: there they are a mistake."""


def what_of(text: str) -> What | None:
    """The sort that is meant, None where it is none."""
    name = text.strip().casefold()
    return next((what for what, names in WHATS.items() if name in names), None)


def strange(told: Iterable[str]) -> list[str]:
    """Columns that mean nothing here."""
    return [name for name in told if name not in COLUMNS]
