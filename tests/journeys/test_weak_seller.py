"""A seller whose objections are not handled: his calls say so, K-10 finds him, and the advice is the article's."""

from __future__ import annotations

import pytest

from connector.advice.recommendation import telling as recommend_telling
from connector.config.quality import QualitySettings
from connector.moment import Period
from connector.pipeline.advice.advising import advise_people
from connector.pipeline.measuring import explanation_of, report_of
from connector.pipeline.reading import sync_and_derive
from connector.pipeline.talks.scoring import score_talks
from connector.pretend.people import moscow
from connector.pretend.spoken import WEAK
from tests.journeys.conftest import Open

NOW = moscow(2026, 9, 24, 18, 30)
AUGUST, SEPTEMBER = Period.parse("2026-08"), Period.parse("2026-09")


@pytest.mark.parametrize("db_url", ["sqlite"], indirect=True)
def test_the_weak_seller_is_found_by_his_calls_and_advised_as_in_the_article(journey: Open) -> None:
    _, bench = journey("bitrix24", now=NOW)
    quality = QualitySettings(keep_days=100, most=5000, min_seconds=100)
    bench.settings = bench.settings.model_copy(update={"quality": quality})
    sync_and_derive(bench)
    done = score_talks(bench)
    assert done.came == done.scored + sum(done.void.values())
    assert done.scored > 250
    told = {one.subject: one for one in report_of(bench, AUGUST).results if one.kpi == "objection_handling"}
    weak = told.pop(f"user:{WEAK}")
    assert weak.value is not None
    assert weak.interval is not None
    team = told["team:700"]
    assert team.interval is not None
    assert weak.value < 0.45
    assert all(one.value is None or one.value > weak.value for one in told.values())
    proofs = explanation_of(bench, "objection_handling", AUGUST, user=str(WEAK)).items
    assert len(proofs) == weak.n
    assert all(item.evidence and item.evidence[0].quotes for item in proofs)
    advice = advise_people(bench, SEPTEMBER, user=str(WEAK))
    [person] = advice.people
    [chosen] = [one for one in person.chosen if one.candidate.kpi.key == "objection_handling"]
    assert (chosen.role, chosen.candidate.verdict.finding) == ("grow", "confirmed")
    text = recommend_telling.as_text(advice)
    assert "поднять долю успешных звонков с отработкой возражений" in text
    shown = (person.evidence or {})["objection_handling"]
    assert shown
    assert all(proof.text in text and proof.link in text and "«" in proof.text for proof in shown)
