"""Russian and English for numbers, days and names in a task's text. Pure."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

from connector.moment import Period

Language = Literal["ru", "en"]
_SIGNS = {"RUB": "₽", "USD": "$", "EUR": "€", "KZT": "₸", "UAH": "₴", "BYN": "Br"}
_MONTHS = {
    "ru": (
        "января", "февраля", "марта", "апреля", "мая", "июня",
        "июля", "августа", "сентября", "октября", "ноября", "декабря",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
}  # fmt: skip
_NAMES = (
    "январь", "февраль", "март", "апрель", "май", "июнь",
    "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip
_NOUNS = {
    "won": {
        "ru": ("выигранная сделка", "выигранные сделки", "выигранных сделок"),
        "en": ("won deal", "won deals", "won deals"),
    },
    "enquiry": {"ru": ("обращение", "обращения", "обращений"), "en": ("enquiry", "enquiries", "enquiries")},
    "deal": {"ru": ("сделка", "сделки", "сделок"), "en": ("deal", "deals", "deals")},
    "objection": {
        "ru": ("звонок с возражением", "звонка с возражением", "звонков с возражением"),
        "en": ("call with an objection", "calls with an objection", "calls with an objection"),
    },
    "scored": {
        "ru": ("оценённый разговор", "оценённых разговора", "оценённых разговоров"),
        "en": ("scored conversation", "scored conversations", "scored conversations"),
    },
    "open": {
        "ru": ("открытая сделка", "открытые сделки", "открытых сделок"),
        "en": ("open deal", "open deals", "open deals"),
    },
    "missed": {
        "ru": ("пропущенный звонок", "пропущенных звонка", "пропущенных звонков"),
        "en": ("missed call", "missed calls", "missed calls"),
    },
    "reminder": {"ru": ("напоминание", "напоминания", "напоминаний"), "en": ("reminder", "reminders", "reminders")},
    "date": {"ru": ("день", "дня", "дней"), "en": ("day", "days", "days")},
    "record": {"ru": ("наблюдение", "наблюдения", "наблюдений"), "en": ("observation", "observations", "observations")},
    "day": {
        "ru": ("рабочий день", "рабочих дня", "рабочих дней"),
        "en": ("working day", "working days", "working days"),
    },
}


def counted(n: int, noun: str, language: Language) -> str:
    """`1 рабочий день`, `2 рабочих дня`, `11 рабочих дней`."""
    one, few, many = _NOUNS[noun][language]
    if language == "en":
        return f"{n} {one if n == 1 else many}"
    if n % 10 == 1 and n % 100 != 11:
        return f"{n} {one}"
    return f"{n} {few if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else many}"


def money(value: Decimal, currency: str, language: Language) -> str:
    """Whole units: `1 250 000 ₽`, `RUB 1,250,000`; with spaces that do not break."""
    whole = f"{value.quantize(Decimal(1), ROUND_HALF_UP):,f}"
    if language == "en":
        return f"{currency} {whole}"
    return f"{whole.replace(',', chr(0xA0))}\u00a0{_SIGNS.get(currency, currency)}"


def percent(share: Decimal) -> str:
    """0.534 -> `53 %`."""
    return f"{(share * 100).quantize(Decimal(1), ROUND_HALF_UP):f}\u00a0%"


def day(value: date, language: Language) -> str:
    """`15 сентября 2026`, `15 September 2026`."""
    return f"{value.day} {_MONTHS[language][value.month - 1]} {value.year}"


def period(value: Period, language: Language) -> str:
    """`сентябрь 2026`, `September 2026`; other periods as they are written."""
    if value != Period.month(value.start):
        return value.label
    names = _NAMES if language == "ru" else _MONTHS["en"]
    return f"{names[value.start.month - 1]} {value.start.year}"


def span(first: date, last: date, language: Language) -> str:
    """`1–15 сентября 2026`; both days included; both months where they differ."""
    if first == last:
        return day(last, language)
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{day(last, language)}"
    begins = day(first, language)
    return f"{begins.rpartition(' ')[0] if first.year == last.year else begins} – {day(last, language)}"
