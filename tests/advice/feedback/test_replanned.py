from __future__ import annotations

from datetime import timedelta

from connector.advice.case import Correction
from connector.advice.feedback.telling import title
from connector.advice.rules import advise
from connector.records import User
from connector.wishes import Raised
from tests.advice.feedback.ground import HEAD, NOW, SELLERS, situation

PROPOSED = Correction(7, "501", ("Анна, Выручка 2026-09: 3 000 000 RUB → 2 000 000 RUB", "рабочих дней 10 вместо 22"))


def told(days: float, closed: bool) -> Raised:
    at = NOW - timedelta(days=days)
    closed_at = at + timedelta(days=1) if closed else None
    return Raised(subject="user:501", kpi="plan_correction", head="510", at=at, closed_at=closed_at)


def test_the_head_is_asked_once_and_told_where_to_decide():
    [task] = advise(situation(None, corrections=[PROPOSED])).tasks
    assert (task.user_id, task.key) == ("510", "task:user:501:plan_correction#proposed@2026-09-16")
    assert "3 000 000 RUB → 2 000 000 RUB; рабочих дней 10 вместо 22." in task.text
    assert "kpi plan approve 7" in task.text
    assert "Вопрос." in task.text
    assert task.text.endswith(task.marker)


def test_an_open_task_or_a_late_one_keeps_the_next_away():
    assert advise(situation(None, corrections=[PROPOSED], raised=[told(20, closed=False)])).tasks == ()
    assert advise(situation(None, corrections=[PROPOSED], raised=[told(10, closed=True)])).tasks == ()
    assert len(advise(situation(None, corrections=[PROPOSED], raised=[told(20, closed=True)])).tasks) == 1


def test_nobody_is_asked_about_whom_nobody_leads_or_who_left():
    told_of = advise(situation(None, corrections=[PROPOSED], teams={}))
    assert (told_of.tasks, [one.code for one in told_of.notices]) == ((), ["no_head"])
    users = {**SELLERS, "501": User(id="501", name="Анна", active=False), "510": HEAD}
    assert advise(situation(None, corrections=[PROPOSED], users=users)).tasks == ()


def test_it_has_a_name_in_the_list_of_tasks():
    assert (title("plan_correction", "ru"), title("plan_correction", "en")) == (
        "Корректировка плана", "Correction of a plan",
    )  # fmt: skip
