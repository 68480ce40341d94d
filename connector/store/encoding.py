"""A record as a row and back. The hash leaves `updated_at` out: an echo of our own write is no change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Any, Generic, NamedTuple, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from connector.decoding import decoder
from connector.errors import StoreTrouble
from connector.moment import to_ms
from connector.records import BY_NAME, Record, Ref
from connector.store import clean

R = TypeVar("R", bound=Record)
T = TypeVar("T")
Key = tuple[str, str]
"""Kind and id: what names a row within its account."""


class Row(msgspec.Struct, gc=False):
    """One row of the table `record`, in the order of its columns."""

    account: int
    kind: str
    id: str
    body: str
    hash: str
    updated_at: int | None
    first_seen: int
    changed_at: int
    gone_at: int | None
    link: str | None
    dossier: str | None

    @property
    def key(self) -> Key:
        return self.kind, self.id


_encode = msgspec.json.Encoder().encode
_fresh = blake2b(digest_size=16).copy
"""A hash without anything in it, for a third less than making one."""
_BACKSLASH, _NUL = ord("\\"), b"\\u0000"
_MOMENT = b',"updated_at":"'
_SPAN = len(_MOMENT)
_LONG = 2_000
"""Bytes of a body from which on some text in it may be too long."""
_MOST = clean.MOST
_HARMLESS = {str, float, bool, type(None)}


class _OfKind(dict[str, T]):
    """What follows from a kind's class, found out at its first record: of all kinds it is a part of each start."""

    def __init__(self, found: Callable[[type[Record]], T]) -> None:
        super().__init__()
        self._found = found

    def __missing__(self, kind: str) -> T:
        self[kind] = found = self._found(BY_NAME[kind])
        return found


def _numbers(kind: type[Record]) -> tuple[str, ...]:
    return tuple(name for name, hint in get_type_hints(kind).items() if hint is int or int in get_args(hint))


def _free(kind: type[Record]) -> tuple[str, ...]:
    return tuple(name for name, hint in get_type_hints(kind).items() if get_origin(hint) is dict)


_decoders: _OfKind[msgspec.json.Decoder[Any]] = _OfKind(decoder)
_NUMBERS = _OfKind(_numbers)
"""The fields of each kind that hold integers."""
_FREE = _OfKind(_free)
"""The fields of each kind in which anything may stand."""


def row(account: int, record: R, now: int) -> tuple[Row, R, bool]:
    """The row, the record as it is stored, and whether it had to be mended."""
    kind, mended = record.kind, False
    try:
        body = _encode(record)
    except ValueError:  # JSON has no way to say it: lone surrogates, integers of thousands of digits
        body = b""
    if not body or len(body) > _LONG or (_BACKSLASH in body and _NUL in body) or _doubtful(kind, record):
        cured = clean.struct(record)
        mended = cured is not record
        record, body = cured, _encode(cured)
    at = record.updated_at
    moment, hashed = (None, _hash(body)) if at is None else (to_ms(at), _hash_undated(body))
    made = Row(account, kind, record.id, body.decode(), hashed, moment, now, now, None, record.link(), None)
    return made, record, mended


def _hash(body: bytes) -> str:
    digest = _fresh()
    digest.update(body)
    return digest.hexdigest()


def _hash_undated(body: bytes) -> str:
    """Of all but `updated_at`: always the second field, for a quote inside the first would be escaped."""
    digest, start = _fresh(), body.index(_MOMENT)
    digest.update(body[:start])
    digest.update(body[body.index(b'"', start + _SPAN) + 1 :])
    return digest.hexdigest()


def _doubtful(kind: str, record: Record) -> bool:
    """Whether an integer may be too large, or hides where only a closer look finds it."""
    for name in _NUMBERS[kind]:
        number = getattr(record, name)
        if number is not None and not -_MOST <= number <= _MOST:
            return True
    for name in _FREE[kind]:
        for value in getattr(record, name).values():
            if type(value) not in _HARMLESS:
                return True
    return False


class Incoming(NamedTuple, Generic[R]):
    """A page's records by key, the newest of each (the last one where no moment tells), as rows and as stored."""

    rows: dict[Key, Row]
    records: dict[Key, R]
    mended: int


def newest(account: int, records: Iterable[R], now: int) -> Incoming[R]:
    """Of records in any order."""
    rows: dict[Key, Row] = {}
    kept: dict[Key, R] = {}
    count = 0
    for record in records:
        made, stored, mended = row(account, record, now)
        count += mended
        key = made.kind, made.id
        if key not in rows or not older(made, rows[key]):
            rows[key], kept[key] = made, stored
    return Incoming(rows, kept, count)


def older(one: Row, other: Row) -> bool:
    """Whether both tell their moment and `one` was stated before `other`."""
    return one.updated_at is not None and other.updated_at is not None and one.updated_at < other.updated_at


def decode(kind: str, body: str) -> Any:
    """The record of that kind. Raises StoreTrouble where another version wrote what this one cannot read."""
    try:
        return _decoders[kind].decode(body)
    except (KeyError, msgspec.MsgspecError) as error:
        raise StoreTrouble(
            f"a stored {kind} cannot be read ({error})",
            todo="another version wrote it: read this account anew",
        ) from error


def refs(kind: str, id: str) -> tuple[Ref, ...]:
    """How other records name this one. Meetings are tasks in amoCRM, and there they are named as tasks too."""
    if kind == "client":
        return (id,)
    return (f"meeting:{id}", f"task:{id}") if kind == "meeting" else (f"{kind}:{id}",)


_CLIENTS = ("contact:", "company:")


def keys(ref: Ref) -> tuple[Key, ...]:
    """Which rows a ref may mean, the likeliest first."""
    if ref.startswith(_CLIENTS):
        return (("client", ref),)
    kind, _, id = ref.partition(":")
    return (("task", id), ("meeting", id)) if kind == "task" else ((kind, id),)
