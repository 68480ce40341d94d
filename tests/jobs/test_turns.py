"""What rests after an error and what does not: hooks longer and longer, retention and letters never."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from apscheduler.schedulers.background import BackgroundScheduler

from connector.errors import (
    BadConfig,
    Brake,
    Broken,
    Busy,
    Forbidden,
    KpiError,
    Limited,
    Reauthorise,
    StoreTrouble,
    Unreachable,
)
from connector.jobs import clock, turns
from connector.jobs.turns import PATIENCE, PAUSE, HookTurns, Turns
from connector.pipeline.bench import Workbench
from connector.pipeline.running import held
from connector.store.engine import Store
from connector.store.told import inbox
from connector.store.trouble import Damaged
from tests.hooks.shop import KEY, opened

START = datetime(2026, 11, 27, 9, tzinfo=UTC)


class Life:
    """An account whose turns end as they are told to, and its time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now, self.taken = START, list[str]()
        self.ends: dict[str, Exception] = {}
        self.bench = cast("Workbench", SimpleNamespace(
            clock=lambda: self.now, settings=SimpleNamespace(name="acme", every=300, retention=None)
        ))  # fmt: skip
        for name in ("cycle", "sweep_and_derive", "retain", "send_due", "take_hooks"):
            monkeypatch.setattr(turns, name, self._turn(name))

    def _turn(self, name: str) -> Callable[..., None]:
        def turn(*_: Any, **__: Any) -> None:
            self.taken.append(name)
            if name in self.ends:
                raise self.ends[name]

        return turn


@pytest.fixture
def life(monkeypatch: pytest.MonkeyPatch) -> Life:
    return Life(monkeypatch)


def never() -> bool:
    return False


@pytest.mark.parametrize("error", [Broken("500"), Unreachable("no answer")])
def test_hooks_rest_longer_at_each_failure_and_not_at_all_after_a_success(life: Life, error: KpiError) -> None:
    hooks, pauses = HookTurns(life.bench, never), list[timedelta]()
    life.ends["take_hooks"] = error
    for _ in range(9):
        assert hooks.free()
        hooks.take()
        assert hooks.rest_until is not None and not hooks.free()
        pauses.append(hooks.rest_until - life.now)
        life.now = hooks.rest_until
    assert pauses[:3] == [PAUSE, 2 * PAUSE, 4 * PAUSE] and pauses[-1] == PATIENCE == max(pauses)
    life.ends.clear()
    assert hooks.free()
    hooks.take()
    assert hooks.rest_until is None and hooks.free()


def test_hooks_come_again_when_the_crm_says_and_at_once_when_somebody_else_worked(life: Life) -> None:
    hooks, until = HookTurns(life.bench, never), START + timedelta(minutes=3)
    life.ends["take_hooks"] = Busy("held")
    assert hooks.free()
    hooks.take()
    assert hooks.rest_until is None
    life.ends["take_hooks"] = Limited("too many", retry_at=until)
    assert hooks.free()
    hooks.take()
    assert hooks.rest_until == until


@pytest.mark.parametrize(
    "error", [Reauthorise("dead"), Brake("too many"), Limited("later", retry_at=START + timedelta(hours=9)), OSError()]
)
def test_what_is_too_old_goes_whether_the_crm_answers_or_not(life: Life, error: Exception) -> None:
    life.ends = {"cycle": error, "sweep_and_derive": error}
    account = Turns(life.bench, never)
    account.cycle()
    rest = account.rest_until
    assert rest is not None
    account.sweep()
    account.letters("daily")
    assert life.taken == ["cycle", "retain", "send_due"], "the CRM is left alone, nothing else is"
    assert account.rest_until == rest
    fresh = Turns(life.bench, never)
    fresh.sweep()
    assert life.taken[3:] == ["sweep_and_derive", "retain"]
    assert fresh.rest_until is not None


def test_trouble_of_the_letters_and_of_retention_is_not_the_crms(life: Life) -> None:
    account = Turns(life.bench, never)
    life.ends = {"send_due": Limited("Telegram asks to wait", retry_at=START + timedelta(hours=1)), "retain": OSError()}
    account.letters("daily")
    account.sweep()
    account.cycle()
    assert account.rest_until is None and life.taken.count("cycle") == 1


def test_a_purge_that_found_the_account_busy_follows_the_next_cycle(life: Life) -> None:
    account = Turns(life.bench, never)
    life.ends["retain"] = Busy("a hook is being taken")
    account.sweep()
    account.cycle()
    life.ends.clear()
    account.cycle()
    account.cycle()
    assert life.taken == ["sweep_and_derive", "retain", "cycle", "retain", "cycle", "retain", "cycle"]


def test_a_damaged_database_is_remembered_until_a_cycle_goes_well(life: Life) -> None:
    account = Turns(life.bench, never)
    life.ends["cycle"] = Damaged("the file is damaged (malformed)", where="/srv/kpi.db")
    account.cycle()
    assert life.bench.damage == "the file is damaged (malformed)"
    account.letters("daily")
    assert life.bench.damage is not None, "letters read little"
    life.ends.clear()
    account.cycle()
    assert life.bench.damage is None


def test_nothing_begins_once_it_is_asked_to_stop(life: Life) -> None:
    account = Turns(life.bench, lambda: True)
    account.cycle()
    account.sweep()
    account.letters("daily")
    assert life.taken == []


