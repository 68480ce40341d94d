"""The whole loop on both CRMs: weak factor, advice, task, the head's answer, measured again, card history."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from connector.app import desk
from connector.cli.demo import account, sandbox_module
from connector.config import Settings
from connector.pipeline.advice.following import chosen
from connector.pipeline.bench import Workbench
from connector.pipeline.cycling import cycle
from connector.pretend.people import moscow
from connector.store.sent import ledger
from tests.journeys import loop

CRMS = ("amocrm", "bitrix24")


@pytest.fixture
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Any, Workbench]]:
    provider = request.param
    plan = loop.company()
    with ExitStack() as stack:
        box = stack.enter_context(
            sandbox_module(provider).Sandbox(plan, paced=False, now=moscow(2026, 8, 31, 10).astimezone(UTC))
        )
        told = account(provider, box, plan) | {"plan": []}
        store = {"url": f"sqlite:///{tmp_path / 'kpi.db'}", "key_file": str(tmp_path / "kpi.key")}
        settings = Settings.model_validate({"store": store, "account": [told]})
        made = stack.enter_context(desk(tmp_path / "config.toml", {}, settings=settings))
        made.sleep = lambda seconds: None
        yield provider, box, made.open(settings.account[0])


@pytest.mark.parametrize("opened", CRMS, indirect=True)
def test_from_a_weakness_to_what_came_of_it(opened: tuple[str, Any, Workbench]) -> None:
    provider, box, bench = opened
    cycle(bench)
    [task] = chosen(bench)
    assert (task.user, task.kpi, task.rule, task.state) == ("501", "lead_answered_in_norm", "slow_response", "open")
    assert "реакция на обращения 50 раб. мин при норме 15" in task.title
    assert task.text.count("http") == 5
    crm_id = _crm_id(bench, task.key)

    box.advance(moscow(2026, 9, 2, 15).astimezone(UTC))
    loop.complete(provider, box, crm_id, "Обсудили: с 14 до 16 обращения подхватывает Борис")
    cycle(bench)
    [task] = chosen(bench)
    assert task.reply is not None
    assert (task.state, task.reply.answer) == ("answered", "discussed")
    assert task.measure_on is not None
    assert str(task.measure_on) == "2026-10-01"

    box.advance(moscow(2026, 10, 1, 12).astimezone(UTC))
    for _ in range(2):  # a portal's clock is learned from its answers: the first cycle still has the old one
        cycle(bench)
    [task] = chosen(bench)
    assert task.effect is not None
    assert (task.effect.verdict, task.effect.basis, task.effect.colleagues) == ("better", "colleagues", 3)
    assert task.effect.before < 0.3 < 0.6 < task.effect.low
    with bench.store.read() as conn:
        card = ledger.latest(conn, bench.account, ["card:501:2026-10"])["card:501:2026-10"]
    assert card["KPI_FEEDBACK"].after is not None
    assert "обсудили, стало явно лучше" in card["KPI_FEEDBACK"].after
    assert cycle(bench).pushed.wished == 0


def _crm_id(bench: Workbench, key: str) -> str:
    from connector.store.sent import outbox

    with bench.store.read() as conn:
        id = outbox.get(conn, bench.account, [key])[key].crm_id
    assert id is not None
    return id
