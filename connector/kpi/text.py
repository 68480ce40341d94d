"""What people read, in both languages."""

from __future__ import annotations

from typing import Literal, NamedTuple

Language = Literal["ru", "en"]


class Text(NamedTuple):
    """The same in both languages."""

    ru: str
    en: str

    def __call__(self, language: Language) -> str:
        return self.ru if language == "ru" else self.en


def percent(share: float) -> Text:
    """A share of 1 in whole percent: «14 %» with a space that does not break, 14%."""
    return Text(f"{share * 100:.0f}\u00a0%", f"{share:.0%}")
