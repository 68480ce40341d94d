"""Which objection a phrase is, if any: TF-IDF and logistic regression, fitted beforehand, reckoned with numpy.

The weights are made by `python -m tests.quality.fit` out of the phrase bank and ship as weights.npz (under 1 MB).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from connector.quality.local.features import features_of
from connector.quality.local.text import Word, stretches, words

WEIGHTS = "weights.npz"


@dataclass(frozen=True, slots=True)
class Guess:
    """The likeliest objection of a phrase, the calibrated chance that it is one. `start`, `stop`: where it stands."""

    kind: str
    chance: float
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Weights:
    """What fitting has learnt. `slope`, `shift`: Platt's line from the margin to a chance; `around`: see around.py."""

    kinds: tuple[str, ...]
    column: dict[str, int]
    idf: NDArray[np.float32]
    weight: NDArray[np.float32]
    bias: NDArray[np.float32]
    slope: float
    shift: float
    around: NDArray[np.float64]

    def margins(self, said: Sequence[Word]) -> NDArray[np.float32]:
        """Scores of a phrase by kind, before calibration."""
        counts = Counter(column for feature in features_of(said) if (column := self.column.get(feature)) is not None)
        if not counts:
            return self.bias
        columns = np.fromiter(counts.keys(), dtype=np.intp)
        values = (1 + np.log(np.fromiter(counts.values(), dtype=np.float32))) * self.idf[columns]
        values /= np.sqrt((values**2).sum())
        scores: NDArray[np.float32] = values @ self.weight[columns] + self.bias
        return scores

    def guess(self, said: Sequence[Word]) -> tuple[str, float]:
        """Kind and chance of one phrase."""
        scores = self.margins(said)
        best, margin = objection_margin(scores)
        return self.kinds[best], self.chance(margin)

    def chance(self, margin: float) -> float:
        """A margin over "neutral" -> the calibrated chance."""
        return float(1 / (1 + np.exp(-(self.slope * margin + self.shift))))


def objection_margin(scores: NDArray[np.float32]) -> tuple[int, float]:
    """The best objection and by how much it beats "neutral", which is the last kind."""
    best = int(np.argmax(scores[:-1]))
    return best, float(scores[best] - scores[-1])


@lru_cache(maxsize=1)
def weights() -> Weights:
    """The weights that ship."""
    with resources.files(__package__).joinpath(WEIGHTS).open("rb") as file, np.load(file) as held:
        names = bytes(held["features"]).decode("utf-8").split("\n")
        return Weights(
            kinds=tuple(str(kind) for kind in held["kinds"]),
            column={name: number for number, name in enumerate(names)},
            idf=held["idf"].astype(np.float32),
            weight=held["weight"].astype(np.float32),
            bias=held["bias"].astype(np.float32),
            slope=float(held["platt"][0]),
            shift=float(held["platt"][1]),
            around=held["around"].astype(np.float64),
        )


@lru_cache(maxsize=50_000)
def likelihood(text: str) -> dict[str, float]:
    """The chance of each objection in a turn, whether or not it is the likeliest there: what letters make of a rule."""
    held = weights()
    rows = np.array([held.margins(piece) for piece in pieces_of(text)] or [held.bias])
    margins = (rows[:, :-1] - rows[:, -1:]).max(axis=0)
    return {kind: held.chance(float(margin)) for kind, margin in zip(held.kinds, margins, strict=False)}


@lru_cache(maxsize=50_000)
def guesses(text: str) -> tuple[Guess, ...]:
    """The surest place of each objection in a turn, sentence by sentence and as a whole."""
    return surest((piece, *weights().guess(piece)) for piece in pieces_of(text))


def pieces_of(text: str) -> list[Sequence[Word]]:
    """What is judged of a turn: each stretch of it, and the whole."""
    said = words(text)
    pieces = stretches(said) if said else []
    return list(pieces) if len(pieces) <= 1 else [*pieces, said]


def surest(judged: Iterable[tuple[Sequence[Word], str, float]]) -> tuple[Guess, ...]:
    """Of each kind the piece with the highest chance, the surest kind first."""
    best: dict[str, Guess] = {}
    for piece, kind, chance in judged:
        if kind not in best or chance > best[kind].chance:
            best[kind] = Guess(kind, chance, piece[0].start, piece[-1].stop)
    return tuple(sorted(best.values(), key=lambda one: -one.chance))
