"""The catalogue: keys as agreed, texts in both languages, formulas that a version follows."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from connector.config import Rules
from connector.errors import BadConfig
from connector.kpi.catalogue import ALL, GROUPS, chosen
from connector.kpi.definition import Text, Where
from connector.kpi.kinds import KINDS
from connector.kpi.telling.words import LEFT_OUT, REASONS
from connector.records import BY_NAME
from connector.result import Unit

KEYS = """
revenue won_deals average_deal plan_attainment repeat_share new_clients
outgoing_calls answered_incoming_calls calls successful_call_share calls_to_deals meetings win_rate
lead_response_minutes lead_answered_in_norm
csat refund_share
"""
"""What every report has from the beginning on."""
DEFINED = {f"K-{n:02}" for n in range(1, 39)}


def test_the_keys_are_those_agreed() -> None:
    assert set(KEYS.split()) <= set(ALL)
    assert sum(len(group) for _, group in GROUPS) == len(ALL)


def test_every_definition_has_its_kpi() -> None:
    assert {kpi.number[:4] for kpi in ALL.values()} == DEFINED
    variants = {"K-03a", "K-03b", "K-05a", "K-05b", "K-06a", "K-06b", "K-06c"}
    assert variants <= {kpi.number for kpi in ALL.values()}


@pytest.mark.parametrize("kpi", ALL.values(), ids=list(ALL))
def test_every_kpi_is_whole(kpi) -> None:  # type: ignore[no-untyped-def]
    assert kpi.title.ru and kpi.title.en and kpi.meaning.ru.endswith(".") and kpi.meaning.en.endswith(".")
    assert kpi.empty in REASONS
    assert kpi.unit in get_args(Unit)
    assert kpi.needs <= set(BY_NAME)
    assert kpi.setting is None or kpi.setting in Rules.model_fields
    assert kpi.proportion <= bool(kpi.bottom)
    assert kpi.counter in ALL or (kpi.counter is None and kpi.direction == "neither")
    assert kpi.counter != kpi.key
    assert {kind for one in kpi.measures for kind in one.kinds} <= set(KINDS)
    assert len({one.standing for side in (kpi.top, kpi.bottom) for one in side}) == 1


def test_words_are_in_both_languages() -> None:
    assert all(text.ru and text.en and text("ru") != text("en") for text in [*REASONS.values(), *LEFT_OUT.values()])


def test_the_version_follows_the_formula_and_not_the_words() -> None:
    kpi = ALL["csat"]
    assert replace(kpi, title=Text("а", "b")).version == kpi.version
    harder = replace(kpi.top[0], where=(Where("number", "gt", "csat_good_from"),))
    assert replace(kpi, top=(harder,)).version != kpi.version
    assert len({one.version for one in ALL.values()}) == len(ALL)


def test_unknown_keys_are_refused_with_those_there_are() -> None:
    assert [kpi.key for kpi in chosen(["calls", "revenue"])] == ["revenue", "calls"]
    with pytest.raises(BadConfig, match="'profit' is no KPI; there are: revenue, won_deals"):
        chosen(["profit"])


def test_sources() -> None:
    assert not ALL["csat"].has_source(None, Rules())
    assert ALL["csat"].has_source(None, Rules(csat_field="CSAT"))
    assert not ALL["calls"].has_source(frozenset({"deal"}), Rules())
    assert ALL["calls"].has_source(frozenset({"call"}), Rules())
