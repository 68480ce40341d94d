"""The words of a scored call stand under its fact, escaped, with codes told in both languages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from connector.kpi.text import Language
from connector.moment import Period
from connector.pipeline.measuring import explanation_of
from connector.pipeline.talks.scoring import score_talks
from connector.store.engine import Store
from connector.store.talk.scores import Quoted
from connector.web.pages.proofs import criteria
from connector.web.rendering import Spoken, _environment
from connector.web.views import facts, spoken
from tests.pipeline.talking import again, talking


def test_a_score_shows_its_words_under_its_fact(sqlite_store: Store, tmp_path: Path) -> None:
    bench = talking(sqlite_store)
    score_talks(bench)
    told = explanation_of(bench, "objection_handling", Period.parse("2026-09"), user="502")
    counted, _ = facts.rows(told, bench.zone(), "ru", names=criteria(bench))
    [line] = next(row.said for row in counted if any(card.text.endswith("101") for card in row.cards))
    assert line.startswith(
        "Дорого: не отработано · «дорого» (реплика 4) · «как хотите» (реплика 5) · по правилу «дорого|"
    )
    assert "; Испортил ответом (-0,50) · local@" in line
    english, _ = facts.rows(told, bench.zone(), "en", names=criteria(bench))
    assert [text.count("not handled") for row in english for text in row.said] == [1] * 5
    (tmp_path / "broken.toml").write_text("name = ", "utf-8")
    assert criteria(again(bench, checklist=tmp_path / "broken.toml")) == {}


def test_a_quote_is_text_and_its_second_is_told(sqlite_store: Store) -> None:
    bench = talking(sqlite_store)
    score_talks(bench)
    told = explanation_of(bench, "objection_handling", Period.parse("2026-09"), user="502")
    item = told.items[0]
    evil = replace(item.evidence[0], quotes=(Quoted(2, "<script>alert(1)</script>", 65.0),))
    item = replace(item, evidence=(evil,))
    assert "(turn 3, 1:05)" in spoken.lines(item, {}, "en")[0]
    language: Language = "en"
    rows, _ = facts.rows(replace(told, items=(item,)), bench.zone(), language)
    macro = _environment().get_template("parts.html").make_module({"t": Spoken(language), "language": language})
    html = str(macro.facts(rows))
    assert "<details><summary>Why</summary><ul><li>" in html
    assert "&lt;script&gt;" in html and "<script>" not in html
