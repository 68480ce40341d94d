"""A small company of one week in September in which a seller lets an enquiry wait every day; others answer."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from connector.pretend.happenings import ROBOT, Called, ClientCame, Company, Enquired, Happening, Moved, Priced
from connector.pretend.people import SALES, moscow
from tests.journeys.loop import founding

SLACK, SOUND, MISSER, HEAD = 501, 502, 503, 511
DAYS = tuple(date(2026, 9, day) for day in (7, 8, 9, 10, 11))
WAITING = {day: 7100 + day.day for day in DAYS[:3]}
"""The enquiry that nobody answers, by day."""
WON, MISSED = 7201, 7301
MINUTE = timedelta(minutes=1)


class Task(NamedTuple):
    """A task of ours as a foreign client reads it from the CRM."""

    user: int
    text: str
    about: str


def company() -> Company:
    """From the Friday before to the end of the week."""
    told = sorted([*founding(), *_stories()], key=lambda one: one.at)
    for one in told:
        object.__setattr__(one, "at", one.at.astimezone(UTC))
    return Company(moment(4, 8), moment(14, 8), "Europe/Moscow", "RUB", tuple(told))


def moment(day: int, hour: int) -> datetime:
    """Of September, by the clock of Moscow."""
    return moscow(2026, 9, day, hour).astimezone(UTC)


def _stories() -> Iterator[Happening]:
    for day in DAYS:
        morning = moscow(2026, 9, day.day, 10)
        if day in WAITING:
            yield from _enquiry(morning, WAITING[day], SLACK)
        yield from _answered(morning + 5 * MINUTE, 7400 + day.day, SOUND)
    yield from _answered(moscow(2026, 9, 4, 11), WON, SOUND)
    yield Priced(moscow(2026, 9, 4, 12), WON, 40_000_00, SOUND)
    yield Moved(moscow(2026, 9, 4, 13), WON, "won", SOUND)
    yield from _answered(moscow(2026, 9, 4, 11), MISSED, MISSER)
    yield Called(moscow(2026, 9, 8, 10), 50999, "in", False, 0, MISSER, 20000 + MISSED, MISSED)


def _enquiry(at: datetime, deal: int, user: int) -> Iterator[Happening]:
    yield ClientCame(at - timedelta(seconds=2), 20000 + deal, None, f"+7916{deal:07d}", user)
    yield Enquired(at, deal, f"Заявка {deal}", 20000 + deal, None, user, ROBOT, SALES, "Сайт")


def _answered(at: datetime, deal: int, user: int) -> Iterator[Happening]:
    yield from _enquiry(at, deal, user)
    yield Called(at + 5 * MINUTE, 50000 + deal, "out", True, 90, user, 20000 + deal, deal)
    yield Moved(at + 8 * MINUTE, deal, "contacted", user)


def tasks(provider: str, box: Any) -> list[Task]:
    """Our tasks, in the order in which they were made; `about`: the id of the deal or lead."""
    if provider == "amocrm":
        rows = read(provider, box, "tasks?limit=250").get("_embedded", {}).get("tasks", [])
        told = [Task(row["responsible_user_id"], row["text"], str(row["entity_id"])) for row in rows]
    else:
        chosen = "&".join(
            f"select[]={name}" for name in ("ID", "TITLE", "DESCRIPTION", "RESPONSIBLE_ID", "UF_CRM_TASK")
        )
        rows = read(provider, box, f"tasks.task.list?{chosen}&order[ID]=asc")["result"]["tasks"]
        told = [Task(int(row["responsibleId"]), f"{row['title']}\n{row['description']}", _bound(row)) for row in rows]
    return [one for one in told if "[kpi#" in one.text]


def _bound(row: Any) -> str:
    """`L_7107` is lead 7107."""
    return next(iter(row["ufCrmTask"] or [""])).rpartition("_")[2]


def read(provider: str, box: Any, query: str, body: Any = None, method: str = "PATCH") -> Any:
    """The CRM's answer; with a body it is a write."""
    path, _, rest = query.partition("?")
    query = f"{path}?{urllib.parse.quote(rest, safe='=&')}" if rest else path
    heads = {"Content-Type": "application/json"}
    if provider == "amocrm":
        url = f"{box.base_url}/api/v4/{query}"
        heads["Authorization"] = f"Bearer {box.options['token'].get_secret_value()}"
    else:
        url, method = f"{box.base_url}/rest/{box.options['webhook'].get_secret_value()}/{query}", "POST"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, heads, method="GET" if body is None else method)
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read() or b"{}")
