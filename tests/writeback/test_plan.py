from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from connector.config import WritebackSettings
from connector.moment import Period, WorkCalendar
from connector.result import Result
from connector.targets.pace import pace, this_morning
from connector.targets.planning.prorating import Prorated
from connector.wishes import SetFields, UpsertCard, Written
from connector.writeback.ahead import Ahead
from connector.writeback.fields import CARD, DEAL
from connector.writeback.plan import DealState, Known, layout, plan

ZONE = "Europe/Moscow"
PERIOD = Period.parse("2026-09")
NOW = datetime(2026, 9, 16, 9, 30, tzinfo=UTC)
ON = WritebackSettings(deal_fields="on", kpi_card="on", tasks="on")
DEAL_7001 = DealState(
    id="7001",
    owner_id="501",
    on_stage_since=NOW - timedelta(days=4),
    response=Decimal("12.6"),
    in_norm=True,
)


def result(kpi: str, unit: str, value: str | None, user: str = "501") -> tuple[tuple[str, str], Result]:
    subject = f"user:{user}"
    amount = None if value is None else Decimal(value)
    return (kpi, subject), Result(kpi=kpi, subject=subject, period="2026-09", unit=unit, value=amount)


RESULTS = dict(
    [
        result("revenue", "money", "1100000.50"),
        result("plan_attainment", "share", "0.44"),
        result("win_rate", "share", "0.2857"),
        result("average_deal", "money", "137500.06"),
        result("calls", "count", "214"),
        result("successful_call_share", "share", "0.61"),
        result("meetings", "count", "9"),
        result("lead_response_minutes", "minutes", "7.5"),
        result("lead_answered_in_norm", "share", "0.905"),
        result("csat", "share", None),
        result("refund_share", "share", "0.004"),
    ]
)


def known(**more) -> Known:
    calendar = WorkCalendar(ZONE)
    running = pace(Decimal(2_500_000), Decimal("1100000.50"), PERIOD, this_morning(NOW, ZONE), calendar, ZONE)
    base = Known(
        period=PERIOD, now=NOW, zone=ZONE, data_day=date(2026, 9, 16), settings=ON, deals=(DEAL_7001,),
        names={"501": "Анна Иванова"}, results=RESULTS, paces={"user:501": running},
    )  # fmt: skip
    return replace(base, **more)


def as_written(wishes, at: datetime = NOW) -> dict[str, dict[str, Written]]:
    """The ledger after these were delivered to the letter."""
    return {
        wish.key.partition("#")[0]: {c: Written(wanted=v, shown=v, at=at) for c, v in wish.values.items()}
        for wish in wishes
    }


def later(state: Known, **more) -> Known:
    """The same account later, with everything delivered at NOW."""
    return replace(state, written=as_written(plan(state)), **more)


def test_the_layout_names_our_fields_in_both_languages():
    russian, english = layout("ru"), layout("en")
    assert russian.group == english.group == "KPI"
    assert len(russian.deal_fields) == 6
    assert len(russian.card_fields) == 22
    for ours, theirs in ((russian.deal_fields, english.deal_fields), (russian.card_fields, english.card_fields)):
        assert [field.code for field in ours] == [field.code for field in theirs]
        assert all(field.code.startswith("KPI_") and len(field.code) <= 42 for field in ours)
        assert all(one.title != other.title or one.code == "KPI_CSAT" for one, other in zip(ours, theirs, strict=True))
    codes = [field.code for field in (*russian.deal_fields, *russian.card_fields)]
    assert len(set(codes)) == len(codes)


def test_a_deal_gets_its_own_facts_and_its_owners_headline():
    (deal,) = [wish for wish in plan(known()) if isinstance(wish, SetFields)]
    assert deal.values == {
        "KPI_RESPONSE_MINUTES": "13",
        "KPI_RESPONSE_NORM": "норма",
        "KPI_STAGE_DAYS": "4",
        "KPI_OWNER_ATTAINMENT": "44",
        "KPI_OWNER_PACE": "88",
        "KPI_OWNER_WIN_RATE": "29",
    }
    assert deal.last == {}


