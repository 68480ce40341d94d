"""Months as the page of closings shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from connector.kpi.text import Language
from connector.moment import Zone, from_ms, zone_of
from connector.pipeline.closable import MonthStands, Unclosable
from connector.pipeline.closing import BY_ITSELF
from connector.store.tables import ClosingRow
from connector.web import locale
from connector.web.words import WORDS


@dataclass(frozen=True, slots=True)
class Event:
    """The month was closed or opened again."""

    at: str
    what: str
    author: str
    reason: str


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One month. `early`: from when on it may be closed in due time, where it may be closed before that on purpose."""

    label: str
    title: str
    state: str
    closed: bool
    closable: bool
    early: str
    obstacle: str
    events: tuple[Event, ...]


def month_lines(found: Iterable[MonthStands], zone: Zone, language: Language) -> list[MonthLine]:
    """The newest first."""
    return [_line(one, zone, language) for one in found]


def unclosable(error: Unclosable, language: Language) -> str:
    """What is in the way, in the reader's words."""
    kinds = ", ".join(WORDS[f"kind_{one}"](language) if f"kind_{one}" in WORDS else one for one in error.kinds)
    day = "" if error.day is None else locale.day(error.day, language)
    month = locale.month(error.period, language)
    return WORDS[f"unclosable_{error.why}"](language).format(month=month, day=day, kinds=kinds)


def _line(one: MonthStands, zone: Zone, language: Language) -> MonthLine:
    why = one.obstacle
    state = "closed" if one.closing is not None else "running" if why and why.why == "not_over" else "open"
    early = locale.day(why.day, language) if one.early and why is not None and why.day is not None else ""
    return MonthLine(
        label=one.period.label,
        title=locale.month(one.period.label, language),
        state=WORDS[f"month_{state}"](language),
        closed=one.closing is not None,
        closable=one.closing is None and (why is None or one.early),
        early=early,
        obstacle="" if why is None else unclosable(why, language),
        events=tuple(_event(row, zone, language) for row in reversed(one.history)),
    )


def _event(row: ClosingRow, zone: Zone, language: Language) -> Event:
    return Event(
        at=locale.dated(from_ms(row.at).astimezone(zone_of(zone)), language),
        what=WORDS[f"closing_{row.what}"](language),
        author=WORDS["by_itself"](language) if row.author == BY_ITSELF else row.author,
        reason=row.reason,
    )
