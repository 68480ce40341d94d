"""Payload → records, pure. A row that cannot be read becomes a Refusal: kept raw, reported, never fatal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from connector.records import Record, Refusal

Row = dict[str, Any]
UNREADABLE = (ValueError, TypeError, KeyError, ArithmeticError)
_RAW = 4000


def sift(
    kind: type[Record], rows: Iterable[Row], read: Callable[[Row], Record | None]
) -> tuple[list[Record], list[Refusal]]:
    """Records of the rows that can be read, refusals of those that cannot; `read` gives None for rows not ours."""
    records: list[Record] = []
    refused: list[Refusal] = []
    for row in rows:
        try:
            record = read(row)
        except UNREADABLE as error:
            refused.append(_refusal(kind, row, error))
        else:
            if record is not None:
                records.append(record)
    return records, refused


def _refusal(kind: type[Record], row: Row, error: Exception) -> Refusal:
    reason = f"no {error}" if isinstance(error, KeyError) else str(error)
    raw = msgspec.json.encode(row, enc_hook=str).decode()
    ident = row.get("id", row.get("ID", "?"))
    return Refusal(kind=kind.kind, id=str(ident), reason=reason[:300], raw=raw[:_RAW])
