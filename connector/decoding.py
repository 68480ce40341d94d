"""JSON into values, safe from several threads at once.

msgspec (0.22) learns the fields of a class when it first decodes one, and gives what it has learnt so far to whoever
asks meanwhile: a second thread then ends the process (SIGSEGV in `json_decode_struct_map_inner`, seen once in a daemon
with its pages). So each class is learnt under a lock, before anything of it is decoded.
"""

from __future__ import annotations

import threading
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")
_made: dict[Any, msgspec.json.Decoder[Any]] = {}
_learning = threading.Lock()


def decoder(kind: type[T]) -> msgspec.json.Decoder[T]:
    """The one decoder of this type."""
    made = _made.get(kind)
    if made is None:
        with _learning:
            made = _made[kind] = msgspec.json.Decoder(kind)
    return made


def decoded(text: str | bytes, kind: type[T]) -> T:
    """The value that the JSON tells. Raises msgspec.MsgspecError."""
    return decoder(kind).decode(text)


def converted(value: Any, kind: type[T], *, strict: bool = True) -> T:
    """The same of values that were read already. Raises msgspec.ValidationError."""
    decoder(kind)
    return msgspec.convert(value, kind, strict=strict)
