"""The local scorer as a whole: void calls, evidence that stands in the transcript, handling, perhaps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector.quality.checklists import load
from connector.quality.local import around, objections
from connector.quality.local.classify import Guess
from connector.quality.local.rules import Rules
from connector.quality.local.scorer import LocalScorer
from connector.quality.score import Found, Score
from connector.quality.transcript import Speaker, Transcript, Turn
from tests.quality.labelled import development

CHECKLIST = load()[0]
HELLO = "Добрый день, меня зовут Иван, компания «Окна»."
ASKS = "Сколько окон вам нужно, и какой у вас дом?"
OFFERS = "Мы ставим окна за один день, гарантия пять лет."


def scored(*lines: str, step: float | None = None) -> Score:
    """Lines by turns, the seller first; `step` seconds apart."""
    turns = []
    for number, line in enumerate(lines):
        start = None if step is None else number * step
        speaker: Speaker = "client" if number % 2 else "seller"
        turns.append(Turn(speaker, line, start, None if start is None else start + 2))
    return LocalScorer().score(Transcript("1", tuple(turns), "file"), CHECKLIST)


def found(score: Score, key: str) -> Found:
    (one,) = [one for one in score.found if one.criterion == key]
    return one


def test_the_same_call_has_the_same_score() -> None:
    for one in development()[:10]:
        first, second = (LocalScorer().score(one.transcript, CHECKLIST) for _ in range(2))
        assert first == second


def test_rules_of_every_checklist_that_ships_may_be_doubted(monkeypatch: pytest.MonkeyPatch) -> None:
    first = CHECKLIST.objections[0]
    other = replace(CHECKLIST, objections=(replace(first, key="weather", phrases=("дождь идёт",)),))
    ours = objections.shipped()
    monkeypatch.setattr(objections, "load", lambda: (CHECKLIST, other))
    more = objections.shipped.__wrapped__() - ours
    assert {key for key, _ in more} == {"weather"}


def test_every_quote_stands_in_its_turn() -> None:
    for one in development():
        for answer in LocalScorer().score(one.transcript, CHECKLIST).found:
            for piece in answer.evidence:
                assert piece.quote and piece.quote in one.transcript.turns[piece.turn].text
            if answer.criterion.startswith("objection:") and answer.evidence:
                assert one.transcript.turns[answer.evidence[0].turn].speaker == "client"


@pytest.mark.parametrize(
    ("turns", "why"),
    [
        ((), "few_words"),
        ((Turn("seller", HELLO), Turn("client", "да")), "few_words"),
        (tuple(Turn("seller", HELLO) for _ in range(6)), "one_voice"),
        (tuple(Turn("client" if n % 2 else "seller", HELLO, heard=0.2) for n in range(6)), "badly_heard"),
    ],
)
def test_what_cannot_be_judged_is_void_and_not_zero(turns: tuple[Turn, ...], why: str) -> None:
    score = LocalScorer().score(Transcript("1", turns, "file"), CHECKLIST)
    assert (score.void, score.found) == (why, ())


def test_an_answered_objection_is_handled_and_a_dropped_one_is_not() -> None:
    before = (HELLO, "Здравствуйте", ASKS, "Три, панельный", OFFERS, "Нет, это слишком дорого для нас")
    good = scored(*before, "Понимаю вас. А с чем сравниваете? У нас в цену входит монтаж и есть рассрочка", "Хорошо")
    bad = scored(*before, "Ну какие цены есть, такие есть", "Понятно")
    assert found(good, "objection:expensive").answer == "yes"
    assert found(bad, "objection:expensive").answer == "no"
    assert found(good, "objections_handled").answer == "yes"
    assert found(bad, "objections_handled").answer == "no"
    assert found(good, "objection:not_me").answer == "not_applicable"


@pytest.mark.parametrize(
    ("said", "reply", "kind", "answer"),
    [
        ("Мне некогда", "Понимаю, день у вас плотный. Когда будет удобное время?", "no_time", "yes"),
        ("Мне некогда", "Да я всё равно расскажу", "no_time", "no"),
        ("Пришлите на почту", "Конечно, соберу под вас. На какую почту отправить?", "send_email", "yes"),
        ("Пришлите на почту", "Хорошо, отправлю, всего доброго", "send_email", "no"),
        ("У нас уже есть поставщик", "Понял, но мы лучше", "competitor", "no"),
        ("Это дорого", "Понимаю. А если я покажу, за сколько это окупится?", "expensive", "yes"),
        ("Это дорого", "Да это вовсе не дорого, вы ошибаетесь", "expensive", "no"),
    ],
)
def test_a_reply_handles_by_taking_up_and_going_on(said: str, reply: str, kind: str, answer: str) -> None:
    score = scored(HELLO, "Здравствуйте, слушаю вас", "Есть разговор о ваших окнах", said, reply, "Ну ладно, понятно")
    assert found(score, f"objection:{kind}").answer == answer


@pytest.mark.parametrize(
    ("then", "answer"),
    [
        ("Хм, толково, такого у них нет", "yes"),
        ("Ну это другое дело", "yes"),
        ("Мне это неинтересно", "no"),
        ("Ага", "no"),
    ],
)
def test_a_client_who_takes_the_answer_up_was_answered_whatever_the_words(then: str, answer: str) -> None:
    reply = "Пусть Пенза везёт остальное, а решётку под банки вырубим мы"
    score = scored(HELLO, "Здравствуйте", ASKS, "У нас уже есть поставщик", reply, then, "Вот и славно", "Ну да")
    assert found(score, "objection:competitor").answer == answer


def test_what_pleases_him_before_the_answer_handles_nothing() -> None:
    score = scored(HELLO, "Интересно, у нас уже есть поставщик", "Ну ладно", "Ага", "Вот и славно", "Ну да")
    assert found(score, "objection:competitor").answer == "no"


def test_an_objection_said_again_at_the_end_is_not_handled() -> None:
    score = scored(
        HELLO,
        "Здравствуйте",
        OFFERS,
        "Это слишком дорого",
        "Понимаю, но в цену входит монтаж",
        "Всё равно дорого",
        "Ясно",
    )
    assert found(score, "objection:expensive").answer == "no"


def test_an_answer_a_minute_later_is_none() -> None:
    lines = (HELLO, "Здравствуйте, это слишком дорого", "Погода сегодня хорошая", "Да, неплохая погода", OFFERS + ASKS)
    lines += ("Три окна", "Понимаю вас, есть рассрочка, а с чем сравниваете?", "С рынком")
    assert found(scored(*lines, step=5), "objection:expensive").answer == "yes"
    assert found(scored(*lines, step=30), "objection:expensive").answer == "no"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Клиенты говорят, что у нас дорого, хотим научить менеджеров", "expensive"),
        ("Посоветовались с мужем, он за", "think_over"),
        ("Раньше работали с другой фирмой, отказались", "competitor"),
        ("Я вам фото пришлю в ватсап, посмотрите", "send_email"),
        ("Меня зовут Ольга, звоню по рекламе", "no_time"),
        ("Решать буду сам", "not_me"),
    ],
)
def test_what_only_looks_like_an_objection_is_none(said: str, kind: str) -> None:
    score = scored(HELLO, "Здравствуйте", ASKS, said, OFFERS, "Хорошо, подходит")
    assert found(score, f"objection:{kind}").answer == "not_applicable"


def test_an_objection_beside_an_innocent_sentence_is_heard() -> None:
    said = "Посоветовались с мужем, он за. Но всё-таки, если честно, я ещё хочу как следует подумать"
    score = scored(HELLO, "Здравствуйте", ASKS, said, OFFERS, "Хорошо")
    assert found(score, "objection:think_over").answer != "not_applicable"


def test_a_class_of_ones_own_is_left_to_its_rules() -> None:
    """The classifier that ships has never heard of it."""
    rules = Rules([("delivery", "долго везёте")])
    call = Transcript("1", (Turn("client", "ну вы очень долго везёте"),), "file")
    assert [(one.kind, one.counts) for one in objections.raised(call, rules)] == [("delivery", True)]


def test_words_of_the_seller_are_no_objection() -> None:
    score = scored(
        HELLO, "Да", "Это недорого, а у других слишком дорого, им некогда", "Понятно", OFFERS, "Хорошо, я согласен"
    )
    assert {one.answer for one in score.found if one.criterion.startswith("objection:")} == {"not_applicable"}


def test_less_than_nine_in_ten_is_shown_and_does_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = (HELLO, "Здравствуйте", OFFERS, "что-то мне это не очень", ASKS, "Ладно")
    monkeypatch.setattr(around, "ranked", lambda some, text, before: list(some))
    for chance, answer, counts in ((0.69, "not_applicable", True), (0.8, "no", False), (0.9, "no", True)):
        monkeypatch.setattr(
            objections,
            "guesses",
            lambda text, c=chance: (Guess("expensive", c, 0, len(text)),) if "не очень" in text else (),
        )
        one = found(scored(*lines), "objection:expensive")
        assert (one.answer, one.counts) == (answer, counts)


def test_the_scorer_and_the_checklist_are_kept_with_the_score() -> None:
    score = scored(HELLO, "Здравствуйте", ASKS, "Три окна, панельный дом", OFFERS, "Хорошо, подходит")
    assert (score.scorer, score.checklist) == ("local@9", "звонок@6")
    assert found(score, "greeting").evidence[0].turn == 0


def test_saying_who_one_is_presents_nothing() -> None:
    hello = "Здравствуйте, это Анна, компания «Блеск», мы моем окна и фасады по всему городу"
    assert found(scored(hello, "Да", ASKS, "Пять", "Ясно", "Ну да"), "presentation").answer == "no"
    assert found(scored("Алло", "Да", hello, "Ага", ASKS, "Пять"), "presentation").answer == "yes"


@pytest.mark.parametrize(
    ("said", "answer"),
    [("Добрейшего утречка, Соня я, из «Зёрен»", "yes"), ("Салют, это Захар", "yes"), ("Да, слушаю вас", "no")],
)
def test_a_greeting_is_more_than_picking_up(said: str, answer: str) -> None:
    assert found(scored(said, "Да", ASKS, "Пять", OFFERS, "Ну да"), "greeting").answer == answer


def test_the_greeting_of_a_short_call_is_no_farewell() -> None:
    score = scored(
        HELLO + " Хорошего дня!", "Здравствуйте", ASKS, "Три окна, панельный дом", OFFERS, "Хорошо, подходит"
    )
    assert found(score, "farewell").answer == "no"


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("Тогда завтра в 11:00 созваниваемся", "yes"),
        ("Приеду в пятницу к десяти", "yes"),
        ("Жду вас 5 сентября, позвоните заранее", "yes"),
        ("Мы работаем с 2010 года", "no"),
        ("Ну, как-нибудь спишемся", "no"),
    ],
)
def test_a_next_step_has_a_time(said: str, answer: str) -> None:
    score = scored(HELLO, "Здравствуйте", ASKS, "Три окна, панельный дом", said, "Хорошо, я понял вас")
    assert found(score, "next_step").answer == answer


def test_who_agrees_on_a_time_after_objecting_was_led_on() -> None:
    last = ("Дорого для нас", "Понимаю вас. А сколько закладывали?", "Сорок примерно")
    agreed = (HELLO, "Здравствуйте", OFFERS, *last, "Тогда во вторник в десять?", "Во вторник в десять хорошо")
    refused = (HELLO, "Здравствуйте", OFFERS, *last, "Тогда во вторник в десять?", "Нет, всё равно дорого")
    assert found(scored(*agreed), "objection:expensive").answer == "yes"
    assert found(scored(*refused), "objection:expensive").answer == "no"
