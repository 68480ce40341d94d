"""The calendar of activity as a chart: days as squares, by weeks, with calls and meetings of each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from connector.kpi.text import Language
from connector.moment import DAY
from connector.web import locale
from connector.web.personal.words import WEEKDAYS
from connector.web.views.charts import Chart
from connector.web.words import WORDS


def activity_chart(days: Sequence[tuple[date, int, int]], language: Language) -> Chart:
    """`days`: each with its calls and meetings, from a Monday on. Nothing to draw where there was neither."""
    calls, meetings = WORDS["activity_calls"](language), WORDS["activity_meetings"](language)
    some = [one for one in days if one[1] or one[2]]
    weeks = sorted({_monday(day) for day, _, _ in days}) if some else []
    place = {monday: n for n, monday in enumerate(weeks)}
    cells = [
        [place[_monday(day)], day.weekday(), called + met, locale.day(day, language), _both(called, met, language)]
        for day, called, met in (days if some else ())
    ]
    return {
        "kind": "calendar",
        "title": WORDS["activity"](language),
        "names": [calls, meetings],
        "labels": [f"{monday.day}.{monday.month:02}" if language == "ru" else f"{monday:%d %b}" for monday in weeks],
        "rows": [one(language) for one in WEEKDAYS],
        "cells": cells,
        "most": max((called + met for _, called, met in some), default=0),
        "unit": ["", ""],
        "table": {
            "head": [WORDS["day"](language), calls, meetings],
            "rows": [[locale.day(day, language), str(called), str(met)] for day, called, met in reversed(some)],
        },
    }


def _monday(day: date) -> date:
    return day - DAY * day.weekday()


def _both(calls: int, meetings: int, language: Language) -> str:
    return WORDS["activity_both"](language).format(calls=calls, meetings=meetings)
