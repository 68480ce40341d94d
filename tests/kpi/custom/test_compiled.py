"""Own KPIs: what each word means, and everything that is refused, with its place and reason."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from connector.config import KpiSettings, Rules
from connector.kpi.catalogue import ALL
from connector.kpi.custom.carried import CARRIED, COHORTS
from connector.kpi.custom.compiled import compiled
from connector.kpi.custom.conditions import THRESHOLDS
from connector.kpi.custom.kinds_telling import as_text
from connector.kpi.custom.selecting import World
from connector.kpi.definition import Ago, Measure, Where, thresholds
from connector.kpi.kinds import KINDS, STANDING
from connector.kpi.telling.formula import formula
from connector.kpi.varying import way
from connector.records import Pipeline, Stage
from tests.kpi.custom.own import codes, compile, one

DAY = 86_400


def _apart(side: tuple[Measure, ...]) -> set[Measure]:
    return {replace(measure, kinds=(kind,)) for measure in side for kind in measure.kinds}


def test_every_kind_of_fact_is_carried_and_every_threshold_known() -> None:
    assert list(CARRIED) == list(KINDS)
    assert THRESHOLDS.keys() == thresholds(Rules(), 0).keys() - {"as_of", "hour_ago"}
    for kind, carried in CARRIED.items():
        assert bool(carried.number) == bool(KINDS[kind].number), kind
        assert carried.due == (KINDS[kind].due is not None), kind
        assert carried.setting is None or carried.setting in Rules.model_fields
    assert {cohort.kind for cohort in COHORTS.values()} <= CARRIED.keys()


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("won_deals", 'count = "win"'),
        ("revenue", 'sum = { of = "win", value = "amount" }'),
        ("calls", 'count = "call"'),
        ("outgoing_calls", 'count = { of = "call", direction = "out" }'),
        ("win_rate", 'share = { of = "win", among = ["win", "loss"] }'),
        ("successful_call_share", 'share = { of = "call_out", where = ["number >= successful_call_seconds"] }'),
        ("repeat_share", 'share = { of = "win", where = ["number >= 2"] }'),
        ("median_deal", 'median = { of = "win", value = "amount", where = ["amount > 0"] }'),
        ("lead_response_estimate", 'median = { of = ["enquiry", "handed"], value = "number" }'),
        ("deal_cycle_days", 'median = { of = "cycle", value = "number" }\nunit = "days"'),
        ("revenue_per_day", 'ratio = { top = { sum = { of = "win", value = "amount" } }, bottom = "days" }'),
        (
            "plan_attainment",
            'ratio = { top = { sum = { of = "win", value = "amount" } }, bottom = { plan = "revenue" } }',
        ),
        ("revenue_per_client", 'ratio = {top = {sum = {of = "win", value = "amount"}}, bottom = {clients = "win"}}'),
        ("overdue_task_share", 'share = { of = "open_task", where = ["due <= now"] }'),
        ("reactivations", 'count = { of = "win", where = ["other > reactivation_days"] }'),
    ],
)
def test_the_words_make_what_the_catalogue_has(key: str, text: str) -> None:
    own, ours = one(text), ALL[key]
    assert (_apart(own.top), _apart(own.bottom)) == (_apart(ours.top), _apart(ours.bottom))
    assert (own.plan, own.days) == (ours.plan, ours.days)
    history = own.lookback or key == "revenue_per_client"  # K-35 asks for a year of it, whoever counts clients does not
    assert (own.unit, own.per, own.proportion, history) == (ours.unit, ours.per, ours.proportion, ours.lookback)
    assert own.needs == ours.needs
    if all(len(measure.kinds) == 1 for measure in own.measures):
        assert formula(own, "ru") == formula(ours, "ru")
    assert ("key", "(same)") in codes(text)


def test_a_conversion_counts_the_mature_within_its_window_and_shows_the_young() -> None:
    kpi = one('conversion = { from = "enquiry", to = "win", window = "60d", source = ["site"] }')
    site, old = Where("source", "in", ("site",)), Where("at", "le", Ago(60 * DAY))
    assert kpi.top == (Measure(("lead_won",), (site, old, Where("number", "le", 60 * DAY))),)
    assert kpi.bottom == (Measure(("lead_won",), (site, old)),)
    assert kpi.ripens == (Measure(("lead_won",), (site, Where("at", "gt", Ago(60 * DAY)))),)
    assert (kpi.proportion, kpi.unit, kpi.empty, kpi.minimum) == (True, "share", "no_mature", 20)
    assert "секунды до выигрыша ≤ 60d" in formula(kpi, "ru")
    assert "moment ≤ the report's moment - 60 days" in formula(kpi, "en")
    assert all(any(where.moves for where in side.where) for side in (*kpi.top, *kpi.bottom, *kpi.ripens))


@pytest.mark.parametrize(
    ("pair", "kind", "days", "seconds"),
    [
        (("enquiry", "win"), "lead_won", 90, DAY),
        (("talk", "meeting"), "talk_meeting", 90, DAY),
        (("quote", "win"), "quote", 90, DAY),
        (("step", "next"), "step", 30, DAY),
        (("win", "win"), "return", 180, 1),
    ],
)
def test_without_a_window_it_is_the_rules_in_the_facts_own_unit(
    pair: tuple[str, str], kind: str, days: int, seconds: int
) -> None:
    kpi = one(f'conversion = {{ from = "{pair[0]}", to = "{pair[1]}" }}')
    assert kpi.top[0].where[-1] == Where("number", "le", days * seconds)
    assert kpi.top[0].kinds == (kind,)
    assert kpi.bottom[0].where == (Where("at", "le", Ago(days * DAY)),)


def test_a_deal_that_closed_in_time_is_converted_only_if_it_was_won() -> None:
    kpi = one('conversion = { from = "deal", to = "win", window = "30d" }')
    assert kpi.top[0].where[-1] == Where("stage", "in", ("won",))
    assert all(where.column != "stage" for where in kpi.bottom[0].where)


def test_in_a_share_of_those_who_wait_the_young_are_in_neither_side() -> None:
    kpi = one('share = { of = "enquiry", where = ["number <= 5m"] }')
    assert kpi.top == (Measure(("enquiry",), (Where("number", "le", 300),)),)
    unanswered = Where("number", "unknown")
    assert kpi.bottom == (
        Measure(("enquiry",), (Where("number", "known"),)),
        Measure(("enquiry",), (unanswered, Where("due_at", "le", "as_of"))),
    )
    assert kpi.ripens == (Measure(("enquiry",), (unanswered, Where("due_at", "gt", "as_of"))),)
    silent = one('share = { of = "enquiry", where = ["number is missing"] }')
    assert silent.top == (silent.bottom[1],)


def test_the_part_of_a_share_lies_in_the_whole_by_construction() -> None:
    text = """
    [share]
    of = "win"
    among = ["win", "loss"]
    pipeline = "Опт"
    where = ["amount >= 100 000"]
    among_where = ["number >= 1"]
    """
    kpi = one(text, pipelines=(Pipeline(id="11", name="опт"),))
    whole = (Where("pipeline_id", "in", ("11",)), Where("number", "ge", 1))
    assert kpi.bottom == (Measure(("win", "loss"), whole),)
    assert kpi.top == (Measure(("win",), (*whole, Where("amount", "ge", 10_000_000))),)
    assert "[воронка ∈ {Опт}, номер покупки клиента ≥ 1, сумма ≥ 100 000]" in formula(kpi, "ru")


def test_a_mean_is_over_those_that_have_the_value_and_has_an_interval() -> None:
    kpi = one('mean = { of = "rating", value = "number" }', Rules(csat_field="CSAT"))
    there = (Where("number", "known"),)
    assert (kpi.top, kpi.bottom) == ((Measure(("rating",), there, "sum", "number"),), (Measure(("rating",), there),))
    assert kpi.spread == Measure(("rating",), there, "quantile", "number")
    assert (kpi.unit, kpi.setting, kpi.minimum) == ("score", "csat_field", 8)


@pytest.mark.parametrize(
    ("top", "bottom", "told"),
    [
        ('{of = "call_out", value = "number"}', '{count = "call_out"}', "pairs"),
        ('{of = "call_out", value = "number", where = ["number >= 60"]}', '{count = "call_out"}', "pairs"),
        ('{of = "win", value = "amount"}', '{count = "win"}', "pairs"),
        ('{of = "win", value = "amount"}', '{count = "loss"}', "sum_counts"),
        ('{of = "win", value = "amount"}', '{count = {of = "win", where = ["amount >= 100000"]}}', "sum_counts"),
        ('{of = "win", value = "amount"}', '{count = ["win", "loss"]}', "pairs"),
        ('{of = ["win", "created"], value = "amount"}', '{count = "win"}', "sum_counts"),
    ],
)
def test_a_sum_by_the_number_of_its_own_facts_is_as_sure_as_a_mean(top: str, bottom: str, told: str) -> None:
    assert way(one(f"ratio = {{top = {{sum = {top}}}, bottom = {bottom}}}")) == told


def test_amounts_are_written_in_units_of_the_accounts_currency() -> None:
    text = 'count = { of = "win", where = ["amount >= 99.90"] }'
    assert one(text).top[0].where == (Where("amount", "ge", 9990),)
    assert one(text.replace("99.90", "100"), currency="JPY").top[0].where == (Where("amount", "ge", 100),)


@pytest.mark.parametrize(
    ("condition", "meant"),
    [
        ("number >= 180", Where("number", "ge", 180)),
        ("number<3m", Where("number", "lt", 180)),
        ("number > meaningful_call_seconds", Where("number", "gt", "meaningful_call_seconds")),
        ("other is known", Where("other", "known")),
        ("number = 0", Where("number", "eq", 0)),
    ],
)
def test_conditions(condition: str, meant: Where) -> None:
    assert one(f'count = {{ of = "call_out", where = ["{condition}"] }}').top[0].where == (meant,)


def test_age_of_what_stands_is_turned_into_a_moment() -> None:
    kpi = one('sum = { of = "open_deal", value = "amount", where = ["age >= 30d", "due is missing"] }')
    assert kpi.top[0].where == (Where("at", "le", Ago(30 * DAY)), Where("due_at", "unknown"))
    assert kpi.standing


def test_refunds_count_once_they_are_made() -> None:
    kpi = one('count = "refund"', Rules(refund_amount_field="x"))
    assert kpi.top[0].where == (Where("due_at", "le", "as_of"),)


REFUSED = [
    ('count = "call_outt"', "count.of", "no_kind"),
    ('sum = { of = "call_out", value = "amount" }', "sum.value", "no_money"),
    ('sum = { of = "call_in", value = "other" }', "sum.value", "no_column"),
    ('sum = { of = "win", value = "number" }', "sum.value", "no_sum"),
    ('mean = { of = "win", value = "number" }', "mean.value", "no_mean"),
    ('mean = { of = "enquiry", value = "number" }', "mean.value", "unfinished"),
    ('median = { of = "return", value = "number" }', "median.value", "no_waiting"),
    ('median = { of = "task_due", value = "number" }', "median.value", "no_waiting"),
    ('median = { of = "lead_won", value = "number", where = ["number <= 30d"] }', "median.value", "unfinished"),
    ('median = { of = ["call_out", "rating"], value = "number" }', "median.value", "mixed"),
    ('count = ["win", "open_deal"]', "count.of", "standing"),
    ('count = { of = "lead_won", where = ["number <= 30d"] }', "count.where", "immature"),
    ('count = { of = "lead_won", where = ["due <= now"] }', "count.where", "immature"),
    ('share = { of = "created", where = ["number <= 30d"] }', "share.where", "immature"),
    ('share = { of = "win" }', "share.where", "always_one"),
    ('share = { of = "win", among = "loss" }', "share.among", "not_part"),
    ('count = { of = "win", where = ["numbr > 1"] }', "count.where", "no_condition"),
    ('count = { of = "win", where = ["amount is known"] }', "count.where", "no_condition"),
    ('count = { of = "win", where = ["amount > many"] }', "count.where", "no_literal"),
    ('count = { of = "call_out", where = ["number > csat_good_from"] }', "count.where", "no_number"),
    ('count = { of = "open_task", where = ["due <= 3d"] }', "count.where", "no_now"),
    ('count = { of = "win", where = ["age > 3d"] }', "count.where", "age_happened"),
    ('count = { of = "loss", where = ["due <= now"] }', "count.where", "no_column"),
    ('count = { of = "call_out", pipeline = "Опт" }', "count.pipeline", "no_deal"),
    ('count = { of = "meeting", source = "site" }', "count.source", "no_deal"),
    ('count = { of = "win", stage = "won" }', "count.stage", "no_stage"),
    ('count = { of = "created", stage = "new" }', "count.stage", "stage_other"),
    ('conversion = { from = "step", to = "next", stage = "A > B" }', "conversion.stage", "stage_other"),
    ('count = { of = "win", direction = "out" }', "count.direction", "no_direction"),
    ('conversion = { from = "call", to = "win" }', "conversion.from", "no_cohort"),
    ('conversion = { from = "talk", to = "win", source = "site" }', "conversion.source", "no_deal"),
    ('ratio = { top = { count = "win" }, bottom = { count = "open_deal" } }', "ratio.bottom", "standing"),
    ('ratio = { top = { count = "win" }, bottom = { count = "win" } }', "ratio.bottom", "always_one"),
    (
        'ratio = { top = { count = "win" }, bottom = { sum = { of = "win", value = "amount" } } }',
        "ratio.bottom",
        "no_ratio",
    ),
    ('ratio = { top = { count = "win" }, bottom = { plan = "revenue" } }', "ratio.bottom.plan", "no_plan"),
    ('ratio = { top = { count = "win" }, bottom = { plan = "profit" } }', "ratio.bottom.plan", "no_plan"),
    (
        'ratio = { top = { count = { of = "enquiry", where = ["number <= 5m"] } }, bottom = { count = "enquiry" } }',
        "ratio.top.count.where",
        "part_of_waiting",
    ),
    ('count = "win"\nunit = "money"', "unit", "no_unit"),
    ('count = "win"\ncounter = "revenu"', "counter", "no_counter"),
    ('count = "win"\ncounter = "own_0"', "counter", "own_counter"),
    ('count = "call"\ncounter = "calls"', "counter", "same"),
    ('count = "call_out"\ncredit = "now"', "credit", "no_credit"),
    ('count = { of = "win", where = ["number >= 2"] }\ncredit = "split"', "credit", "no_split"),
    ('count = "card"', "count", "no_setting"),
    ('key = "calls"\ncount = "win"', "key", "taken"),
    ('[[kpi]]\nkey = "a1"\ncount = "win"\n[[kpi]]\nkey = "a1"\ncount = "loss"', "key", "twice"),
    ('count = ["refund", "payment"]', "count.of", "mixed"),
]


@pytest.mark.parametrize(
    ("text", "path", "code"), REFUSED, ids=[f"{code}-{n}" for n, (_, _, code) in enumerate(REFUSED)]
)
def test_what_cannot_be_computed_is_refused_at_its_key(text: str, path: str, code: str) -> None:
    assert (path, code) in codes(text)
    made = compile(text)
    assert all(flaw.text.ru and flaw.text.en and "{" not in flaw.text.en for flaw in made.flaws)
    assert {flaw.number for flaw in made.refused}.isdisjoint(
        number for number, key in enumerate(made.kpis) if key == f"own_{number}"
    )


def test_every_problem_is_told_at_once_and_once() -> None:
    text = """
    [[kpi]]
    share = { of = "call_out", where = ["numbr > 1", "due <= now"], pipeline = "x" }
    counter = "nobody"
    [[kpi]]
    key = "calls"
    count = "nothing"
    """
    assert codes(text) == [
        ("share.pipeline", "no_deal"),
        ("share.where", "no_condition"),
        ("share.where", "no_column"),
        ("counter", "no_counter"),
        ("key", "taken"),
        ("count.of", "no_kind"),
    ]
    assert compile(text).kpis == {}


@pytest.mark.parametrize(
    ("text", "path", "code"),
    [
        ('count = "meeting"', "key", "no_counter_yet"),
        ('share = { of = "win", where = ["amount > 5"] }\nminimum = 3', "minimum", "few"),
        ('mean = { of = "win", value = "amount" }', "mean.where", "zero_amounts"),
        ('count = "rating"', "count", "no_setting"),
        ('count = "technique"', "count", "only_imported"),
        ('count = "win"', "key", "same"),
    ],
)
def test_what_is_not_wise_is_a_warning_and_still_computed(text: str, path: str, code: str) -> None:
    assert (path, f"({code})") in codes(text)
    assert one(text).key == "own_0"


def test_an_activity_with_a_counter_kpi_or_less_of_which_is_better_warns_of_nothing() -> None:
    assert codes('clients = "call_out"\ncounter = "win_rate"') == []
    assert codes('sum = { of = "call_out", value = "number" }\ndirection = "less"') == []


def test_names_of_the_crm_are_ids_and_unknown_ones_leave_no_source() -> None:
    world = {
        "pipelines": (Pipeline(id="11", name="Опт"),),
        "stages": (Stage(id="11/1", name="Новая", pipeline_id="11"),),
    }
    kpi = one('count = { of = "open_deal", pipeline = ["опт"], stage = "новая" }', **world)
    assert [where.than for where in kpi.top[0].where] == [("11",), ("11/1",)]
    text = 'count = { of = "open_deal", pipeline = ["Розница"], stage = "Ушла" }'
    assert codes(text, **world) == [("count.pipeline", "(no_pipeline)"), ("count.stage", "(unknown_stage)")]
    lacking = one(text, **world)
    assert lacking.needs == {"deal", "named:Розница", "named:Ушла"}
    assert not lacking.has_source(frozenset({"deal", "call"}), Rules())
    assert one(text).needs == {"deal"}


def test_kinds_of_records_that_the_crm_does_not_give_are_named() -> None:
    assert codes('count = "open_task"', gives=frozenset({"deal", "call"})) == [("count", "(no_records)")]
    assert codes('count = "open_task"', gives=frozenset({"deal", "task"})) == []


def test_an_import_is_a_source() -> None:
    kpi = one('sum = { of = "payment", value = "amount" }')
    assert not kpi.has_source(frozenset({"deal"}), Rules())
    assert kpi.has_source(frozenset({"deal", "import:payment"}), Rules())


def test_its_credit_is_its_own_whatever_the_account_does() -> None:
    kpi = one('count = "win"\ncredit = "creator"')
    assert kpi.credit == kpi.credited("now").credit == "creator"
    assert one('count = "win"').credited("now").credit == "now"
    split = one('sum = { of = "win", value = "amount" }\ncredit = "split"')
    assert split.top == (Measure(("win_part",), take="sum", credit="split"),)


def test_texts_are_as_written_or_come_from_the_definition() -> None:
    bare = one('count = "win"')
    assert (bare.title, bare.meaning.ru) == (("own_0", "own_0"), "число выигрышей.")
    told = one('count = "win"\ntitle = "Победы"\nmeaning = { ru = "Все.", en = "All." }')
    assert (told.title.en, told.meaning.en) == ("Победы", "All.")
    assert told.version == bare.version != one('count = "loss"').version
    harder = [one(f'count = {{ of = "call_out", where = ["number >= {n}"] }}').version for n in ("3m", "180", "181")]
    assert harder[0] == harder[1] != harder[2]


def test_units() -> None:
    talk = 'sum = { of = "call_out", value = "number" }'
    assert (one(talk).unit, one(talk).per) == ("minutes", 60)
    assert (one(talk + '\nunit = "days"').per) == DAY
    assert one('ratio = { top = { count = "call" }, bottom = { count = "win" } }').unit == "count"
    assert one('ratio = { top = { count = "call" }, bottom = { count = "win" } }\nunit = "share"').unit == "share"
    assert one('ratio = { top = { count = "meeting" }, bottom = { plan = "meetings" } }').unit == "share"


def test_a_counter_may_be_a_later_kpi_of_ones_own() -> None:
    text = """
    [[kpi]]
    count = ["meeting", "quote"]
    counter = "own_1"
    [[kpi]]
    conversion = { from = "talk", to = "meeting" }
    """
    assert codes(text) == []


def test_standing_kinds_are_those_that_stand() -> None:
    for kind in STANDING:
        assert one(f'count = "{kind}"').standing


@pytest.mark.parametrize("file", ["README.md", "README.ru.md", "config.example.toml"])
def test_the_examples_in_the_documents_are_computed_without_a_word_against_them(file: str) -> None:
    text = (Path(__file__).parents[3] / file).read_text("utf-8")
    if file.endswith(".md"):
        (text,) = re.findall(r"```toml\n(\[\[account\.kpi\]\].*?)```", text, re.S)
    else:
        (text,) = re.findall(r"^(# \[\[account\.kpi\]\].*?)^# -{9}", text, re.S | re.M)
        text = re.sub("^# ", "", text, flags=re.M)
    told = tomllib.loads(text)["account"]
    own = (told[0] if isinstance(told, list) else told)["kpi"]
    made = compiled([KpiSettings.model_validate(one) for one in own], World(Rules()))
    assert (len(made.kpis), made.flaws) == (3, ())


def test_credit_at_the_event_may_be_said_of_any_kind() -> None:
    kpi = one('share = { of = "call_out", where = ["number >= 1"] }\ncredit = "event"')
    assert (kpi.own_credit, kpi.credited("now")) == (True, kpi)


@pytest.mark.parametrize(
    ("text", "unit", "per"),
    [
        ('mean = { of = "script_passed", value = "number" }', "score", 1),
        ('sum = { of = "script_passed", value = "number" }', "count", 1),
        ('mean = { of = "call_out", value = "number" }', "minutes", 60),
        ('median = { of = "win", value = "other", where = ["other is known"] }', "days", 1),
        ('median = { of = "objection", value = "number" }', "share", 1),
        (
            'ratio = { top = { sum = { of = "refund_booked", value = "amount" } }, '
            'bottom = { sum = { of = "win", value = "amount" } } }',
            "share",
            1,
        ),
        (
            'ratio = { top = { sum = { of = "call_out", value = "number" } }, '
            'bottom = { sum = { of = "call", value = "number" } } }',
            "share",
            1,
        ),
        ('ratio = { top = { sum = { of = "call", value = "number" } }, bottom = { clients = "call" } }', "minutes", 60),
        ('ratio = { top = { count = "call" }, bottom = "days" }', "count", 1),
        ('ratio = { top = { sum = { of = "win", value = "amount" } }, bottom = { count = "win" } }', "money", 1),
    ],
)
def test_the_unit_follows_from_the_facts(text: str, unit: str, per: int) -> None:
    kpi = one(text)
    assert (kpi.unit, kpi.per) == (unit, per)


def test_what_was_perhaps_meant_is_one_word() -> None:
    (flaw,) = compile('count = "cal"').flaws
    assert "(call perhaps)" in flaw.text.en


def test_thresholds_that_fit_are_named() -> None:
    (flaw,) = compile('count = { of = "call_out", where = ["number > x"] }').flaws
    assert "connected_call_seconds" in flaw.text.en
    assert "reactivation_days" not in flaw.text.en
    (flaw,) = compile('count = { of = "win", where = ["amount > x"] }').flaws
    assert flaw.text.en == '"x" is no amount such as 100000'


def test_what_each_kind_carries_is_said_twice_so_that_a_slip_shows() -> None:
    def those(what: str) -> set[str]:
        return {kind for kind, one in CARRIED.items() if getattr(one, what)}

    assert those("amount") == {
        "win", "win_part", "purchase", "client_year", "created", "margin", "margin_base", "listed", "discount",
        "payment", "refund", "refund_excused", "refund_booked", "open_deal", "open_expected", "invoice", "billed",
    }  # fmt: skip
    assert CARRIED.keys() - those("deal") == {
        "call_out", "call_in", "call_missed", "call_missed_off", "callback", "talk_won", "talk_meeting", "meeting",
        "task_due", "reschedule", "open_task",
    }  # fmt: skip
    assert those("activity") == {"quote", "call_out", "call_in", "meeting", "task_due"}
    assert those("history") == {"win", "return", "purchase", "client_year"}
    assert those("due_first") == {"refund", "refund_excused", "client_year"}


BY_WINS = 'ratio = { top = { count = "call" }, bottom = { count = "win" } }'


@pytest.mark.parametrize(
    ("text", "minimum", "empty", "unit", "per"),
    [
        ('count = "win"', 1, "no_deals", "count", 1),
        ('clients = "call_out"', 1, "no_calls", "count", 1),
        ('sum = { of = "win", value = "amount" }', 1, "no_deals", "money", 1),
        ('mean = { of = "win", value = "amount", where = ["amount > 0"] }', 8, "no_deals", "money", 1),
        ('median = { of = "call_out", value = "number" }', 8, "no_calls", "minutes", 60),
        ('percentile = { of = "call_out", value = "number", rank = 90 }', 20, "no_calls", "minutes", 60),
        ('percentile = { of = "call_out", value = "number", rank = 50 }', 8, "no_calls", "minutes", 60),
        ('share = { of = "call_out", where = ["number >= 1"] }', 20, "no_calls", "share", 1),
        (BY_WINS, 20, "no_deals", "count", 1),
        (BY_WINS + '\nunit = "score"', 20, "no_deals", "score", 1),
        (BY_WINS + '\nunit = "share"', 20, "no_deals", "share", 1),
        ('ratio = { top = { count = "call" }, bottom = "days" }', 0, "no_days", "count", 1),
        ('ratio = { top = { sum = { of = "win", value = "amount" } }, bottom = "days" }', 0, "no_days", "money", 1),
        (
            'ratio = { top = { sum = { of = "call", value = "number" } }, bottom = "days" }',
            0, "no_days", "minutes", 60,
        ),
        ('ratio = { top = { count = "meeting" }, bottom = { plan = "meetings" } }', 0, "no_plan", "share", 1),
        ('count = "win"\nminimum = 5', 5, "no_deals", "count", 1),
    ],
)  # fmt: skip
def test_how_much_is_enough_and_what_is_said_of_nothing(
    text: str, minimum: int, empty: str, unit: str, per: int
) -> None:
    kpi = one(text)
    assert (kpi.minimum, kpi.empty, kpi.unit, kpi.per) == (minimum, empty, unit, per)


def test_a_percentile_is_the_part_that_lies_below() -> None:
    assert one('percentile = { of = "call_out", value = "number", rank = 90 }').top[0].quantile == 0.9
    assert one('median = { of = "call_out", value = "number" }').top[0].quantile == 0.5


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ('count = "enquiry"', {"deal"}),
        ('share = { of = "enquiry", where = ["number <= 5m"] }', {"deal", "call"}),
        ('median = { of = "enquiry", value = "number" }', {"deal", "call"}),
        ('clients = "enquiry"', {"deal"}),
        ('count = "meeting"\ncounter = "win_rate"', {"meeting"}),
        ('conversion = { from = "talk", to = "meeting" }', {"call", "meeting"}),
        ('conversion = { from = "talk", to = "win" }', {"call", "deal"}),
        ('ratio = { top = { count = "call" }, bottom = { count = "win" } }', {"call", "deal"}),
    ],
)
def test_what_records_it_rests_on(text: str, needs: set[str]) -> None:
    assert one(text).needs == needs


@pytest.mark.parametrize(
    ("text", "lookback"),
    [
        ('count = "win"', False),
        ('sum = { of = "win", value = "amount" }', False),
        ('count = { of = "win", where = ["number >= 2"] }', True),
        ('count = { of = "win", where = ["other > 5"] }', True),
        ('median = { of = "win", value = "other", where = ["other is known"] }', True),
        ('median = { of = "win", value = "other" }', True),
        ('median = { of = "win", value = "amount" }', False),
        ('count = { of = "call_out", where = ["number >= 2"] }', False),
        ('conversion = { from = "win", to = "win" }', True),
    ],
)
def test_what_means_little_while_the_history_is_short(text: str, lookback: bool) -> None:
    assert one(text).lookback is lookback


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('count = "win"\ncredit = "split"', None),
        ('median = { of = "win", value = "amount" }\ncredit = "split"', None),
        ('median = { of = "win", value = "other", where = ["other is known"] }\ncredit = "split"', "no_split"),
        ('count = "loss"\ncredit = "split"', "no_split"),
        ('share = { of = "win", among = ["win", "loss"] }\ncredit = "split"', "no_split"),
        ('clients = "win"\ncredit = "split"', "no_split"),
        ('count = "call_out"\ncredit = "actor"', "no_credit"),
    ],
)
def test_what_can_be_split_among_those_who_share_a_win(text: str, code: str | None) -> None:
    refused = {flaw.code for flaw in compile(text).refused}
    assert refused == ({code} if code else set())


@pytest.mark.parametrize(
    ("condition", "than"),
    [
        ("number >= 2h", 7200),
        ("number >= 1d", 86_400),
        ("number >= 90s", 90),
        ("number >= 1.5", 1.5),
        ("number >= 1 000", 1000),
        ("number >= 1_000", 1000),
    ],
)
def test_spans_and_numbers_as_people_write_them(condition: str, than: float) -> None:
    found = one(f'count = {{ of = "call_out", where = ["{condition}"] }}').top[0].where
    assert found == (Where("number", "ge", than),)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ('count = { of = "objection", where = ["number >= 80%"] }', Where("number", "ge", 0.8)),
        ('count = { of = "objection", where = ["number >= 0.8"] }', Where("number", "ge", 0.8)),
        (
            'count = { of = "objection", where = ["number >= score_good_from"] }',
            Where("number", "ge", "score_good_from"),
        ),
        ('count = { of = "win", where = ["other <= 60d"] }', Where("other", "le", 60)),
        ('count = { of = "open_deal", where = ["age > 30d"] }', Where("at", "lt", Ago(30 * DAY))),
        ('count = { of = "open_deal", where = ["age <= 1d"] }', Where("at", "ge", Ago(DAY))),
        ('count = { of = "open_deal", where = ["age < 1d"] }', Where("at", "gt", Ago(DAY))),
        ('count = { of = "open_task", where = ["due > now"] }', Where("due_at", "gt", "as_of")),
    ],
)  # fmt: skip
def test_each_column_in_its_own_unit(text: str, meant: Where) -> None:
    assert one(text, Rules(objection_field="x")).top[0].where == (meant,)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('count = { of = "objection", where = ["number >= x%"] }', "no_number"),
        ('count = { of = "open_deal", where = ["age = 3d"] }', "no_literal"),
        ('count = { of = "open_deal", where = ["age > 0"] }', "no_literal"),
        ('count = { of = "open_task", where = ["due = now"] }', "no_now"),
        ('count = { of = "call_out", where = ["number is there"] }', "no_condition"),
    ],
)
def test_what_is_no_limit_is_refused(text: str, code: str) -> None:
    assert ("count.where", code) in codes(text, Rules(objection_field="x"))


def test_calls_of_one_direction_are_one_kind() -> None:
    assert one('count = { of = "call", direction = "in" }').top[0].kinds == ("call_in",)
    assert one('count = { of = "call", direction = "out" }').top[0].kinds == ("call_out",)
    assert one('count = "call"').top[0].kinds == ("call_out", "call_in")


def test_a_condition_that_is_refused_is_refused_once() -> None:
    assert codes('count = { of = "win", where = ["age = 3d"] }') == [("count.where", "age_happened")]
    assert codes('count = { of = "call_missed", where = ["number > x"] }') == [("count.where", "no_column")]
    assert codes('count = { of = "lead_won", where = ["due = x"] }') == [("count.where", "immature")]


def test_only_kinds_with_money_are_named_to_whoever_asks_for_it() -> None:
    (flaw,) = compile('count = { of = "call_out", where = ["amount > 5"] }').flaws
    assert "payment" in flaw.text.en
    assert "meeting" not in flaw.text.en
    (flaw,) = compile('count = { of = "call_in", where = ["other > 5"] }').flaws
    assert "number (" in flaw.text.en
    assert "due (" not in flaw.text.en
    assert "age" not in flaw.text.en


def test_the_columns_that_a_kind_has_are_named() -> None:
    (flaw,) = compile('count = { of = "call_out", where = ["due <= now"] }').flaws
    assert "number (" in flaw.text.en
    assert "other (" in flaw.text.en
    assert "amount" not in flaw.text.en


def test_a_kind_without_columns_says_so_in_both_languages() -> None:
    (flaw,) = compile('count = { of = "call_missed", where = ["number > 5"] }').flaws
    assert "—" in flaw.text.ru and "—" in flaw.text.en
    (flaw,) = compile('count = { of = "call_out", where = ["due <= now"] }').flaws
    assert "number (" in flaw.text.ru and "—" not in flaw.text.ru


def test_a_whole_of_calls_is_of_their_direction_and_clients_are_told_from_facts() -> None:
    talks = one('share = { of = "call", direction = "out", where = ["number >= 5"] }')
    assert {kind for side in (*talks.top, *talks.bottom) for kind in side.kinds} == {"call_out"}
    assert one('share = { of = "win", among = ["win", "loss"] }').bottom[0].kinds == ("win", "loss")
    by_client = one('ratio = { top = { count = "call" }, bottom = { clients = "call" } }')
    assert (by_client.top[0].take, by_client.bottom[0].take) == ("count", "clients")


def test_what_a_stage_may_be_is_told_with_the_kinds() -> None:
    lines = {line.split()[0]: line for line in as_text("en").splitlines() if line}
    assert lines["created"].endswith("; stage: won, lost, open")
    assert all(lines[kind].endswith("; stage: task, activity") for kind in ("task_due", "reschedule", "open_task"))
    assert not any("stage:" in lines[kind] for kind in ("step", "open_deal", "win"))
