from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.config import PlanSettings
from connector.errors import BadConfig
from connector.result import Plan
from connector.targets.plans import from_settings, read_csv

KPIS = {"revenue", "won_deals"}


def read(text: str, encoding: str = "utf-8"):
    return read_csv(text.encode(encoding), KPIS, "anna")


def test_a_plain_file():
    got = read("user,team,kpi,period,value\n501,,revenue,2026-09,2500000.50\n,700,won_deals,2026-09,40\n")
    assert got.bad == ()
    assert got.plans == (
        Plan(subject="user:501", kpi="revenue", period="2026-09", value=Decimal("2500000.50"), author="anna"),
        Plan(subject="team:700", kpi="won_deals", period="2026-09", value=Decimal(40), author="anna"),
    )


def test_as_russian_excel_saves_it():
    got = read("Менеджер;Показатель;Период;План\r\n501;revenue;2026-09;2 500 000,50\r\n", "cp1251")
    assert [plan.value for plan in got.plans] == [Decimal("2500000.50")]


def test_a_byte_order_mark_and_other_order_of_columns():
    got = read("value;period;kpi;user\n10;2026-09;revenue;501\n", "utf-8-sig")
    assert got.plans[0].subject == "user:501"


def test_every_bad_line_is_reported_with_its_number_and_the_good_ones_stay():
    got = read(
        "user;team;kpi;period;value\n"
        "501;;revenue;2026-09;1\n"
        "\n"
        ";;revenue;2026-09;1\n"
        "501;700;revenue;2026-09;1\n"
        "502;;profit;2026-09;1\n"
        "502;;revenue;2026-13;1\n"
        "502;;revenue;2026-09;-1\n"
        "502;;revenue;2026-09;many\n"
        "501;;revenue;2026-09;2\n"
        "503;;revenue\n"
        "504;;revenue;2026-09;7\n"
    )
    assert [plan.subject for plan in got.plans] == ["user:501", "user:504"]
    assert [bad.line for bad in got.bad] == [4, 5, 6, 7, 8, 9, 10, 11]
    assert "profit" in got.bad[2].problem
    assert "kpi kpis list" in got.bad[2].problem
    assert "2026-13" in got.bad[3].problem
    assert "in 2 already" in got.bad[6].problem
    assert "period" in got.bad[7].problem
    assert "value" in got.bad[7].problem


@pytest.mark.parametrize("text", ["", "\n", "a;b\n1;2\n", "user;kpi;period\n501;revenue;2026-09\n"])
def test_a_file_without_the_columns_says_which_it_needs(text):
    got = read(text)
    assert got.plans == ()
    assert "user, team or company, kpi, period, value" in got.bad[0].problem


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1000", "1000"), ("1 000,5", "1000.5"), ("1\u00a0000", "1000"), ("2.500.000,50", "2500000.50"),
        ("2,500,000.50", "2500000.50"), ("12'000", "12000"), ("+3", "3"), ("0", "0"),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(text, value):
    got = read(f'user;kpi;period;value\n501;revenue;2026-09;"{text}"\n')
    assert got.plans[0].value == Decimal(value)


@pytest.mark.parametrize("text", ["", "NaN", "inf", "1e9", "1,000,000", "٣", "10 %", "=1+1", "--1"])
def test_what_is_no_number_is_refused_rather_than_guessed(text):
    got = read(f'user;kpi;period;value\n501;revenue;2026-09;"{text}"\n')
    assert got.plans == ()
    assert got.bad[0].line == 2


def test_a_torn_quote_takes_nothing():
    got = read('user,kpi,period,value\n501,revenue,2026-09,"1\n502,revenue,2026-09,2\n')
    assert got.plans == ()
    assert len(got.bad) == 1


def test_plans_of_the_configuration():
    settings = (PlanSettings(user="501", kpi="revenue", period="2026-09", value=Decimal("2.5E+6")),)
    assert from_settings(settings, KPIS) == (
        Plan(subject="user:501", kpi="revenue", period="2026-09", value=Decimal(2_500_000), author="config"),
    )
    assert from_settings(settings) == from_settings(settings, KPIS)


def test_every_problem_of_the_configuration_at_once():
    settings = (
        PlanSettings(user="501", team="700", kpi="revenue", period="2026-09", value=Decimal(5)),
        PlanSettings(team="700", kpi="calls", period="2026-09", value=Decimal(5)),
    )
    with pytest.raises(BadConfig) as caught:
        from_settings(settings, KPIS)
    assert [problem[:18] for problem in caught.value.problems] == ["account.plan no. 1", "account.plan no. 2"]


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fall(data):
    got = read_csv(b"user;kpi;period;value\n1;revenue;2026-09;5\n" + data, KPIS, "x")
    assert all(plan.kpi in KPIS and plan.value >= 0 for plan in got.plans)
    assert got.plans or got.bad


@given(st.lists(st.tuples(st.integers(1, 10**6), st.decimals(0, 10**12, places=2)), unique_by=lambda p: p[0]))
def test_what_is_written_is_what_is_read(rows):
    text = "user;kpi;period;value\n" + "".join(f"{u};revenue;2026-09;{str(v).replace('.', ',')}\n" for u, v in rows)
    got = read(text)
    assert not got.bad
    assert [(plan.subject, plan.value) for plan in got.plans] == [(f"user:{u}", v) for u, v in rows]
