"""What a check of plans and sets found: where it stands, what is wrong, why, and what to do. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from connector.kpi.text import Text
from connector.targets.planning.words import SAID

Grade = Literal["error", "warning", "note"]
Path = tuple[str | int, ...]
Words = Mapping[str, Text | str]
NO_WORDS: Words = {}


@dataclass(frozen=True, slots=True)
class Finding:
    """`path`: the place in the account's configuration, () where it is no matter of the file. `about`: whose or which.

    `chance`: of reaching a plan, where the finding is about that.
    """

    grade: Grade
    code: str
    about: Text
    text: Text
    todo: Text
    path: Path = ()
    subject: str = ""
    kpi: str = ""
    chance: float | None = None


def finding(
    grade: Grade,
    code: str,
    about: str | Text,
    words: Words = NO_WORDS,
    *,
    path: Path = (),
    subject: str = "",
    kpi: str = "",
    chance: float | None = None,
) -> Finding:
    """With the texts of its code; `words` are put into them."""
    text, todo = SAID[code]
    whose = about if isinstance(about, Text) else Text(about, about)
    return Finding(grade, code, whose, filled(text, words), filled(todo, words), path, subject, kpi, chance)


def filled(text: Text, words: Words) -> Text:
    """The text in both languages with its words put in."""
    ru = {name: word.ru if isinstance(word, Text) else word for name, word in words.items()}
    en = {name: word.en if isinstance(word, Text) else word for name, word in words.items()}
    return Text(text.ru.format(**ru), text.en.format(**en))
