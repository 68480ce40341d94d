"""What a refusal names: the kinds, columns and words that are meant and those that would do, and no others."""

from __future__ import annotations

import re
from typing import Any

import pytest

from connector.config import Rules
from connector.kpi.catalogue import ALL
from connector.kpi.custom.carried import CARRIED
from connector.kpi.custom.flaws import Notes, meant
from connector.kpi.definition import Ago, Where
from connector.records import Pipeline, Stage
from tests.kpi.custom.own import codes, compile, one

PIPELINES = (Pipeline(id="11", name="Опт"), Pipeline(id="12", name="Розница"))
STAGES = (
    Stage(id="11/1", name="Новая", pipeline_id="11"),
    Stage(id="12/1", name=" новая ", pipeline_id="12"),
    Stage(id="12/2", name="КП", pipeline_id="12"),
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('count = "cal"', r"^cal is no kind of facts \(call perhaps\); there are: call, win, win_part, "),
        ('count = "zzzzz"', r"^zzzzz is no kind of facts; there are: call, win"),
        (
            'count = ["win", "open_deal"]',
            r"what stands at the period's end \(open_deal\) .*by what happened in it \(win\)",
        ),
        ('count = ["refund", "payment"]', r"^due means different things here: refund, payment$"),
        ('count = { of = ["win", "meeting"], pipeline = "Опт" }', r"^meeting knows no pipeline: "),
        ('count = { of = ["call_in", "meeting"], source = "a" }', r"^call_in, meeting knows no source: "),
        (
            'count = { of = ["created", "win"], stage = "won" }',
            r"^win has no stage; these do: created, step, task_due, reschedule, open_deal, ",
        ),
        ('count = { of = ["created", "step"], stage = "won" }', r"^created, step has no stage; these do: "),
        ('count = { of = "created", stage = ["won", "new"] }', r"^new: there is no such; there are: won, lost, open$"),
        (
            'count = { of = "open_task", stage = "дело" }',
            r"^дело: there is no such; there are: task, activity$",
        ),
        ('count = { of = "step", stage = "A > B" }', r"^A > B: there is no such; there are: КП > Счёт$"),
        ('sum = { of = "win", value = "number" }', r"^adding up the client's purchase number says nothing"),
        ('sum = { of = "win", value = "other" }', r"^adding up days since the purchase before says nothing"),
        ('mean = { of = "win", value = "number" }', r"^the client's purchase number is an ordinal"),
        ('mean = { of = "enquiry", value = "number" }', r"^unfinished enquiry have no number yet"),
        (
            'median = { of = ["enquiry", "return"], value = "number" }',
            r"^number means different things here: enquiry: seconds, return: days$",
        ),
        (
            'median = { of = ["enquiry", "task_due"], value = "number" }',
            r"^task_due does not tell since when it has waited",
        ),
        (
            'share = { of = "win", among = ["loss", "created"] }',
            r"^the part \(win\) does not lie within the whole \(loss, created\)",
        ),
        ('count = { of = "lead_won", where = ["number <= 30d"] }', r"^number of lead_won comes later"),
        ('count = { of = "quote", where = ["due <= now"] }', r"^due of quote comes later"),
        (
            'count = { of = "win", where = ["age > 3d"] }',
            r"^age is for what stands \((?!.*\bwin\b).*open_deal.*open_task\)",
        ),
        (
            'conversion = { from = "enquiry", to = "meeting" }',
            r"no conversion from enquiry to meeting; there are: enquiry → win, enquiry → qualified, ",
        ),
        ('ratio = { top = { count = "win" }, bottom = { count = "open_deal" } }', r"end \(open_deal\) .*in it \(win\)"),
        ('ratio = { top = { count = "open_deal" }, bottom = { count = "win" } }', r"end \(open_deal\) .*in it \(win\)"),
        (
            'ratio = { top = { count = "win" }, bottom = { sum = { of = "win", value = "amount" } } }',
            r"^count by money is no ratio; allowed is by: count, days, plan$",
        ),
        (
            'ratio = { top = { sum = { of = "call", value = "number" } }, bottom = { plan = "revenue" } }',
            r"^time by plan is no ratio; allowed is by: time, count, days$",
        ),
        (
            'ratio = { top = { sum = { of = "win", value = "amount" } }, bottom = { plan = "meetings" } }',
            r"^there is no plan for meetings; plans of the same unit are for: revenue,",
        ),
        (
            'ratio = { top = { count = "win" }, bottom = { plan = "meeting" } }',
            r"^there is no plan for meeting \(meetings perhaps\)",
        ),
        ('count = "win"\nunit = "money"', r"^the unit cannot be money here; possible: count$"),
        (
            'sum = { of = "call", value = "number" }\nunit = "count"',
            r"^the unit cannot be count here; possible: minutes, days$",
        ),
        ('count = "win"\ncounter = "revenu"', r"^the counter-KPI revenu is no KPI \(revenue perhaps\)$"),
        (
            'count = ["call_out", "win", "meeting"]\ncredit = "now"',
            r"^call_out, meeting know nobody but their own person; credit = now is known by: .*created, cycle",
        ),
        ('count = "card"', r"^card has no source while account.rules.required_fields is not set$"),
        (
            'count = { of = "call_out", where = ["number > x"] }',
            r"^\"x\" is no time: .*may be named: connected_call_seconds, successful_call_seconds",
        ),
    ],
)
def test_the_one_refusal_says_this(text: str, said: str) -> None:
    (flaw,) = compile(text).refused
    assert re.search(said, flaw.text.en), flaw.text.en


