"""What the classifier sees of a phrase: letters in a row in words, dictionary forms, pairs of them, senses. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from connector.quality.local.senses import senses_of
from connector.quality.local.text import Word, words

SHORTEST, LONGEST = 2, 5
NEAR = 3
"""Words further on that a sense is paired with."""
MEANINGLESS = frozenset({"ну", "вот", "же", "бы", "ли", "а", "и", "то", "там", "да", "ой", "так"})


def features(text: str) -> list[str]:
    """Features of a phrase, with repeats."""
    return features_of(words(text))


def features_of(words_said: Sequence[Word]) -> list[str]:
    """Letters survive the recogniser's mistakes, dictionary forms the endings of Russian; both with repeats."""
    said = [word for word in words_said if word.form[0].isalnum()]
    letters = [gram for word in said for gram in _grams(word.form)]
    forms = [min(word.lemmas - {word.form}, default=word.form) for word in said]
    kept = [form for form in forms if form not in MEANINGLESS]
    pairs = [f"{one} {two}" for one, two in pairwise(kept)]
    return [*letters, *(f"={form}" for form in forms), *(f"={pair}" for pair in pairs), *_meant(said)]


def _meant(said: Sequence[Word]) -> list[str]:
    """Senses, and pairs of them in order that stand near each other."""
    told = [senses_of(word) for word in said]
    single = [f"#{sense}" for some in told for sense in some]
    paired = [
        f"#{one}>{other}"
        for at, some in enumerate(told)
        for near in told[at + 1 : at + 1 + NEAR]
        for one in some
        for other in near
    ]
    return [*single, *paired]


@lru_cache(maxsize=50_000)
def _grams(form: str) -> tuple[str, ...]:
    padded = f" {form} "
    return tuple(
        padded[start : start + size]
        for size in range(SHORTEST, LONGEST + 1)
        for start in range(max(1, len(padded) - size + 1))
    )
