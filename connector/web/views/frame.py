"""What stands around every page: where one can go, which month is shown, who is signed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from connector.kpi.text import Language
from connector.moment import DAY, Period
from connector.web import locale
from connector.web.access import Access
from connector.web.words import WORDS


@dataclass(frozen=True, slots=True)
class Link:
    """A place to go; `here`: one is there."""

    text: str
    href: str
    here: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """`before`, `after`: the same page a month earlier and later, None where there is none."""

    who: str
    role: str
    places: tuple[Link, ...]
    month: str
    period: str
    before: Link | None
    after: Link | None
    as_of: str
    """Up to when the numbers reach."""
    running: bool
    """Whether the month shown is the running one."""
    here: str
    """The address of this very page, to ask for it again, and to come back to after a form."""


def of(access: Access, period: Period, running: Period, address: str, as_of: datetime, language: Language) -> Frame:
    """The frame of the page at `address`, its query included; `as_of` by the account's clock."""
    path = address.partition("?")[0]
    past, coming = Period.month(period.start - DAY), Period.month(period.end)
    return Frame(
        who=access.name,
        role=WORDS[f"role_{access.role}"](language),
        places=tuple(_places(access, period, running, path, language)),
        month=locale.month(period.label, language),
        period=period.label,
        before=Link(locale.month(past.label, language), f"{path}?period={past.label}"),
        after=None
        if coming.start > running.start
        else Link(locale.month(coming.label, language), f"{path}?period={coming.label}"),
        as_of=locale.dated(as_of, language),
        running=period == running,
        here=address,
    )


def _places(access: Access, period: Period, running: Period, path: str, language: Language) -> list[Link]:
    where = []
    if not access.company:
        where.append(("place_own", f"/people/{quote(access.user, safe='')}"))
    if access.leads:
        where += [("place_board", "/board"), ("place_data", "/data")]
    where.append(("place_contests", "/contests"))
    if access.leads:
        where += [("place_corrections", "/corrections"), ("place_calls", "/calls")]
    if access.company:
        where += [("place_company", "/company"), ("place_admin", "/admin")]
    month = "" if period == running else f"?period={period.label}"
    return [Link(WORDS[key](language), f"{href}{month}", path == href) for key, href in where]
