"""A second `kpi run` on the same accounts: whoever starts it is told at once, and so is who runs already."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import replace
from datetime import timedelta

import pytest

from connector.cli.screens.standing import show_standing
from connector.errors import StoreTrouble
from connector.jobs.beside import Presence, seen
from connector.pipeline.bench import Workbench
from connector.pipeline.standing import standing
from connector.store import daemons
from connector.store.engine import Store
from connector.store.leases import this_process
from tests.hooks.shop import opened

OTHER = "elsewhere/pid:[1]/77"


def serving(bench: Workbench) -> list[str]:
    return [one.holder for one in standing(bench).daemons]


def later(bench: Workbench, seconds: int = 20) -> None:
    at = bench.clock() + timedelta(seconds=seconds)
    bench.clock = lambda: at


def test_both_are_told_of_one_another_once(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    bench = opened(store)
    mine, theirs = Presence([bench]), Presence([bench], OTHER)
    theirs.say()
    mine.say()
    assert caplog.messages == [], "it may have died a moment ago"
    later(bench)
    theirs.say()
    mine.say()
    assert "acme: another `kpi run` serves this account too: host elsewhere, process 77, since 20" in caplog.text
    assert "stop one of them" in caplog.text and caplog.records[-1].levelno == logging.WARNING
    for _ in range(3):
        later(bench)
        theirs.say()
        mine.say()
    assert len(caplog.records) == 2 and f"process {os.getpid()}" in caplog.text
    assert set(serving(bench)) == {this_process(), OTHER}
    theirs.leave()
    assert serving(bench) == [this_process()]


def test_one_that_was_killed_in_a_container_is_no_second_one(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    bench = opened(store)
    Presence([bench], OTHER).say()
    mine = Presence([bench])
    for _ in range(5):
        mine.say()
        later(bench)
    assert caplog.messages == [] and serving(bench) == [this_process()]


def test_a_database_that_is_away_is_waited_for_once(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    benches, asked = [opened(sqlite_store), opened(sqlite_store, "other")], list[int]()

    def away(*_: object) -> None:
        asked.append(1)
        raise StoreTrouble("locked")

    monkeypatch.setattr(daemons, "beat", away)
    monkeypatch.setattr(daemons, "leave", away)
    one = Presence(benches)
    one.say()
    one.leave()
    assert len(asked) == 2


def test_the_second_signal_waits_for_nothing(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[int] = []
    monkeypatch.setattr(Presence, "leave", lambda self: left.append(1))
    with pytest.raises(KeyboardInterrupt), seen([opened(sqlite_store)]):
        raise KeyboardInterrupt
    assert left == []


def test_status_names_each_and_says_that_two_are_a_thing_to_look_at(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    bench = opened(store)
    Presence([bench], OTHER).say()
    show_standing([standing(bench)], {"acme": "en"}, as_json=False)
    told = capsys.readouterr().out
    assert "kpi run is at work: host elsewhere, process 77, since " in told and "attention" not in told
    Presence([bench]).say()
    show_standing([standing(bench)], {"acme": "en"}, as_json=False)
    assert "attention: kpi run is at work 2 times on this account" in capsys.readouterr().out
    show_standing([standing(bench)], {"acme": "en"}, as_json=True)
    [told_json] = json.loads(capsys.readouterr().out)
    assert {one["host"] for one in told_json["daemons"]} == {"elsewhere", this_process().partition("/")[0]}


def test_who_says_nothing_for_a_minute_is_gone(store: Store) -> None:
    bench = opened(store)
    Presence([bench], OTHER).say()
    assert serving(bench) == [OTHER]
    at = bench.clock()
    after = replace(bench, clock=lambda: at + timedelta(seconds=daemons.SECONDS + 1))
    assert serving(after) == []
    Presence([after]).say()
    assert serving(after) == [this_process()]


def test_a_process_of_this_machine_that_died_is_gone_at_once(store: Store) -> None:
    bench = opened(store)
    Presence([bench], f"{this_process().rpartition('/')[0]}/{2**22 + 5}").say()
    assert serving(bench) == []


def test_it_says_so_as_long_as_it_runs(sqlite_store: Store) -> None:
    bench = opened(sqlite_store)
    with seen([bench], every=0.01):
        assert serving(bench) == [this_process()]
    assert serving(bench) == []


def test_two_that_serve_different_accounts_are_not_two(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    one, other = opened(store), opened(store, "other")
    Presence([one]).say()
    Presence([other], OTHER).say()
    assert caplog.messages == []


def test_whoever_works_is_not_kept_from_it(store: Store) -> None:
    """It is told, and holds nothing."""
    from connector.pipeline.running import held

    bench = opened(store)
    Presence([bench], OTHER).say()
    with held(bench):
        pass
