"""`number >= 180`: a condition as a person writes it -> a condition on a column. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from connector.kpi.custom.carried import CARRIED, Dimension
from connector.kpi.custom.flaws import Notes
from connector.kpi.definition import Ago, Column, Op, Where
from connector.kpi.kinds import KINDS, STANDING
from connector.kpi.text import Text
from connector.money import to_minor

THRESHOLDS: dict[str, Dimension] = {
    "connected_call_seconds": "seconds",
    "successful_call_seconds": "seconds",
    "meaningful_call_seconds": "seconds",
    "lead_norm_seconds": "seconds",
    "callback_seconds": "seconds",
    "conversion_window_seconds": "seconds",
    "step_window_seconds": "seconds",
    "return_days": "days",
    "reactivation_days": "days",
    "csat_good_from": "score",
    "score_good_from": "share",
}
"""What may be named instead of a number, and what it is a number of."""
LITERALS: dict[Dimension, Text] = {
    "money": Text("сумма, например 100000", "amount such as 100000"),
    "seconds": Text("время: секунды или «3m», «2h», «1d»", 'time: seconds, or "3m", "2h", "1d"'),
    "days": Text("число дней, например 60", "number of days such as 60"),
    "share": Text("доля: 0.8 или 80%", "share: 0.8 or 80%"),
    "score": Text("оценка, например 4", "score such as 4"),
    "items": Text("число, например 5", "number such as 5"),
    "ordinal": Text("номер, например 2", "ordinal such as 2"),
}
_CONDITION = re.compile(r"^\s*(amount|number|other|due|age)\s*(>=|<=|>|<|=|\bis\b)\s*(\S.*?)\s*$")
_OPS: dict[str, Op] = {">=": "ge", "<=": "le", ">": "gt", "<": "lt", "=": "eq"}
_TURNED: dict[Op, Op] = {"ge": "le", "gt": "lt", "le": "ge", "lt": "gt", "eq": "eq"}
_NUMBER = re.compile(r"^-?\d{1,12}(\.\d{1,6})?$", re.ASCII)
_SPAN = re.compile(r"^(-?\d{1,6})\s*(s|m|h|d)$", re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def condition(text: str, kinds: Sequence[str], path: tuple[str, ...], notes: Notes, currency: str) -> Where | None:
    """The condition, or None and a note of what is wrong with it."""
    parts = _CONDITION.match(text)
    if parts is None:
        notes.refuse(path, "no_condition", text=text)
        return None
    name, sign, value = parts.groups()
    if not _carried(name, kinds, path, notes):
        return None
    if sign == "is":
        return _missing(text, name, value, path, notes)
    if name in ("age", "due"):
        return (_age if name == "age" else _due)(_OPS[sign], value, path, notes)
    return _compared(name, _OPS[sign], value, kinds, path, notes, currency)


def _carried(name: str, kinds: Sequence[str], path: tuple[str, ...], notes: Notes) -> bool:
    """Whether each kind has the column, and it means the same in all."""
    for kind in kinds:
        if name == "age":
            if kind not in STANDING:
                notes.refuse(path, "age_happened", standing=", ".join(sorted(STANDING)))
                return False
        elif not (CARRIED[kind].due if name == "due" else CARRIED[kind].dimension(name)):
            lacking(name, kind, path, notes)
            return False
        elif name == "due" and CARRIED[kind].grows == "window":
            notes.refuse(path, "immature", column=name, kind=kind)
            return False
    return name in ("due", "age") or alike(name, kinds, path, notes)


def lacking(name: str, kind: str, path: tuple[str, ...], notes: Notes) -> None:
    """Say that a kind of fact has no such column, and what it has."""
    if name == "amount":
        notes.refuse(path, "no_money", kind=kind, kinds=", ".join(k for k, one in CARRIED.items() if one.amount))
        return
    notes.refuse(path, "no_column", kind=kind, column=name, columns=columns_of(kind))


def columns_of(kind: str) -> Text:
    """The columns of a kind, each with what it holds."""
    one, words = CARRIED[kind], KINDS[kind]
    named = {"number": words.number if one.number else None, "other": words.other if one.other else None}
    named["due"] = words.due if one.due else None
    told: list[tuple[str, Text | None]] = [("amount", None)] if one.amount else []
    told += [(name, text) for name, text in named.items() if text is not None]
    told += [("age", None)] if kind in STANDING else []
    ru, en = (", ".join(f"{name} ({text(lang)})" if text else name for name, text in told) for lang in ("ru", "en"))
    return Text(ru or "—", en or "—")


def alike(name: str, kinds: Sequence[str], path: tuple[str, ...], notes: Notes) -> bool:
    """Whether a column holds the same sort of thing in each of these kinds."""
    dimensions = {CARRIED[kind].dimension(name) for kind in kinds}
    if len(dimensions) == 1:
        return True
    notes.refuse(path, "mixed", column=name, meanings=", ".join(f"{k}: {CARRIED[k].dimension(name)}" for k in kinds))
    return False


def _missing(text: str, name: str, value: str, path: tuple[str, ...], notes: Notes) -> Where | None:
    columns: dict[str, Column] = {"number": "number", "other": "other", "due": "due_at"}
    ops: dict[str, Op] = {"missing": "unknown", "known": "known"}
    if name not in columns or value not in ops:
        notes.refuse(path, "no_condition", text=text)
        return None
    return Where(columns[name], ops[value])


def _age(op: Op, value: str, path: tuple[str, ...], notes: Notes) -> Where | None:
    """So old or older is: it began at that moment or before."""
    seconds = span(value)
    if seconds is None or seconds <= 0 or op == "eq":
        notes.refuse(path, "no_literal", text=value, what=LITERALS["seconds"])
        return None
    return Where("at", _TURNED[op], Ago(int(seconds)))


def _due(op: Op, value: str, path: tuple[str, ...], notes: Notes) -> Where | None:
    if value == "now" and op != "eq":
        return Where("due_at", op, "as_of")
    notes.refuse(path, "no_now")
    return None


def _compared(
    name: str, op: Op, value: str, kinds: Sequence[str], path: tuple[str, ...], notes: Notes, currency: str
) -> Where | None:
    dimension = CARRIED[kinds[0]].dimension(name)
    assert dimension is not None
    column: Column = "amount" if name == "amount" else "number" if name == "number" else "other"
    if THRESHOLDS.get(value) == dimension:
        return Where(column, op, value)
    than = _literal(value, dimension, currency)
    if than is None:
        fitting = [key for key, what in THRESHOLDS.items() if what == dimension]
        if fitting:
            notes.refuse(path, "no_number", text=value, what=LITERALS[dimension], names=", ".join(fitting))
        else:
            notes.refuse(path, "no_literal", text=value, what=LITERALS[dimension])
        return None
    than = int(than) if than == int(than) else than
    return Where(column, op, than, "" if _NUMBER.match(value) and name != "amount" else value)


def _literal(value: str, dimension: Dimension, currency: str) -> float | None:
    """The number that is meant, in the column's own unit."""
    bare = value.replace(" ", "").replace("_", "")
    if dimension == "seconds":
        return span(bare)
    if dimension == "share" and bare.endswith("%"):
        return float(bare[:-1]) / 100 if _NUMBER.match(bare[:-1]) else None
    if dimension == "days":
        bare = bare.removesuffix("d")
    if not _NUMBER.match(bare):
        return None
    return to_minor(bare, currency) if dimension == "money" else float(bare)


def span(text: str) -> float | None:
    """Seconds, as a number or as `3m`, `2h`, `1d`."""
    if written := _SPAN.match(text):
        return int(written[1]) * _SECONDS[written[2]]
    return float(text) if _NUMBER.match(text) else None
