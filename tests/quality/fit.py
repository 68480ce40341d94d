"""python -m tests.quality.fit: phrase bank -> connector/quality/local/weights.npz. Needs scikit-learn.

The chance is calibrated on phrases that the model did not see: the bank by five folds, with phrases that are much alike
kept in one fold, weighed as calls are (one client turn in eight objects), and the client turns of the open labelled
set.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz, process
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

import connector.quality.local as local
from connector.quality.local.bank import KINDS, phrases
from connector.quality.local.classify import WEIGHTS, objection_margin
from connector.quality.local.features import features
from connector.quality.local.talked import turns_of
from connector.quality.local.text import stretches, words
from tests.quality.labelled import development

TARGET = Path(local.__file__).parent / WEIGHTS
OBJECTING = 1 / 8
FOLDS = 5
ALIKE = 70
"""Likeness (0..100) from which two phrases of the bank must not be in different folds."""
STRENGTH = 30.0
"""Inverse of the penalty, taken by cross-validation over the bank (3, 10, 30, 100)."""


def vectors() -> TfidfVectorizer:
    return TfidfVectorizer(analyzer=features, sublinear_tf=True, dtype=np.float32)


def regression() -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=500, tol=1e-3)


def alike(texts: list[str]) -> np.ndarray:
    """A number for each phrase, the same for those that resemble each other, directly or by way of a third."""
    near = process.cdist(texts, texts, scorer=fuzz.ratio, score_cutoff=ALIKE)
    groups: np.ndarray = connected_components(near > 0, directed=False)[1]
    return groups


def margins_unseen(texts: list[str], labels: np.ndarray) -> np.ndarray:
    """Scores of each phrase by a model fitted on the other folds."""
    scores = np.zeros((len(texts), len(KINDS)))
    folds = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=0)
    for train, test in folds.split(texts, labels, alike(texts)):
        read = vectors()
        model = regression().fit(read.fit_transform([texts[i] for i in train]), labels[train])
        scores[test] = model.decision_function(read.transform([texts[i] for i in test]))
    return scores


def turns_heard(score: Callable[[list[str]], np.ndarray]) -> tuple[list[float], list[bool]]:
    """Client turns of the open set: margin of the best objection, and whether it is meant.

    Left out: unmarked turns whose best objection the call does raise; they may say it again, or nothing.
    """
    margins, right = [], []
    for one in development():
        for number, turn in turns_of(one.transcript, "client"):
            said = words(turn.text)
            pieces = stretches(said)
            texts = [turn.text[piece[0].start : piece[-1].stop] for piece in pieces] + [turn.text]
            best, margin = max((objection_margin(row) for row in score(texts)), key=lambda found: found[1])
            if number in one.marks or KINDS[best] not in one.raised:
                margins.append(margin)
                right.append(KINDS[best] == one.marks.get(number))
    return margins, right


def calibrated(scores: np.ndarray, labels: np.ndarray, heard: tuple[list[float], list[bool]]) -> tuple[float, float]:
    """Platt's line: the margin of the best objection -> the chance that this very objection is meant.

    Half the weight is the bank's, by folds and as often objecting as calls are; half that of real turns.
    """
    best, margin = zip(*(objection_margin(row) for row in scores), strict=True)
    objects = labels != len(KINDS) - 1
    weight = np.where(objects, OBJECTING / objects.mean(), (1 - OBJECTING) / (1 - objects.mean())) / len(labels)
    margins = np.concatenate([margin, heard[0]])
    right = np.concatenate([np.array(best) == labels, heard[1]])
    both = np.concatenate([weight, np.full(len(heard[0]), 1 / len(heard[0]))]) * len(labels)
    line = LogisticRegression(C=1e6).fit(margins[:, None], right, sample_weight=both)
    return float(line.coef_[0, 0]), float(line.intercept_[0])


def fitted() -> dict[str, np.ndarray]:
    kinds, texts = zip(*phrases(), strict=True)
    labels = np.array([KINDS.index(kind) for kind in kinds])
    read = vectors()
    model = regression().fit(read.fit_transform(texts), labels)
    heard = turns_heard(lambda some: model.decision_function(read.transform(some)))
    slope, shift = calibrated(margins_unseen(list(texts), labels), labels, heard)
    return {
        "kinds": np.array(KINDS),
        "features": np.frombuffer("\n".join(read.get_feature_names_out()).encode(), dtype=np.uint8),
        "idf": read.idf_.astype(np.float16),
        "weight": model.coef_.T.astype(np.float16),
        "bias": model.intercept_.astype(np.float32),
        "platt": np.array([slope, shift]),
    }


def main() -> None:
    held = io.BytesIO()
    np.savez_compressed(held, **fitted())
    TARGET.write_bytes(held.getvalue())
    print(f"{TARGET.name}: {len(held.getvalue()) / 1e6:.2f} MB from {len(phrases())} phrases")


if __name__ == "__main__":
    main()
