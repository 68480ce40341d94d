"""Stop-words are found in any form, in the seller's turns alone, shown and counted nowhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector.errors import BadConfig
from connector.quality import stop_words
from connector.quality.checklists import load
from connector.quality.checklists.reading import parse
from connector.quality.local.scorer import LocalScorer
from connector.quality.telling import why_text
from connector.quality.told import told
from connector.quality.transcript import Speaker, Transcript, Turn

STARTER = load()[0]


def call(*turns: tuple[Speaker, str]) -> Transcript:
    return Transcript("1", tuple(Turn(who, text, 5.0 * place) for place, (who, text) in enumerate(turns)), "file")


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("По договорчику всё готово", ["договорчику"]),
        ("А денежки переведёте когда? Договорчики пришлю", ["Договорчики", "денежки"]),
        ("Слушайте, это не ко мне", ["это не ко мне"]),
        ("Успокойтесь, пожалуйста", ["Успокойтесь"]),
        ("Я, типа, менеджер", ["типа"]),
        ("Отвечу коротко: окна такого типа стоят дороже", []),
        ("Как бы вы хотели оплатить? Это самое выгодное предложение", []),
        ("Вы поняли, как это работает? Мы вас успокоим", []),
    ],
)
def test_the_starters_words_in_what_a_seller_says(text: str, quotes: list[str]) -> None:
    [found] = stop_words.heard(call(("seller", text)), STARTER)
    assert sorted(piece.quote for piece in found.evidence) == sorted(quotes)
    assert (found.answer, found.counts) == ("no" if quotes else "yes", False)


def test_each_place_is_evidence_and_a_clients_word_blames_nobody() -> None:
    said = call(
        ("seller", "Договорчик готов"), ("client", "Какой договорчик? Типа так?"), ("seller", "Ну, типа, договорчик")
    )
    [found] = stop_words.heard(said, STARTER)
    assert [(piece.turn, piece.at, piece.quote) for piece in found.evidence] == [
        (0, 0.0, "Договорчик"), (2, 10.0, "типа"), (2, 10.0, "договорчик"),
    ]  # fmt: skip
    assert why_text(found.why, {}).ru == "по правилу «типа, договорчик»"
    [unknown] = stop_words.heard(call(("unknown", "Договорчик готов")), STARTER)
    assert (unknown.answer, unknown.evidence, unknown.why) == ("not_applicable", (), "no_roles")
    assert stop_words.heard(said, replace(STARTER, stop_words=())) == ()


def test_a_score_shows_them_and_kpis_hear_nothing_of_them() -> None:
    lines: list[tuple[Speaker, str]] = [
        ("seller", "Добрый день, меня зовут Иван, компания «Окна»."), ("client", "Здравствуйте, слушаю вас."),
        ("seller", "Сколько окон вам нужно, и какой у вас дом?"), ("client", "Три окна, дом панельный."),
    ]  # fmt: skip
    clean = LocalScorer().score(call(*lines), STARTER)
    rude = LocalScorer().score(call(*lines, ("seller", "Сейчас договорчик пришлю, успокойтесь.")), STARTER)
    [found] = [one for one in rude.found if one.criterion == stop_words.KEY]
    assert (found.answer, len(found.evidence)) == ("no", 2)
    assert list(told(rude, {}, ())) == list(told(clean, {}, ()))


def test_no_checklist_may_take_their_key() -> None:
    text = (
        'name = "x"\nversion = 1\n[[criteria]]\nkey = "stop_words"\nstage = "s"\nru = "р"\nen = "e"\nphrases = ["да"]\n'
    )
    with pytest.raises(BadConfig, match="stop_words is taken"):
        parse(text, "own.toml")
