"""python -m tests.quality.fit: phrase bank and open calls -> connector/quality/local/weights.npz. Needs scikit-learn.

It learns from the bank, and from what clients say in the open calls, at the length it is said in. The chance is
calibrated on what the model did not see: the bank by five folds, with phrases that are much alike kept in one fold,
weighed as calls are (one client turn in eight objects), and the open calls by five folds too, which weigh thrice as
much.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

import connector.quality.local as local
from connector.quality.local.around import circumstances
from connector.quality.local.bank import KINDS, NEUTRAL, phrases
from connector.quality.local.classify import WEIGHTS, objection_margin, pieces_of
from connector.quality.local.features import features
from connector.quality.local.objections import said_before
from connector.quality.local.talked import turns_of
from connector.quality.local.text import words
from tests.quality.labelled import development

Score = Callable[[list[str]], np.ndarray]
"""Texts -> a row of scores by kind each."""
TARGET = Path(local.__file__).parent / WEIGHTS
OBJECTING = 1 / 8
SPOKEN = 0.75
"""Share of whole turns when a chance is calibrated: calls are judged with it, and the bank is half decoys."""
FOLDS = 5
ALIKE = 70
"""Likeness (0..100) from which two phrases of the bank must not be in different folds."""
STRENGTH = 30.0
"""Inverse of the penalty, taken by cross-validation over the bank (3, 10, 30, 100)."""


def vectors() -> TfidfVectorizer:
    return TfidfVectorizer(analyzer=features, sublinear_tf=True, min_df=2, dtype=np.float32)


def regression() -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=500, tol=1e-3)


def alike(texts: list[str]) -> np.ndarray:
    """A number for each phrase, the same for those that resemble each other, directly or by way of a third."""
    near = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=ALIKE)
    groups: np.ndarray = connected_components(near > 0, directed=False)[1]
    return groups


@dataclass(frozen=True)
class Heard:
    """What a client says in an open call: the class he means, or neutral; calls of a fold are learnt from together."""

    fold: int
    kind: str
    text: str
    before: str


@dataclass(frozen=True)
class Judged:
    """A phrase or a turn by a model that had not seen it: its best objection, by how much, whether that is meant."""

    kind: str
    margin: float
    right: bool
    text: str
    before: str = ""


def margins_unseen(texts: list[str], labels: np.ndarray, turns: list[Heard]) -> np.ndarray:
    """Scores of each phrase by a model fitted on the other folds, and on the open calls."""
    scores = np.zeros((len(texts), len(KINDS)))
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    for train, test in folds.split(texts, labels, alike(texts)):
        score = learnt([texts[i] for i in train], labels[train], turns)
        scores[test] = score([texts[i] for i in test])
    return scores


def judged_unseen(texts: list[str], labels: np.ndarray, scores: np.ndarray) -> list[Judged]:
    """The phrases of the bank by those scores."""
    found = [objection_margin(row) for row in scores]
    return [
        Judged(KINDS[kind], margin, kind == label, text)
        for (kind, margin), label, text in zip(found, labels, texts, strict=True)
    ]


def learnt(texts: list[str], labels: np.ndarray, turns: list[Heard]) -> Score:
    """Fitted on phrases and turns: texts -> scores by kind."""
    read = vectors()
    matrix = read.fit_transform([*texts, *(one.text for one in turns)])
    model = regression().fit(matrix, [*labels, *(KINDS.index(one.kind) for one in turns)])
    return lambda some: model.decision_function(read.transform(some))


def turns_heard(score: Score) -> list[Heard]:
    """Client turns of the open calls, judged by the bank alone where they may say an objection of their call again."""
    told = []
    for place, one in enumerate(development()):
        for number, turn in turns_of(one.transcript, "client"):
            kind = one.marks.get(number, NEUTRAL)
            if words(turn.text) and (kind != NEUTRAL or KINDS[best(score, turn.text)[0]] not in one.raised):
                told.append(Heard(place % FOLDS, kind, turn.text, said_before(one.transcript, number)))
    return told


def best(score: Score, text: str) -> tuple[int, float]:
    """The likeliest objection of a turn and its margin, over the pieces it is judged by."""
    pieces = [text[piece[0].start : piece[-1].stop] for piece in pieces_of(text)]
    return max((objection_margin(row) for row in score(pieces)), key=lambda found: found[1])


def judged_heard(turns: list[Heard], score: Callable[[int], Score]) -> list[Judged]:
    """The turns of the open calls, each by a model that has not heard its fold."""
    found = [best(score(one.fold), one.text) for one in turns]
    return [
        Judged(KINDS[kind], margin, KINDS[kind] == one.kind, one.text, one.before)
        for (kind, margin), one in zip(found, turns, strict=True)
    ]


def weighed(labels: np.ndarray, heard: list[Judged]) -> np.ndarray:
    """SPOKEN of the weight is that of whole turns, the rest the bank's, as often objecting as calls are."""
    objects = labels != len(KINDS) - 1
    weight = np.where(objects, OBJECTING / objects.mean(), (1 - OBJECTING) / (1 - objects.mean())) / len(labels)
    return 2 * np.concatenate([weight * (1 - SPOKEN), np.full(len(heard), SPOKEN / len(heard))]) * len(labels)