@pytest.mark.parametrize(
    ("text", "world", "said"),
    [
        (
            'count = { of = "win", pipeline = "Нет" }',
            {"pipelines": PIPELINES},
            "no pipeline Нет; there are: Опт, Розница",
        ),
        (
            'count = { of = "open_deal", stage = "Нет" }',
            {"stages": STAGES},
            "no stage Нет; there are:  новая , КП, Новая",
        ),
        (
            'count = { of = "win", source = ["a", "b"] }',
            {"sources": frozenset({"b", "c", "d"})},
            "the source a has not been met yet; met were: b, c, d",
        ),
        ('count = ["meeting", "open_task"]', {"gives": frozenset({"deal", "call"})}, None),
        ('count = "open_task"', {"gives": frozenset({"deal"})}, "open_task: this account's CRM does not give: task"),
        (
            'ratio = { top = { count = "meeting" }, bottom = { count = "call" } }',
            {"gives": frozenset({"deal"})},
            "meeting, call_out, call_in: this account's CRM does not give: call, meeting",
        ),
        ('count = "technique"', {"gives": frozenset({"deal", "call"})}, "technique: the CRM does not give it"),
        ('count = "rating"', {}, "rating has no source while account.rules.csat_field is not set"),
        ('sum = { of = "call_out", value = "number", where = ["number > 7"] }', {}, "name a counter such as "),
        ('share = { of = "win", where = ["amount > 5"] }\nminimum = 19', {}, "minimum = 19 is less than 20"),
    ],
)
def test_the_one_remark_says_this(text: str, world: dict[str, Any], said: str | None) -> None:
    flaws = compile(text, **world).flaws
    if said is None:
        assert [flaw.code for flaw in flaws] == ["standing"]
    else:
        assert len(flaws) == 1 and said in flaws[0].text.en, flaws


@pytest.mark.parametrize(
    "text",
    [
        'share = { of = "win", where = ["amount > 5"] }\nminimum = 20',
        'median = { of = "win", value = "amount", where = ["amount > 0"] }',
        'median = { of = "payment", value = "amount" }\nminimum = 8',
        'sum = { of = "win", value = "amount", where = ["amount >= 0"] }',
        'mean = { of = "call_out", value = "number" }',
        'count = { of = "win", source = ["a"] }',
        'count = "meeting"\ncounter = "win_rate"',
        'count = { of = ["created", "win"], pipeline = ["Опт"], source = "site" }',
        'count = { of = "open_deal", stage = "x" }',
    ],
)
def test_nothing_is_said_against_what_is_well(text: str) -> None:
    made = compile(text, Rules(payment_amount_field="Оплата"))
    assert [flaw for flaw in made.flaws if flaw.code != "same"] == []