def test_a_card_gets_the_whole_set():
    (card,) = [wish for wish in plan(known()) if isinstance(wish, UpsertCard)]
    assert card.title == "Анна Иванова · KPI 2026-09"
    assert card.crm_id is None
    assert card.values == {
        "KPI_PLAN": "2500000",
        "KPI_FACT": "1100000.5",
        "KPI_ATTAINMENT": "44",
        "KPI_PACE": "88",
        "KPI_LEFT_PER_DAY": "127273",
        "KPI_WIN_RATE": "29",
        "KPI_AVERAGE_DEAL": "137500",
        "KPI_CALLS": "214",
        "KPI_SUCCESSFUL_CALLS": "61",
        "KPI_MEETINGS": "9",
        "KPI_LEAD_RESPONSE": "8",
        "KPI_ANSWERED_IN_NORM": "91",
        "KPI_REFUND_SHARE": "0",
        "KPI_DATA_AS_OF": "2026-09-16",
    }


def test_english_words_where_the_account_is_english():
    wishes = plan(known(language="en", deals=(replace(DEAL_7001, in_norm=False),)))
    assert wishes[-1].values["KPI_RESPONSE_NORM"] == "missed"


def test_a_second_look_plans_nothing():
    assert plan(later(known())) == []


def test_noise_plans_nothing():
    """A few kopecks of average, a tenth of a percent, seconds of a response: nobody sees them."""
    noisy = RESULTS | dict([result("average_deal", "money", "137499.80"), result("win_rate", "share", "0.2904")])
    deal = replace(DEAL_7001, response=Decimal("12.9"))
    assert plan(later(known(), results=noisy, deals=(deal,), now=NOW + timedelta(minutes=20))) == []


def test_the_day_of_the_data_alone_is_no_reason_to_write():
    state = later(known(deals=()), data_day=date(2026, 9, 17), now=NOW + timedelta(days=1))
    assert plan(state) == []
    state = replace(state, results=RESULTS | dict([result("calls", "count", "230")]))
    (card,) = plan(state)
    assert card.values == {"KPI_CALLS": "230", "KPI_DATA_AS_OF": "2026-09-17"}
    assert card.last == {"KPI_CALLS": "214", "KPI_DATA_AS_OF": "2026-09-16"}


def test_a_win_is_on_the_card_at_once_and_a_call_within_the_hour():
    call = RESULTS | dict([result("calls", "count", "215")])
    assert plan(later(known(deals=()), results=call, now=NOW + timedelta(minutes=59))) == []
    assert len(plan(later(known(deals=()), results=call, now=NOW + timedelta(minutes=60)))) == 1
    win = call | dict([result("revenue", "money", "1200000")])
    (card,) = plan(later(known(deals=()), results=win, now=NOW + timedelta(minutes=1)))
    assert card.values == {"KPI_FACT": "1200000", "KPI_CALLS": "215"}


def test_an_owners_win_does_not_rewrite_all_his_deals_within_the_day():
    win = RESULTS | dict([result("win_rate", "share", "0.40")])
    same = DEAL_7001
    states = [later(known(names={}), results=win, deals=(same,), now=NOW + timedelta(hours=h)) for h in (1, 10)]
    assert [plan(state) for state in states] == [[], []]
    tomorrow = later(known(names={}), results=win, deals=(same,), now=NOW + timedelta(hours=20))
    assert plan(tomorrow)[0].values == {"KPI_STAGE_DAYS": "5", "KPI_OWNER_WIN_RATE": "40"}


def test_a_new_owners_deal_does_not_keep_the_old_owners_numbers():
    moved = replace(DEAL_7001, owner_id="502", owner_since=NOW + timedelta(minutes=5))
    state = later(known(names={}), deals=(moved,), now=NOW + timedelta(minutes=6))
    assert plan(state)[0].values == {
        "KPI_OWNER_ATTAINMENT": None,
        "KPI_OWNER_PACE": None,
        "KPI_OWNER_WIN_RATE": None,
    }


def test_unsorted_deals_are_never_written():
    assert plan(known(names={}, deals=(replace(DEAL_7001, unsorted=True),))) == []