def calibrated(some: list[Judged], weight: np.ndarray) -> tuple[float, float]:
    """Platt's line: the margin of the best objection -> the chance that this very objection is meant."""
    margins = np.array([[one.margin] for one in some])
    line = LogisticRegression(C=1e6).fit(margins, [one.right for one in some], sample_weight=weight)
    return float(line.coef_[0, 0]), float(line.intercept_[0])


def corrected_around(some: list[Judged], weight: np.ndarray, slope: float, shift: float) -> np.ndarray:
    """From the odds by words alone and what stands around a turn to the odds it has there; see local/around.py."""
    rows = [(slope * one.margin + shift, *circumstances(one.kind, one.text, one.before)) for one in some]
    line = LogisticRegression(C=1.0, max_iter=1000).fit(rows, [one.right for one in some], sample_weight=weight)
    return np.concatenate([line.coef_[0], line.intercept_])


def examples() -> tuple[list[str], np.ndarray, list[Heard]]:
    """Phrases of the bank, their kinds, and the turns of the open calls."""
    kinds, texts = zip(*phrases(), strict=True)
    labels = np.array([KINDS.index(kind) for kind in kinds])
    return list(texts), labels, turns_heard(learnt(list(texts), labels, []))


def without_fold(texts: list[str], labels: np.ndarray, turns: list[Heard]) -> Callable[[int], Score]:
    """Of each fold a model that has not heard it."""
    models = [learnt(texts, labels, [one for one in turns if one.fold != fold]) for fold in range(FOLDS)]
    return lambda fold: models[fold]


def fitted() -> dict[str, np.ndarray]:
    texts, labels, turns = examples()
    read = vectors()
    matrix = read.fit_transform([*texts, *(one.text for one in turns)])
    model = regression().fit(matrix, [*labels, *(KINDS.index(one.kind) for one in turns)])
    heard = judged_heard(turns, without_fold(texts, labels, turns))
    some = [*judged_unseen(texts, labels, margins_unseen(texts, labels, turns)), *heard]
    weight = weighed(labels, heard)
    slope, shift = calibrated(some, weight)
    return {
        "kinds": np.array(KINDS),
        "features": np.frombuffer("\n".join(read.get_feature_names_out()).encode(), dtype=np.uint8),
        "idf": read.idf_.astype(np.float16),
        "weight": model.coef_.T.astype(np.float16),
        "bias": model.intercept_.astype(np.float32),
        "platt": np.array([slope, shift]),
        "around": corrected_around(some, weight, slope, shift),
    }


def main() -> None:
    held = io.BytesIO()
    np.savez_compressed(held, **fitted())
    TARGET.write_bytes(held.getvalue())
    print(f"{TARGET.name}: {len(held.getvalue()) / 1e6:.2f} MB from {len(phrases())} phrases")


if __name__ == "__main__":
    main()
