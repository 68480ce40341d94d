"""Every code that scorers write has words in both languages."""

from __future__ import annotations

import pytest

from connector.kpi.text import Text
from connector.quality.telling import AVOIDED, name_of, void_text, why_text

NAMES = {"greeting": ("Поздоровался", "Greeted"), "explore": ("Уточнил", "Asked"), "answer": ("Ответил", "Answered")}


@pytest.mark.parametrize(
    ("why", "ru", "en"),
    [
        ("rule:дорого", "по правилу «дорого»", "by the rule “дорого”"),
        ("rule:!чем !самый =дорого|=дороговато ..2 ?у вы", "по правилу «дорого|дороговато ..2 у вы»",
         "by the rule “дорого|дороговато ..2 у вы”"),
        ("rule:" + "а|" * 50, f"по правилу «{'а|' * 19}а…»", f"by the rule “{'а|' * 19}а…”"),
        ("rule:дорого; answer+explore = 0.60", "по правилу «дорого»; Ответил, Уточнил (0,60)",
         "by the rule “дорого”; Answered, Asked (0.60)"),
        ("classifier; no move = 0.00", "по классификатору фраз; ответа на возражение не слышно",
         "by the classifier of phrases; no answer to the objection is heard"),
        ("llm:qwen:7b@p1; turns 0-9 searched", "модель qwen:7b, запрос 1; просмотрены реплики 1–10",
         "model qwen:7b, prompt 1; turns 1–10 were searched"),
        ("void: not answered", "модель не ответила", "the model gave no answer"),
        ("Спешил; перебивал", "Спешил; перебивал", "Спешил; перебивал"),
        ("", "", ""),
    ],
)  # fmt: skip
def test_what_an_answer_rests_on(why: str, ru: str, en: str) -> None:
    assert why_text(why, NAMES) == Text(ru, en)


@pytest.mark.parametrize("code", ["few_words", "one_voice", "badly_heard", "too_long", "refused", "cut", "unreadable",
                                  "no_roles", "no_times", "no_text"])  # fmt: skip
def test_every_void_has_words(code: str) -> None:
    told = void_text(code)
    assert code not in told
    assert told.ru != told.en
    assert void_text("something_new") == Text("something_new", "something_new")


def test_names_of_what_no_checklist_has_any_more_are_their_keys() -> None:
    assert name_of("greeting", NAMES) == Text("Поздоровался", "Greeted")
    assert name_of("gone", NAMES) == Text("gone", "gone")
    assert name_of("stop_words", NAMES) == AVOIDED
