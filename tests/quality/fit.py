"""python -m tests.quality.fit: phrase bank -> connector/quality/local/weights.npz. Needs scikit-learn.

The chance is calibrated on phrases that the model did not see (five folds), weighed as calls are: one client turn in
eight objects, while the bank holds more objections than neutral phrases.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

import connector.quality.local as local
from connector.quality.local.bank import KINDS, phrases
from connector.quality.local.classify import WEIGHTS, objection_margin
from connector.quality.local.features import features

TARGET = Path(local.__file__).parent / WEIGHTS
OBJECTING = 1 / 8
FOLDS = 5
STRENGTH = 30.0
"""Inverse of the penalty, taken by cross-validation over the bank (3, 10, 30, 100)."""


def vectors() -> TfidfVectorizer:
    return TfidfVectorizer(analyzer=features, sublinear_tf=True, dtype=np.float32)


def regression() -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=500, tol=1e-3)


def margins_unseen(texts: list[str], labels: np.ndarray) -> np.ndarray:
    """Scores of each phrase by a model fitted on the other folds."""
    scores = np.zeros((len(texts), len(KINDS)))
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(texts, labels):
        read = vectors()
        model = regression().fit(read.fit_transform([texts[i] for i in train]), labels[train])
        scores[test] = model.decision_function(read.transform([texts[i] for i in test]))
    return scores


def calibrated(scores: np.ndarray, labels: np.ndarray) -> tuple[float, float]:
    """Platt's line: the margin of the best objection -> the chance that this very objection is meant."""
    best, margin = zip(*(objection_margin(row) for row in scores), strict=True)
    neutral = len(KINDS) - 1
    weight = np.where(
        labels == neutral, (1 - OBJECTING) / np.mean(labels == neutral), OBJECTING / np.mean(labels != neutral)
    )
    line = LogisticRegression(C=1e6).fit(np.array(margin)[:, None], np.array(best) == labels, sample_weight=weight)
    return float(line.coef_[0, 0]), float(line.intercept_[0])


def fitted() -> dict[str, np.ndarray]:
    kinds, texts = zip(*phrases(), strict=True)
    labels = np.array([KINDS.index(kind) for kind in kinds])
    read = vectors()
    model = regression().fit(read.fit_transform(texts), labels)
    slope, shift = calibrated(margins_unseen(list(texts), labels), labels)
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
