"""What is personal goes out, what is business stays in."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.quality.masking import mask, masked, names_of
from connector.quality.transcript import Transcript, Turn


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Запишите: 8 916 123-45-67", "Запишите: [ТЕЛЕФОН]"),
        ("+7 (916) 123 45 67 или 123-45-67", "[ТЕЛЕФОН] или [ТЕЛЕФОН]"),
        ("восемь девятьсот шестнадцать сто двадцать три сорок пять", "[ТЕЛЕФОН]"),
        ("Пишите на ivan.p@mail.ru", "Пишите на [ПОЧТА]"),
        ("иван собака почта точка ру", "[ПОЧТА]"),
        ("карта 4276 3800 1234 5678", "карта [КАРТА]"),
        ("Меня зовут анна, чем помочь?", "Меня зовут [ИМЯ], чем помочь?"),
        ("Иван Петрович, добрый день", "[ИМЯ], добрый день"),
        ("Алло, Ольга?", "Алло, [ИМЯ]?"),
        ("позовите зинаиду", "позовите [ИМЯ]"),
    ],
)
def test_personal(said: str, kept: str) -> None:
    assert masked(said, {"зинаиду"}) == kept


@pytest.mark.parametrize(
    "said",
    [
        "Это дорого, двести пятьдесят тысяч рублей",
        "Договор 12345 на 2 500 000 рублей",
        "Цена 1 250 000 - 1 500 000 рублей",
        "Мне надо подумать, посоветуюсь с директором",
        "Привезём в Москву двадцатого мая в десять тридцать",
        "Скидка 15 процентов до 31.12.2026",
    ],
)
def test_business(said: str) -> None:
    assert masked(said) == said


@given(st.text(alphabet="абвАБВГ 0123456789-+@.[]", max_size=60))
@settings(max_examples=60)
def test_twice_is_once(said: str) -> None:
    assert masked(masked(said)) == masked(said)


def test_a_transcript_keeps_its_shape() -> None:
    before = Transcript("1", (Turn("seller", "Меня зовут Анна", 1.0, 2.0, 0.9), Turn("client", "Я Зуброва")), "crm")
    after = mask(before, names_of(["Зуброва И."]))
    assert [(t.speaker, t.start, t.end, t.heard) for t in after.turns] == [
        (t.speaker, t.start, t.end, t.heard) for t in before.turns
    ]
    assert after.turns[0].text == "Меня зовут [ИМЯ]"
    assert "Зуброва" not in after.turns[1].text
