"""The words of what is taken away. Words only."""

from __future__ import annotations

from connector.kpi.text import Text

EXPORTS: dict[str, Text] = {
    "export_kpi": Text("Показатель", "KPI"),
    "export_seller_signs": Text("Менеджер", "Seller"),
    "export_head_signs": Text("Руководитель", "Head"),
    "export_date": Text("Дата", "Date"),
    "export_take": Text("Скачать", "Take away"),
    "export_print": Text("Печать", "Print"),
}
