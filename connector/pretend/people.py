"""Who works in the pretend company, and how well: the truth that the KPIs must find again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from connector.pretend.happenings import Happening, Hired, PipelineMade, TeamMade

ZONE = ZoneInfo("Europe/Moscow")
SALES, UPSALES, SERVICE = 100, 101, 102
ADMIN = 1
RETAIL, WHOLESALE = 700, 701


@dataclass(frozen=True, slots=True)
class Seller:
    """`pace`: enquiries a working day; `wins`: chance of a contacted deal to be won; `slow`: minutes to answer."""

    id: int
    name: str
    team: int
    pace: float
    wins: float
    slow: float
    check: int
    """Median deal, roubles."""
    plan: int
    """What is agreed for each month, roubles."""


# 507 answers late and wins little: that is what advice must find.
SELLERS = (
    Seller(501, "Анна Белова", RETAIL, 0.85, 0.42, 9, 64_000, 450_000),
    Seller(502, "Борис Громов", RETAIL, 0.80, 0.34, 14, 58_000, 350_000),
    Seller(503, "Вера Дёмина", RETAIL, 0.90, 0.50, 6, 71_000, 600_000),
    Seller(504, "Глеб Ершов", RETAIL, 0.75, 0.31, 22, 55_000, 300_000),
    Seller(505, "Дина Жукова", WHOLESALE, 0.70, 0.40, 11, 120_000, 650_000),
    Seller(506, "Егор Зимин", WHOLESALE, 0.65, 0.36, 17, 135_000, 600_000),
    Seller(507, "Жанна Ильина", WHOLESALE, 0.80, 0.16, 55, 98_000, 700_000),
    Seller(508, "Захар Котов", WHOLESALE, 0.70, 0.33, 20, 110_000, 550_000),
)
HEADS = ((511, "Ирина Лаврова", RETAIL), (512, "Константин Мельник", WHOLESALE))


def moscow(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """A local moment of the company."""
    return datetime(year, month, day, hour, minute, second, tzinfo=ZONE)


def founding(at: datetime) -> list[Happening]:
    """Teams, people and pipelines, all there before the first enquiry."""
    made: list[Happening] = [TeamMade(at, RETAIL, "Розница"), TeamMade(at, WHOLESALE, "Опт")]
    made.append(Hired(at, ADMIN, "Администратор", RETAIL, admin=True))
    made += [Hired(at, user, name, team, head=True) for user, name, team in HEADS]
    made += [Hired(at, seller.id, seller.name, seller.team) for seller in SELLERS]
    made += [PipelineMade(at, SALES, "Продажи"), PipelineMade(at, UPSALES, "Допродажи")]
    made.append(PipelineMade(at, SERVICE, "Сервис", service=True))
    return made
