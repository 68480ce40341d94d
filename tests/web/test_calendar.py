"""Days as squares: in weeks from Monday on, each with its calls and meetings; nothing where there was neither."""

from __future__ import annotations

from datetime import date, timedelta

from connector.web.views.calendar import activity_chart

MONDAY = date(2026, 9, 7)
DAYS = [(MONDAY + timedelta(days=n), n, n % 2) for n in range(9)]


def test_each_day_stands_in_its_week() -> None:
    chart = activity_chart(DAYS, "ru")
    assert chart["labels"] == ["7.09", "14.09"] and chart["rows"][0] == "Пн"
    assert chart["cells"][8] == [1, 1, 8, "15\u00a0сентября", "звонков 8, встреч 0"]
    assert chart["most"] == 8
    assert chart["table"]["rows"][0] == ["15\u00a0сентября", "8", "0"] and len(chart["table"]["rows"]) == 8


def test_nothing_is_drawn_of_nothing() -> None:
    assert activity_chart([(MONDAY, 0, 0)], "en")["labels"] == []
