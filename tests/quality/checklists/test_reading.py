"""Checklists out of TOML: what ships, what an account writes, and every mistake told."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.errors import BadConfig
from connector.quality.checklists import load
from connector.quality.checklists.reading import for_pipeline, parse
from tests.quality.labelled import CLASSES, STAGES

SMALL = """
name = "x"
version = 2
pipelines = ["7"]
[[criteria]]
key = "greeting"
stage = "greeting"
ru = "Привет"
en = "Hello"
phrases = ["добрый день"]
"""


def test_the_starter_has_all_stages_and_objections() -> None:
    (starter,) = load()
    assert {one.stage for one in starter.criteria} == {*STAGES, "objection_handling"}
    assert {one.key for one in starter.objections} == set(CLASSES)
    assert starter.stop_words and starter.label == "звонок@6"


def test_a_folder_is_read_by_name(tmp_path: Path) -> None:
    (tmp_path / "b.toml").write_text(SMALL.replace("version = 2", "version = 3"), "utf-8")
    (tmp_path / "a.toml").write_text(SMALL, "utf-8")
    (tmp_path / "notes.txt").write_text("no", "utf-8")
    assert [one.label for one in load(tmp_path)] == ["x@2", "x@3"]
    assert for_pipeline(load(tmp_path), "7") == load(tmp_path / "b.toml")[0]
    assert for_pipeline(load(tmp_path), "8") is None
    assert for_pipeline((*load(tmp_path), *load()), "8") == load()[0]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("stage =", "stagee ="), "[[criteria]] number 1: unknown stagee"),
        (("version = 2", "version = 2\nweight = 1"), "the file: unknown weight"),
        (('phrases = ["добрый день"]', ""), "no phrases to know it by"),
        (("version = 2", 'version = "two"'), "$.version"),
        (('en = "Hello"', 'en = "Hello"\nweight = 0'), "must be over 0"),
        (("version = 2", "version = "), "Invalid value"),
        (('en = "Hello"', 'en = "Hello"\nwhere = "middle"'), "middle"),
    ],
)
def test_a_mistake_is_told(change: tuple[str, str], told: str) -> None:
    with pytest.raises(BadConfig) as caught:
        parse(SMALL.replace(*change), "mine.toml")
    assert told in str(caught.value) and "mine.toml" in str(caught.value)


def test_a_move_that_is_not_there_is_told() -> None:
    objection = '[[objections]]\nkey = "d"\nru = "Д"\nen = "D"\nphrases = ["дорого"]\nhandled_by = ["dance"]\n'
    with pytest.raises(BadConfig, match="handled_by names dance"):
        parse(SMALL + objection, "mine.toml")


def test_a_folder_without_checklists_and_twins_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match=r"no \*\.toml"):
        load(tmp_path)
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(SMALL, "utf-8")
    with pytest.raises(BadConfig, match="raise the version"):
        load(tmp_path)
    with pytest.raises(BadConfig, match="cannot be read"):
        load(tmp_path / "none.toml")
