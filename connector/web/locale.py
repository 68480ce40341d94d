"""Numbers, dates and moments as the reader's language writes them. Pure."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from connector.kpi.text import Language, Text
from connector.moment import Period

NBSP = "\u00a0"
NONE = "—"
SIGNS = {"RUB": "₽", "USD": "$", "EUR": "€", "GBP": "£", "KZT": "₸", "UAH": "₴", "BYN": "Br", "CNY": "¥"}
_BEFORE = ("$", "€", "£", "¥")
"""Signs that English writes before the number."""
_UNITS = {"minutes": Text("мин", "min"), "days": Text("дн.", "days")}
_MONTHS = (
    Text("январь", "January"), Text("февраль", "February"), Text("март", "March"), Text("апрель", "April"),
    Text("май", "May"), Text("июнь", "June"), Text("июль", "July"), Text("август", "August"),
    Text("сентябрь", "September"), Text("октябрь", "October"), Text("ноябрь", "November"), Text("декабрь", "December"),
)  # fmt: skip
_OF_MONTH = (
    "января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа", "сентября", "октября", "ноября",
    "декабря",
)  # fmt: skip


def plain(value: Decimal | float, digits: int, language: Language) -> str:
    """1 234,5 or 1,234.5; what rounds to nothing has no sign."""
    text = f"{value:,.{digits}f}"
    if text.startswith("-") and not text.strip("-0.,"):
        text = text[1:]
    if language == "ru":
        text = text.replace(",", NBSP).replace(".", ",")
    return text.replace("-", "−")


def money(value: Decimal | float, currency: str, language: Language, digits: int = 0) -> str:
    """1 234 500 ₽ or $1,234,500: without minor units unless asked for."""
    sign, text = SIGNS.get(currency, currency), plain(value, digits, language)
    if language == "en" and sign in _BEFORE:
        return f"−{sign}{text[1:]}" if text.startswith("−") else f"{sign}{text}"
    return f"{text}{NBSP}{sign}"


def share(value: Decimal | float, language: Language) -> str:
    """33,3 % or 33.3%."""
    return plain(value * 100, 1, language) + (f"{NBSP}%" if language == "ru" else "%")


def figure(value: Decimal | float | None, unit: str, currency: str, language: Language) -> str:
    """A KPI's value with its unit; a dash for nothing."""
    if value is None:
        return NONE
    if unit == "money":
        return money(value, currency, language)
    if unit == "share":
        return share(value, language)
    if unit in _UNITS:
        return f"{plain(value, 1, language)}{NBSP}{_UNITS[unit](language)}"
    return plain(value, 0 if value == int(value) else 1, language)


def signed(value: Decimal | float, unit: str, currency: str, language: Language) -> str:
    """With its sign; shares in points."""
    size = -value if value < 0 else value
    text = figure(size, unit, currency, language)
    if unit == "share":
        text = f"{plain(size * 100, 1, language)}{NBSP}{Text('п. п.', 'pp')(language)}"
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{text}"


def between(ends: tuple[Decimal, Decimal], unit: str, currency: str, language: Language) -> str:
    """28,1–46,0 %: the unit once."""
    low, high = (figure(end, unit, currency, language) for end in ends)
    tail = high.lstrip("−0123456789.,$€£¥" + NBSP)
    return f"{low.removesuffix(tail).rstrip(NBSP)}–{high}"


def day(at: date, language: Language) -> str:
    """24 сентября, 24 September."""
    return f"{at.day}{NBSP}{_OF_MONTH[at.month - 1] if language == 'ru' else _MONTHS[at.month - 1].en}"


def moment(at: datetime, language: Language) -> str:
    """24.09, 18:30 or 24 Sep, 18:30; with the year it needs none, as pages are of one."""
    told = f"{at:%d.%m}" if language == "ru" else f"{at.day} {_MONTHS[at.month - 1].en[:3]}"
    return f"{told}, {at:%H:%M}"


def dated(at: datetime, language: Language) -> str:
    """The same with its year."""
    told = f"{at:%d.%m.%Y}" if language == "ru" else f"{at.day} {_MONTHS[at.month - 1].en[:3]} {at.year}"
    return f"{told}, {at:%H:%M}"


def month(label: str, language: Language) -> str:
    """сентябрь 2026, September 2026; another period as it is written."""
    start = Period.parse(label).start
    return f"{_MONTHS[start.month - 1](language)} {start.year}" if len(label) == 7 and label[4] == "-" else label


def short_month(label: str, language: Language) -> str:
    """сен, Sep: below a column of a chart."""
    return _MONTHS[int(label[5:7]) - 1](language)[:3]


def counted(n: int, one: str, few: str, many: str) -> str:
    """1 сделка, 2 сделки, 5 сделок."""
    tens, ones = n % 100, n % 10
    word = many if 11 <= tens <= 14 else one if ones == 1 else few if 2 <= ones <= 4 else many
    return f"{n}{NBSP}{word}"


def counted_days(n: int, language: Language) -> str:
    """1 день, 2 дня, 5 дней; 1 day, 2 days."""
    return counted(n, "день", "дня", "дней") if language == "ru" else f"{n}{NBSP}{'day' if n == 1 else 'days'}"
