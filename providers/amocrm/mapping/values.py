"""Reading amoCRM's JSON tolerantly: PHP's [] for {}, numbers as text, null for nothing, user 0 for a robot. Pure.

Source: crm/amocrm 0 (conventions). What cannot be read raises ValueError, TypeError or KeyError; `each` turns that
into a Refusal of the one row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

from connector.money import to_minor
from connector.records import Gone, Record, Ref, Refusal
from connector.refusing import refusal

Row = Mapping[str, Any]
T = TypeVar("T", bound=Record | Gone)
_PLAIN = frozenset({
    "id", "uid", "type", "entity_type", "note_type", "field_code", "field_type", "created_by", "updated_by", "price",
    "price_with_minor_units", "sale", "sort", "timestamp", "date", "duration", "call_status", "complete_till",
    "timezone", "_embedded", "contacts", "contact", "companies", "company", "leads", "lead", "entity", "params",
    "custom_fields_values", "value_before", "value_after", "lead_status", "responsible_user", "task", "task_deadline",
    "loss_reason", "talk", "message", "note", "merged", "statuses", "task_types", "rights", "datetime_settings",
})  # fmt: skip
"""Fields that hold ids, moments, amounts, words of amoCRM's own or other fields; more are told by how they begin or end
(`responsible_user_id`, `closed_at`, `is_main`). Whatever else may be a phone, a name or somebody's words."""
KINDS = {"lead": "deal", "leads": "deal", "contact": "contact", "contacts": "contact", "company": "company",
         "companies": "company", "customer": "customer", "customers": "customer"}  # fmt: skip
"""amoCRM's entity types, singular in events and plural in tasks, and what our refs call them."""


def ident(value: Any) -> str | None:
    """An id as text; None for null, 0, "" and [] (0 is "nobody": a robot, an automation, the system)."""
    if type(value) is int:  # as nearly all are: what they are is told by one look
        return str(value) if value else None
    if value in (None, 0, "0", "", False) or isinstance(value, list | dict | bool):
        return None
    return str(value)


def identity(row: Row) -> str:
    """The row's own id; raises ValueError where there is none."""
    found = ident(row["id"])
    if found is None:
        raise ValueError("no id")
    return found


def whole(value: Any) -> int | None:
    """An integer, also from "12" and 12.0; None for null and ""; raises ValueError for anything else."""
    if type(value) is int:
        return value
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError(f"{value!r} is no number")
    return int(value) if isinstance(value, int) else int(float(value))


def moment(value: Any) -> datetime | None:
    """Unix seconds as aware UTC; None for null and 0; raises ValueError where no calendar reaches."""
    seconds = value if type(value) is int else whole(value)
    if not seconds:
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError) as error:
        raise ValueError(f"{value!r} is no moment") from error


def moment_of(row: Row, key: str) -> datetime:
    """The same where the row makes no sense without it."""
    found = moment(row[key])
    if found is None:
        raise ValueError(f"no {key}")
    return found


def table(value: Any) -> Row:
    """An object; null and PHP's [] are an empty one."""
    if type(value) is dict:
        return value
    if value is None or value == []:
        return {}
    if not isinstance(value, dict):
        raise TypeError(f"{value!r:.40} is no object")
    return value


def listing(value: Any) -> Sequence[Any]:
    """A list; null and {} are an empty one, a lone object is a list of one (docs and reality differ)."""
    if type(value) is list:
        return value
    return [] if value is None or value == {} else [value]


def embedded(row: Row, key: str) -> Sequence[Row]:
    """What `_embedded` holds under this key."""
    found = table(row.get("_embedded")).get(key)
    return () if found is None or found == [] else [table(item) for item in listing(found)]


def label(value: Any) -> str:
    """A name as one clean line; NUL cannot be stored everywhere."""
    return " ".join(str(value or "").replace("\x00", "").split())


def money(value: Any, currency: str | None) -> int | None:
    """Minor units; None for null. amoCRM gives units of the currency, whole or with decimals."""
    if value is None or value == "":
        return None
    minor = to_minor(value, currency or "")
    if abs(minor) >= 1 << 63:
        raise ValueError(f"{value!r} is larger than any amount")
    return minor


def ref(entity_type: Any, entity_id: Any) -> Ref | None:
    """`deal:7001` for ("leads", 7001); None where it hangs on nothing we know."""
    kind, id_ = KINDS.get(str(entity_type)), ident(entity_id)
    return f"{kind}:{id_}" if kind and id_ else None


def each(
    kind: str, rows: Iterable[Any], make: Callable[[Row], T | None], *, prefix: str = ""
) -> tuple[list[T], list[Refusal]]:
    """Every row as a record; one that cannot be read becomes a Refusal, one that is not meant (None) is left out.

    `prefix`: what our ids of this kind have before amoCRM's.
    """
    made: list[T] = []
    refused: list[Refusal] = []
    for row in rows:
        try:
            record = make(row if type(row) is dict else table(row))
        except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError) as error:
            refused.append(_refusal(kind, row, prefix, error))
            continue
        if record is not None:
            made.append(record)
    return made, refused


def _refusal(kind: str, row: Any, prefix: str, error: Exception) -> Refusal:
    id_ = f"{prefix}{row.get('uid') or row.get('id')}" if isinstance(row, dict) else "?"
    return refusal(kind, id_, row, error, _personal)


def _personal(name: str) -> bool:
    return not (name in _PLAIN or name.endswith(("_id", "_at")) or name.startswith("is_"))
