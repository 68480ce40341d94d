"""What a word is about, and what stands around a turn: words the classifier never met, and the same words elsewhere."""

from __future__ import annotations

import pytest

from connector.quality.checklists import load
from connector.quality.local.around import circumstances, corrected, priced
from connector.quality.local.classify import Guess
from connector.quality.local.objections import raised, rules_of
from connector.quality.local.senses import senses, senses_of
from connector.quality.local.text import flat, words
from connector.quality.transcript import Transcript, Turn


def told(word: str) -> tuple[str, ...]:
    return senses_of(words(word)[0])


@pytest.mark.parametrize(
    ("word", "sense"),
    [
        ("завхозу", ("decider",)),
        ("подписывает", ("decide", "3per sing")),
        ("скиньте", ("send", "do!")),
        ("подумать", ("think", "to do")),
        ("семьсот", ("number",)),
        ("12", ("number",)),
        ("синий", ()),
    ],
)
def test_a_word_tells_what_it_is_about_and_its_verb_who_does_it(word: str, sense: tuple[str, ...]) -> None:
    assert told(word) == sense


def test_every_word_of_the_list_is_found_by_its_own_form() -> None:
    known = senses()
    assert len(known) > 500
    assert all(flat(word) == word for word in known)


@pytest.mark.parametrize(
    ("text", "said"), [("Сорок пять тысяч рублей", True), ("три двести", True), ("в три часа", False), ("", False)]
)
def test_a_price_is_a_number_with_money_or_a_long_one(text: str, said: bool) -> None:
    assert priced(text) is said


def test_an_answer_or_a_question_objects_seldom_and_a_named_price_makes_it_likelier() -> None:
    guess = Guess("expensive", 0.8, 0, 5)
    text = "ну это как-то многовато для нас"
    plain = corrected(guess, text, "Вот так").chance
    assert corrected(guess, text, "Сорок пять тысяч").chance > plain
    assert corrected(guess, text, "Сколько вас?").chance < plain
    assert corrected(guess, text + "?", "Вот так").chance < plain
    assert circumstances("think_over", "да", "Сорок пять тысяч") == (0.0, 0.0, 1.0, 0.0, 0.0)


@pytest.mark.parametrize("chance", [0.0, 1e-12, 0.5, 1.0])
def test_a_chance_stays_one(chance: float) -> None:
    assert 0 <= corrected(Guess("no_time", chance, 0, 1), "да", "").chance <= 1


def test_a_sure_guess_stands_before_a_rule_of_another_class_that_is_doubted() -> None:
    rules, _ = rules_of(load()[0])
    said = "Изложите это на бумаге и мне в ящик, там видно будет."
    assert [one.kind for one in raised(Transcript("1", (Turn("client", said),), "file"), rules)] == ["send_email"]
    alone = "Ну не знаю, там видно будет."
    assert [one.kind for one in raised(Transcript("1", (Turn("client", alone),), "file"), rules)] == ["think_over"]
