"""A company of three people and five enquiries, and a plain client that asks the sandbox and judges nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from connector.pretend.happenings import (
    ROBOT,
    Called,
    ClientCame,
    Company,
    Deleted,
    Enquired,
    Happening,
    Hired,
    LeftCompany,
    MeetingHeld,
    MeetingPlanned,
    Moved,
    PipelineMade,
    Priced,
    Rated,
    Refunded,
    TeamMade,
)

START = datetime(2026, 9, 1, 6, tzinfo=UTC)
END = datetime(2026, 9, 30, 12, tzinfo=UTC)


def day(number: int, hour: int = 7, minute: int = 0) -> datetime:
    return datetime(2026, 9, number, hour, minute, tzinfo=UTC)


def tiny(*more: Happening) -> Company:
    told: list[Happening] = [
        TeamMade(START, 700, "Розница"),
        Hired(START, 1, "Администратор", 700, admin=True),
        Hired(START, 501, "Анна Белова", 700),
        Hired(START, 511, "Ирина Лаврова", 700, head=True),
        PipelineMade(START, 100, "Продажи"),
        PipelineMade(START, 101, "Допродажи"),
        ClientCame(day(2), 20001, 50001, "+79160020001", 501),
        ClientCame(day(2), 20002, None, "+79160020002", 501),
        Enquired(day(2, 8), 7001, "Первая", 20001, 50001, 501, ROBOT, 100, "Сайт", amount=5_000),
        Called(day(2, 8, 10), 901, "out", False, 0, 501, 20001),
        Called(day(2, 8, 20), 900, "out", True, 60, 501, 20001, 7001),
        Moved(day(2, 8, 30), 7001, "contacted", 501),
        Priced(day(3), 7001, 1_234_50, 501),
        MeetingPlanned(day(3, 9), 61, 501, 7001, day(4, 9)),
        MeetingHeld(day(4, 10), 61, 501, "Обсудили"),
        Moved(day(5), 7001, "won", 501),
        Rated(day(6), 7001, 5),
        Refunded(day(7), 7001, 500_00),
        Enquired(day(2, 9), 7002, "Вторая", 20002, None, 501, 501, 100, "Выставка"),
        Moved(day(8), 7002, "lost", 501, reason="Спам"),
        Enquired(day(9), 7003, "Третья", 20002, None, 501, ROBOT, 100, "Звонок", currency="GBP", amount=900_00),
        Moved(day(9, 8), 7003, "contacted", 501),
        Moved(day(9, 9), 7003, "proposal", 501, pipeline=101),
        Moved(day(10), 7003, "lost", 501, reason="Дорого"),
        Enquired(day(11), 7004, "Четвёртая", 20001, 50001, 501, ROBOT, 100, "Сайт"),
        Moved(day(11, 8), 7004, "contacted", 501),
        Called(day(11, 8, 30), 902, "in", False, 0, 501, 20001, 7004),
        Deleted(day(12), 7004, 501),
        Enquired(day(13), 7005, "Пятая", None, None, 501, ROBOT, 100, "Сайт"),
        LeftCompany(day(14), 511),
        *more,
    ]
    told.sort(key=lambda happening: happening.at)
    return Company(START, END, "Europe/Moscow", "RUB", tuple(told))


def many(deals: int) -> Company:
    """The same with so many deals more, numbers from 8001, each contacted."""
    more: list[Happening] = []
    for n in range(deals):
        at = day(15) + timedelta(minutes=n)
        more.append(Enquired(at, 8001 + n, f"Ещё {n}", 20002, None, 501, ROBOT, 100, "Сайт", amount=n * 100))
        more.append(Moved(at + timedelta(seconds=30), 8001 + n, "contacted", 501))
    return tiny(*more)


@dataclass
class Rest:
    """Methods by name; the whole answer as it came."""

    url: str
    session: requests.Session = field(default_factory=requests.Session)
    status: int = 0

    def raw(self, method: str, **params: Any) -> Any:
        response = self.session.post(self.url + method, json=params, timeout=10)
        self.status = response.status_code
        return response.json()

    def __call__(self, method: str, **params: Any) -> Any:
        answer = self.raw(method, **params)
        assert "error" not in answer, answer
        return answer["result"]

    def error(self, method: str, **params: Any) -> tuple[int, Any]:
        answer = self.raw(method, **params)
        assert "error" in answer, answer
        return self.status, answer["error"]

    def batch(self, commands: Any, **more: Any) -> Any:
        return self("batch", cmd=commands, **more)
