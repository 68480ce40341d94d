"""A company small enough to count by hand, and a bare client for the protocol tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
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
    Hired,
    LeftCompany,
    MeetingHeld,
    MeetingPlanned,
    Moved,
    PipelineMade,
    Priced,
    Rated,
    Reassigned,
    Refunded,
    Renamed,
    Restored,
    TeamMade,
)
from providers.amocrm.sandbox import Sandbox

DAY = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
ADMIN, HEAD, ANNA, BORIS, GONE = 1, 11, 501, 502, 503
SALES, SERVICE = 100, 102
WON, REOPENED, TRASHED, BACK, WAITING, DOLLARS, OPEN = 7001, 7002, 7003, 7004, 7005, 7006, 7007


def at(hours: float) -> datetime:
    return DAY + timedelta(hours=hours)


def unix(hours: float) -> int:
    return int(at(hours).timestamp())


def small() -> Company:
    """Seven deals, four calls, two meetings, three days."""
    told = [
        TeamMade(at(-1), 700, "Розница"),
        Hired(at(-1), ADMIN, "Администратор", 700, admin=True),
        Hired(at(-1), HEAD, "Ирина Лаврова", 700, head=True),
        Hired(at(-1), ANNA, "Анна Белова", 700),
        Hired(at(-1), BORIS, "Борис Громов", 700),
        Hired(at(-1), GONE, "Захар Котов", 700),
        PipelineMade(at(-1), SALES, "Продажи"),
        PipelineMade(at(-1), SERVICE, "Сервис", service=True),
        ClientCame(at(0), 701, 801, "+7 916 000-00-01", ANNA),
        ClientCame(at(0), 702, None, "+7 916 000-00-02", BORIS),
        Enquired(at(1), WON, "Станок", 701, 801, ANNA, ROBOT, SALES, "Сайт"),
        Called(at(1.1), 90001, "out", False, 0, ANNA, 701, WON),
        Called(at(1.2), 90002, "out", True, 61, ANNA, 701, WON),
        Moved(at(1.3), WON, "contacted", ANNA),
        Priced(at(2), WON, 4_633_300, ANNA),
        MeetingPlanned(at(3), 61, ANNA, WON, at(26)),
        Moved(at(4), WON, "won", ANNA),
        Reassigned(at(5), WON, BORIS, HEAD),
        Rated(at(6), WON, 5),
        Refunded(at(7), WON, 150_050),
        Enquired(at(8), REOPENED, "Пила", 702, None, BORIS, BORIS, SALES, "Звонок", amount=100_000),
        Moved(at(9), REOPENED, "won", BORIS),
        Moved(at(10), REOPENED, "proposal", BORIS),
        Moved(at(11), REOPENED, "lost", BORIS, reason="Дорого"),
        Enquired(at(12), TRASHED, "Спам", None, None, ANNA, ROBOT, SALES, "Сайт"),
        Deleted(at(13), TRASHED, ANNA),
        Enquired(at(14), BACK, "Дрель", 702, None, ANNA, ANNA, SALES, "Сайт"),
        Deleted(at(15), BACK, ANNA),
        Restored(at(16), BACK, ADMIN),
        Enquired(at(17), WAITING, "Звонок с сайта", 702, None, ANNA, ROBOT, SALES, "Звонок", unsorted=True),
        Enquired(at(18), DOLLARS, "Экспорт", 702, None, ANNA, ANNA, SERVICE, "Сайт"),
        Priced(at(19), DOLLARS, 500_000, ANNA, "USD"),
        Called(at(20), 90003, "in", True, 15, BORIS, 702),
        Called(at(21), 90004, "in", False, 0, BORIS, 702),
        Enquired(at(22), OPEN, "Токарный", 701, 801, GONE, ROBOT, SALES, "Сайт"),
        MeetingPlanned(at(23), 62, GONE, OPEN, at(60)),
        LeftCompany(at(24), GONE),
        Renamed(at(25), OPEN, "Токарный станок", ADMIN),
        MeetingHeld(at(27), 61, ANNA, "Договорились"),
    ]
    return Company(at(-1), at(72), "Europe/Moscow", "RUB", tuple(told))


class Client:
    """requests with the token in hand."""

    def __init__(self, sandbox: Sandbox, token: str | None = None) -> None:
        self.sandbox = sandbox
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {token or sandbox.token()}"

    def send(self, method: str, path: str, **more: Any) -> requests.Response:
        return self.session.request(method, f"{self.sandbox.base_url}/api/v4/{path}", timeout=10, **more)

    def get(self, path: str, **more: Any) -> requests.Response:
        return self.send("GET", path, **more)

    def read(self, path: str) -> Any:
        """The body of a good answer."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.json()

    def rows(self, path: str) -> list[dict[str, Any]]:
        """The rows of one page, [] for 204."""
        answer = self.get(path)
        if answer.status_code == 204:
            assert answer.content == b""
            return []
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        [rows] = answer.json()["_embedded"].values()
        found: list[dict[str, Any]] = rows
        return found

    def ids(self, path: str) -> list[Any]:
        return [row["id"] for row in self.rows(path)]

    def walk(self, path: str) -> list[dict[str, Any]]:
        """Every page, by `next` alone."""
        found: list[dict[str, Any]] = []
        address: str | None = f"{self.sandbox.base_url}/api/v4/{path}"
        while address is not None:
            answer = self.session.get(address, timeout=10)
            if answer.status_code == 204:
                break
            body = answer.json()
            [rows] = body["_embedded"].values()
            found += rows
            address = body["_links"].get("next", {}).get("href")
        return found

    def write(self, method: str, path: str, body: Any, status: int = 200) -> Any:
        answer = self.send(method, path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json() if answer.content else None

    def errors(self, method: str, path: str, body: Any) -> dict[str, set[tuple[str, str]]]:
        """request_id -> (code, path) of a refused batch."""
        found = self.write(method, path, body, 400)
        assert found["title"] == "Bad Request"
        return {
            entry["request_id"]: {(error["code"], error["path"]) for error in entry["errors"]}
            for entry in found["validation-errors"]
        }


@contextmanager
def opened(company: Company | None = None, **switches: Any) -> Iterator[Client]:
    """A sandbox of the small company, unpaced, and a client of it."""
    with Sandbox(company or small(), **{"paced": False, **switches}) as sandbox:
        yield Client(sandbox)
