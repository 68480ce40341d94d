"""What kpi transcripts and kpi calls print: for people in words, for machines only JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer

from connector.cli.screens.talks import agreement, call, learning, people, scoring
from connector.errors import BadConfig, Unreachable
from connector.pipeline.bench import Ended
from connector.pipeline.talks.agreeing import agreement_of
from connector.pipeline.talks.learning import learned
from connector.pipeline.talks.people_scoring import form, sample, submit
from connector.pipeline.talks.scoring import Scoring, score_talks
from connector.pipeline.talks.shown import shown, standing
from connector.pipeline.talks.transcripts import import_transcripts
from connector.store.engine import Store
from tests.pipeline.talking import HANDLED, talking


def printed(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def parsed(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(printed(capsys))


def test_a_day_with_calls(sqlite_store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    bench = talking(sqlite_store, sampling={"per_person": 2, "raters": ["511", "512"]})
    ended = [Ended("acme", score_talks(bench))]
    scoring.show_scoring(ended, "en", as_json=False)
    assert printed(capsys).startswith("acme: 12 transcripts from the CRM, 0 heard, 12 scored")
    scoring.show_scoring(ended, "ru", as_json=False)
    assert printed(capsys).startswith("acme: расшифровок из CRM: 12, прослушано: 0, оценено: 12, передано")
    scoring.show_scoring(ended, "ru", as_json=True)
    assert parsed(capsys)[0]["scored"] == 12
    scoring.show_standing([standing(bench)], "en", as_json=False)
    assert "acme: transcripts: 12 kept, 0 purged, 0 absent\n  local@" in printed(capsys)
    scoring.show_standing([standing(bench)], "ru", as_json=False)
    assert "acme: расшифровки: хранится: 12, удалено по сроку: 0, нет в CRM: 0\n  local@" in printed(capsys)
    told = shown(bench, "101")
    call.show_call(told, bench.zone(), "ru", as_json=False)
    text = printed(capsys)
    assert "  4 Клиент: Да, но это для нас дорого." in text
    assert "в показателях учтено" in text
    assert "Дорого: не отработано · «" in text
    assert "следующий шаг не согласован" in text
    assert "как говорили, неизвестно: в расшифровке нет времени реплик" in text
    assert "Обошёлся без стоп-слов: да · показывается, в показателях не учтено · таких слов нет" in text
    call.show_call(told, bench.zone(), "en", as_json=False)
    assert "4 Client: " in printed(capsys)
    call.show_call(told, bench.zone(), "ru", as_json=True)
    found = {one["criterion"]: one for one in parsed(capsys)["scores"][0]["found"]}
    assert found["objection:expensive"]["evidence"][0]["turn"] == 3


def test_codes_are_told_in_words(sqlite_store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    bench = talking(sqlite_store, words={"100": "Менеджер: Да\nКлиент: Нет"})
    ended = [Ended("acme", score_talks(bench))]
    scoring.show_scoring(ended, "ru", as_json=False)
    assert "не оценено (в расшифровке слишком мало слов): 1" in printed(capsys)
    scoring.show_scoring(ended, "en", as_json=False)
    assert "1 not scored (too few words in the transcript)" in printed(capsys)
    told = shown(bench, "100")
    assert told.next_step is None
    call.show_call(told, bench.zone(), "ru", as_json=False)
    assert "не оценено: в расшифровке слишком мало слов" in printed(capsys)
    call.show_call(told, bench.zone(), "en", as_json=False)
    assert "not scored: too few words in the transcript" in printed(capsys)


def test_a_person_answers_by_file(sqlite_store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    bench = talking(sqlite_store, words={}, sampling={"per_person": 1, "raters": ["511"]})
    drawn = sample(bench, "2026-W36", seed=1)
    people.show_drawn(drawn, "en", as_json=False)
    assert printed(capsys).count("for Ivan (511)") == 2
    people.show_drawn(drawn, "ru", as_json=False)
    assert printed(capsys).count("оценивает Ivan (511)") == 2
    people.show_form(form(bench, drawn[0].call, "511"))
    blank = parsed(capsys)
    assert set(blank["answers"].values()) == {None}
    filled = blank | {"answers": {key: "yes" for key in blank["answers"]}}
    submit(bench, drawn[0].call, "511", people.answers_of(json.dumps(filled).encode()))
    agreement.show_agreement([agreement_of(bench)], "en", as_json=False)
    assert "1 calls scored by people" in printed(capsys)
    agreement.show_agreement([agreement_of(bench)], "ru", as_json=False)
    assert "звонков с оценкой людей: 1" in printed(capsys)
    agreement.show_agreement([agreement_of(bench)], "ru", as_json=True)
    assert parsed(capsys)[0]["muted"] == []
    learning.show_learned([learned(bench)], "ru", as_json=True)
    assert parsed(capsys)[0]["trainings"] == []
    for wrong in (b"{", b"[]", b'{"greeting": "maybe"}'):
        with pytest.raises(BadConfig):
            people.answers_of(wrong)


def test_what_went_wrong_is_told_and_ends_with_a_code(
    sqlite_store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = talking(sqlite_store, words={})
    (tmp_path / "100.txt").write_text(HANDLED, "utf-8")
    (tmp_path / "x.txt").write_text(HANDLED, "utf-8")
    with pytest.raises(typer.Exit):
        scoring.show_imported("acme", import_transcripts(bench, tmp_path), "en", as_json=False)
    out, err = capsys.readouterr()
    assert out == "acme: 1 transcripts taken, 0 known already, 1 not taken\n"
    assert "x.txt: x: no call of this account" in err
    with pytest.raises(typer.Exit):
        scoring.show_scoring([Ended("acme", Scoring(problems=["the CRM gives no transcripts"]))], "ru", as_json=False)
    with pytest.raises(Unreachable):
        scoring.show_scoring([Ended("acme", error=Unreachable("away"))], "ru", as_json=False)
