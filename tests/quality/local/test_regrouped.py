"""Spaces where they belong, in what recognisers made of words; sound words stay as they are."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector.quality.checklist import Checklist
from connector.quality.checklists import load
from connector.quality.local.objections import raised, rules_of
from connector.quality.local.text import words
from connector.quality.transcript import Transcript, Turn


@pytest.mark.parametrize(
    ("said", "forms"),
    [
        ("скиньте напочту", ["скиньте", "на", "почту"]),
        ("щасне могу", ["щас", "не", "могу"]),
        ("работаем вдругой фирме", ["работаем", "в", "другой", "фирме"]),
        ("наш по ставщик", ["наш", "поставщик"]),
        ("до рогавато", ["дорогавато"]),
        ("на почту, не на сайт", ["на", "почту", "не", "на", "сайт"]),
        ("вебинар от Тинькофф", ["вебинар", "от", "тинькофф"]),
        ("по. ставщик", ["по", ".", "ставщик"]),
    ],
)
def test_words_are_put_together_and_taken_apart(said: str, forms: list[str]) -> None:
    found = words(said)
    assert [one.form for one in found] == forms
    assert all(one.start < one.stop <= len(said) for one in found)


def _heard(checklist: Checklist, said: str) -> list[tuple[str, bool]]:
    rules, _ = rules_of(checklist)
    return [(one.kind, one.counts) for one in raised(Transcript("1", (Turn("client", said),), "file"), rules)]


def test_a_phrase_of_ones_own_counts_whatever_the_classifier_thinks_of_it() -> None:
    """It doubts only rules that ship: it never learnt what clients of one company say."""
    (starter,) = load()
    said = "Сорок человек в две смены на трёх линиях"
    assert _heard(starter, said) == []
    first, *rest = starter.objections
    own = replace(starter, objections=(replace(first, phrases=(*first.phrases, "сорок человек .. смены")), *rest))
    assert _heard(own, said) == [(first.key, True)]
