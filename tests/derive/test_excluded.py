"""What counts nowhere by the account's lists: our own numbers, tests, deals of programs (rule C11)."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from msgspec.structs import replace

from connector.fact import Fact
from connector.records import Deal, Meeting, Task, names_test
from tests.derive.ground import at, call, deal, facts, into, lead, sales


def why(rules: dict[str, Any], **parts: Any) -> dict[str, str | None]:
    """Of every fact why it counts nowhere."""
    return {key: fact.omitted for key, fact in facts(sales(**rules), **parts).items()}


def ours(**parts: Any) -> dict[str, Fact]:
    return facts(OUR_OWN, **parts)


OUR_OWN = dataclasses.replace(sales(), internal=frozenset({"own"}))


def test_a_call_with_one_of_our_own_numbers_is_none_with_a_client() -> None:
    rows = (
        call("2026-09-01T10:00", 95, "1", phone="own"),
        call("2026-09-01T11:00", 95, "2", phone="client"),
        call("2026-09-01T12:00", 0, "3", direction="in", phone="own"),
        call("2026-09-01T12:30", 30, "4", direction="in", phone="own"),
    )
    found = ours(calls=rows)
    kinds = ("call_out", "call_in", "call_missed")
    assert {fact.call: fact.omitted for fact in found.values() if fact.kind in kinds} == {
        "1": "internal", "2": None, "3": "internal", "4": "internal",
    }  # fmt: skip
    assert found["callback|call:3"].omitted == "internal"
    assert found["talk_won|contact:7"].call == "2"


def test_a_call_with_our_own_number_answers_no_enquiry() -> None:
    asked = lead(created_at=at("2026-09-01T10:00"))
    out = call("2026-09-01T10:05", 95, phone="own")
    came = call("2026-09-01T10:00", 95, direction="in", phone="own")
    for one in (out, came):
        fact = ours(leads=(asked,), calls=(one,))["enquiry|lead:1"]
        assert (fact.number, fact.note) == (None, None)


def test_no_number_is_none_of_ours() -> None:
    assert ours(calls=(call("2026-09-01T10:00", 95, "1"),))["call_out|call:1"].omitted is None


MOVES = (into("won", "2026-09-10T12:00", left="new", by="501"),)
MADE = at("2026-09-01T10:00")


@pytest.mark.parametrize(
    ("name", "rules", "more", "told"),
    [
        ("named so", {}, {"test": True}, "test"),
        ("a tester's", {"test_users": ("Вера",)}, {"owner_id": "503"}, "test"),
        ("a tester's, by id", {"test_users": ("503",)}, {"owner_id": "503"}, "test"),
        ("somebody else's", {"test_users": ("Вера",)}, {}, None),
        ("in a pipeline of tests", {"test_pipelines": ("Допродажи",)}, {"pipeline": "2"}, "test"),
        ("in another pipeline", {"test_pipelines": ("Допродажи",)}, {}, None),
        ("a test in the service pipeline", {"test_pipelines": ("3",)}, {"pipeline": "3"}, "test"),
    ],
)  # fmt: skip
def test_a_test_is_no_deal_and_no_enquiry(name: str, rules: Any, more: Any, told: str | None) -> None:
    found = why(rules, deals=(deal(**more),), moves=MOVES)
    assert {found[f"{kind}|deal:1"] for kind in ("win", "created", "enquiry", "lead_won")} == {told}, name


def test_what_hangs_on_a_test_is_one_too_and_what_its_tester_does() -> None:
    tests = (deal("1", "open", test=True), deal("2", "open"))
    calls = tuple(call(f"2026-09-01T1{n}:00", 95, str(n), on=(f"deal:{n}", "contact:7")) for n in (1, 2))
    calls += (call("2026-09-01T15:00", 95, "3", user="503", on=("deal:2",)),)
    meetings = tuple(
        Meeting(id=f"6{n}", user_id="501", done_at=at("2026-09-03T15:00"), on=(f"deal:{n}",)) for n in (1, 2)
    )
    tasks = tuple(Task(id=f"7{n}", user_id="501", due_at=at("2026-09-03T15:00"), on=(f"deal:{n}",)) for n in (1, 2))
    found = why({"test_users": ("503",)}, deals=tests, calls=calls, meetings=meetings, tasks=tasks)
    for kind, test, real in (
        ("call_out|call:", "1", "2"),
        ("meeting|meeting:", "61", "62"),
        ("task_due|task:", "71", "72"),
    ):
        assert (found[kind + test], found[kind + real]) == ("test", None)
    assert found["call_out|call:3"] == "test"
    assert not [key for key in found if key.startswith("open") and key.endswith("deal:1")]


def test_an_enquiry_is_a_test_by_its_lead_or_by_all_its_deals() -> None:
    asked = lead("1", test=True)
    assert why({}, leads=(asked,))["enquiry|lead:1"] == "test"
    two = (deal("1", lead_id="1", test=True), deal("2", lead_id="1"))
    assert why({}, leads=(lead("1"),), deals=two, moves=MOVES)["enquiry|lead:1"] is None
    assert why({}, leads=(lead("1"),), deals=two[:1], moves=MOVES)["enquiry|lead:1"] == "test"


ROBOTS: dict[str, Any] = {"robot_deals": False, "robots": ("Борис",), "own_leads": True}
BY = {"501": "a person", "502": "a program", None: "nobody"}


@pytest.mark.parametrize("maker", BY)
@pytest.mark.parametrize("closer", BY)
def test_a_deal_made_and_closed_by_programs_is_left_out(maker: str | None, closer: str | None) -> None:
    told = "robot" if maker != "501" and closer != "501" else None
    parts: dict[str, Any] = {
        "deals": (deal(created_by=maker),), "moves": (replace(MOVES[0], by=closer),)
    }  # fmt: skip
    found = why(ROBOTS, **parts)
    assert (found["win|deal:1"], found["created|deal:1"], found["enquiry|deal:1"]) == (told, told, told)
    assert why({"robots": ("Борис",)}, **parts)["win|deal:1"] is None, "only where the rule asks for it"


@pytest.mark.parametrize(
    ("closed", "told"), [("2026-09-01T10:01:00", "robot"), ("2026-09-01T10:01:01", None), (None, None)]
)
def test_without_any_move_only_a_deal_made_closed_is_a_programs(closed: str | None, told: str | None) -> None:
    made = deal(closed_at=closed and at(closed))
    assert why(ROBOTS, deals=(made,))["win|deal:1"] == told


def test_where_the_crm_does_not_tell_who_moved_a_deal_a_person_may_have() -> None:
    parts: dict[str, Any] = {"deals": (deal(),), "moves": (replace(MOVES[0], by=None),)}
    assert facts(sales("observed", **ROBOTS), **parts)["win|deal:1"].omitted is None
    by_program = {**parts, "moves": (replace(MOVES[0], by="502"),)}
    assert facts(sales("observed", **ROBOTS), **by_program)["win|deal:1"].omitted == "robot"


def test_a_programs_move_is_no_persons_event_on_a_deal() -> None:
    parts: dict[str, Any] = {"deals": (deal(outcome="open"),), "moves": (into("talk", "2026-09-03T10:00", by="502"),)}
    quiet = [facts(sales(robots=robots), **parts)["open_quiet|deal:1"].at for robots in ((), ("Борис",))]
    assert quiet == [at("2026-09-03T10:00"), at("2026-09-01T10:00")]


def test_an_open_deal_of_a_program_waits_for_a_person() -> None:
    assert why(ROBOTS, deals=(deal(outcome="open"),))["created|deal:1"] is None


@pytest.mark.parametrize(
    ("name", "maker", "deals", "told"),
    [
        ("a seller works the deal", None, (deal("1", "open", lead_id="5"),), None),
        ("a seller closed the deal", None, (deal("1", "won", lead_id="5"),), None),
        ("a seller made the deal", None, (deal("2", "won", lead_id="5", created_by="501"),), None),
        ("a program made and closed its only deal", None, (deal("2", "won", lead_id="5", closed_at=MADE),), "robot"),
        ("and its deal, though a person's lead", "501", (deal("2", "won", lead_id="5", closed_at=MADE),), "robot"),
        ("one of two", None, (deal("2", lead_id="5", closed_at=MADE), deal("1", "open", lead_id="5")), None),
        ("no deal", None, (), "robot"),
        ("no deal, a person's lead", "501", (), None),
    ],
)
def test_a_lead_that_a_program_converted_is_a_programs_only_where_its_deals_are(
    name: str, maker: str | None, deals: tuple[Deal, ...], told: str | None
) -> None:
    """C11 leaves out deals that programs make and close: what a seller has to work on is none of them."""
    asked = lead("5", created_by=maker, outcome="won", closed_at=at("2026-09-01T10:00:30"), stage_id="9/won")
    rules = {"robot_deals": False, "own_leads": True, "qualified_stages": ("quote",)}
    found = why(rules, leads=(asked,), deals=deals, moves=MOVES)
    kinds = ("enquiry", "lead_won", "lead_qualified", "lead_processed")
    assert {found[f"{kind}|lead:5"] for kind in kinds} == {told}, name


def test_names_that_mean_nobody_are_told() -> None:
    compiled = sales(test_users=("Никто",), robots=("Ничто",), test_pipelines=("Нет",))
    assert compiled.unknown == (
        "rules.test_pipelines: 'Нет' is no pipeline",
        "rules.test_users: 'Никто' is nobody",
        "rules.robots: 'Ничто' is nobody",
    )


def test_another_meaning_of_the_lists_is_another_mark() -> None:
    marks = [sales().mark, sales(test_users=("Вера",)).mark, sales(robots=("Вера",)).mark, OUR_OWN.mark]
    assert len(set(marks)) == 4
    assert sales(test_users=("503",)).mark == sales(test_users=("Вера",)).mark


@pytest.mark.parametrize(
    ("name", "words", "told"),
    [
        ("Тест", ("тест",), True),
        ("сделка ТЕСТ №5", ("тест",), True),
        ("тест-драйв", ("тест",), True),
        ("Тестирование ПО", ("тест",), False),
        ("протест", ("тест",), False),
        ("Пробная  сделка", ("пробная сделка",), True),
        ("a.b", ("a.b",), True),
        ("axb", ("a.b",), False),
        ("Тест", (), False),
        ("Тест", ("", " "), False),
        (None, ("none",), False),
    ],
)
def test_words_stand_whole_in_a_name(name: Any, words: tuple[str, ...], told: bool) -> None:
    assert names_test(name, words) is told
