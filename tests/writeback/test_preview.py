from __future__ import annotations

import json

import pytest
from rich.console import Console

from connector.config import WritebackSettings
from connector.writeback.preview import preview, price, put_back, shares, table
from tests.writeback.conftest import card, fields, task

SETTINGS = WritebackSettings(tasks="on")
WISHES = [
    card("501", last={"KPI_FACT": "100"}, KPI_FACT="200"),
    fields("7001", KPI_STAGE_DAYS="4", KPI_RESPONSE_NORM=None),
    task(),
]
NAMES = {"501": "Анна [bold]Иванова", "510": "Галина Седова"}


def test_every_change_is_named_with_old_and_new():
    shown = preview(WISHES, SETTINGS, NAMES)
    assert [(c.level, c.setting, c.who, c.what, c.old, c.new) for c in shown.changes] == [
        ("kpi_card", "preview", "Анна [bold]Иванова", "Факт", "100", "200"),
        ("deal_fields", "preview", "deal:7001", "Дней на этапе", None, "4"),
        ("deal_fields", "preview", "deal:7001", "Норма реакции", None, None),
        ("tasks", "on", "Галина Седова", "task", None, "501"),
    ]
    assert shown.targets == {"kpi_card": 1, "deal_fields": 1, "tasks": 1}


def test_an_undo_is_shown_without_the_settings_and_caps_that_it_does_not_keep_to():
    console = Console(width=160)
    with console.capture() as capture:
        console.print(put_back(preview(WISHES, SETTINGS, NAMES, "en"), limit=2))
    told = capture.get()
    assert "Now" in told and "Returns" in told and "KPI cards" in told and "+ 1" in told
    assert "preview" not in told and "writes" not in told


def test_the_price_counts_a_read_and_a_write_for_each_fifty():
    assert price([]) == 0
    assert price([fields(str(n), A="1") for n in range(51)]) == 4
    assert price([task(), task("502"), card("501", A="1")]) == 4


def test_the_table_shows_names_as_they_are_and_the_sums():
    console = Console(width=160, record=True)
    with console.capture() as capture:
        console.print(table(preview(WISHES, SETTINGS, NAMES)))
    told = capture.get()
    assert "Анна [bold]Иванова" in told
    assert "Факт" in told
    assert "около 5" in told
    assert "до 200 сделок и карточек и 20 задач сверх того" in " ".join(told.split())


def test_the_sums_say_that_tasks_are_capped_apart_from_deals_and_cards():
    """So that a run of 195 of these and 10 tasks, which the history of runs counts as 205 writes, is no surprise."""
    console = Console(width=300)
    with console.capture() as capture:
        console.print(table(preview(WISHES, SETTINGS, NAMES, "en")))
    told = " ".join(capture.get().split())
    assert "up to 200 deals and cards a run and 20 tasks besides; in 24 hours without a person 2000 and 100" in told


def test_a_long_table_is_cut_level_by_level_tasks_first_and_says_by_how_much():
    """A hundred cards before the one task hide it no longer, and no level goes unseen."""
    many = [card(str(n), KPI_FACT="200") for n in range(100)]
    many += [fields(str(n), KPI_STAGE_DAYS="4", KPI_RESPONSE_NORM="15") for n in range(40)]
    console = Console(width=160)
    with console.capture() as capture:
        console.print(table(preview([*many, task(), task("502")], SETTINGS, NAMES, "en"), limit=12))
    told = [line.split("│")[1:4] for line in capture.get().splitlines() if line.startswith("│")]
    levels = [cells[0].strip().partition(" (")[0] for cells in told]
    assert levels == ["tasks"] * 2 + ["KPI cards"] * 5 + ["… KPI cards"] + ["deal fields"] * 5 + ["… deal fields"]
    assert [cells[2].strip() for cells in told if "…" in cells[0]] == ["+ 95", "+ 75"]


@pytest.mark.parametrize(
    ("counts", "limit", "rows"),
    [
        ({"a": 3, "b": 4}, None, {"a": 3, "b": 4}),
        ({"a": 3, "b": 4}, 7, {"a": 3, "b": 4}),
        ({"a": 90, "b": 1, "c": 60}, 11, {"a": 5, "b": 1, "c": 5}),
        ({"a": 5, "b": 5, "c": 5}, 1, {"a": 1, "b": 1, "c": 1}),
        ({}, 1, {}),
    ],
)
def test_what_small_levels_leave_is_the_others(counts, limit, rows):
    assert shares(counts, limit) == rows
    assert list(shares(counts, limit)) == list(counts)


def test_machines_get_the_same():
    told = json.loads(json.dumps(preview(WISHES, SETTINGS, NAMES).to_json(), ensure_ascii=False))
    assert told["calls"] == 5
    assert told["changes"][0]["new"] == "200"


def test_levels_are_called_as_on_the_pages() -> None:
    from connector import levels as words
    from connector.web.words import WORDS

    levels = set(WritebackSettings.model_fields) & {key.removeprefix("level_") for key in WORDS}
    assert levels == set(words.LEVELS)
    for level, told in words.LEVELS.items():
        assert WORDS[f"level_{level}"].ru.startswith(told.ru) and WORDS[f"level_{level}"].en.startswith(told.en)
    assert all(WORDS[f"setting_{code}"] == told for code, told in words.SETTINGS.items())
