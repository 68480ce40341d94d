"""Whoever agrees on a time refuses nothing; whoever refuses to talk does, whatever the hour he names. Written, as the
exchanges of said.txt, before anyone looked at what the scorer says of them.
"""

from __future__ import annotations

import pytest

from connector.quality.checklists import load
from connector.quality.local.scorer import LocalScorer
from connector.quality.transcript import Transcript, Turn

WARM = (
    "Добрый день, завод «Профиль», Антон",
    "Слушаю",
    "Какой лист вы берёте, и сколько тонн в месяц?",
    "Двойку, тонн сорок",
    "Режем в размер на своём складе, возим своим краном",
    "Это подходит",
)
COLD = ("Добрый день, завод «Профиль», Антон", "Чего хотели", "Хочу рассказать про металл", "Ну")


def no_time(*said: str, before: tuple[str, ...] = WARM) -> str:
    turns = (*before, *said, "Понял вас, спасибо", "Ага")
    call = Transcript("1", tuple(Turn("client" if at % 2 else "seller", text) for at, text in enumerate(turns)), "file")
    found = {one.criterion: one for one in LocalScorer().score(call, load()[0]).found}
    return "none" if found["objection:no_time"].answer == "not_applicable" else "raised"


@pytest.mark.parametrize(
    "said",
    [
        ("Когда к вам подъехать?", "В среду я на объекте, в четверг после обеда"),
        ("Завтра в десять удобно?", "В десять планёрка, давайте к двум"),
        ("Во сколько вас набрать?", "До обеда занят, в три звоните"),
        ("Утром или вечером привезти?", "Утром у нас приёмка, некогда, лучше вечером"),
        ("В пятницу заеду с образцами", "В пятницу отгрузка, завал. В понедельник можно"),
        ("Записать вас на вторник?", "Во вторник я в командировке, на среду пишите"),
        (
            "Договор завтра к обеду подготовлю",
            "Хорошо, завтра к обеду",
            "Отлично",
            "Всё, у меня вторая линия, до завтра",
        ),
        ("Тогда в четверг в девять погрузка", "Да, в четверг", "Записал", "Ладно, побежал я, планёрка"),
        ("Приеду в одиннадцать", "В одиннадцать нормально, раньше не могу, на смене"),
        ("Созвонимся послезавтра?", "Послезавтра после четырёх, а то с утра занят"),
    ],
)
def test_hours_of_a_client_who_agrees_are_no_objection(said: tuple[str, ...]) -> None:
    assert no_time(*said) == "none"


@pytest.mark.parametrize(
    "said",
    [
        ("У нас новый прайс", "Некогда мне, вагон под выгрузкой"),
        ("Удобно говорить?", "Нет, на планёрке я, вечером звоните"),
        ("Могу рассказать за минуту", "Не до вас, смену сдаю"),
        ("У нас свой склад", "Занят, перезвоните завтра"),
        ("Сколько тонн берёте?", "Слушай, не могу сейчас, за рулём"),
        ("Привезём за день", "Мне сейчас вздохнуть некогда, потом"),
    ],
)
def test_a_refusal_to_talk_now_is_one(said: tuple[str, ...]) -> None:
    assert no_time(*said, before=COLD) == "raised"
    assert no_time(*said) == "raised"
