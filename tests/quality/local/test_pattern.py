"""The language of phrase rules: words in any form, gaps, alternatives, denial."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.quality.local.pattern import compiled
from connector.quality.local.rules import Rules
from connector.quality.local.text import words

CASES = [
    ("дорогой", "это дорого", True),
    ("дорогой", "это не дорого", False),
    ("+дорогой", "это не дорого", True),
    ("не дорогой", "это не дорого", True),
    ("=дорого", "дорогая доставка", False),
    ("дорог*", "дороговизна какая", True),
    ("посоветоваться с муж|жена", "посоветуюсь сначала с моей женой", True),
    ("посоветоваться ..0 с", "посоветуюсь сначала с женой", False),
    ("подумать .. перезвонить", "подумаю, взвешу, всё обсудим и перезвоню", True),
    ("подумать ..2 перезвонить", "подумаю, взвешу, всё обсудим и перезвоню", False),
    ("перезвонить .. подумать", "подумаю и перезвоню", False),
    ("?очень дорого", "дорого", True),
    ("нет ..0 ?у ..0 ?меня ..0 времени", "нет у меня времени", True),
    ("нет ..0 ?у ..0 ?меня ..0 времени", "лифта нет, и времени навалом", False),
    ("!если купить", "если мы купим", False),
    ("!если купить", "мы купим", True),
    ("дорого для нас", "Дорого. Для нас важно другое", False),
    ("здравствуйте * *", "здравствуйте, окна плюс", True),
    ("здравствуйте * *", "здравствуйте", False),
    ("Меня зовут.", "а меня зовут Иван", True),
    ("уже есть $", "у нас уже есть", True),
    ("уже есть $", "У нас уже есть. Но спрошу", True),
    ("уже есть $", "уже есть чертежи", False),
    ("уже есть ?спасибо $", "уже есть, спасибо", True),
    ("позже $|давайте", "позже давайте", True),
    ("позже $|давайте", "позже оплачу", False),
]


@pytest.mark.parametrize(("rule", "said", "fires"), CASES)
def test_a_rule_fires_on_what_it_says(rule: str, said: str, fires: bool) -> None:
    assert (compiled(rule).find(words(said)) is not None) is fires
    assert bool(Rules([("x", rule)]).find(said)) is fires, "the index must not lose what the pattern finds"


def test_a_damaged_word_is_read_as_the_nearest_a_rule_knows() -> None:
    rules = Rules([("x", "посоветоваться с муж")])
    assert rules.find("посоветаваться с мужем")
    assert not rules.find("советская с мужем")


def test_a_hit_quotes_the_words_as_they_stand() -> None:
    said = "Ой, ну ДОРОГО же у Вас!"
    (hit,) = Rules([("expensive", "=дорого .. вы")]).find(said)
    assert said[hit.start : hit.stop] == "ДОРОГО же у Вас"


WORD = st.sampled_from(["дорого", "не", "подумать", "муж", "?", ".", "и", "с", "нет"])


@settings(max_examples=80, deadline=None)
@given(st.lists(WORD, max_size=12), st.lists(WORD, max_size=4), st.lists(WORD, max_size=4))
def test_words_around_do_not_move_a_match(said: list[str], before: list[str], after: list[str]) -> None:
    """A plain rule that fires in a turn fires with other sentences around it."""
    rule = compiled("подумать .. муж")
    whole = [*before, ".", *said, ".", *after]
    if rule.find(words(" ".join(said))) is not None:
        assert rule.find(words(" ".join(whole))) is not None
