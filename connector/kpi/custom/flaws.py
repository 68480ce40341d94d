"""What is wrong with KPIs of the account's own: collected, so that everything is told at once. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal

from connector.kpi.custom.words import PERHAPS, WORDS
from connector.kpi.text import Language, Text

Grade = Literal["refused", "missing", "warning"]
"""Never computable; not in this account as it is; computable, and yet not wise."""
Path = tuple[str, ...]
_LANGUAGES: tuple[Language, Language] = ("ru", "en")


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong with a section (numbered from 0), at a key within it."""

    number: int
    path: Path
    code: str
    grade: Grade
    text: Text


@dataclass(slots=True)
class Notes:
    """What has been found so far; `number` is the section that is looked at."""

    flaws: list[Flaw] = field(default_factory=list)
    number: int = 0

    def refuse(self, path: Path, code: str, **words: Any) -> None:
        """It can never be computed."""
        self._add(path, code, "refused", words)

    def miss(self, path: Path, code: str, **words: Any) -> None:
        """This account has not what it needs."""
        self._add(path, code, "missing", words)

    def warn(self, path: Path, code: str, **words: Any) -> None:
        """It is computed, and a person should know."""
        self._add(path, code, "warning", words)

    @property
    def refused(self) -> bool:
        """Whether the section that is looked at cannot be computed."""
        return self.refused_within(())

    def refused_within(self, path: Path) -> bool:
        """Whether something at or below this key cannot be."""
        here = (flaw for flaw in self.flaws if flaw.number == self.number and flaw.path[: len(path)] == path)
        return any(flaw.grade == "refused" for flaw in here)

    def _add(self, path: Path, code: str, grade: Grade, words: dict[str, Any]) -> None:
        ru, en = (
            WORDS[code](language).format(
                **{name: word(language) if isinstance(word, Text) else word for name, word in words.items()}
            )
            for language in _LANGUAGES
        )
        flaw = Flaw(self.number, path, code, grade, Text(ru, en))
        if flaw not in self.flaws:
            self.flaws.append(flaw)


def meant(word: str, known: Iterable[str]) -> Text:
    """What was perhaps meant, in brackets; nothing where nothing is like it."""
    close = get_close_matches(word, list(known), 1)
    return Text(PERHAPS.ru.format(close[0]), PERHAPS.en.format(close[0])) if close else Text("", "")