@pytest.mark.parametrize("value", ["number", "other"])
@pytest.mark.parametrize("word", ["median", "mean"])
def test_only_deals_are_said_to_have_no_amount(word: str, value: str) -> None:
    assert "zero_amounts" not in {flaw.code for flaw in compile(f'{word} = {{ of = "win", value = "{value}" }}').flaws}
    for kind, warned in (("win", True), ("created", True), ("open_deal", True), ("payment", False), ("margin", False)):
        flaws = compile(f'{word} = {{ of = "{kind}", value = "amount" }}').flaws
        assert ("zero_amounts" in {flaw.code for flaw in flaws}) is warned, kind


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('count = { of = "created", stage = "won" }', (Where("stage", "in", ("won",)),)),
        ('count = { of = "open_task", stage = "activity" }', (Where("stage", "in", ("activity",)),)),
        ('count = { of = "task_due", stage = ["task"] }', (Where("stage", "in", ("task",)),)),
        ('count = { of = "created", stage = ["lost", "open"] }', (Where("stage", "in", ("lost", "open")),)),
        ('count = { of = "step", stage = "КП > Счёт" }', (Where("stage", "in", ("КП > Счёт",)),)),
        ('count = { of = "open_quiet", stage = "НОВАЯ " }', (Where("stage", "in", ("11/1", "12/1")),)),
        ('count = { of = ["open_deal", "open_quiet"], stage = ["12/2"] }', (Where("stage", "in", ("12/2",)),)),
        ('count = { of = "win", pipeline = ["опт", "12"] }', (Where("pipeline_id", "in", ("11", "12")),)),
        ('count = { of = "win", source = ["b", "a"] }', (Where("source", "in", ("b", "a")),)),
        (
            'count = { of = "refund", pipeline = "11", where = ["number > 5"] }',
            (Where("due_at", "le", "as_of"), Where("pipeline_id", "in", ("11",)), Where("number", "gt", 5)),
        ),
    ],
)
def test_names_become_conditions(text: str, where: tuple[Where, ...]) -> None:
    """A name may be that of several stages, in whatever case; ids do as well as names."""
    rules = Rules(key_steps=("КП > Счёт",), refund_amount_field="x")
    assert one(text, rules, pipelines=PIPELINES, stages=STAGES).top[0].where == where


def test_a_kind_named_twice_is_one() -> None:
    assert one('count = ["call", "call_in", "win", "win"]').top[0].kinds == ("call_out", "call_in", "win")


def test_a_direction_is_refused_beside_what_is_no_call_and_only_that() -> None:
    assert codes('count = { of = "win", direction = "in" }') == [("count.direction", "no_direction")]
    assert one('count = { of = ["call", "win"], direction = "in" }').top[0].kinds == ("call_in", "win")
    assert ("share.direction", "no_direction") in codes('share = { of = "win", among = "call", direction = "in" }')


def test_of_a_share_the_direction_holds_for_the_calls_of_the_whole() -> None:
    kpi = one('share = { of = "call", among = ["call", "call_missed"], direction = "in" }')
    assert (kpi.top[0].kinds, kpi.bottom[0].kinds) == (("call_in",), ("call_in", "call_missed"))


def test_what_is_wrong_with_a_share_is_told_of_the_part_and_the_whole() -> None:
    text = 'share = { of = "nothing", among = "nobody", where = ["x"], among_where = ["y"] }'
    assert codes(text) == [("share.of", "no_kind"), ("share.among", "no_kind")]
    text = 'share = { of = "win", among = ["win", "loss"], where = ["x"], among_where = ["y"] }'
    assert codes(text) == [("share.where", "no_condition"), ("share.among_where", "no_condition")]


