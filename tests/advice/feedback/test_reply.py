from __future__ import annotations

import pytest

from connector.advice.feedback.reply import LONGEST, read


@pytest.mark.parametrize(
    ("text", "answer", "reason"),
    [
        ("обсудили", "discussed", ""),
        ("Обсудили с Анной, договорились о двух окнах в день", "discussed", ""),
        ("Discussed, agreed on two hours a day", "discussed", ""),
        ("поговорил", "discussed", ""),
        ("обсудили отклонение от плана", "discussed", ""),
        ("отклонить: он был в отпуске", "declined", "он был в отпуске"),
        ("Отклоняю – не его зона", "declined", "не его зона"),
        ("declined: on sick leave", "declined", "on sick leave"),
        ("обсудили и отклонили: рано", "declined", "рано"),
        ("данные неверны: звонки шли с личного", "data_wrong", "звонки шли с личного"),
        ("Данные здесь не верны", "data_wrong", "Данные здесь не верны"),
        ("the data is wrong", "data_wrong", "the data is wrong"),
        ("не успели обсудить", "noted", ""),
        ("not yet discussed", "noted", ""),
        ("ок", "noted", ""),
        ("", "no_text", ""),
        ("   \n", "no_text", ""),
        (None, "no_text", ""),
    ],
)
def test_what_a_text_means(text, answer, reason):
    told = read(text)
    assert (told.answer, told.reason) == (answer, reason)
    assert told.text == (text or "").strip()


def test_a_novel_is_cut():
    assert len(read("обсудили " * 1000).text) <= LONGEST