@pytest.mark.parametrize(
    ("closed_at", "open_only", "open_since", "written"),
    [
        (datetime(2026, 8, 31, 21, tzinfo=UTC), True, None, True),  # the first minute of September in Moscow
        (datetime(2026, 8, 31, 20, 59, tzinfo=UTC), True, None, False),
        (datetime(2026, 8, 31, 20, 59, tzinfo=UTC), False, None, False),
        (datetime(2026, 8, 20, tzinfo=UTC), False, datetime(2026, 7, 31, 21, tzinfo=UTC), True),
        (datetime(2026, 8, 20, tzinfo=UTC), True, datetime(2026, 7, 31, 21, tzinfo=UTC), False),
        (None, True, None, False),
    ],
)
def test_closed_deals_only_of_this_month_or_of_open_periods(closed_at, open_only, open_since, written):
    deal = replace(DEAL_7001, outcome="won", closed_at=closed_at)
    settings = ON.model_copy(update={"open_deals_only": open_only})
    wishes = plan(known(names={}, deals=(deal,), settings=settings, open_since=open_since))
    assert bool(wishes) is written
    if wishes:
        assert wishes[0].values == {"KPI_RESPONSE_MINUTES": "13", "KPI_RESPONSE_NORM": "норма"}


def test_a_closed_period_is_never_rewritten():
    assert plan(known(deals=(), closed=True)) == []


@pytest.mark.parametrize("level", ["deal_fields", "kpi_card"])
def test_a_level_that_is_off_is_not_planned_and_preview_is(level):
    off = plan(known(settings=ON.model_copy(update={level: "off"})))
    shown = plan(known(settings=ON.model_copy(update={level: "preview"})))
    assert (len(off), len(shown)) == (1, 2)


def test_who_did_nothing_and_has_no_plan_gets_no_card():
    idle = dict([result("revenue", "money", "0", "9"), result("calls", "count", "0", "9")])
    assert plan(known(deals=(), names={"9": "Робот"}, results=idle)) == []


def test_an_unanswered_enquiry_empties_nothing_that_is_not_there():
    deal = DealState(id="7001", owner_id=None, response=None, in_norm=None, on_stage_since=None)
    assert plan(known(names={}, deals=(deal,))) == []


def test_what_is_measured_no_more_is_emptied():
    gone = {key: value for key, value in RESULTS.items() if key[0] != "calls"}
    (card,) = plan(later(known(deals=()), results=gone, now=NOW + timedelta(hours=1)))
    assert card.values == {"KPI_CALLS": None}


def test_the_order_is_by_number_and_cards_come_first():
    deals = [replace(DEAL_7001, id=id) for id in ("10", "9", "100")]
    names = {"501": "А", "77": "Б"}
    results = RESULTS | dict([result("revenue", "money", "1", "77")])
    told = [wish.key.partition("#")[0] for wish in plan(known(deals=deals, names=names, results=results))]
    assert told == ["card:77:2026-09", "card:501:2026-09", "deal:9", "deal:10", "deal:100"]


def test_the_cards_own_id_comes_from_the_ledger():
    state = later(known(deals=()), results=RESULTS | dict([result("revenue", "money", "5")]))
    state.written["card:501:2026-09"]["@id"] = Written(wanted="88", shown="88", at=NOW)
    assert plan(state)[0].crm_id == "88"


def test_how_the_crm_spells_it_is_no_difference_but_what_we_look_for():
    state = later(known(deals=()))
    fact = Written(wanted="1100000.5", shown="1100000.50|RUB", at=NOW)
    state.written["card:501:2026-09"]["KPI_FACT"] = fact
    assert plan(state) == []
    (card,) = plan(replace(state, results=RESULTS | dict([result("revenue", "money", "7")])))
    assert card.last["KPI_FACT"] == "1100000.50|RUB"


def test_what_a_person_wrote_is_left_until_our_value_changes_and_a_week_has_passed():
    theirs = {"deal:7001": {"KPI_RESPONSE_MINUTES": Written(wanted="13", shown="99", at=NOW, theirs=True)}}
    quiet = {code: Written(wanted=v, shown=v, at=NOW) for code, v in plan(known(names={}))[0].values.items()}
    state = known(names={}, written={"deal:7001": quiet | theirs["deal:7001"]})
    other = (replace(DEAL_7001, response=Decimal(20)),)
    assert plan(state) == []
    assert plan(replace(state, deals=other)) == []
    (deal,) = plan(replace(state, deals=other, now=NOW + timedelta(days=7)))
    assert deal.values["KPI_RESPONSE_MINUTES"] == "20"
    assert deal.last["KPI_RESPONSE_MINUTES"] is None  # written only where the field is empty again
    (forced,) = plan(replace(state, force=True))
    assert (forced.values, forced.last) == ({"KPI_RESPONSE_MINUTES": "13"}, {"KPI_RESPONSE_MINUTES": "99"})


