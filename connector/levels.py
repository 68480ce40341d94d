"""What levels and their settings are called, on every page and screen. Words only."""

from __future__ import annotations

from connector.kpi.text import Text

LEVELS: dict[str, Text] = {
    "deal_fields": Text("Поля сделок", "Deal fields"),
    "kpi_card": Text("Карточки KPI", "KPI cards"),
    "tasks": Text("Задачи", "Tasks"),
    "contests": Text("Споры", "Contests"),
}
SETTINGS: dict[str, Text] = {
    "off": Text("выключен", "off"),
    "preview": Text("только показ", "preview"),
    "on": Text("пишет в CRM", "on"),
}
