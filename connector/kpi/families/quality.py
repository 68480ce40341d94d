"""KPIs of the quality of conversations, from scores by people or programs (K-10 to K-12)."""

from __future__ import annotations

from connector.kpi.definition import RATIO, Kpi, Measure, Text, Where

SCORED = 10
"""Scored calls below which nothing is said of a seller's conversations."""

QUALITY: tuple[Kpi, ...] = (
    Kpi(
        "objection_handling",
        "share",
        Text("Работа с возражениями", "Objection handling"),
        Text(
            "Доля оценённых звонков с возражением, где оно отработано.",
            "Share of scored calls with an objection in which it was handled.",
        ),
        (Measure(("objection",), (Where("number", "ge", "score_good_from"),)),),
        (Measure(("objection",)),),
        number="K-10",
        minimum=RATIO,
        empty="no_scores",
        setting="objection_field",
        proportion=True,
        family="quality",
        counter="successful_call_share",
    ),
    Kpi(
        "script_compliance",
        "share",
        Text("Соответствие скрипту", "Script compliance"),
        Text(
            "Выполненные пункты скрипта, делённые на применимые.",
            "Script items passed divided by those that apply.",
        ),
        (Measure(("script_passed",), take="sum", of="number"),),
        (Measure(("script_items",), take="sum", of="number"),),
        number="K-11",
        minimum=SCORED,
        empty="no_scores",
        setting="script_field",
        marks=True,
        family="quality",
        counter="win_rate",
    ),
    Kpi(
        "technique_use",
        "share",
        Text("Применение новых техник", "Use of new techniques"),
        Text(
            "Доля оценённых звонков после обучения, где новая техника применена.",
            "Share of scored calls after the training in which the new technique was used.",
        ),
        (Measure(("technique",), (Where("number", "ge", "score_good_from"),)),),
        (Measure(("technique",)),),
        number="K-12",
        minimum=SCORED,
        empty="no_scores",
        external=True,
        proportion=True,
        family="quality",
        counter="win_rate",
    ),
)
