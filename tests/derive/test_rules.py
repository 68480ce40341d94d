"""Names of the configuration become ids; what would make numbers wrong is refused, with what there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from connector.config import Rules
from connector.derive import calendar, compile
from connector.errors import BadConfig
from tests.derive.ground import RATES, sales


def test_names_and_ids_mean_the_same_whatever_their_case() -> None:
    compiled = sales(sales_pipelines=(" продажи ", "2"), junk_reasons=("77", "SPAM"))
    assert compiled.pipelines == {"1", "2", "9"}
    assert compiled.junk == {"77", "1/spam", "2/spam", "3/spam", "9/spam"}
    assert compiled.unknown == ()


def test_no_pipelines_named_means_all() -> None:
    assert sales(sales_pipelines=()).pipelines is None


def test_an_unknown_pipeline_is_refused_with_those_there_are() -> None:
    with pytest.raises(BadConfig, match="'Продажа' is no pipeline; the CRM has: Допродажи, Лиды, Продажи, Сервис"):
        sales(sales_pipelines=("Продажа", "1"))


def test_only_a_stage_where_deals_are_lost_is_a_reason() -> None:
    told = "rules.{}: 'quote' is no loss reason and no lost stage"
    assert sales(junk_reasons=("quote", "lost")).unknown == (told.format("junk_reasons"),)
    assert sales(other_reasons=("quote", "79")).unknown == (told.format("other_reasons"),)
    assert sales(other_reasons=("lost",)).other == {f"{pipeline}/lost" for pipeline in ("1", "2", "3", "9")}


def test_a_name_that_two_people_have_is_nobodys() -> None:
    """People are named in fields of a deal; «Олег» may be either."""
    assert sales().names == {"анна ким": "501", "борис": "502", "вера": "503"}


def test_an_unknown_junk_reason_is_kept_for_a_notice() -> None:
    assert sales(junk_reasons=("Спам", "Мусор")).unknown == (
        "rules.junk_reasons: 'Мусор' is no loss reason and no lost stage",
    )


@pytest.mark.parametrize("wrong", [{"holidays": "ZZ"}, {"days_off": ("2026-13-01",)}])
def test_a_calendar_that_does_not_exist_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadConfig, match="rules: "):
        calendar(Rules.model_construct(**wrong), "Europe/Moscow")


def test_a_refund_is_excused_for_the_reasons_named_and_for_no_reason_never() -> None:
    ours = sales(refund_excused_reasons=("Брак", " "))
    assert [ours.excuses(reason) for reason in (" брак ", "БРАК", "передумал", "", " ", None)] == [
        True, True, False, False, False, False,
    ]  # fmt: skip


def test_who_moved_a_deal_is_told_where_every_change_of_owner_is() -> None:
    assert (sales("exact").movers_told, sales("observed").movers_told) == (True, False)


def test_trainings_are_kept_as_they_are_told() -> None:
    told = {("501", "spin"): datetime(2026, 9, 1, tzinfo=UTC)}
    bare: dict[str, Any] = {"pipelines": {}, "stages": {}, "loss_reasons": {}, "user_ids": (), "rates": RATES}
    made = [compile(Rules(), zone="UTC", currency="RUB", trainings=some, **bare) for some in (told, None)]
    assert [one.trainings for one in made] == [told, {}]


def test_who_is_left_out_is_told_by_name_or_id() -> None:
    ours = sales(test_users=("501", "Нет такого"), robots=("502",), test_pipelines=("2",))
    assert (ours.test_users, ours.robots, ours.test_pipelines) == ({"501"}, {"502"}, {"2"})
    assert ours.unknown == ("rules.test_users: 'Нет такого' is nobody",)


def test_another_mark_means_that_other_facts_may_follow() -> None:
    """Names of people concern nobody whose wins are not shared by them; each list by itself concerns what it leaves
    out.
    """
    plain, shared = sales(), sales(split_field="Деление")
    renamed = [replace(one, names={"анна": "501"}).mark for one in (plain, shared)]
    assert renamed[0] == plain.mark and renamed[1] != shared.mark
    lists = ("internal", "test_users", "test_pipelines", "robots")
    marks = {plain.mark, sales(sales_pipelines=()).mark}
    marks |= {replace(plain, **{name: frozenset({"501"})}).mark for name in lists}
    assert len(marks) == 2 + len(lists)
    assert plain.mark not in (sales(other_reasons=()).mark, sales(junk_reasons=()).mark)
