"""The classifier: its size, its bank, that fitting again gives the same, that its chance is one."""

from __future__ import annotations

from importlib import resources

import numpy as np
import pytest

import connector.quality.local as local
from connector.quality.local.bank import KINDS, NEUTRAL, phrases
from connector.quality.local.classify import WEIGHTS, guesses, weights
from connector.quality.local.text import flat, words
from tests.quality.aside import too_alike
from tests.quality.fit import examples, regression, vectors
from tests.quality.labelled import CLASSES


def test_the_weights_are_small() -> None:
    assert len(resources.files(local).joinpath(WEIGHTS).read_bytes()) < 1_000_000


def test_the_bank_is_as_large_as_promised() -> None:
    sizes = {kind: sum(one == kind for one, _ in phrases()) for kind in KINDS}
    assert sum(sizes.values()) >= 600
    assert all(sizes[kind] >= 50 for kind in CLASSES)
    assert sizes[NEUTRAL] >= 250


def test_no_phrase_stands_twice() -> None:
    texts = [flat(text) for _, text in phrases()]
    assert len(set(texts)) == len(texts)


def test_nothing_of_the_kept_set_is_in_the_bank() -> None:
    """Their number only: whoever reads a failure must not read a kept call. `tests.quality.aside` mends it."""
    assert len(too_alike()) == 0


def test_fitting_again_gives_the_weights_that_ship() -> None:
    """Features and idf exactly (to half precision); the regression by a sample of its answers."""
    held = weights()
    texts, labels, turns = examples()
    every = [*texts, *(one.text for one in turns)]
    read = vectors()
    matrix = read.fit_transform(every)
    assert list(held.column) == list(read.get_feature_names_out())
    assert np.allclose(held.idf, read.idf_, rtol=2e-3)
    model = regression().fit(matrix, [*labels, *(KINDS.index(one.kind) for one in turns)])
    ours = np.array([held.margins(words(text)) for text in every])
    theirs = model.decision_function(matrix)
    assert np.abs(ours - theirs).max() < 0.1
    assert (ours.argmax(axis=1) == theirs.argmax(axis=1)).mean() > 0.995


@pytest.mark.parametrize("text", ["", "?", "...", "ъыь", "12 34", "дорого " * 200])
def test_a_chance_is_a_chance_whatever_was_said(text: str) -> None:
    assert all(0 <= one.chance <= 1 and 0 <= one.start <= one.stop <= len(text) for one in guesses(text))


UNSEEN = [
    ("ценник у вас просто ужас какой высокий", "expensive"),
    ("надо это дело обсудить с роднёй", "think_over"),
    ("мы уже пользуемся услугами чужой фирмы", "competitor"),
    ("сейчас совсем нет времени беседовать", "no_time"),
    ("отправьте лучше всё на мой e-mail", "send_email"),
    ("человек я подневольный, решает начальство", "not_me"),
]


@pytest.mark.parametrize(("text", "kind"), UNSEEN)
def test_it_knows_what_is_not_in_the_bank(text: str, kind: str) -> None:
    assert text not in {phrase for _, phrase in phrases()}
    assert guesses(text)[0].kind == kind


@pytest.mark.parametrize(
    "text",
    [
        "Сейчас двенадцать человек, планируем расширяться",
        "а сколько стоит в месяц",
        "менеджер сам оплатит счёт в среду",
    ],
)
def test_what_clients_tell_of_themselves_is_no_objection(text: str) -> None:
    assert guesses(text)[0].chance < 0.5
