"""Lines of the status, without a shell around them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from connector.cli import screen
from connector.cli.counted_words import KEPT
from connector.cli.screens import importing_words
from connector.cli.screens.standing import age_lines
from connector.cli.words import COUNTS, kind_name, one_of, queued
from connector.store.private import erasing
from connector.store.tables import Base
from connector.web.words import WORDS

NOW = 1_790_000_000_000
SECOND, HOUR = 1000, 3_600_000


@pytest.mark.parametrize(
    ("ages", "lines"),
    [
        ({}, []),
        ({"revenue": 19 * SECOND, "calls": 25 * SECOND}, ["numbers 25 s old: all 2 KPIs"]),
        (
            {"revenue": 19 * SECOND, "aov": 19 * SECOND, "calls": 5 * HOUR, "csat": None},
            [
                "numbers 19 s old: 2 of 4 KPIs, all but these:",
                "numbers never read (stale): CSAT",
                "numbers 5 h old (stale): Calls",
            ],
        ),
        ({"revenue": None, "calls": None}, ["numbers never read (stale): all 2 KPIs"]),
    ],
)
def test_the_age_of_numbers_is_told_once_and_only_others_by_name(ages: dict[str, int | None], lines: list[str]) -> None:
    assert age_lines({key: None if old is None else NOW - old for key, old in ages.items()}, NOW, "en") == lines


@pytest.mark.parametrize(
    ("counts", "english"),
    [
        ({"writes": 1}, "1 write"),
        ({"writes": 2, "rows": 1}, "2 writes, 1 row"),
        ({"KPI cards (written)": 8}, "8 KPI cards (written)"),
        ({"KPI cards (written)": 1, "enquiries": 1}, "1 KPI card (written), 1 enquiry"),
        ({"rows gone": 1, "people": 1, "changes of owner": 1}, "1 row gone, 1 person, 1 change of owner"),
        ({"writes": 1001, "training": 1}, "1 001 writes, 1 training"),
    ],
)
def test_one_thing_is_told_as_one(counts: dict[str, int], english: str) -> None:
    assert screen.counted(counts, "en") == english


def test_whatever_is_counted_has_a_word_for_one() -> None:
    kinds = [key.removeprefix("kind_") for key in WORDS if key.startswith("kind_")]
    several = {kind_name(kind, "en") for kind in kinds}
    several |= {text.en for some in (COUNTS, KEPT, importing_words.COUNTS) for text in some.values()}
    same = {"changed", "new", "new or changed", "known already", "as before it", "held by later imports", "ended"}
    assert {name for name in several if one_of(name) == name} == same


def test_every_table_in_which_a_name_may_stand_is_told_in_words() -> None:
    tables = [one for one in Base.metadata.sorted_tables if "account" in one.c and one.name not in erasing._LEFT_ALONE]
    assert [one.name for one in tables if erasing._texts(one) and one.name not in KEPT] == []


def test_a_level_in_a_line_keeps_its_abbreviation() -> None:
    assert queued("kpi_card done", "en").startswith("KPI cards")
    assert queued("deal_fields done", "en")[:1].islower()


def test_moments_are_told_in_the_accounts_zone() -> None:
    assert screen.local(1_790_802_000_000, ZoneInfo("Europe/Moscow")) == "2026-10-01 00:00:00 MSK"


@pytest.mark.parametrize(("told", "columns"), [(None, 150), ("", 150), ("wide", 150), ("200", 200), ("40", 80)])
def test_a_table_in_a_pipe_is_as_wide_as_columns_say(
    monkeypatch: pytest.MonkeyPatch, told: str | None, columns: int
) -> None:
    if told is None:
        monkeypatch.delenv("COLUMNS", raising=False)
    else:
        monkeypatch.setenv("COLUMNS", told)
    assert not screen.out.is_terminal and screen.wide(80) == columns


@pytest.mark.parametrize(("shape", "told"), [("", True), ("json", False)])
def test_no_progress_goes_between_lines_of_json(shape: str, told: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KPI_LOG_FORMAT", shape)
    with screen.progress() as progress:
        assert (progress is not None) is told
