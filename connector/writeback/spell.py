"""Numbers as they are written into a CRM: deterministic, and rounded so that noise causes no writes. Pure."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal

from connector.result import Unit

_ONE = Decimal(1)


def spell(unit: Unit, value: Decimal | None) -> str | None:
    """Shares as whole percents, minutes and counts whole, scores with one digit, money exact to the minor unit."""
    if value is None:
        return None
    if unit == "money":
        return money(value)
    if unit == "share":
        return percent(value)
    return _plain(value.quantize(Decimal("0.1") if unit == "score" else _ONE, ROUND_HALF_UP))


def percent(value: Decimal | None) -> str | None:
    """0.638 -> `64`."""
    return None if value is None else whole(value * 100)


def money(value: Decimal) -> str:
    """1200000.50 -> `1200000.5`, 1200000.00 -> `1200000`."""
    return _plain(value.quantize(Decimal("0.01"), ROUND_HALF_UP))


def grouped(value: Decimal) -> str:
    """1200000.5 -> `1 200 001`, for a text."""
    return f"{value.quantize(_ONE, ROUND_HALF_UP):,f}".replace(",", " ")


def whole(value: Decimal | None) -> str | None:
    """To the nearest whole one, halves up."""
    return None if value is None else _plain(value.quantize(_ONE, ROUND_HALF_UP))


def whole_up(value: Decimal | None) -> str | None:
    """To the next whole one: what is still to be done is never understated."""
    return None if value is None else _plain(value.quantize(_ONE, ROUND_CEILING))


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text
