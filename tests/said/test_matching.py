"""A sentence that was filled in is found again, in an error, in a stored text, and inside another sentence."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from connector.errors import BadConfig, Limited, Unreachable
from connector.kpi.custom.conditions import LITERALS
from connector.kpi.custom.words import PERHAPS, WORDS
from connector.kpi.text import Text
from connector.said import in_language, told


def test_an_error_is_told_part_by_part_and_stays_english_in_english() -> None:
    until = datetime(2026, 9, 3, 12, 30, tzinfo=UTC)
    error = Limited("too many requests", where="moscow GET /api/v4/leads", done="slowed down", retry_at=until)
    assert told(error, "ru") == (
        "moscow GET /api/v4/leads: слишком много запросов; замедлились; следующий запуск продолжит с этого места; "
        "следующая попытка 2026-09-03T12:30:00+00:00"
    )
    assert told(error, "en") == str(error)


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        ("the answer was lost; found by its marker", "ответ потерялся; нашлось по метке"),
        ("process 3989 on vm works on this account", "с этим аккаунтом работает процесс 3989 на машине vm"),
        (
            "the lease of this account was taken over by process 3989 on vm",
            "аренду этого аккаунта перехватил процесс 3989 на машине vm",
        ),
        ("gave up after 5 tries: sent, answer lost", "попыток: 5, больше не пробуем: отправлено, ответ потерялся"),
        (
            "sent 5 times, each answer lost, not found; search the CRM for kpi:17",
            "отправлено раз: 5, каждый ответ потерялся, не нашлось; поищите в CRM: kpi:17",
        ),
    ],
)
def test_a_sentence_with_gaps_is_told_whole(english: str, russian: str) -> None:
    assert in_language(english, "ru") == russian


def test_each_flaw_of_an_own_kpi_is_told_as_kpi_kpis_lint_tells_it() -> None:
    for code, said in WORDS.items():
        gaps = dict.fromkeys(re.findall(r"{(\w+)}", said.en), "x1")
        for meant in (Text("", ""), Text(*(may.format("win") for may in PERHAPS))):
            english, russian = (
                side.format(**gaps | ({"meant": may} if "meant" in gaps else {}))
                for side, may in ((said.en, meant.en), (said.ru, meant.ru))
            )
            place = "a.toml: line 7: account.0.kpi.0 (x).of: "
            assert in_language(place + english, "ru").removeprefix("a.toml: строка 7: account.0.kpi.0 (x).of: ") == (
                russian
            ), code


def test_what_a_driver_said_stays_in_brackets_behind_the_words_it_means() -> None:
    told = in_language("kpi.db: the file is damaged (database disk image is malformed); run it again", "ru")
    assert told == "kpi.db: файл повреждён (database disk image is malformed); запустите ещё раз"
    assert in_language("connection to server failed (no route)", "ru") == "connection to server failed (no route)"


def test_a_percentage_has_its_space() -> None:
    told = in_language("used: 70% in working hours, 100% otherwise and in a first read", "ru")
    assert told.startswith("берём 70\u00a0% в рабочие часы, 100\u00a0% ")


def test_what_a_condition_may_hold_is_told_too() -> None:
    for one in LITERALS.values():
        assert in_language(one.en, "ru") == one.ru


def test_every_problem_of_a_configuration_is_told() -> None:
    problems = ["a.toml: account.0.every: Field required", "a.toml: line 7: account.0.kpi.0.x: there is no such key"]
    assert told(BadConfig(problems), "ru").split("\n") == [
        "a.toml: account.0.every: обязательное поле",
        "a.toml: строка 7: account.0.kpi.0.x: такого ключа нет",
    ]


@pytest.mark.parametrize(
    ("english", "russian"),
    [
        ("call: not compared: moscow: too many requests", "call: не сверено: moscow: слишком много запросов"),
        ("moscow: what is not known; neither is this", "moscow: what is not known; neither is this"),
        ("lead: no source", "lead: нет источника"),
        ("-5 min", "-5 мин"),
        ("+3 h 20 min", "+3 ч 20 мин"),
        (
            "this machine's clock is not the CRM's of moscow (-302 d 4 h)",
            "часы этой машины расходятся с часами CRM аккаунта moscow (-302 дн. 4 ч)",
        ),
        ("answers: an object such as { greeting: yes }", "ответы: объект вида { greeting: yes }"),
        (
            "moscow: the database server broke down ({0}); nothing was done",
            "moscow: the database server broke down ({0}); ничего не сделано",
        ),
        ("", ""),
    ],
)
def test_a_stored_text_is_told_as_far_as_it_is_known(english: str, russian: str) -> None:
    assert in_language(english, "ru") == russian
    assert in_language(english, "en") == english


def test_what_was_stored_of_an_error_is_told_like_the_error() -> None:
    error = Unreachable("no whole answer (ReadTimeout: 10 s)", where="moscow GET /api/v4/leads")
    assert in_language(str(error), "ru") == told(error, "ru")


def test_a_name_that_looks_like_a_sentence_is_left_alone_where_it_is_none() -> None:
    assert told(BadConfig(["there is no account 'key'; the configuration has: moscow"]), "ru") == (
        "аккаунта 'key' нет; в конфигурации есть: moscow"
    )


def test_how_far_a_clock_is_off_is_told_in_one_language() -> None:
    told = in_language("this machine's clock is not the CRM's of moscow (-57 d 2 h)", "ru")
    assert told == "часы этой машины расходятся с часами CRM аккаунта moscow (-57 дн. 2 ч)"
