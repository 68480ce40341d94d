"""python -m tests.quality.fit_meaning: phrase bank -> local/meaning.npz. Needs the extra and scikit-learn.

The regression over meanings is fitted like the one over letters; how much it weighs beside them, and the chance of the
sum, are taken from phrases that neither had seen.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import StratifiedKFold

import connector.quality.local as local
from connector.quality.local.bank import KINDS, phrases
from connector.quality.local.classify import objection_margin, pieces_of
from connector.quality.local.meaning import WEIGHTS, by_meaning, phrase
from tests.quality.fit import (
    FOLDS,
    OBJECTING,
    Heard,
    Score,
    calibrated,
    examples,
    judged_heard,
    judged_unseen,
    margins_unseen,
    weighed,
    without_fold,
)

TARGET = Path(local.__file__).parent / WEIGHTS
STRENGTH, SHARE = 30.0, 1.0
"""By log loss over folds of the bank, of 1, 3, 10, 30 and of shares from 0.25 to 2; 0.75 and 1 were alike."""


def encode(texts: list[str]) -> np.ndarray:
    """The connector's own encoder."""
    return by_meaning()._encode(texts)


def regression() -> LogisticRegression:
    return LogisticRegression(C=STRENGTH, class_weight="balanced", max_iter=500)


def unseen(rows: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Scores of each phrase by a model fitted on the other folds."""
    scores = np.zeros((len(rows), len(KINDS)))
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(rows, labels):
        scores[test] = regression().fit(rows[train], labels[train]).decision_function(rows[test])
    return scores


def quality(scores: np.ndarray, labels: np.ndarray) -> tuple[float, float, float]:
    """As often objecting as calls are: log loss of a calibrated yes or no; F1 of it; the part whose kind is right."""
    best, margin = (np.array(one) for one in zip(*(objection_margin(row) for row in scores), strict=True))
    objects = labels != len(KINDS) - 1
    weight = np.where(objects, OBJECTING / objects.mean(), (1 - OBJECTING) / (1 - objects.mean()))
    right = best == labels
    line = LogisticRegression(C=1e6).fit(margin[:, None], right, sample_weight=weight)
    chance = line.predict_proba(margin[:, None])[:, 1]
    said = margin > 0
    hit = float((said & objects).sum())
    f1 = 2 * hit / float(said.sum() + objects.sum())
    return log_loss(right, chance, sample_weight=weight), f1, float((said & right).sum() / objects.sum())


def fitted() -> dict[str, np.ndarray]:
    texts, labels, turns = examples()
    rows = encode(texts)
    letters, meant = margins_unseen(texts, labels, turns), unseen(rows, labels)
    sums = letters + SHARE * meant
    for name, scores in (("letters", letters), ("meaning", meant), ("both", sums)):
        print(name, "log loss {:.3f}, F1 {:.3f}, kind right {:.3f}".format(*quality(scores, labels)))
    model = regression().fit(rows, labels)
    asked = _heard(turns)
    heard = dict(zip(asked, encode(asked), strict=True))
    by_letters = without_fold(texts, labels, turns)

    def both(fold: int) -> Score:
        return lambda some: (
            by_letters(fold)(some) + SHARE * model.decision_function(np.array([heard[text] for text in some]))
        )

    told = judged_heard(turns, both)
    slope, shift = calibrated([*judged_unseen(texts, labels, sums), *told], weighed(labels, told))
    return {
        "weight": model.coef_.T.astype(np.float16),
        "bias": model.intercept_.astype(np.float32),
        "line": np.array([SHARE, slope, shift]),
    }


def _heard(turns: list[Heard]) -> list[str]:
    """Everything that `both` will be asked about: one call of the encoder is quicker than hundreds."""
    return sorted({phrase(one.text, piece) for one in turns for piece in pieces_of(one.text)})


def main() -> None:
    held = io.BytesIO()
    np.savez_compressed(held, **fitted())
    TARGET.write_bytes(held.getvalue())
    print(f"{TARGET.name}: {len(held.getvalue()) / 1e3:.0f} kB from {len(phrases())} phrases")


if __name__ == "__main__":
    main()
