"""Proposals say what the data say, and where they do not, they say that."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.config import AccountSettings
from connector.first_run.calls import histogram, parted, valley
from connector.first_run.fields import filled
from connector.first_run.proposing import propose
from connector.first_run.seen import Proposal, Seen
from connector.first_run.writing import Connection, config, literal
from connector.kpi.text import Text
from connector.provider import Field
from connector.records import Call, Deal, LossReason, Pipeline, Stage, Team, User

ZONE = ZoneInfo("Europe/Moscow")
MONDAY = datetime(2026, 9, 7, 6, 0, tzinfo=UTC)


def deal(n: int, *, pipeline: str = "1", outcome: Any = "won", amount: int | None = 100, **fields: Any) -> Deal:
    return Deal(
        id=str(n), created_at=MONDAY + timedelta(hours=n % 9), pipeline_id=pipeline, stage_id="x", outcome=outcome,
        owner_id="501", amount=amount, created_by="501", fields=fields,
    )  # fmt: skip


def call(n: int, seconds: int, at: datetime = MONDAY) -> Call:
    return Call(id=str(n), at=at, direction="out", answered=seconds > 0, seconds=seconds, user_id="501")


def proposed(seen: Seen) -> dict[str, Proposal]:
    return {one.key: one for one in propose(seen) if one.key}


def test_pipelines_that_win_are_proposed_and_clashing_names_become_ids() -> None:
    some = [deal(n, pipeline="1" if n < 90 else "2") for n in range(100)] + [deal(200, pipeline="3", outcome="lost")]
    pipelines = [Pipeline(id="1", name="Sales"), Pipeline(id="2", name="Same"), Pipeline(id="3", name="Same")]
    stages = [Stage(id="1/142", name="Won", pipeline_id="1", outcome="won")]
    one = proposed(Seen(ZONE, pipelines=pipelines, stages=stages, deals=some))["sales_pipelines"]
    assert (one.value, one.sure) == (("Sales", "2"), True)
    assert "90 won" in one.lines[0].en and "Won" in one.lines[0].en
    nothing = proposed(Seen(ZONE, pipelines=pipelines))["sales_pipelines"]
    assert not nothing.sure


def test_fields_are_found_by_name_content_and_use() -> None:
    fields = [
        Field("1", "CSAT", None, "numeric"), Field("2", "Дата оценки", None, "date"),
        Field("3", "Оценка старая", None, "text"), Field("4", "Сумма возврата", None, "numeric"),
        Field("5", "Комментарий к оценке", None, "text"),
    ]  # fmt: skip
    some = [deal(n, **{"1": "5", "2": "2026-09-01", "5": "хорошо"}) for n in range(20)]
    some += [deal(100 + n, **{"3": "4", "4": "1000.50"}) for n in range(6)]
    found = proposed(Seen(ZONE, fields=fields, deals=some))
    assert found["csat_field"].value == "CSAT" and "77%" in found["csat_field"].why.en
    assert "77\u00a0%" in found["csat_field"].why.ru and "23\u00a0%" in found["csat_field"].lines[0].ru
    assert "Оценка старая" in found["csat_field"].lines[0].en
    assert found["csat_date_field"].value == "Дата оценки"
    assert found["refund_amount_field"].value == "Сумма возврата"
    assert "refund_date_field" not in found


def test_fill_rates_count_what_a_person_put_there() -> None:
    fields = [Field("1", "A", "CODE", "text")]
    some = [deal(1, **{"1": ""}), deal(2, CODE="x"), deal(3, A="y", CODE="y"), deal(4)]
    assert [(one.count, one.of) for one in filled(Seen(ZONE, fields=fields, deals=some))] == [(2, 4)]


def test_a_complete_card_is_proposed_where_no_reasons_of_losses_are() -> None:
    fields = [Field("1", "Город", None, "text"), Field("2", "Редкое", None, "text")]
    some = [deal(n, **{"1": "x"} | ({"2": "y"} if n < 6 else {})) for n in range(40)]
    found = proposed(Seen(ZONE, fields=fields, deals=some))["required_fields"]
    assert (found.value, found.sure) == (("Город",), False) and "100%" in found.why.en
    assert "100\u00a0%" in found.why.ru
    reasons = [LossReason(id="1", name="Цена")]
    assert "required_fields" not in proposed(Seen(ZONE, fields=fields, deals=some, reasons=reasons))


def test_amounts_that_are_missing_are_said() -> None:
    some = [deal(n, amount=None if n < 5 else 100) for n in range(10)]
    told = [one for one in propose(Seen(ZONE, deals=some)) if not one.key]
    assert [one.sure for one in told] == [False] and "50%" in told[0].why.en
    assert "50\u00a0%" in told[0].why.ru


def lengths(*hills: tuple[float, float, int]) -> list[int]:
    pen = random.Random(7)
    return [max(1, round(pen.lognormvariate(mean, width))) for mean, width, count in hills for _ in range(count)]


def test_two_hills_of_talks_are_parted_between_them() -> None:
    talks = lengths((2.2, 0.25, 400), (5.3, 0.3, 600))
    found = parted(talks, 20, 180)
    assert found is not None and 20 <= found <= 90
    dip = valley(lengths((1.2, 0.2, 400), (4.5, 0.4, 2000)), 3, 30)
    assert dip is not None and 5 <= dip <= 30


@pytest.mark.parametrize("talks", [[], [30] * 100, list(range(1, 1000))])
def test_one_hill_or_few_talks_are_not_parted(talks: Sequence[int]) -> None:
    assert parted(talks, 20, 180) is None
    found = proposed(Seen(ZONE, calls=[call(n, seconds) for n, seconds in enumerate(talks)]))
    if talks:
        assert found["successful_call_seconds"].value == 60 and not found["successful_call_seconds"].sure
        assert found["successful_call_seconds"].why.en.endswith("; the usual value is used")


@given(st.lists(st.integers(1, 4000), max_size=50))
def test_the_histogram_holds_every_talk(talks: list[int]) -> None:
    assert sum(int(line.en.split()[-1]) for line in histogram(talks)) == len(talks)


def test_hours_are_those_in_which_people_work() -> None:
    at = [MONDAY + timedelta(days=day, hours=hour) for day in range(5) for hour in range(10) for _ in range(6)]
    found = proposed(Seen(ZONE, calls=[call(n, 30, when) for n, when in enumerate(at)]))
    assert found["office_hours"].value == "09:00-19:00"
    assert found["office_hours"].why.en == "96 of 100 actions of people between 9:00 and 19:00, 300 actions"
    days = found["working_days"].why
    assert days.en == "actions by weekday: Mon 60, Tue 60, Wed 60, Thu 60, Fri 60, Sat 0, Sun 0"
    assert days.ru == "действий по дням недели: пн 60, вт 60, ср 60, чт 60, пт 60, сб 0, вс 0"
    assert found["working_days"].value == (1, 2, 3, 4, 5)
    few = proposed(Seen(ZONE, calls=[call(1, 30)]))
    assert few["office_hours"].value == "09:00-18:00" and not few["office_hours"].sure


def test_nobody_is_guessed_to_lead() -> None:
    users = [User(id="501", name="Anna", team_ids=("7",)), User(id="511", name="Irina", team_ids=("8",))]
    teams = [Team(id="7", name="North"), Team(id="8", name="South", head_ids=("511",))]
    found = proposed(Seen(ZONE, users=users, teams=teams, deals=[deal(1)]))
    assert found["heads.North"].value == () and "Anna (501): 1" in found["heads.North"].why.en
    assert "heads.South" not in found


def test_reasons_are_proposed_for_a_look() -> None:
    seen = Seen(
        ZONE, reasons=[LossReason(id="1", name="Спам"), LossReason(id="2", name="Другое")], kinds=frozenset({"call"})
    )
    found = proposed(seen)
    assert (found["junk_reasons"].value, found["other_reasons"].value) == (("Спам",), ("Другое",))


HARD = st.text(min_size=1, max_size=20).filter(lambda text: text.strip())


@given(HARD, HARD, st.lists(HARD, max_size=3))
def test_whatever_a_crm_calls_things_the_file_says_the_same(name: str, why: str, reasons: list[str]) -> None:
    said = [
        Proposal("sales_pipelines", (name,), Text(why, why)),
        Proposal("junk_reasons", tuple(reasons), Text(why, why)),
        Proposal(f"heads.{name}", ("511",), Text("", "")),
        Proposal("kpi_set", {"won_deals": 1.0}, Text("", "")),
        Proposal("goal", why, Text("", "")),
    ]
    there = Connection("acme", "amocrm", "https://acme.amocrm.ru", ("token", {"env": "AMO"}), "Europe/Moscow", "RUB")
    read = tomllib.loads(config(there, said, "sqlite:///kpi.db"))
    (account,) = read["account"]
    assert account["rules"] == {"sales_pipelines": [name], "junk_reasons": reasons}
    assert account["options"]["heads"] == {name: ["511"]}
    assert account["kpi_set"] == [{"name": "main", "goal": why, "all": True, "kpis": {"won_deals": 1}}]
    assert set(account["writeback"].values()) == {"preview"}
    AccountSettings.model_validate(account)


@given(HARD)
def test_literals_are_toml(text: str) -> None:
    told = {"a": text, "b": [1, 2], "c": True, "d": 0.5}
    assert tomllib.loads(f"x = {literal(told)}")["x"] == told
