"""A kind that is read from several lists: each of them may be quiet, and that is no loop."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from connector.errors import Broken
from connector.provider import Page
from connector.records import Call
from connector.sync.streams import QUIET, REPEATS, _refuse_a_loop

TOLD = datetime(2026, 9, 1, tzinfo=UTC)


def test_empty_pages_of_several_quiet_lists_are_no_loop() -> None:
    seen: Counter[bytes] = Counter()
    for _ in range(4):
        _refuse_a_loop(Call, Page((), "same", TOLD), seen)


def test_empty_pages_without_end_are() -> None:
    seen: Counter[bytes] = Counter()
    with pytest.raises(Broken, match="repeats itself"):
        for _ in range(QUIET + 1):
            _refuse_a_loop(Call, Page((), "same", TOLD), seen)


def test_the_same_rows_without_end_are() -> None:
    seen: Counter[bytes] = Counter()
    page = Page((Call(id="1", at=TOLD, direction="out", answered=True),), "same", TOLD)
    with pytest.raises(Broken, match="the same 1"):
        for _ in range(REPEATS + 1):
            _refuse_a_loop(Call, page, seen)
