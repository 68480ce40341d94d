"""python -m tests.docs: write docs/kpis.md and docs/kpis.ru.md from the definitions and the pretend company."""

from __future__ import annotations

import tempfile
from pathlib import Path

from connector.kpi.definition import Language, Text
from connector.kpi.explain import Explanation, explain
from connector.kpi.telling.document import document
from connector.moment import Period, to_ms
from connector.pretend.company import build
from connector.pretend.planted import PLANTED
from connector.store.engine import open_store
from tests.kpi.test_truth import filled, rules

DOCS = Path(__file__).parents[1] / "docs"
PAGES: dict[Language, str] = {"en": "kpis.md", "ru": "kpis.ru.md"}
ANNA, MAY = "501", "2026-05"


def pages() -> dict[str, str]:
    """The text of each file, by name."""
    with tempfile.TemporaryDirectory() as folder:
        proof, zone = proof_of_may(Path(folder))
    return {name: document(language, proof, notes(), zone=zone) for language, name in PAGES.items()}


def proof_of_may(folder: Path) -> tuple[Explanation, str]:
    """Anna's revenue of May in the pretend company, with the account's zone."""
    company, store = build(), open_store(f"sqlite:///{folder / 'docs.db'}")
    try:
        number = filled(store, company, [])
        with store.read() as conn:
            found = explain(
                conn, number, "revenue", Period.parse(MAY), user=ANNA, zone=company.zone, now=to_ms(company.end),
                rules=rules(company),
            )  # fmt: skip
    finally:
        store.dispose()
    return found, company.zone


def notes() -> tuple[Text, ...]:
    """What there is to see in it: the plan of the company, in words."""
    after, before = PLANTED["reassigned after the win"], PLANTED["reassigned before the win"]
    return (
        Text(
            f"Сделка {after} передана Борису 20 мая, после выигрыша: она остаётся в мае у Анны.",
            f"Deal {after} was handed to Boris on 20 May, after its win: it stays in Anna's May.",
        ),
        Text(
            f"Сделки {before} (41 000) здесь нет: её отдали за 50 минут до выигрыша, она у того, кто выиграл.",
            f"Deal {before} (41,000) is not here: it was given away 50 minutes before the win and is the winner's.",
        ),
    )


def main() -> None:
    """Write both."""
    for name, text in pages().items():
        (DOCS / name).write_text(text, "utf-8")


if __name__ == "__main__":
    main()
