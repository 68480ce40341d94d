"""One fact for each enquiry, whose it was, and the working time until the client was reached."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from connector.fact import Fact
from connector.records import Done, Meeting
from tests.derive.ground import at, call, deal, facts, lead, move, owner, sales


def enquiry(came: str, *reached: Any, **parts: Any) -> Fact:
    base = {"deals": (deal(outcome="open", created_at=at(came or "2026-09-01T10:00")),), "calls": reached}
    return facts(**(base | parts))["enquiry|deal:1"]


# Working hours 9-18, norm 15 minutes: August 2026, the 15th is a Saturday; 12 June is a holiday on a Friday.
@pytest.mark.parametrize(
    ("name", "came", "reached", "minutes", "due"),
    [
        ("in hours", "2026-08-11T10:00", "2026-08-11T10:07", 7, "2026-08-11T10:15"),
        ("at night", "2026-08-11T02:40", "2026-08-11T09:10", 10, "2026-08-11T09:15"),
        ("on Saturday", "2026-08-15T15:00", "2026-08-17T09:20", 20, "2026-08-17T09:15"),
        ("on a holiday", "2026-06-12T11:00", "2026-06-15T09:05", 5, "2026-06-15T09:15"),
        ("on a transferred day off", "2026-05-11T11:00", "2026-05-12T09:14", 14, "2026-05-12T09:15"),
        ("on Friday evening", "2026-08-21T17:50", "2026-08-24T09:04", 14, "2026-08-24T09:05"),
        ("before a short day's end", "2026-06-11T16:55", "2026-06-15T09:09", 14, "2026-06-15T09:10"),
        ("answered at night", "2026-08-12T22:00", "2026-08-12T22:30", 0, "2026-08-13T09:15"),
        ("answered at once", "2026-08-12T10:00", "2026-08-12T10:00", 0, "2026-08-12T10:15"),
    ],
)
def test_waiting_is_counted_in_working_time(name: str, came: str, reached: str, minutes: int, due: str) -> None:
    fact = enquiry(came, call(reached, 95))
    assert (fact.number, fact.due_at, fact.at) == (minutes * 60, at(due), at(came)), name


def test_never_answered_has_no_number_and_a_moment_when_it_is_too_late() -> None:
    fact = enquiry("2026-08-18T11:00")
    assert (fact.number, fact.due_at, fact.omitted) == (None, at("2026-08-18T11:15"), None)


@pytest.mark.parametrize(("seconds", "counts"), [(9, False), (10, True), (59, True), (60, True)])
def test_only_a_call_that_reached_a_person_is_an_answer(seconds: int, counts: bool) -> None:
    assert (enquiry("2026-08-18T11:00", call("2026-08-18T11:05", seconds)).number is not None) is counts


@pytest.mark.parametrize(
    "no_answer",
    [
        call("2026-08-18T11:05", 95, direction="in"),
        call("2026-08-18T11:05", 95, answered=False),
        call("2026-08-18T10:59", 95),
    ],
)
def test_what_is_no_answer(no_answer: Any) -> None:
    assert enquiry("2026-08-18T11:00", no_answer).number is None


@pytest.mark.parametrize(
    ("when", "seconds", "at_once"),
    [
        ("2026-08-18T11:01", 95, True),  # the card is made while it rings
        ("2026-08-18T11:02", 95, False),
        ("2026-08-18T10:55", 600, True),  # ... while they talk
        ("2026-08-18T10:40", 300, True),  # ... within a quarter of an hour after it
        ("2026-08-18T10:39", 300, False),
        ("2026-08-18T10:59", 9, False),  # nobody was talked with
        ("2026-08-18T10:59", 0, False),  # a missed call: the clock runs
    ],
)
def test_what_came_by_a_call_that_was_answered_was_answered_at_once(when: str, seconds: int, at_once: bool) -> None:
    fact = enquiry("2026-08-18T11:00", call(when, seconds, direction="in"))
    assert (fact.number, fact.note) == ((0, "came_by_call") if at_once else (None, None))


def test_a_strangers_call_made_no_enquiry_and_a_deleted_one_answered_none() -> None:
    rang = call("2026-08-18T10:58", 95, "9", direction="in")
    assert enquiry("2026-08-18T11:00", rang, gone={"call:9": at("2026-09-01T10:00")}).number is None
    elsewhere = call("2026-08-18T10:58", 95, direction="in", on=("deal:99",))
    assert enquiry("2026-08-18T11:00", elsewhere, key="company:3").number is None


def test_a_deleted_call_answered_nobody() -> None:
    fact = enquiry("2026-08-18T11:00", call("2026-08-18T11:05", 95, "9"), gone={"call:9": at("2026-09-01T10:00")})
    assert fact.number is None


def test_anyones_first_call_is_the_answer() -> None:
    calls = (call("2026-08-18T11:09", 95), call("2026-08-18T11:07", 70, user="503"))
    assert enquiry("2026-08-18T11:00", *calls).number == 420


def test_a_meeting_held_is_an_answer() -> None:
    met = Meeting(id="61", user_id="501", done_at=at("2026-08-18T18:00"), on=("deal:1",))
    told = Done(id="e1", of="task:61", at=at("2026-08-18T11:30"))
    assert enquiry("2026-08-18T11:00", meetings=(met,), dones=(told,)).number == 1800
    assert enquiry("2026-08-18T11:00", meetings=(Meeting(id="61", on=("deal:1",)),), dones=(told,)).number is None
    for result, number in ((False, None), (True, 1800)):
        ticked = replace(met, has_result=result)
        assert enquiry("2026-08-18T11:00", meetings=(ticked,), dones=(told,)).number == number


def test_a_call_on_another_record_of_the_client_is_an_answer_and_on_a_stranger_is_not() -> None:
    elsewhere = call("2026-08-18T11:05", 95, on=("deal:99",))
    assert enquiry("2026-08-18T11:00", elsewhere).number == 300
    with_another = (deal(outcome="open", created_at=at("2026-08-18T11:00"), contacts=("contact:8",)),)
    assert enquiry("", elsewhere, deals=with_another).number is None
    assert enquiry("", call("2026-08-18T11:05", 95, on=("contact:8",)), deals=with_another).number == 300


def test_an_enquiry_without_client_is_answered_by_calls_on_itself() -> None:
    alone = (deal(outcome="open", created_at=at("2026-08-18T11:00"), contacts=()),)
    reached = call("2026-08-18T11:05", 95, on=("deal:1",))
    assert enquiry("", reached, deals=alone, key="deal:1").number == 300


def test_it_is_the_owners_at_the_start() -> None:
    fact = enquiry("2026-08-18T11:00", owners=(owner("502", "503", "2026-08-18T12:00"),))
    assert fact.user == "503"


@pytest.mark.parametrize(
    ("seen_after", "confidence"), [(timedelta(minutes=5), "observed"), (timedelta(days=3), "assumed")]
)
def test_an_owner_seen_soon_after_the_start_is_observed(seen_after: timedelta, confidence: str) -> None:
    start = at("2026-08-18T11:00")
    fact = enquiry("2026-08-18T11:00", rules=sales("observed"), since={"deal:1": start + seen_after})
    assert fact.confidence == confidence


def test_what_the_seller_entered_himself_counts_only_where_the_rules_say_so() -> None:
    own = {"deals": (deal(outcome="open", created_by="501"),)}
    assert enquiry("", **own).omitted == "own_lead"
    assert enquiry("", **own, rules=sales(own_leads=True)).omitted is None
    handed_on = {"owners": (owner("501", "502", "2026-09-02T10:00"),)}
    assert enquiry("", **own, **handed_on).omitted is None


def test_service_and_deleted_enquiries_count_nowhere() -> None:
    assert enquiry("", deals=(deal(pipeline="3"),)).omitted == "service_pipeline"
    assert enquiry("2026-08-18T11:00", gone={"deal:1": at("2026-09-01T10:00")}).omitted == "deleted"


# A lead and the deal it became (Bitrix24).


def test_a_lead_and_its_deal_are_one_enquiry() -> None:
    found = facts(leads=(lead("5", owner_id="502", source="Сайт"),), deals=(deal(lead_id="5"), deal("2", lead_id="5")))
    only = [fact for fact in found.values() if fact.kind == "enquiry"]
    assert [(f.key, f.user, f.lead, f.deal, f.source) for f in only] == [("enquiry|lead:5", "502", "5", "1", "Сайт")]


def test_a_lead_lost_as_junk_counts_nowhere() -> None:
    spam = lead("5", outcome="lost", stage_id="9/spam")
    assert facts(leads=(spam,))["enquiry|lead:5"].omitted == "junk"
    dear = lead("5", outcome="lost", stage_id="9/lost")
    assert facts(leads=(dear,))["enquiry|lead:5"].omitted is None


def test_one_good_deal_saves_a_lead() -> None:
    junk = deal("2", outcome="lost", loss_reason_id="77", lead_id="5")
    assert facts(leads=(lead("5"),), deals=(junk,))["enquiry|lead:5"].omitted == "junk"
    assert facts(leads=(lead("5"),), deals=(junk, deal(lead_id="5")))["enquiry|lead:5"].omitted is None


def test_a_deleted_lead_lives_on_in_its_deal() -> None:
    gone = {"lead:5": at("2026-10-01T10:00")}
    assert facts(leads=(lead("5"),), gone=gone)["enquiry|lead:5"].omitted == "deleted"
    assert facts(leads=(lead("5"),), deals=(deal(lead_id="5"),), gone=gone)["enquiry|lead:5"].omitted is None


def test_a_lead_of_a_service_deal_is_no_sale() -> None:
    found = facts(leads=(lead("5", pipeline_id="9"),), deals=(deal(lead_id="5", pipeline="3"),))
    assert found["enquiry|lead:5"].omitted == "service_pipeline"
    assert facts(leads=(lead("5", pipeline_id="9"),))["enquiry|lead:5"].omitted is None


def test_a_deal_whose_lead_is_not_here_is_not_counted_twice() -> None:
    assert facts(deals=(deal(lead_id="5"),))["enquiry|deal:1"].omitted == "lead_elsewhere"


# Unsorted (amoCRM): the lead is its deal's own beginning.


def test_an_unsorted_lead_is_the_beginning_of_its_deal() -> None:
    unsorted = lead("uid", deal="deal:1", created_at=at("2026-09-01T09:58"), owner_id=None, created_by=None)
    found = facts(leads=(unsorted,), deals=(deal(outcome="open"),), calls=(call("2026-09-01T10:05", 30),))
    only = [fact for fact in found.values() if fact.kind == "enquiry"]
    assert [(f.key, f.at, f.user, f.number) for f in only] == [("enquiry|deal:1", at("2026-09-01T09:58"), "501", 420)]


def test_a_lead_of_nobody_is_whosever_of_its_deals_had_one() -> None:
    """Two deals of one lead, the earlier made by a form that named nobody."""
    later = {"lead_id": "9", "created_at": at("2026-09-01T10:01"), "owner_id": "502"}
    deals = (deal("1", "open", lead_id="9", owner_id=None), deal("2", "open", **later))
    found = facts(leads=(lead("9", owner_id=None),), deals=deals)["enquiry|lead:9"]
    assert (found.user, found.omitted) == ("502", None)


def test_an_unsorted_lead_goes_with_its_deal() -> None:
    unsorted = lead("uid", deal="deal:1")
    gone = {"lead:uid": at("2026-09-01T11:00")}
    assert facts(leads=(unsorted,), deals=(deal(),), gone=gone)["enquiry|deal:1"].omitted is None
    gone = {"deal:1": at("2026-09-01T11:00")}
    assert facts(leads=(unsorted,), deals=(deal(),), gone=gone)["enquiry|deal:1"].omitted == "deleted"


def test_an_unsorted_lead_never_accepted_is_an_enquiry_of_its_own() -> None:
    assert facts(leads=(lead("uid", deal="deal:1"),))["enquiry|lead:uid"].omitted is None


def test_moves_do_not_answer_anybody() -> None:
    fact = enquiry("2026-08-18T11:00", moves=(move("open", "2026-08-18T11:05"),))
    assert fact.number is None


# What an enquiry led to.


def led(**parts: Any) -> Fact:
    return next(fact for fact in facts(**parts).values() if fact.kind == "lead_won")


def test_an_enquiry_leads_to_the_first_standing_win_of_its_deals() -> None:
    deals = tuple(deal(str(n), lead_id="5", created_at=at("2026-09-02T10:00")) for n in (1, 2, 3))
    moves = tuple(move("won", f"2026-09-{n}T10:00", f"deal:{n - 10}", f"m{n}", "open") for n in (11, 12, 13))
    undone = (deal("1", "open", lead_id="5", created_at=at("2026-09-02T10:00")), *deals[1:])
    for known, day in ((deals, 11), (undone, 12)):
        fact = led(leads=(lead("5", owner_id="502"),), deals=known, moves=moves)
        assert (fact.key, fact.user, fact.number) == ("lead_won|lead:5", "502", (day - 1) * 86_400)
        assert (fact.at, fact.due_at) == (at("2026-09-01T10:00"), at("2026-11-30T10:00"))


def test_an_enquiry_is_not_won_by_a_deal_that_counts_nowhere() -> None:
    won = (move("won", "2026-09-11T10:00", source="open"),)
    found = led(leads=(lead("5"),), deals=(deal(lead_id="5"), deal("2", "open", lead_id="5")), moves=won)
    assert found.number == 10 * 86_400
    gone = {"deal:1": at("2026-09-12T10:00")}
    found = led(leads=(lead("5"),), deals=(deal(lead_id="5"), deal("2", "open", lead_id="5")), moves=won, gone=gone)
    assert (found.number, found.omitted) == (None, None)


def test_a_win_is_as_sure_as_its_moment_and_the_window_is_the_rules() -> None:
    fact = led(rules=sales(conversion_window_days=10), deals=(deal(closed_at=at("2026-08-01T10:00")),))
    assert (fact.number, fact.confidence, fact.due_at) == (0, "assumed", at("2026-09-11T10:00"))


def test_what_is_left_out_of_enquiries_is_left_out_of_their_cohort() -> None:
    junk = deal(outcome="lost", loss_reason_id="77")
    assert led(deals=(junk,)).omitted == "junk"
    assert led(deals=(deal(outcome="open", created_by="501"),)).omitted == "own_lead"
