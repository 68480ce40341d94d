"""June is closed; then a sale of it is deleted: the closed number stands, and July has a correction by name."""

from __future__ import annotations

from decimal import Decimal

from connector.kpi.corrections.telling import as_json, as_text
from connector.moment import Period
from connector.pipeline.bench import Workbench
from connector.pipeline.closing import close_due, history_of
from connector.pipeline.correcting import corrections_of
from connector.pipeline.cycling import cycle
from connector.pipeline.official import official_report
from connector.pipeline.reading import sync_and_derive
from connector.pretend.people import moscow
from connector.pretend.planted import PLANTED
from tests.journeys.conftest import Open

JUNE, JULY = Period.parse("2026-06"), Period.parse("2026-07")


def revenue(bench: Workbench, **more: bool) -> Decimal | None:
    results = official_report(bench, JUNE, **more).results
    return next(one.value for one in results if (one.kpi, one.subject) == ("revenue", "user:505"))


def test_a_sale_deleted_after_the_closing_is_a_correction_of_the_open_month(journey: Open) -> None:
    box, bench = journey("amocrm", now=moscow(2026, 6, 30, 20))
    bench.settings = bench.settings.model_copy(
        update={"rules": bench.settings.rules.model_copy(update={"close_grace_days": 1})}
    )
    sync_and_derive(bench)
    assert close_due(bench) == []
    box.advance(moscow(2026, 7, 2, 10))
    done = cycle(bench)
    assert [one.period for one in done.closed] == ["2026-06"]
    closed = revenue(bench)
    assert closed is not None

    box.advance(moscow(2026, 7, 3, 20))
    assert cycle(bench).closed == ()
    assert (revenue(bench), revenue(bench, recalculated=True)) == (closed, closed - 110_000)

    found = corrections_of(bench, JULY, user="505", kpi="revenue")
    deal = PLANTED["deleted after the win"]
    text = as_text("a", "2026-07", found, zone=bench.zone()).replace("\u00a0", " ")
    assert "2026-06 · закрыт 02.07.2026" in text
    assert f"2026-07-03  −110 000,00 · сделка {deal}: удалена · deal:{deal}" in text
    (number,) = as_json("a", "2026-07", found, zone=bench.zone())["closed"][0]["numbers"]
    assert (number["sum"]["numerator"], number["other"]) == ("-110000.00", None)
    assert [row.author for row in history_of(bench)] == ["kpi run"]
