"""Numbers as advice writes them, in one language, currency and month: never more digits than anybody knows."""

from __future__ import annotations

from decimal import Decimal

from connector.advice.recommendation import words as w
from connector.advice.recommendation.recommend import Candidate, Effect
from connector.advice.words import Language, money, period
from connector.moment import Period

_SHARES = ("contact", "conversion", "kept")


class Pen:
    """Writes numbers."""

    def __init__(self, currency: str, label: str, language: Language) -> None:
        self.currency, self.language, self.period = currency, language, Period.parse(label)

    def month(self) -> str:
        """`октябрь 2026`."""
        return period(self.period, self.language)

    def signed(self, minor: int, like: float | None = None) -> str:
        """`+12 300 ₽`, `−12 300 ₽`, to three digits that matter: nobody's month is known to the rouble."""
        sign = "+" if minor > 0 else "−" if minor < 0 else ""
        return sign + self.cash(abs(minor) / 100, like)

    def cash(self, value: float, like: float | None = None) -> str:
        """`12 300 ₽`. `like`: another amount, to whose third digit it is told."""
        return money(rounded(value, like), self.currency, self.language)

    def factor(self, name: str, value: float) -> str:
        """In its unit: a share, money, or enquiries a day."""
        if name == "size":
            return self.cash(value)
        return self.share(value) if name in _SHARES else self.number(value, 2)

    def deals(self, effect: Effect) -> str:
        """How many won deals that is, where it comes from more of them."""
        if effect.deals is None:
            return ""
        low, middle, high = (self.number(one, 1 if abs(one) >= 1 else 2) for one in effect.deals)
        return w.DEALS(self.language).format(low=low, middle=middle, high=high)

    def value(self, told: Candidate, value: float) -> str:
        """A KPI's, in its unit."""
        if told.kpi.unit == "money":
            return self.cash(value)
        return self.share(value) if told.kpi.unit == "share" else self.number(value, 1)

    def share(self, value: float) -> str:
        """`33 %`, and one digit more below ten percent."""
        return f"{self.number(value * 100, 1 if value < 0.1 else 0)}\u00a0%"

    def number(self, value: float, digits: int) -> str:
        """Without needless zeros, with the language's comma and a true minus."""
        text = f"{abs(value):.{digits}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        sign = "−" if value < 0 and text != "0" else ""
        return sign + (text.replace(".", ",") if self.language == "ru" else text)


def rounded(value: float, like: float | None = None) -> Decimal:
    """To three digits that matter, of it or of another."""
    whole = Decimal(round(value))
    step = Decimal(10) ** max(0, len(str(abs(round(value if like is None else like)))) - 3)
    return (whole / step).quantize(Decimal(1)) * step
