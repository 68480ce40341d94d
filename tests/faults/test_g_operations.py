"""G. Keeping it running: backups under way, honest ages, a world that changed between a look and a deed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from connector.errors import Broken
from connector.jobs.turns import Turns
from connector.pipeline.reading import sync_and_derive
from connector.pipeline.standing import standing
from connector.pipeline.writing import preview_of, push
from connector.pretend.happenings import Moved
from connector.store.backup import back_up, restore, verify
from providers.bitrix24.sandbox.faults import Status
from tests.faults.company import ANNA, FIRST
from tests.faults.conftest import Copy, Ground, Open
from tests.faults.rig import Rig, follow, opened

LATER = timedelta(minutes=7)


@pytest.mark.only_on("sqlite")
def test_g05_a_backup_made_during_a_sync_goes_on_elsewhere(
    ground: Ground, rigged: Open, copied: Copy, tmp_path: Path
) -> None:
    """Restored on another machine and synced, it is the CRM again. PostgreSQL has tools of its own: test_backup.py."""
    rig, made = rigged(), list[Any]()

    def copy_now(sort: str, rows: int, total: int | None, requests: int) -> None:
        if not made:
            made.append(back_up(rig.bench.store, tmp_path / "backups", now=rig.box.now))

    rig.run(lambda bench: sync_and_derive(bench, progress=copy_now))
    assert verify(made[0].path).counts["record"] > 50
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with copied(*ground) as url, opened(ground[0], url, elsewhere) as other:
        restore(made[0].path, other.bench.store, now=rig.box.now)
        follow(other.desk, ground[0], other.box)
        other.box.advance(other.box.now + timedelta(minutes=2))  # the lease that was held is over
        other.settle()
    rig.settle()


def test_g07_the_crm_is_away_for_two_hours(rig: Rig) -> None:
    """Numbers say as of when they are; the trouble is told once and not a hundred times, and it ends by itself."""
    rig.well()
    rig.wrong(
        amocrm=lambda f: f.html(502, path="api/v4", times=None), bitrix24=lambda f: f.add(Status(502), times=None)
    )
    turns, before = Turns(rig.bench, lambda: False), standing(rig.bench)
    for _ in range(6):
        rig.box.advance(rig.box.now + timedelta(minutes=20))
        turns.cycle()
    told = standing(rig.bench)
    assert told.numbers == before.numbers, "no number claims to be younger than it is"
    loud = [line for line in rig.told.getvalue().splitlines() if line.startswith(("WARNING", "ERROR"))]
    assert len(loud) == 1, loud
    assert isinstance(rig.run().error, Broken)
    rig.box.faults.clear()
    rig.told.truncate(0)
    turns.cycle()
    assert turns.rest_until is None
    assert "works again" in rig.told.getvalue()
    rig.golden = None
    rig.settle()


def test_g08_the_world_changes_between_preview_and_push(rigged: Open) -> None:
    """A push looks anew: what the preview showed and is no longer true is not written."""
    rig = rigged(writeback="preview")
    rig.quiet()
    shown = preview_of(rig.bench).shown
    assert shown is not None and shown.changes
    rig.box.advance(rig.box.now + LATER)
    rig.box.happen(Moved(rig.box.now, FIRST + 26, "won", ANNA))
    rig.quiet()
    again = preview_of(rig.bench).shown
    assert again is not None and len(again.changes) > 0
    assert {repr(one) for one in again.changes} != {repr(one) for one in shown.changes}
    levels = rig.bench.settings.writeback
    rig.bench.settings = rig.bench.settings.model_copy(
        update={"writeback": levels.model_copy(update={"deal_fields": "on", "kpi_card": "on", "tasks": "on"})}
    )
    pushed = push(rig.bench)
    assert pushed.delivery is not None
    assert pushed.delivery.written >= 1
    assert push(rig.bench).wished == 0, "exactly what was true at the push"
    rig.settle()
