"""Words written by ear."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.quality.local.respelled import respelled
from connector.quality.local.text import morphology, words

LETTERS = st.text("абвгдеийклмнопрстуцчшыья", min_size=1, max_size=14)


@pytest.mark.parametrize(
    ("form", "meant"),
    [
        ("падумаю", "подумаю"),
        ("кусаетца", "кусается"),
        ("отправте", "отправьте"),
        ("хазяин", "хозяин"),
        ("гаварить", "говорить"),
        ("посаветоваца", "посоветоваться"),
        ("харошева", "хорошего"),
    ],
)
def test_a_word_is_read_as_it_sounds(form: str, meant: str) -> None:
    assert respelled(form, morphology().word_is_known) == meant


def test_what_is_too_short_or_no_word_stays() -> None:
    assert respelled("щас", lambda _: True) is None
    assert respelled("e-mail", lambda _: True) is None


@settings(max_examples=60, deadline=None)
@given(LETTERS)
def test_only_what_is_known_comes_out(form: str) -> None:
    found = respelled(form, morphology().word_is_known)
    assert found is None or morphology().word_is_known(found)


@pytest.mark.parametrize(("said", "form"), [("много-то", "много"), ("дайте-ка", "дайте"), ("кто-то", "кто-то")])
def test_a_particle_that_only_stresses_is_no_part_of_the_word(said: str, form: str) -> None:
    (word,) = words(said)
    assert (word.form, word.start, word.stop) == (form, 0, len(said))