def test_an_old_hook_goes_at_night_while_a_person_is_needed(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """On both databases, and also where the first night finds the account held."""

    def dead(*_: object, **__: object) -> None:
        raise Reauthorise("the grant is dead")

    bench = opened(store)
    monkeypatch.setattr(turns, "sweep_and_derive", dead)
    monkeypatch.setattr(turns, "cycle", dead)
    old = inbox.Letter(bench.account, bench.now() - 60 * 86_400_000, b"account=1&deals=1&name=Mustermann")
    with store.write() as conn:
        inbox.keep(conn, KEY, [old])
    account = Turns(bench, never)
    account.cycle()
    with held(bench):
        account.sweep()
    with store.read() as conn:
        assert inbox.count(conn, bench.account) == 1
    account.cycle()
    with store.read() as conn:
        assert inbox.count(conn, bench.account) == 0


@pytest.mark.parametrize(
    ("error", "level", "again"),
    [
        (Busy("another process holds it"), "INFO", None),
        (Limited("too many requests"), "INFO", "INFO"),
        (Broken("500"), "WARNING", "INFO"),
        (Unreachable("no answer"), "WARNING", "INFO"),
        (Forbidden("no right to deals"), "ERROR", "INFO"),
        (Reauthorise("the grant is dead"), "ERROR", "INFO"),
        (BadConfig(["nobody of this name"]), "ERROR", "INFO"),
        (StoreTrouble("the file was moved away or deleted while it is in use"), "ERROR", "ERROR"),
    ],
)
def test_trouble_is_as_loud_as_what_it_asks_for(
    life: Life, caplog: pytest.LogCaptureFixture, error: KpiError, level: str, again: str | None
) -> None:
    """Once for each cause; but what writes nothing down is loud each time."""
    caplog.set_level(logging.INFO, "kpi")
    account, life.ends["cycle"] = Turns(life.bench, never), error
    for _ in range(3):
        account.cycle()
        life.now += 2 * PATIENCE
    assert [one.levelname for one in caplog.records] == [level, *([again, again] if again else [])]
    assert all("acme cycle: " in one.getMessage() for one in caplog.records)
    life.ends.clear()
    account.cycle()
    over = [one.levelname for one in caplog.records if "works again" in one.getMessage()]
    assert over == ([] if isinstance(error, Busy) else ["INFO"])


def test_whoever_waits_for_this_process_says_nothing_and_for_another_once(
    life: Life, caplog: pytest.LogCaptureFixture
) -> None:
    """Hooks look five times a second while a cycle works."""
    caplog.set_level(logging.DEBUG, "kpi")
    hooks, own = HookTurns(life.bench, never), Busy("process 1 on vm works on this account", retry_at=START)
    own.ours = True
    life.ends["take_hooks"] = own
    for _ in range(3):
        assert hooks.free()
        hooks.take()
    assert caplog.messages == []
    life.ends["take_hooks"] = Busy("process 2 on vm works on this account", todo="stop it", retry_at=START)
    for _ in range(3):
        assert hooks.free()
        hooks.take()
    told = "acme hooks: process 2 on vm works on this account; it is waited for"
    assert [(one.levelname, one.getMessage()) for one in caplog.records] == [("INFO", told)]
    for end in ({}, {"take_hooks": Busy("process 2 on vm works on this account")}):
        life.ends = dict(end)
        assert hooks.free()
        hooks.take()
    assert caplog.messages == [told, told], "another time it is told anew"


def test_a_database_that_is_away_is_told_once_by_who_looks_for_hooks(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bench, looks, stopping = opened(sqlite_store), list[int](), threading.Event()
    caplog.set_level(logging.INFO, "kpi")

    def letters(_: object) -> set[int]:
        looks.append(1)
        if len(looks) <= 5:
            raise StoreTrouble("the database server cannot be reached")
        stopping.set()
        return set()

    monkeypatch.setattr(clock.inbox, "accounts_with_letters", letters)
    monkeypatch.setattr(clock, "LOOK_EVERY", 0.01)
    clock.listen([bench], clock.schedule([bench], stopping.is_set), stopping)
    told = [(one.levelname, one.getMessage()) for one in caplog.records if one.name == "kpi.run"]
    assert told == [("ERROR", "hooks: the database server cannot be reached"), ("INFO", "hooks: works again")]


def test_who_listens_survives_a_fault(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    bench, looks, stopping = opened(sqlite_store), list[int](), threading.Event()

    def letters(_: object) -> set[int]:
        looks.append(1)
        if len(looks) > 2:
            stopping.set()
            return set()
        raise RuntimeError("nobody thought of it")

    monkeypatch.setattr(clock.inbox, "accounts_with_letters", letters)
    monkeypatch.setattr(clock, "LOOK_EVERY", 0.01)
    clock.listen([bench], clock.schedule([bench], stopping.is_set), stopping)
    assert len(looks) == 3


def test_a_hook_that_comes_as_the_turn_before_it_ends_is_taken(sqlite_store: Store) -> None:
    """The scheduler may not have noted yet that the turn is over: a turn that it put off was never taken at all."""
    bench, stopping = opened(sqlite_store), threading.Event()
    with sqlite_store.write() as conn:
        inbox.keep(conn, KEY, [inbox.Letter(bench.account, bench.now(), b"account=1&deals=1")])
    scheduler = BackgroundScheduler(timezone=UTC, job_defaults={"misfire_grace_time": None})
    scheduler.start()
    scheduler._lookup_executor("default")._instances[f"hooks {bench.account}"] = 1
    listener = threading.Thread(target=clock.listen, args=([bench], scheduler, stopping), daemon=True)
    listener.start()
    try:
        for _ in range(100):
            with sqlite_store.read() as conn:
                if not inbox.count(conn, bench.account):
                    break
            stopping.wait(0.1)
        else:
            raise AssertionError("it waits for ever")
    finally:
        stopping.set()
        listener.join()
        scheduler.shutdown()
