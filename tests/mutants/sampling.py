"""Which of all mutants are tried: so many of each file as it has its share of all, by a seed. Pure."""

from __future__ import annotations

import ast
import random
from collections.abc import Mapping
from dataclasses import dataclass

from tests.mutants.changes import changes

LEAST = 2
"""Of each file, however few mutants it has beside the others."""


@dataclass(frozen=True, order=True, slots=True)
class Place:
    """One change of a file: its line, and its number among the file's changes."""

    file: str
    line: int
    number: int


def places(texts: Mapping[str, str]) -> dict[str, list[Place]]:
    """Every change of each file, by the file's text."""
    return {
        file: [Place(file, change.line, number) for number, change in enumerate(changes(ast.parse(text)))]
        for file, text in texts.items()
    }


def sample(every: Mapping[str, list[Place]], size: int, seed: int) -> list[Place]:
    """About `size` of them; a file's choice does not hang on the other files', but for how many there are.

    They come in a mixed order.
    """
    total = sum(map(len, every.values())) or 1
    chosen: list[Place] = []
    for file, some in every.items():
        number = min(len(some), max(LEAST, round(size * len(some) / total)))
        chosen += random.Random(f"{seed} {file}").sample(some, number)
    random.Random(seed).shuffle(chosen)
    return chosen
