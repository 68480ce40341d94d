"""What goes into the CRM: everything once, nothing twice, nothing of anybody else's, and back again."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa

from connector.cli.demo import DEMO_NOW
from connector.pipeline.bench import Workbench
from connector.pipeline.cycling import cycle
from connector.pipeline.undoing import undo_run
from connector.pipeline.writing import preview_of, push
from connector.store.facts import FACT
from providers.bitrix24.sandbox.faults import Lost
from tests.journeys.conftest import Open

CRMS = ("amocrm", "bitrix24")


def states(bench: Workbench) -> Counter[str]:
    from connector.store.sent import outbox

    with bench.store.read() as conn:
        found: Counter[str] = Counter()
        for (_, state), count in outbox.counts(conn, bench.account).items():
            found[state] += count
    return found


def tasks_of(provider: str, box: Any) -> list[str]:
    """The texts of our tasks as the CRM has them now, read as a foreign client would."""
    import json
    import urllib.request

    if provider == "amocrm":
        heads = "&".join(f"filter[responsible_user_id][]={head}" for head in (511, 512))
        url = f"{box.base_url}/api/v4/tasks?limit=250&filter[is_completed]=0&{heads}"
        request = urllib.request.Request(
            url.replace("[", "%5B").replace("]", "%5D"),
            headers={"Authorization": f"Bearer {box.options['token'].get_secret_value()}"},
        )
        with urllib.request.urlopen(request) as answer:
            body = answer.read()
        rows = json.loads(body)["_embedded"]["tasks"] if body else []
        return [row["text"] for row in rows if "[kpi#" in row["text"]]
    secret = box.options["webhook"].get_secret_value()
    query = "select[]=ID&select[]=DESCRIPTION&order[ID]=asc".replace("[", "%5B").replace("]", "%5D")
    with urllib.request.urlopen(f"{box.base_url}/rest/{secret}/tasks.task.list?{query}") as answer:
        rows = json.loads(answer.read())["result"]["tasks"]
    return [row["description"] for row in rows if "[kpi#" in str(row["description"])]


@pytest.mark.parametrize("provider", CRMS)
def test_a_second_run_on_a_quiet_crm_writes_nothing(journey: Open, provider: str) -> None:
    box, bench = journey(provider, now=DEMO_NOW)
    first = cycle(bench)
    assert first.pushed.delivery is not None
    assert first.pushed.delivery.written > 150
    assert {"deal_fields", "kpi_card", "tasks"} <= set(first.pushed.delivery.levels)
    assert not first.pushed.delivery.problems
    written = len(box.written)
    again = [cycle(bench) for _ in range(3)]
    with bench.store.read() as conn:
        ours = conn.execute(sa.select(sa.func.count()).where(FACT.c.omitted == "ours")).scalar_one()
    assert ours > 0, "our own tasks came back, to count nowhere"
    assert [(one.synced.facts_added, one.synced.facts_ended) for one in again] == [(ours, 0), (0, 0), (0, 0)]
    assert [one.pushed.wished for one in again] == [0, 0, 0]
    assert len(box.written) == written


@pytest.mark.parametrize("provider", CRMS)
def test_preview_is_the_default_and_sends_nothing(journey: Open, provider: str) -> None:
    box, bench = journey(provider, writeback="preview", now=DEMO_NOW)
    assert cycle(bench).pushed.delivery is None
    shown = preview_of(bench).shown
    assert shown is not None
    assert {change.level for change in shown.changes} == {"deal_fields", "kpi_card", "tasks"}
    assert not box.written


@pytest.mark.parametrize("provider", CRMS)
def test_losing_the_answer_to_a_task_twice_leaves_one_task(journey: Open, provider: str) -> None:
    box, bench = journey(provider, now=DEMO_NOW)
    if provider == "amocrm":
        box.faults.lose_answer(method="POST", path="tasks", times=2)
    else:
        box.faults.add(Lost(), "tasks.task.add", times=2)
    for _ in range(4):
        cycle(bench)
    texts = tasks_of(provider, box)
    markers = Counter(text[text.rindex("[kpi#") :] for text in texts)
    assert markers
    assert set(markers.values()) == {1}
    assert set(states(bench)) <= {"done", "noop"}


@pytest.mark.parametrize("provider", CRMS)
def test_a_task_for_the_head_says_whom_how_much_and_where(journey: Open, provider: str) -> None:
    box, bench = journey(provider, now=DEMO_NOW)
    cycle(bench)
    about = [text for text in tasks_of(provider, box) if "Анна Белова" in text or "Факт." in text]
    assert about
    for text in about:
        assert "Вопрос." in text
        assert "http" in text


@pytest.mark.parametrize("provider", CRMS)
def test_undo_puts_a_run_back(journey: Open, provider: str) -> None:
    _, bench = journey(provider, now=DEMO_NOW)
    first = cycle(bench).pushed
    undone = undo_run(bench, first.run)
    assert undone.delivery is not None
    assert undone.delivery.written == sum(
        count for states in first.delivery.levels.values() for state, count in states.items() if state == "done"
    )
    assert push(bench).wished == 0, "what was undone is not written again by itself"
