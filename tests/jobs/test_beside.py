"""A second `kpi run` on the same accounts: whoever starts it is told at once, and so is who runs already."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import replace
from datetime import timedelta

import pytest

from connector.cli.screens.standing import show_standing
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


def test_both_are_told_of_one_another_once(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    bench = opened(store)
    mine, theirs = Presence([bench]), Presence([bench], OTHER)
    theirs.say()
    assert caplog.messages == []
    mine.say()
    assert "acme: another `kpi run` serves this account too: host elsewhere, process 77, since 20" in caplog.text
    assert "stop one of them" in caplog.text and caplog.records[-1].levelno == logging.WARNING
    theirs.say()
    mine.say()
    theirs.say()
    assert len(caplog.records) == 2 and f"process {os.getpid()}" in caplog.text
    assert set(serving(bench)) == {this_process(), OTHER}
    theirs.leave()
    assert serving(bench) == [this_process()]


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
    later = replace(bench, clock=lambda: at + timedelta(seconds=daemons.SECONDS + 1))
    assert serving(later) == []
    Presence([later]).say()
    assert serving(later) == [this_process()]


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
    """It stands among the leases and holds nothing."""
    from connector.pipeline.running import held

    bench = opened(store)
    Presence([bench], OTHER).say()
    with held(bench):
        pass