@limits(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 2000),
            st.decimals(0, 10**7, places=2),
            st.decimals(0, 1, places=4),
            st.one_of(st.none(), st.decimals(0, 5000, places=3)),
            st.sampled_from([None, True, False]),
        ),
        min_size=1,
        max_size=8,
    )
)
def test_after_any_changes_a_quiet_crm_is_left_alone_and_nothing_is_written_twice(steps):
    """Each step changes the world; the delivered is applied; a second look at the same world always plans nothing."""
    written: dict[str, dict[str, Written]] = {}
    now = NOW
    for minutes, revenue, share, response, norm in steps:
        now += timedelta(minutes=minutes)
        results = dict([result("revenue", "money", str(revenue)), result("win_rate", "share", str(share))])
        deal = replace(DEAL_7001, response=response, in_norm=norm)
        state = known(now=now, data_day=now.date(), results=results, deals=(deal,), written=written)
        wishes = plan(state)
        assert plan(state) == wishes
        for target, fields in as_written(wishes, now).items():
            before = written.setdefault(target, {})
            assert all(before.get(code) is None or before[code].wanted != w.wanted for code, w in fields.items())
            before |= fields
        assert plan(state) == []


def replanned() -> dict[tuple[str, str], Result]:
    """Revenue against a plan that was 2 750 000 at first and is 2 500 000 now."""
    key, attained = result("plan_attainment", "share", "0.44")
    sides = {"numerator": Decimal("1100000.50"), "denominator": Decimal(2_500_000), "first_plan": Decimal(2_750_000)}
    return {key: msgspec.structs.replace(attained, **sides)}


def test_a_plan_that_was_changed_or_is_worked_in_fewer_days_stands_beside_the_one_in_force():
    less = Prorated(Decimal("1704545.45"), Decimal(2_500_000), 15, 22)
    (card,) = plan(known(deals=(), results=RESULTS | replanned(), by_days={"user:501": less}))
    assert card.values["KPI_PLAN"] == "2500000"
    assert (card.values["KPI_PLAN_FIRST"], card.values["KPI_ATTAINMENT_FIRST"]) == ("2750000", "40")
    assert card.values["KPI_PLAN_BY_DAYS"] == "1 704 545 из 2 500 000 (15 из 22 раб. дн.)"
    (card,) = plan(known(deals=()))
    assert not {"KPI_PLAN_FIRST", "KPI_ATTAINMENT_FIRST", "KPI_PLAN_BY_DAYS"} & set(card.values)


def test_every_field_has_a_source_that_the_planner_fills():
    less = Prorated(Decimal(1), Decimal(2), 1, 2)
    results = RESULTS | dict([result("csat", "share", "1")]) | replanned()
    ahead = {"user:501": Ahead(Decimal(1), Decimal(2), Decimal("0.6"))}
    told = {"histories": {"501": "x"}, "plan_changes": {"501": "x"}, "ahead": ahead}
    (card,) = plan(known(deals=(), results=results, by_days={"user:501": less}, **told))
    (deal,) = plan(known(names={}))
    assert set(card.values) == {slot.code for slot in CARD}
    assert set(deal.values) == {slot.code for slot in DEAL}


def test_a_clock_that_was_set_back_holds_nothing_up_that_is_due_at_once():
    """A CRM's clock is known to a second or so: what was written then may lie ahead of now."""
    before = later(known(deals=()), now=NOW - timedelta(seconds=2))
    [card] = plan(replace(before, histories={"501": "16.09 open"}))
    assert card.values == {"KPI_FEEDBACK": "16.09 open"}
    calls = dict([result("calls", "count", "400")])
    assert plan(replace(before, results=RESULTS | calls)) == []
