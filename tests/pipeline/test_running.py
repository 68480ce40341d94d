"""The run history: a run that could not begin and one that was cut off stand in it as what they were."""

from __future__ import annotations

import logging

import pytest

from connector.config import AccountSettings
from connector.errors import KpiError, Reauthorise, Unreachable
from connector.pipeline.bench import Workbench
from connector.pipeline.reading import sweep_and_derive, sync_and_derive
from connector.provider import Account
from connector.store import runs
from connector.store.engine import Store
from connector.store.tables import RunRow
from connector.testing import FakeProvider
from connector.testing.world import START
from tests.sync.worlds import company, enroll


class Away(FakeProvider):
    """A CRM that does not say who it is while there is a reason not to."""

    reason: KpiError | None = None

    def account(self) -> Account:
        if self.reason is not None:
            raise self.reason
        return super().account()


@pytest.fixture
def crm() -> Away:
    return Away(company(3))


@pytest.fixture
def bench(store: Store, crm: Away) -> Workbench:
    settings = AccountSettings.model_validate({"name": "acme", "provider": "fake", "timezone": "Europe/Moscow"})
    return Workbench(settings, store, enroll(store), crm, lambda: START)


def told(bench: Workbench) -> list[RunRow]:
    with bench.store.read() as conn:
        return runs.recent(conn, bench.account, 10)


@pytest.mark.parametrize("reason", [Unreachable("no answer"), Reauthorise("the token was revoked")])
def test_a_crm_that_is_away_or_lets_nobody_in_is_a_run_that_failed(
    bench: Workbench, crm: Away, reason: KpiError
) -> None:
    crm.reason = reason
    for turn in (sync_and_derive, sweep_and_derive):
        with pytest.raises(type(reason)):
            turn(bench)
    assert [(run.what, run.error) for run in told(bench)] == [("sweep", str(reason)), ("sync", str(reason))]
    assert all(run.ended_at is not None for run in told(bench))
    crm.reason = None
    sync_and_derive(bench)
    assert told(bench)[0].error is None and told(bench)[0].rows == told(bench)[0].changed > 0


def test_a_run_says_when_it_begins_and_what_it_came_to(
    bench: Workbench, crm: Away, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "kpi.run")
    sync_and_derive(bench)
    run = told(bench)[0]
    counts = f"{run.requests} requests, {run.rows} rows, {run.changed} changed, 0 writes"
    assert run.rows and caplog.messages == [
        f"acme sync: run {run.id} begins",
        f"acme sync: run {run.id} ended after 0.0 s: {counts}",
    ]
    caplog.clear()
    crm.reason = Unreachable("no answer")
    with pytest.raises(Unreachable):
        sync_and_derive(bench)
    assert caplog.messages[1].startswith(f"acme sync: run {run.id + 1} failed after 0.0 s: ")


def test_a_run_that_was_cut_off_is_told_so_by_the_next_one_and_letters_are_left_alone(bench: Workbench) -> None:
    with bench.store.write() as conn:
        cut, letters = (runs.start(conn, bench.account, what, now=1) for what in ("push", "digest daily"))
    sync_and_derive(bench)
    found = {run.id: run for run in told(bench)}
    assert found[cut].error == runs.CUT_OFF and found[cut].ended_at is not None
    assert found[letters].ended_at is None
