from __future__ import annotations

from datetime import UTC, datetime, timedelta

from connector.advice.feedback.overdue import Overdue
from connector.advice.rules import advise
from connector.records import User
from connector.wishes import Raised
from tests.advice.feedback.ground import HEAD, NOW, SELLERS, situation


def overdue(n: int, what: str = "stuck_deal", user: str = "501", hours: int = 5) -> Overdue:
    at = NOW - timedelta(hours=hours + 1)
    return Overdue(what, f"deal:{n}", user, at, NOW - timedelta(hours=hours), f"deal:{n}", f"https://acme/deal/{n}")


def told(n: int, days: float, what: str = "stuck_deal", head: str = "501") -> Raised:
    at = NOW - timedelta(days=days)
    return Raised(subject=f"deal:{n}", kpi=what, head=head, at=at, closed_at=at + timedelta(hours=2))


def test_of_an_enquiry_that_was_handed_over_its_present_owner_is_told():
    first, second = overdue(7001, "unanswered_lead", hours=9), overdue(7001, "unanswered_lead", "502")
    [task] = advise(situation(None, overdue=[first, second])).tasks
    assert (task.user_id, task.about) == ("502", "deal:7001")


def test_the_seller_is_told_himself_on_the_card():
    [task] = advise(situation(None, overdue=[overdue(7001)])).tasks
    assert (task.user_id, task.about) == ("501", "deal:7001")
    assert task.key == "task:deal:7001:stuck_deal#alert@2026-09-16"
    assert "https://acme/deal/7001" in task.text
    assert task.text.endswith(task.marker)
    assert task.due_at == datetime(2026, 9, 16, 15, tzinfo=UTC)


def test_five_a_day_those_first_who_wait_for_an_answer():
    some = [overdue(n) for n in range(1, 7)] + [overdue(8, "missed_call"), overdue(9, "unanswered_lead")]
    tasks = advise(situation(None, overdue=some)).tasks
    assert [task.key.split(":")[2] + task.key.split(":")[3].partition("#")[0] for task in tasks][:2] == [
        "9unanswered_lead", "8missed_call",
    ]  # fmt: skip
    assert len(tasks) == 5


def test_one_record_is_told_of_once():
    some = [overdue(7, "missed_call"), overdue(7, "unanswered_lead"), overdue(7)]
    assert len(advise(situation(None, overdue=some)).tasks) == 1
    assert advise(situation(None, overdue=[overdue(7)], raised=[told(7, 5)])).tasks == ()


def test_whoever_left_is_told_nothing():
    users = {**SELLERS, "501": User(id="501", name="Анна", active=False), "510": HEAD}
    assert advise(situation(None, overdue=[overdue(7)], users=users)).tasks == ()


def test_the_head_is_told_on_the_third_day_of_the_same_kind():
    past = [told(1, 9), told(2, 9), told(3, 4)]
    assert advise(situation(None, raised=past)).tasks == (), "many on one day are one day"
    [task] = advise(situation(None, raised=[*past, told(4, 1)], links={"deal:4": "https://acme/deal/4"})).tasks
    assert (task.user_id, task.key) == ("510", "task:user:501:stuck_deal_share#repeated@2026-09-16")
    assert "4 напоминания в 3 дня" in task.text
    assert "https://acme/deal/4" in task.text
    assert "Вопрос." in task.text


def test_not_where_the_kinds_differ_or_it_was_long_ago():
    mixed = [told(1, 9), told(2, 5, "missed_call"), told(3, 1, "unanswered_lead")]
    assert advise(situation(None, raised=mixed)).tasks == ()
    assert advise(situation(None, raised=[told(1, 20), told(2, 16), told(3, 1)])).tasks == ()


def test_no_alerts_where_they_are_switched_off():
    from dataclasses import replace

    from connector.advice.feedback.caps import Limits

    seen = replace(situation(None, overdue=[overdue(7)]), limits=Limits(alerts_a_day=0))
    assert advise(seen).tasks == ()