@pytest.mark.parametrize(
    ("text", "flaws"),
    [
        ('share = { of = "win", among_where = ["number >= 1"] }', [("share.where", "always_one")]),
        ('share = { of = "win", among = ["win", "loss"], where = ["x"] }', [("share.where", "no_condition")]),
        ('share = { of = "win", among = "nobody", where = ["number > 1"] }', [("share.among", "no_kind")]),
        (
            'share = { of = "enquiry", among = ["enquiry", "created"], where = ["number <= 5m"] }',
            [("share.where", "immature")],
        ),
        (
            'ratio = { top = { count = "call" }, bottom = { clients = "nobody" } }',
            [("ratio.bottom.clients.of", "no_kind")],
        ),
        (
            'ratio = { top = { sum = { of = "nobody", value = "number" } }, bottom = { count = "no" } }',
            [("ratio.top.sum.of", "no_kind"), ("ratio.bottom.count.of", "no_kind")],
        ),
        ('count = { of = ["call_out", "rating"], where = ["number > 5"] }', [("count.where", "mixed")]),
        ('count = { of = "win", where = ["other > 5"] }\ncredit = "split"', [("credit", "no_split")]),
        ('sum = { of = "enquiry", value = "number" }', [("sum.value", "unfinished")]),
        ('sum = { of = "enquiry", value = "number", where = ["number is known"] }', []),
        ('sum = { of = "enquiry", value = "number", where = ["number <= 5m"] }', []),
        ('sum = { of = "enquiry", value = "number", where = ["number is missing"] }', [("sum.value", "unfinished")]),
        ('sum = { of = "lead_won", value = "number", where = ["number <= 30d"] }', [("sum.value", "unfinished")]),
        ('sum = { of = "lead_won", value = "number", where = ["number is known"] }', []),
        (
            'sum = { of = "lead_won", value = "number", where = ["number is known", "number <= 30d"] }',
            [("sum.value", "unfinished")],
        ),
        ('sum = { of = "created", value = "amount" }', []),
        ('sum = { of = "created", value = "amount", where = ["number <= 30d"] }', [("sum.value", "unfinished")]),
        (
            'median = { of = "enquiry", value = "number", where = ["number is missing"] }',
            [("median.value", "unfinished")],
        ),
        ('median = { of = "return", value = "number", where = ["number is known"] }', []),
        ('percentile = { of = "created", value = "amount", where = ["amount > 0"], rank = 90 }', []),
    ],
)
def test_each_section_has_these_flaws(text: str, flaws: list[tuple[str, str]]) -> None:
    assert [flaw for flaw in codes(text) if "same" not in flaw[1]] == flaws


@pytest.mark.parametrize(
    ("text", "take", "where"),
    [
        ('median = { of = "enquiry", value = "number" }', "survival", ()),
        ('percentile = { of = "created", value = "number", rank = 75 }', "survival", ()),
        ('median = { of = "enquiry", value = "number", where = ["number is known"] }', "quantile", ("known",)),
        ('median = { of = "created", value = "amount", where = ["amount > 0"] }', "quantile", ("gt",)),
        ('median = { of = "call_out", value = "number" }', "quantile", ()),
        ('sum = { of = "win", value = "amount" }', "sum", ()),
        ('sum = { of = "call_out", value = "number" }', "sum", ("known",)),
        ('sum = { of = "call_out", value = "number", where = ["number >= 5"] }', "sum", ("ge",)),
        ('mean = { of = "call_out", value = "other", where = ["number >= 5"] }', "sum", ("ge", "known")),
        ('mean = { of = "win", value = "amount", where = ["amount > 0"] }', "sum", ("gt",)),
    ],
)
def test_what_is_taken_of_which_facts(text: str, take: str, where: tuple[str, ...]) -> None:
    """Who still waits is waiting in a median; a sum and a mean are of those that have the value."""
    top = one(text).top[0]
    assert (top.take, tuple(one.op for one in top.where)) == (take, where)


def test_a_mean_amount_is_of_the_facts_that_have_a_rate() -> None:
    kpi = one('mean = { of = "payment", value = "amount" }', Rules(payment_amount_field="x"))
    assert (kpi.top[0].where, kpi.bottom[0].where) == ((), (Where("amount", "known"),))
    assert kpi.spread and (kpi.spread.take, kpi.spread.where) == ("quantile", (Where("amount", "known"),))


def test_who_waits_is_told_apart_whatever_else_is_asked() -> None:
    kpi = one('share = { of = "enquiry", where = ["number <= 5m", "due <= now"] }')
    assert (len(kpi.bottom), len(kpi.ripens)) == (2, 1)
    assert not one('share = { of = "enquiry", where = ["due <= now"] }').ripens
    assert not one('share = { of = "call_out", where = ["number >= 5"] }').ripens


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        ('count = { of = "enquiry", source = "site" }', {"deal"}),
        ('count = { of = "enquiry", where = ["due <= now"] }', {"deal"}),
        (
            'ratio = { top = { sum = { of = "script_passed", value = "number" } }, bottom = { count = "enquiry" } }',
            {"deal"},
        ),
        ('share = { of = "handed", where = ["number <= 5m"] }', {"deal", "call"}),
    ],
)
def test_calls_are_needed_where_the_time_of_an_answer_is(text: str, needs: set[str]) -> None:
    assert one(text, Rules(script_field="S")).needs == needs


