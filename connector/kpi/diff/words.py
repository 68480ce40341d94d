"""The words of differences: who or what changed and how, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from connector.kpi.definition import Language, Text
from connector.kpi.diff.changes import Difference, Unmoved, Version
from connector.kpi.kinds import KINDS
from connector.kpi.telling.formula import column
from connector.kpi.telling.render import left_out, shown
from connector.money import to_units
from connector.records import Owner

_RECORDS: dict[str, tuple[Text, int]] = {
    "deal": (Text("сделка", "deal"), 0),
    "lead": (Text("лид", "lead"), 1),
    "call": (Text("звонок", "call"), 1),
    "meeting": (Text("встреча", "meeting"), 0),
    "task": (Text("задача", "task"), 0),
    "external": (Text("загруженная строка", "imported row"), 0),
}
"""With the gender of the Russian word: which half of "удалена/удалён" agrees with it."""
WHYS: dict[str, Text] = {
    "deleted": Text("удалена/удалён", "deleted"),
    "merged": Text("объединена с другой/объединён с другим", "merged into another"),
    "restored": Text("восстановлена/восстановлен", "restored"),
    "counts": Text("теперь учитывается (было: {omitted})", "counts now (was: {omitted})"),
    "reassigned": Text("передана: {users}/передан: {users}", "handed over: {users}"),
    "moved": Text("другая дата: {days}", "another date: {days}"),
    "repriced": Text("сумма изменена: {amounts}", "amount changed: {amounts}"),
    "repriced_after": Text("сумма изменена после выигрыша: {amounts}", "amount changed after the win: {amounts}"),
    "rate_known": Text("стал известен курс валюты", "the currency's rate became known"),
    "rate_lost": Text("нет курса валюты", "the currency has no rate"),
    "number": Text("{what}: {numbers}", "{what}: {numbers}"),
    "client": Text("другой клиент", "another client"),
    "due": Text("изменился срок", "another due date"),
    "time": Text("вышел срок", "its time has come"),
    "rules": Text("изменены правила", "the rules were changed"),
    "lost": Text("проиграна после выигрыша", "lost after the win"),
    "won": Text("выиграна после проигрыша", "won after the loss"),
    "reopened": Text("снова открыта", "reopened"),
    "gone": Text("больше не находится: {kind}", "not found any more: {kind}"),
    "new": Text("{kind} {day}", "{kind} {day}"),
    "late": Text("{kind} {day}, стало известно позже", "{kind} {day}, learned later"),
}
"""Reasons by code; other codes are those for which facts are left out."""
_AFTER_CLOSE = {
    "owner": Text("передана после закрытия: {old} → {new}", "handed over after the close: {old} → {new}"),
    "price": Text("сумма изменена после закрытия: {old} → {new}", "amount changed after the close: {old} → {new}"),
}


def reasons_of(one: Difference, users: Mapping[str, str], currency: str, language: Language) -> str:
    """The words of its reasons."""
    _, gender = _RECORDS.get(one.fact.record.partition(":")[0], _RECORDS["deal"])
    old, new = one.before or one.fact, one.after or one.fact
    words = {
        "users": pair(_who(old.user, users), _who(new.user, users)),
        "days": pair(day_of(old), day_of(new)),
        "amounts": pair(*(_amount(fact.amount, currency, language) for fact in (old, new))),
        "numbers": pair(*("—" if fact.number is None else f"{fact.number:g}" for fact in (old, new))),
        "what": column(new.kind, "number")(language),
        "kind": KINDS[new.kind].one(language),
        "day": day_of(new),
        "omitted": left_out(old.omitted or "", language),
    }
    return ", ".join(_word(why, gender, language).format(**words) for why in one.whys)


def named(fact: Version, language: Language) -> str:
    """`deal 4812`."""
    kind, _, id = fact.record.partition(":")
    return f"{_RECORDS[kind][0](language) if kind in _RECORDS else kind} {id}"


def still(one: Unmoved, users: Mapping[str, str], currency: str, language: Language) -> str:
    """What changed after the close."""
    change = one.change
    if isinstance(change, Owner):
        old, new = _who(change.before, users), _who(change.user_id, users)
    else:
        currency = change.currency or currency
        old, new = (_amount(minor, currency, language) for minor in (change.before, change.amount))
    return _AFTER_CLOSE[change.kind](language).format(old=old, new=new)


def signed(value: Decimal, unit: str, currency: str, language: Language) -> str:
    """With a sign that is seen: +1, −110 000,00, 0; "≈ 0" of what is too little to be seen."""
    text = shown(abs(value), unit, currency, language)
    if value and not any(digit in text for digit in "123456789"):
        return "≈ 0"
    return ("−" if value < 0 else "+" if value > 0 else "") + text


def _word(why: str, gender: int, language: Language) -> str:
    if why not in WHYS:
        return left_out(why, language).replace("{", "{{").replace("}", "}}")
    text = WHYS[why](language)
    return text.split("/")[gender if "/" in text else 0]


def pair(old: str, new: str) -> str:
    """What it was and what it is."""
    return f"{old} → {new}"


def _who(user: str | None, users: Mapping[str, str]) -> str:
    return users.get(user, user) if user else "—"


def day_of(fact: Version) -> str:
    """2026-09-10."""
    return f"{fact.day // 10000}-{fact.day // 100 % 100:02}-{fact.day % 100:02}"


def _amount(minor: int | None, currency: str, language: Language) -> str:
    return shown(None if minor is None else to_units(minor, currency), "money", currency, language)
