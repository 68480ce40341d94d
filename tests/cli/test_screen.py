"""Lines of the status, without a shell around them."""

from __future__ import annotations

import pytest

from connector.cli import screen
from connector.cli.screens.standing import age_lines

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
                "numbers never read (stale): csat",
                "numbers 5 h old (stale): calls",
            ],
        ),
        ({"revenue": None, "calls": None}, ["numbers never read (stale): all 2 KPIs"]),
    ],
)
def test_the_age_of_numbers_is_told_once_and_only_others_by_name(ages: dict[str, int | None], lines: list[str]) -> None:
    assert age_lines({key: None if old is None else NOW - old for key, old in ages.items()}, NOW, "en") == lines


@pytest.mark.parametrize(("told", "columns"), [(None, 150), ("", 150), ("wide", 150), ("200", 200), ("40", 80)])
def test_a_table_in_a_pipe_is_as_wide_as_columns_say(
    monkeypatch: pytest.MonkeyPatch, told: str | None, columns: int
) -> None:
    if told is None:
        monkeypatch.delenv("COLUMNS", raising=False)
    else:
        monkeypatch.setenv("COLUMNS", told)
    assert not screen.out.is_terminal and screen.wide(80) == columns
