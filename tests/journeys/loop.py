"""A small company with one planted weakness: a seller who answers late in August, and quickly after a talk."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from connector.pretend.happenings import (
    ROBOT,
    Called,
    ClientCame,
    Company,
    Enquired,
    Happening,
    Hired,
    Moved,
    PipelineMade,
    Priced,
    TeamMade,
)
from connector.pretend.people import RETAIL, SALES, SERVICE, UPSALES, moscow

WEAK, HEAD = 501, 511
SELLERS = {501: "Анна Белова", 502: "Борис Громов", 503: "Вера Дёмина", 504: "Глеб Ершов"}
START, TALK, END = date(2026, 8, 3), date(2026, 9, 2), date(2026, 10, 2)
WEEKDAYS = range(1, 6)
MINUTE = timedelta(minutes=1)


def company() -> Company:
    """Two enquiries a working day for everybody, each answered once, won or lost on the next morning."""
    told = [*founding(), *_stories()]
    told.sort(key=lambda one: one.at)
    for one in told:
        object.__setattr__(one, "at", one.at.astimezone(UTC))
    return Company(
        *(moscow(d.year, d.month, d.day).astimezone(UTC) for d in (START, END)), "Europe/Moscow", "RUB", tuple(told)
    )


def founding() -> Iterator[Happening]:
    """The team with its head, an administrator, three pipelines."""
    at = moscow(2026, 8, 2)
    yield TeamMade(at, RETAIL, "Розница")
    yield Hired(at, 1, "Администратор", RETAIL, admin=True)
    yield Hired(at, HEAD, "Ирина Лаврова", RETAIL, head=True)
    for user, name in SELLERS.items():
        yield Hired(at, user, name, RETAIL)
    for pipeline, title in ((SALES, "Продажи"), (UPSALES, "Допродажи"), (SERVICE, "Сервис")):
        yield PipelineMade(at, pipeline, title, service=pipeline == SERVICE)


def _stories() -> Iterator[Happening]:
    days = [START + timedelta(days=n) for n in range((END - START).days)]
    number = 0
    for day in (one for one in days if one.isoweekday() in WEEKDAYS):
        for user in SELLERS:
            for hour in (10, 14):
                number += 1
                yield from _story(number, moscow(day.year, day.month, day.day, hour, number % 40), user, day)


def _story(number: int, at: datetime, user: int, day: date) -> Iterator[Happening]:
    deal, contact = 7000 + number, 20000 + number
    late = user == WEAK and day < TALK and number % 5
    answered = at + (50 if late else 5 + number % 7) * MINUTE
    yield ClientCame(at - timedelta(seconds=2), contact, None, f"+7916{contact:07d}", user)
    yield Enquired(at, deal, f"Заявка {deal}", contact, None, user, ROBOT, SALES, "Сайт")
    yield Called(answered, 50000 + number, "out", True, 90, user, contact, deal)
    yield Moved(answered + MINUTE, deal, "contacted", user)
    yield Priced(answered + 2 * MINUTE, deal, 40_000_00, user)
    if number % 3:
        yield Moved(at + timedelta(hours=3), deal, "won", user)
    else:
        yield Moved(at + timedelta(hours=3), deal, "lost", user, reason="Дорого")


def complete(provider: str, box: Any, task: str, text: str) -> None:
    """As the head does it: in amoCRM with a result, in Bitrix24 with a comment marked as the result."""
    if provider == "amocrm":
        body = {"is_completed": True, "result": {"text": text}}
        token = box.options["token"].get_secret_value()
        _send(f"{box.base_url}/api/v4/tasks/{task}", body, "PATCH", {"Authorization": f"Bearer {token}"})
        return
    rest = f"{box.base_url}/rest/{box.options['webhook'].get_secret_value()}"
    fields = {"POST_MESSAGE": text, "AUTHOR_ID": HEAD}
    comment = _send(f"{rest}/task.commentitem.add", {"TASKID": task, "FIELDS": fields})["result"]
    _send(f"{rest}/tasks.task.result.addFromComment", {"commentId": comment})
    _send(f"{rest}/tasks.task.complete", {"taskId": task})


def _send(url: str, body: Any, method: str = "POST", headers: dict[str, str] | None = None) -> Any:
    heads = {"Content-Type": "application/json"} | (headers or {})
    request = urllib.request.Request(url, json.dumps(body).encode(), heads, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.loads(answer.read())
