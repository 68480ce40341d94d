"""What is a correction, on which day, and how it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from msgspec import structs

from connector.config import Rules
from connector.kpi.catalogue import ALL
from connector.kpi.corrections.steps import (
    Corrected,
    Correction,
    Life,
    Trail,
    adds_up,
    clocks_of,
    corrected,
    corrections,
    parts_of,
)  # fmt: skip
from connector.kpi.corrections.telling import as_json, as_text
from connector.kpi.definition import Ago, Kpi, Limits, Measure, Op, Text, Where, thresholds
from connector.kpi.diff.changes import Version
from connector.moment import Period, to_ms
from connector.result import Result

AUGUST = Period.parse("2026-08")
CLOSED, END = (to_ms(datetime(2026, 9, day, 9, tzinfo=UTC)) for day in (8, 30))
WON = to_ms(datetime(2026, 8, 20, tzinfo=UTC))
DAY = 86_400_000
SALE = Version(
    key="win|deal:7", kind="win", at=WON, day=20260820, user="501", client="contact:1", deal="7", lead=None,
    amount=11_000_000, number=1.0, other=None, due_at=None, pipeline_id="1", source=None, stage=None,
    confidence="exact", omitted=None, note=None,
)  # fmt: skip


def limits(moment: int) -> Limits:
    named = thresholds(Rules(), moment)
    return Limits(named, named, lambda start, end: 0.0)


def life(fact: Version = SALE, since: int = 0, until: int | None = None, dossier: str = "contact:1") -> Life:
    return Life(fact, dossier, since, until)


def told(*lives: Life, kpis: tuple[str, ...] = ("revenue",), window: tuple[int, int] = (CLOSED, END)) -> list[Any]:
    found = corrections([ALL[key] for key in kpis], lives, window, AUGUST.days(), limits)
    return [(one.user, one.kpi.key, one.known, one.difference.whys, *parts_of(one.kpi, [one], "RUB")) for one in found]


@pytest.mark.parametrize(
    ("until", "counted"), [(CLOSED, False), (CLOSED + 1, True), (END, True), (END + 1, False), (None, False)]
)
def test_what_ends_to_be_known_within_the_span(until: int | None, counted: bool) -> None:
    expected = [("501", "revenue", until, ("reopened",), Decimal(-110_000), 0)]
    assert told(life(until=until)) == (expected if counted else [])


@pytest.mark.parametrize(("since", "counted"), [(CLOSED, False), (CLOSED + 1, True), (END, True), (END + 1, False)])
def test_what_begins_to_be_known_within_the_span(since: int, counted: bool) -> None:
    expected = [("501", "revenue", since, ("late",), Decimal(110_000), 0)]
    assert told(life(since=since)) == (expected if counted else [])


def test_of_other_days_it_is_none() -> None:
    assert told(life(replace(SALE, day=20260901), since=CLOSED + 1)) == []
    assert told(life(replace(SALE, day=20260731), since=CLOSED + 1)) == []


def test_a_fact_of_nobody_corrects_nobody() -> None:
    assert told(life(replace(SALE, user=None), since=CLOSED + 1)) == []


def test_one_moment_is_one_step_and_two_are_two() -> None:
    cheaper, handed = replace(SALE, amount=9_000_000), replace(SALE, amount=9_000_000, user="502")
    first, second = CLOSED + 1, CLOSED + 5
    lives = (life(until=first), life(cheaper, first, second), life(handed, second))
    assert told(*lives) == [
        ("501", "revenue", first, ("repriced_after",), Decimal(-20_000), 0),
        ("501", "revenue", second, ("reassigned",), Decimal(-90_000), 0),
        ("502", "revenue", second, ("reassigned",), Decimal(90_000), 0),
    ]


def test_a_merge_that_took_it_to_another_client_is_no_correction() -> None:
    moment = CLOSED + 1
    assert told(life(until=moment), life(since=moment, dossier="contact:2")) == []


def test_the_same_fact_of_two_clients_counts_twice() -> None:
    moment = CLOSED + 1
    found = told(life(until=moment), life(until=moment, dossier="contact:2"))
    assert [part for *_, part, _ in found] == [-110_000, -110_000]


def test_a_loss_after_the_win_is_named_though_it_lies_in_another_month() -> None:
    moment = CLOSED + 1
    lost = replace(SALE, key="loss|deal:7", kind="loss", day=20260909, at=moment)
    assert [one[3] for one in told(life(until=moment), life(lost, moment), kpis=("revenue", "win_rate"))] == [
        ("lost",), ("lost",),
    ]  # fmt: skip


LEAD = replace(SALE, key="lead_won|deal:7", kind="lead_won", number=5.0, amount=None, due_at=CLOSED + 3 * DAY)


@pytest.mark.parametrize(
    ("window", "days"), [((CLOSED, END), [3]), ((CLOSED + 3 * DAY, END), []), ((CLOSED, CLOSED + 3 * DAY), [3])]
)
def test_what_comes_of_age_does_so_on_its_day(window: tuple[int, int], days: list[int]) -> None:
    found = told(life(LEAD), kpis=("lead_won_share",), window=window)
    assert found == [("501", "lead_won_share", CLOSED + day * DAY, ("time",), 1, 1) for day in days]


@pytest.mark.parametrize(
    ("due", "known"),
    [(-DAY, []), (1 - DAY, [1]), (-1, [1]), (0, [1]), (1, [1]), (2, [2])],
    ids=["judged already", "right after", "just before", "at the closing", "right after it", "later"],
)
def test_what_ran_out_before_the_closing_and_was_not_judged_is_its_first_step(due: int, known: list[int]) -> None:
    """The data reached a day less far than the closing: by then nobody had judged what ran out on that day."""
    unread, ran = CLOSED - DAY, replace(LEAD, due_at=CLOSED + due)

    def judged(moment: int) -> Limits:
        return limits(unread if moment <= CLOSED else moment)

    kpis = [ALL["lead_won_share"]]
    found = list(corrections(kpis, [life(ran)], (CLOSED, END), AUGUST.days(), judged, unread=unread))
    assert [one.known - CLOSED for one in found] == known


@pytest.mark.parametrize(("op", "late"), [("lt", 1), ("le", 0), ("ge", 1), ("gt", 0)])
def test_what_was_learned_at_its_deadline_is_judged_on_both_sides_of_it(op: Op, late: int) -> None:
    """A condition turns at the deadline or a millisecond later, though the fact became known at the deadline itself."""
    kpi = replace(ALL["lead_won_share"], top=(Measure(("lead_won",), (Where("due_at", op, "as_of"),)),))
    due = CLOSED + 3 * DAY
    found = corrections([kpi], [life(LEAD, since=due)], (CLOSED, END), AUGUST.days(), limits)
    assert max(one.known for one in found) == due + late


def test_what_is_no_more_known_comes_of_no_age() -> None:
    assert told(life(LEAD, until=CLOSED - 1), kpis=("lead_won_share",)) == []
    assert told(life(LEAD, since=CLOSED + 4 * DAY), kpis=("lead_won_share",)) == [
        ("501", "lead_won_share", CLOSED + 4 * DAY, ("late",), 1, 1)
    ]


def test_only_conditions_on_the_clock_have_moments() -> None:
    assert clocks_of([ALL["revenue"]], limits(END)) == set()
    assert clocks_of([ALL["revenue"], ALL["lead_won_share"]], limits(END)) == {("due_at", 0)}
    assert clocks_of([ALL["deals_without_next_step"]], limits(END)) == set()


def test_what_stood_and_what_still_waits_is_not_corrected() -> None:
    assert {key for key, kpi in ALL.items() if not corrected(kpi)} >= {"pipeline_amount", "deal_cycle_estimate"}
    assert all(corrected(ALL[key]) for key in ("revenue", "median_deal", "contacted_clients", "lead_won_share"))
    assert corrected(ALL["lead_response_minutes"])  # it is an estimate only if many wait
    assert [adds_up(ALL[key]) for key in ("revenue", "win_rate", "median_deal", "revenue_per_client")] == [
        True,
        True,
        False,
        False,
    ]


# How it is told.


def result(kpi: Kpi, value: Any, top: Any = None, bottom: Any = None) -> Result:
    def decimal(of: Any) -> Decimal | None:
        return None if of is None else Decimal(of)

    return Result(
        kpi=kpi.key, subject="user:501", period="2026-08", unit=kpi.unit, value=decimal(value),
        numerator=decimal(top), denominator=decimal(bottom), n=1,
    )  # fmt: skip


def trail(
    key: str, before: tuple[Any, ...], after: tuple[Any, ...], *lives: Life, planned_at: int | None = None
) -> Trail:
    kpi = ALL[key]
    found = tuple(corrections([kpi], lives, (CLOSED, END), AUGUST.days(), limits))
    return Trail("501", "Анна", kpi, result(kpi, *before), result(kpi, *after), planned_at, found)


def month(*trails: Trail, apart: dict[str, str] | None = None) -> Corrected:
    at = datetime(2026, 9, 8, 12, tzinfo=UTC)
    return Corrected("moscow", "RUB", AUGUST, 1, at, CLOSED, END, trails, apart or {}, {"501": "Анна", "502": "Борис"})


def text(*some: Corrected, language: Any = "ru") -> list[str]:
    whole = as_text("moscow", "2026-09", some, language, zone="Europe/Moscow", link_to="crm/{}".format)
    return whole.replace("\u00a0", " ").splitlines()


DELETED = (life(until=CLOSED + DAY), life(replace(SALE, omitted="deleted"), CLOSED + DAY))
OTHER = replace(SALE, key="win|deal:8", deal="8", amount=100)


def test_a_month_is_told_by_person_and_number_with_day_amount_reason_and_sum() -> None:
    gone = trail("revenue", ("110001", "110001"), ("0", "0"), *DELETED, life(OTHER, until=CLOSED + 2 * DAY))
    assert text(month(gone)) == [
        "moscow: исправления закрытых месяцев, ставшие известными в 2026-09",
        "",
        "2026-08 · закрыт 08.09.2026",
        "  Анна",
        "    Выручка: 110 001,00 → 0,00",
        "      2026-09-09  −110 000,00 · сделка 7: удалена · crm/deal:7",
        "      2026-09-10  −1,00 · сделка 8: снова открыта · crm/deal:8",
        "      итого −110 001,00",
    ]
    assert text(month(gone), language="en")[2:] == [
        "2026-08 · closed 08.09.2026",
        "  Анна",
        "    Revenue: 110,001.00 → 0.00",
        "      2026-09-09  −110,000.00 · deal 7: deleted · crm/deal:7",
        "      2026-09-10  −1.00 · deal 8: reopened · crm/deal:8",
        "      in all −110,001.00",
    ]


def test_a_share_tells_both_sides_and_one_line_has_no_sum() -> None:
    lost = trail("win_rate", ("1", "1", "1"), (None, "0", "0"), *DELETED)
    assert text(month(lost))[4:] == [
        "    Доля выигранных: 100,0 % → —",
        "      2026-09-09  числитель −1, знаменатель −1 · сделка 7: удалена · crm/deal:7",
    ]


def test_a_quantile_tells_what_became_of_the_value() -> None:
    dearer = (life(until=CLOSED + DAY), life(replace(SALE, amount=12_000_000), CLOSED + DAY))
    told = trail("median_deal", ("110000",), ("120000",), *dearer)
    assert text(month(told))[5] == (
        "      2026-09-09  110 000,00 → 120 000,00 · сделка 7: "
        "сумма изменена после выигрыша: 110 000,00 → 120 000,00 · crm/deal:7"
    )
    assert len(text(month(told))) == 6


def test_a_changed_plan_is_no_facts_doing() -> None:
    told = trail("plan_attainment", ("0.5", "50", "100"), ("0.25", "50", "200"), planned_at=CLOSED + DAY)
    assert text(month(told))[5:] == ["      2026-09-09  план изменён: 100,00 → 200,00"]
    assert told.rest("RUB") == (0, 100)


def test_days_worked_and_rules_are_told_too() -> None:
    days = trail("revenue_per_day", ("50", "100", "2"), ("100", "100", "1"))
    assert (days.other, text(month(days))[5:]) == ("days", ["      отработанные дни: 2 → 1"])
    rules = trail("successful_call_share", ("0.5", "1", "2"), ("1", "2", "2"))
    assert rules.other == "rules"
    assert text(month(rules))[5:] == ["      числитель +1, знаменатель 0 · изменены правила или источники"]


def test_what_only_ripened_is_one_line() -> None:
    ripe = trail("lead_won_share", (None, "0", "0"), ("1", "1", "1"), life(LEAD))
    more = trail(
        "lead_won_share",
        (None, "0", "0"),
        ("1", "2", "2"),
        life(LEAD),
        life(replace(LEAD, key="lead_won|deal:8", deal="8")),
    )
    assert text(month(ripe, more))[3:] == ["  Дозрели, чисел: 2 (подробно в --json): Обращение в продажу"]
    both = trail(
        "lead_won_share",
        (None, "0", "0"),
        ("1", "3", "3"),
        life(LEAD),
        life(replace(LEAD, key="lead_won|deal:8", deal="8")),
        life(replace(LEAD, key="lead_won|deal:9", deal="9", due_at=CLOSED - 5), since=CLOSED + 1),
    )
    assert text(month(both))[5:] == [
        "      2026-09-08  числитель +1, знаменатель +1 · сделка 9: "
        "обращение до выигрыша 2026-08-20, стало известно позже · crm/deal:9",
        "      2026-09-11  числитель +2, знаменатель +2 · вышел срок, фактов: 2",
        "      итого числитель +3, знаменатель +3",
    ]


def test_nothing_to_tell() -> None:
    assert text() == [
        "moscow: исправления закрытых месяцев, ставшие известными в 2026-09",
        "  до конца этого периода ни один месяц не был закрыт: исправление стоит в том периоде, когда стало известно",
    ]
    assert as_text("moscow", "2026-09", [], "en").splitlines()[1] == (
        "  no month was closed before this period's end: corrections stand in the period in which they became known"
    )
    assert text(month())[2:] == ["2026-08 · закрыт 08.09.2026", "  исправлений нет"]


def test_what_cannot_be_compared_is_named() -> None:
    apart = {"revenue": "formula", "calls": "drift", "csat": "source", "margin": "formula"}
    assert text(month(apart=apart))[4:] == [
        "  Не сравнивается (с тех пор изменилась формула): revenue, margin",
        "  Не сравнивается (заморожен: CRM устроена иначе): calls",
    ]
    assert as_json("moscow", "2026-09", [month(apart=apart)])["closed"][0]["not_compared"] == apart


def test_machines_get_everything() -> None:
    gone = trail("revenue", ("110000", "110000"), ("0", "0"), *DELETED)
    (closed,) = as_json("moscow", "2026-09", [month(gone)], zone="Europe/Moscow", link_to="crm/{}".format)["closed"]
    assert {name: closed[name] for name in ("month", "version", "closed_at", "currency", "from", "to")} == {
        "month": "2026-08",
        "version": 1,
        "closed_at": "2026-09-08T12:00:00+00:00",
        "currency": "RUB",
        "from": "2026-09-08T09:00:00+00:00",
        "to": "2026-09-30T09:00:00+00:00",
    }
    assert closed["numbers"] == [
        {
            "kpi": "revenue",
            "user": {"id": "501", "name": "Анна"},
            "unit": "money",
            "before": "110000.00",
            "after": "0.00",
            "corrections": [
                {
                    "day": "2026-09-09",
                    "known_at": "2026-09-09T09:00:00+00:00",
                    "record": "deal:7",
                    "kind": "win",
                    "numerator": "-110000.00",
                    "denominator": None,
                    "whys": ["deleted"],
                    "text": {"ru": "удалена", "en": "deleted"},
                    "link": "crm/deal:7",
                }
            ],
            "sum": {"numerator": "-110000.00", "denominator": None},
            "other": None,
        }
    ]


def test_sides_are_units_of_what_they_are() -> None:
    (closed,) = as_json("m", "2026-09", [month(trail("plan_attainment", ("0.5", "50", "100"), ("0.25", "50", "200")))])[
        "closed"
    ]
    assert closed["numbers"][0]["other"] == {"why": "plan", "numerator": "0.00", "denominator": "100.00"}
    (closed,) = as_json("m", "2026-09", [month(trail("median_deal", ("1",), ("2",)))])["closed"]
    assert (closed["numbers"][0]["sum"], closed["numbers"][0]["other"]) == (
        {"numerator": None, "denominator": None},
        None,
    )
    talk = replace(SALE, key="call_out|call:1", kind="call_out", number=120.0, amount=None)
    minutes = trail("talk_minutes_per_day", ("0", "0", "1"), ("2", "120", "1"), life(talk, since=CLOSED + 1))
    assert minutes.rest("RUB") == (0, 0)
    assert isinstance(minutes.corrections[0], Correction)


def own(**more: Any) -> Kpi:
    text = Text("Своё", "Own")
    return Kpi("own", "count", text, text, **more)


@pytest.mark.parametrize(
    ("condition", "moment"),
    [
        (Where("due_at", "le", "as_of"), CLOSED + 3 * DAY),
        (Where("due_at", "lt", "as_of"), CLOSED + 3 * DAY + 1),
        (Where("due_at", "gt", "as_of"), CLOSED + 3 * DAY),
        (Where("due_at", "ge", "as_of"), CLOSED + 3 * DAY + 1),
        (Where("due_at", "le", "hour_ago"), CLOSED + 3 * DAY + 3_600_000),
    ],
)
def test_every_comparison_with_the_clock_turns_at_its_millisecond(condition: Where, moment: int) -> None:
    kpi = own(top=(Measure(("lead_won",), (condition,)),))
    (one,) = corrections([kpi], [life(LEAD)], (CLOSED, END), AUGUST.days(), limits)
    assert (one.known, one.difference.whys) == (moment, ("time",))


def test_steps_a_millisecond_apart_are_two() -> None:
    lives = (life(until=CLOSED + 1), life(replace(SALE, amount=1), CLOSED + 1, CLOSED + 2), life(since=CLOSED + 2))
    assert [(one[2] - CLOSED, one[4]) for one in told(*lives)] == [
        (1, Decimal("-109999.99")),
        (2, Decimal("109999.99")),
    ]


def test_one_measure_that_waits_is_enough_not_to_be_corrected() -> None:
    assert not corrected(own(top=(Measure(("win",)), Measure(("created",), take="survival", of="number"))))


@pytest.mark.parametrize(
    ("told", "moved"),
    [
        (trail("revenue", ("1", "1"), ("1", "1")), False),
        (trail("revenue", ("1", "1"), ("2", "2")), True),
        (trail("revenue", ("1", "1"), ("1", "1"), life(until=CLOSED + 1), life(since=CLOSED + 2)), True),
    ],
)
def test_a_number_is_told_that_moved_or_was_corrected(told: Trail, moved: bool) -> None:
    assert told.moved is moved


@pytest.mark.parametrize(
    ("key", "bottoms", "why"),
    [
        ("plan_attainment", ("1", "2"), "plan"),
        ("plan_attainment", ("1", "1"), "rules"),
        ("revenue_per_day", ("1", "2"), "days"),
        ("win_rate", ("1", "2"), "rules"),
        ("revenue", (None, None), "rules"),
    ],
)
def test_what_else_it_may_have_been(key: str, bottoms: tuple[Any, Any], why: str) -> None:
    assert trail(key, ("1", "1", bottoms[0]), ("2", "2", bottoms[1])).other == why


@pytest.mark.parametrize(
    ("ends", "waiting", "values", "told"),
    [
        ((None, "estimated"), 4, ("30", "45"), True),
        (("estimated", None), 1, ("45", "30"), True),
        (("undecided", "estimated"), 4, (None, "45"), True),
        (("estimated", "estimated"), 4, ("30", "30"), False),
        (("estimated", None), 0, ("45", "30"), False),
        ((None, None), 1, ("30", "31"), False),
    ],
)
def test_an_estimate_that_moved_while_some_waited_on_says_so(
    ends: tuple[str | None, str | None], waiting: int, values: tuple[str | None, str], told: bool
) -> None:
    kpi = ALL["lead_processing_minutes"]
    before, after = (structs.replace(result(kpi, value), reason=why) for value, why in zip(values, ends, strict=True))
    moved = Trail("501", "Анна", kpi, before, structs.replace(after, ripening=waiting))
    lines = text(month(moved))[5:] + text(month(moved), language="en")[5:]
    assert lines == (
        [f"      кто ждал, ждёт дальше: {waiting}", f"      who waited waits on: {waiting}"] if told else []
    )
    other = as_json("m", "2026-09", [month(moved)])["closed"][0]["numbers"][0]["other"]
    assert other == ({"why": "waiting", "numerator": None, "denominator": None} if told else None)


def test_the_rest_is_counted_as_the_facts_are() -> None:
    """In minutes is told what is counted in seconds."""
    kpi = own(top=(Measure(("call_out",), take="sum", of="number"),), per=60)
    talk = replace(SALE, key="call_out|call:1", kind="call_out", number=120.0, amount=None)
    found = tuple(corrections([kpi], [life(talk, since=CLOSED + 1)], (CLOSED, END), AUGUST.days(), limits))
    told = Trail("501", "Анна", kpi, result(kpi, "0", "0"), result(kpi, "5", "5"), corrections=found)
    assert told.rest("RUB") == (180, 0)
    assert text(month(told))[5:] == [
        "      2026-09-08  +2 · звонок 1: исходящий звонок 2026-08-20, стало известно позже · crm/deal:7",
        "      +3 · изменены правила или источники",
        "      итого +5",
    ]
    numbers = as_json("m", "2026-09", [month(told)])["closed"][0]["numbers"][0]
    assert (numbers["sum"]["numerator"], numbers["other"]["numerator"]) == (2, 3)


@pytest.mark.parametrize(("op", "later"), [("le", 0), ("lt", 1)])
def test_what_grows_old_enough_does_so_on_its_day(op: Op, later: int) -> None:
    """A sale counts once it is thirty days old, or older."""
    old = replace(ALL["won_deals"], top=(Measure(("win",), (Where("at", op, Ago(30 * 86_400)),)),))
    assert clocks_of([old], limits(END)) == {("at", -30 * DAY)}
    found = corrections([old], [life()], (CLOSED, END), AUGUST.days(), limits)
    assert [(one.known, one.difference.whys) for one in found] == [(WON + 30 * DAY + later, ("time",))]
    assert list(corrections([old], [life()], (CLOSED, WON + 30 * DAY + later - 1), AUGUST.days(), limits)) == []


def test_an_answer_corrects_a_median_and_waiting_on_does_not() -> None:
    asked = replace(SALE, key="enquiry|deal:7", kind="enquiry", amount=None, number=None)
    moved = life(until=CLOSED + 1), life(replace(asked, source="site"), CLOSED + 1)
    before = replace(moved[0], fact=asked)
    assert told(before, moved[1], kpis=("lead_response_minutes",)) == []
    answered = life(replace(asked, number=300.0), CLOSED + 1)
    assert len(told(before, answered, kpis=("lead_response_minutes",))) == 1