def test_a_conversion_is_a_share_in_ones_and_a_small_share_is_one() -> None:
    assert one('conversion = { from = "enquiry", to = "win" }').per == 1
    text = 'count = { of = "objection", where = ["number >= 5%"] }'
    assert one(text, Rules(objection_field="x")).top[0].where == (Where("number", "ge", 0.05),)


@pytest.mark.parametrize(
    ("kind", "condition", "said"),
    [
        ("call_out", "number >= 180", ""),
        ("call_out", "number >= 3m", "3m"),
        ("win", "amount >= 500", "500"),
        ("win", "amount >= 100 000", "100 000"),
        ("win", "other >= 60d", "60d"),
    ],
)
def test_a_limit_is_shown_as_it_was_written_where_that_reads_better(kind: str, condition: str, said: str) -> None:
    (where,) = one(f'count = {{ of = "{kind}", where = ["{condition}"] }}').top[0].where
    assert where.said == said


@pytest.mark.parametrize(
    ("kind", "condition", "columns"),
    [
        ("payment", "number > 5", "amount"),
        ("task_due", "other > 5", "number (seconds late), due (deadline)"),
        ("open_task", "number > 5", "due (deadline), age"),
        (
            "open_deal",
            "other > 5",
            "amount, number (seconds from its making to its stage), due (deadline of the next step), age",
        ),
        ("call_missed", "due <= now", "—"),
    ],
)
def test_what_a_kind_has_instead_is_named(kind: str, condition: str, columns: str) -> None:
    (flaw,) = compile(f'count = {{ of = "{kind}", where = ["{condition}"] }}', Rules(payment_amount_field="x")).refused
    assert flaw.text.en.endswith(f"; it has: {columns}")


def test_the_shortest_age_is_a_second() -> None:
    assert one('count = { of = "open_deal", where = ["age >= 1s"] }').top[0].where == (Where("at", "le", Ago(1)),)
    assert ("count.where", "no_literal") in codes('count = { of = "open_deal", where = ["age >= 0s"] }')


def test_whether_somebody_measures_the_same_is_asked_of_what_is_computed_only() -> None:
    assert codes('count = "meeting"\ncounter = "nobody"') == [("counter", "no_counter")]


def test_one_activity_among_others_wants_a_counter_kpi() -> None:
    assert codes('count = ["meeting", "win"]') == [("key", "(no_counter_yet)")]
    assert codes('count = ["payment", "win"]', Rules(payment_amount_field="x")) == []


@pytest.mark.parametrize("kind", ["meeting", "call_out", "quote"])
def test_counter_kpis_that_are_named_are_those_of_such_facts(kind: str) -> None:
    (flaw,) = (one for one in compile(f'count = "{kind}"').flaws if one.code == "no_counter_yet")
    such = {kpi.counter for kpi in ALL.values() if kpi.counter and kind in kpi.top[0].kinds}
    assert set(flaw.text.en.partition("such as ")[2].split(", ")) == (such or {"win_rate"})


def test_what_is_refused_is_nobodys_counter_kpi() -> None:
    text = """
    [[kpi]]
    count = "call_out"
    credit = "now"
    [[kpi]]
    clients = "call_in"
    counter = "own_0"
    """
    assert codes(text) == [("credit", "no_credit"), ("counter", "no_counter")]


def test_nothing_is_found_beyond_what_a_word_is_like() -> None:
    assert meant("winn", CARRIED).en == " (win perhaps)"
    assert meant("xyz", CARRIED) == ("", "")


def test_a_problem_is_one_of_its_own_section_and_key() -> None:
    notes = Notes(number=1)
    notes.refuse(("count", "of"), "no_now")
    notes.warn(("share",), "no_now")
    notes.number = 2
    assert not notes.refused
    notes.number = 1
    assert notes.refused and notes.refused_within(("count",)) and notes.refused_within(("count", "of"))
    assert not notes.refused_within(("count", "where")) and not notes.refused_within(("share",))
