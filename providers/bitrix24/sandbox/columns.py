"""A column says where a row's value lies and of which kind it is; a view says how the kinds look on the wire.

crm.item gives numbers and Y/N, the old methods give text for everything, both in the portal's zone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from providers.bitrix24.sandbox.php import shape

T = TypeVar("T")
Write = Callable[[Any], Any]
NUMBERS = frozenset({"integer", "user", "crm_company", "crm_contact", "crm_lead", "crm_quote", "double", "money"})


@dataclass(frozen=True)
class Column(Generic[T]):
    """`name` is what answers and filters call it, `upper` its name in the database, `get` its native value.

    Kinds: integer user crm_* double money(minor units) string datetime date yn(bool) uf_boolean(bool) flag(JSON bool)
    raw(as it is).
    """

    name: str
    kind: str
    get: Callable[[T], Any]
    upper: str = ""
    title: str = ""
    read_only: bool = False
    dynamic: bool = False
    on_star: bool = False
    """Given only where `*` is selected by name (`fm`)."""
    multiple: bool = False
    shown: str = ""
    """Its key in answers where that is not its name in requests (tasks)."""
    fixed: bool = False
    """The same for every row: `get` looks at none."""
    optional: bool = False
    """Its key is left out where there is no value."""


def typed(zone: ZoneInfo) -> Callable[[str], Write]:
    """Writers of the universal methods."""
    table: dict[str, Write] = {
        "datetime": lambda value: None if value is None else iso(value, zone),
        "date": lambda value: None if value is None else midnight(value, zone),
        "money": lambda value: None if value is None else plain(value),
        "double": lambda value: None if value is None else _short(value),
        "yn": lambda value: None if value is None else ("Y" if value else "N"),
        "uf_boolean": lambda value: None if value is None else ("Y" if value else "N"),
        "raw": shape,
    }
    return lambda kind: table.get(kind, _same)


def textual(zone: ZoneInfo) -> Callable[[str], Write]:
    """Writers of the old methods and of tasks: every scalar is text."""
    table: dict[str, Write] = {
        "datetime": lambda value: None if value is None else iso(value, zone),
        "date": lambda value: None if value is None else midnight(value, zone),
        "money": lambda value: None if value is None else f"{Decimal(value) / 100:.2f}",
        "yn": lambda value: None if value is None else ("Y" if value else "N"),
        "uf_boolean": lambda value: None if value is None else ("1" if value else "0"),
        "double": lambda value: None if value is None else str(_short(value)),
        "raw": shape,
        "flag": _same,
    }
    return lambda kind: table.get(kind, _text)


def _same(value: Any) -> Any:
    return value


def _text(value: Any) -> Any:
    return None if value is None else str(value)


def plain(minor: int) -> int | float:
    """Minor units as the number that JSON shows: 19000 or 999.9."""
    return minor // 100 if minor % 100 == 0 else minor / 100


def _short(value: float) -> int | float:
    return int(value) if float(value).is_integer() else value


def iso(value: datetime, zone: ZoneInfo) -> str:
    """`2024-08-30T03:00:00+03:00`, in the portal's zone; put together of parts that are known already.

    A page of 2 500 rows has 7 500 moments: this takes a quarter of what astimezone and isoformat take.
    """
    seconds = int(value.timestamp())
    offset, sign = _offset(seconds // _QUARTER, zone)
    day, second = divmod(seconds + offset, _DAY)
    return f"{_date(day)}T{_clock(second)}{sign}"


_QUARTER, _DAY = 900, 86_400
"""Offsets change at quarters of an hour at most."""


@lru_cache(maxsize=1 << 16)
def _offset(quarter: int, zone: ZoneInfo) -> tuple[int, str]:
    local = datetime.fromtimestamp(quarter * _QUARTER, zone)
    return int((local.utcoffset() or timedelta()).total_seconds()), local.isoformat()[19:]


@lru_cache(maxsize=1 << 14)
def _date(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


@lru_cache(maxsize=_DAY)
def _clock(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


def midnight(value: date, zone: ZoneInfo) -> str:
    """A date as the portal shows it: midnight UTC told in the portal's zone."""
    return iso(datetime.combine(value, time(), UTC), zone)


class View(Generic[T]):
    """The columns of one kind of row in one style."""

    def __init__(self, columns: Iterable[Column[T]], writers: Callable[[str], Write], key: str) -> None:
        self.columns = {column.name: column for column in columns}
        self.key = key
        self._writers = writers
        self._shapes: dict[tuple[str, ...], Callable[[T], Any]] = {}

    def add(self, column: Column[T]) -> None:
        """A custom field came."""
        self.columns[column.name] = column
        self._shapes.clear()

    def names(self, select: Iterable[Any]) -> tuple[str, ...]:
        """What a selection names; unknown names are skipped, the id is always given, nothing named is everything."""
        wanted = [str(name) for name in select]
        if not wanted or "*" in wanted:
            every = [c.name for c in self.columns.values() if "*" in wanted or not c.on_star]
            return tuple(name for name in every if self._default(name, wanted))
        if "UF_*" in wanted:
            wanted += [column.name for column in self.columns.values() if column.dynamic]
        return tuple(dict.fromkeys([self.key, *(name for name in wanted if name in self.columns)]))

    def _default(self, name: str, wanted: list[str]) -> bool:
        """Old methods: `*` alone leaves custom fields out, `UF_*` brings them."""
        if not self.columns[name].dynamic or self.key == "id":
            return True
        return not wanted or "UF_*" in wanted or name in wanted

    def render(self, names: tuple[str, ...]) -> Callable[[T], Any]:
        """A function from a row to what goes on the wire, in this selection."""
        if names not in self._shapes:
            chosen = [self.columns[name] for name in names]
            live = [(c.shown or c.name, _written(c.get, self._writers(c.kind))) for c in chosen if not c.fixed]
            blank = {c.shown or c.name: self._writers(c.kind)(c.get(_NO_ROW)) if c.fixed else None for c in chosen}
            self._shapes[names] = _dresser(blank, live, frozenset(c.shown or c.name for c in chosen if c.optional))
        return self._shapes[names]


_NO_ROW: Any = None


def _written(get: Callable[[Any], Any], write: Write) -> Callable[[Any], Any]:
    return get if write is _same else lambda row: write(get(row))


def _dresser(
    blank: dict[str, Any], live: list[tuple[str, Callable[[Any], Any]]], optional: frozenset[str]
) -> Callable[[Any], Any]:
    """Fills a copy of the blank answer: what is the same for every row is written once."""

    if not blank:
        return lambda row: []  # PHP's empty map

    def dress(row: Any) -> dict[str, Any]:
        out = blank.copy()
        for name, value in live:
            out[name] = value(row)
        for name in optional:
            if out[name] is None:
                del out[name]
        return out

    return dress
