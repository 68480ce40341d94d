"""What an undo would put back is known before it does, from the ledger alone."""

from __future__ import annotations

import pytest

from connector.errors import BadConfig
from connector.pipeline.bench import Workbench
from connector.pipeline.undoing import returning, undo_run
from connector.store import runs
from connector.store.engine import Store
from connector.store.sent import ledger
from connector.store.sent.ledger import Entry
from tests.pipeline.shop import opened

AT = 1_790_000_000_000


@pytest.fixture
def bench(sqlite_store: Store) -> Workbench:
    return opened(sqlite_store)


def wrote(bench: Workbench, run: int, *fields: tuple[str, str | None, str | None], **more: str) -> None:
    """A run that changed `KPI_…` fields of card 501 from one value to another."""
    told = {"target": "card:501:2026-09", "key": "kpi:501", "status": "done"} | more
    with bench.store.write() as conn:
        ledger.append(
            conn, bench.account,
            [Entry(run=run, field=name, before=before, after=after, wanted=after, reason="", at=AT, **told)
             for name, before, after in fields],
        )  # type: ignore[arg-type]  # fmt: skip


def test_the_values_of_before_are_told_with_the_run_they_come_from(bench: Workbench) -> None:
    wrote(bench, 57, ("KPI_FACT", "100", "200"), ("KPI_PLAN", None, "300"))
    wrote(bench, 57, ("title", None, "Behind"), target="task:61", key="kpi:t")
    wrote(bench, 58, ("KPI_PLAN", "300", "400"))
    told = returning(bench, 57, "en")
    assert told is not None and (told.run, told.at, told.undid, told.superseded) == (57, AT, None, 1)
    assert [(one.who, one.what, one.old, one.new) for one in told.shown.changes] == [
        ("Anna", "Fact", "200", "100"),
        ("task:61", "task", "open", "completed"),
    ]


def test_of_an_undo_it_says_whose_values_return_and_which_tasks_do_not(bench: Workbench) -> None:
    wrote(bench, 57, ("KPI_FACT", "100", "200"))
    wrote(bench, 58, ("KPI_FACT", "200", "100"), key="undo:57:card:501:2026-09#x", status="undone")
    wrote(bench, 58, ("closed", None, "Withdrawn"), target="task:61", key="undo:57:task:61#close", status="undone")
    told = returning(bench, 58, "en")
    assert told is not None and (told.undid, told.completed, told.superseded) == (57, 1, 0)
    assert [(one.old, one.new) for one in told.shown.changes] == [("100", "200")]


def test_what_is_undone_already_is_not_undone_again_and_makes_no_run(bench: Workbench) -> None:
    wrote(bench, 57, ("KPI_FACT", "100", "200"))
    wrote(bench, 58, ("KPI_FACT", "200", "100"), key="undo:57:card:501:2026-09#x", status="undone")
    for undone in (lambda: returning(bench, 57, "en"), lambda: undo_run(bench, 57)):
        with pytest.raises(BadConfig, match="acme: run 57 is undone already, by run 58"):
            undone()
    with bench.store.read() as conn:
        assert runs.latest(conn, bench.account, "undo") is None


def test_what_stands_again_is_put_back_by_undoing_what_brought_it(bench: Workbench) -> None:
    wrote(bench, 57, ("KPI_FACT", "100", "200"))
    wrote(bench, 58, ("KPI_FACT", "200", "100"), key="undo:57:card:501:2026-09#x", status="undone")
    wrote(bench, 59, ("KPI_FACT", "100", "200"), key="undo:58:card:501:2026-09#y", status="undone")
    with pytest.raises(BadConfig, match="what run 57 wrote stands again by run 59; to put it back: `kpi undo 59`"):
        undo_run(bench, 57)
    with pytest.raises(BadConfig, match="run 58 is undone already, by run 59"):
        undo_run(bench, 58)
    assert returning(bench, 59, "en") is not None


def test_an_undo_that_was_cut_off_is_finished_by_asking_again(bench: Workbench) -> None:
    wrote(bench, 57, ("KPI_FACT", "100", "200"), ("KPI_PLAN", None, "300"))
    wrote(bench, 58, ("KPI_FACT", "200", "100"), key="undo:57:card:501:2026-09#x", status="undone")
    told = returning(bench, 57, "en")
    assert told is not None and ([one.what for one in told.shown.changes], told.superseded) == (["Plan"], 0)


def test_a_run_that_wrote_nothing_here_is_told_from_one_that_never_was(bench: Workbench) -> None:
    assert returning(bench, 99, "en") is None
    with pytest.raises(BadConfig, match="acme: there is no run 99; `kpi runs` lists the runs"):
        undo_run(bench, 99)
    with bench.store.write() as conn:
        quiet = runs.start(conn, bench.account, "sync", now=AT)
    with pytest.raises(BadConfig, match=f"acme: run {quiet} wrote nothing"):
        undo_run(bench, quiet)
