"""About what there is no task: a line a reason, in words."""

from __future__ import annotations

from connector.cli.screens.untold import untold
from connector.kpi.text import Text

OPEN = Text("задача об этом открыта", "a task about it is open")
AWAY = Text("отсутствует", "is away")


def test_people_kpis_and_deals_by_name_each_reason_once() -> None:
    deals = {f"deal:{n}:stuck_deal": OPEN for n in range(1, 8)}
    silent = {"user:507:lead_answered_in_norm": OPEN, "user:501": AWAY, "user:9": AWAY, "portal:1": AWAY} | deals
    names = {"507": "Жанна Ильина", "501": "Анна Белова"}
    first, second = untold(silent, names, "ru")
    assert first.startswith("нет задачи (задача об этом открыта): Жанна Ильина — Отвечено в норматив, сделка 1 — ")
    assert first.endswith(", и ещё 3")
    assert second == "нет задачи (отсутствует): Анна Белова, 9, portal:1"
    assert next(untold(silent, names, "en")).startswith("no task (a task about it is open): Жанна Ильина — ")
    assert list(untold({}, names, "en")) == []
