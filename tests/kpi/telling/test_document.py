"""The pages about KPIs are what the program says, and the value worked through in them is true."""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from connector.kpi.catalogue import ALL
from connector.kpi.telling.formula import formula
from connector.pretend.company import build
from connector.pretend.planted import PLANTED
from tests.docs import ANNA, DOCS, MAY, PAGES, pages
from tests.truth import Truth


@pytest.fixture(scope="module")
def generated() -> dict[str, str]:
    return pages()


@pytest.mark.parametrize("name", PAGES.values())
def test_the_committed_page_is_the_generated_one(generated: dict[str, str], name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == generated[name], "python -m tests.docs writes it anew"


@pytest.mark.parametrize("language", PAGES)
def test_every_kpi_is_there_with_its_formula_and_can_be_linked_to(generated: dict[str, str], language: str) -> None:
    text = generated[PAGES[language]]  # type: ignore[index]
    for key, kpi in ALL.items():
        assert text.count(f'<a id="{key}"></a>') == text.count(f"(#{key})") == 1
        assert f"`{formula(kpi, language)}`" in text  # type: ignore[arg-type]


def test_the_value_worked_through_is_the_truth_and_its_rows_add_up(generated: dict[str, str]) -> None:
    company = build()
    text = generated["kpis.md"]
    rows = re.findall(r"^\| (\d+) \| (2026-05-\d\d) \d\d:\d\d \| ([\d,.]+) \|$", text, re.M)
    amounts = [Fraction(amount.replace(",", "")) for _, _, amount in rows]
    assert sum(amounts) == Truth(company, company.end).values["revenue", int(ANNA), MAY] == 336_300
    assert "Value: **336,300.00 RUB**, facts 5." in text
    assert "46 000,00 + 46 400,00 + 64 500,00 + 90 000,00 + 89 400,00 = 336 300,00" in generated["kpis.ru.md"]
    deals = {int(deal) for deal, _, _ in rows}
    assert PLANTED["reassigned after the win"] in deals
    assert PLANTED["reassigned before the win"] not in deals
