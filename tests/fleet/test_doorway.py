"""Where there can be no fleet, a sentence says what to do."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from connector.cli import app
from connector.errors import BadConfig, StoreTrouble
from connector.fleet import doorway
from tests.fleet.conftest import Fleet


def test_sqlite_is_refused(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        f'[store]\nurl = "sqlite:///{tmp_path}/kpi.db"\n[[account]]\nname = "a"\nprovider = "tests.fleet.pretend"\n'
        f'[account.options]\nfolder = "{tmp_path}"\n'
    )
    told = CliRunner().invoke(app, ["run", "--fleet", "--config", str(config)])
    assert isinstance(told.exception, BadConfig) and told.exception.exit_code == 2
    assert "--fleet needs PostgreSQL" in str(told.exception) and "leave --fleet out" in str(told.exception)


def test_without_the_extra_it_is_named(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    fleet.account("a")
    monkeypatch.setattr(doorway, "find_spec", lambda name: None)
    with fleet.desk() as desk, pytest.raises(BadConfig, match=r"kpi-connector\[fleet\]"):
        doorway.entered(desk, desk.settings.account, 1)


def test_one_account_alone_is_refused(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["run", "--fleet", "--account", "a", "--config", str(tmp_path / "config.toml")])
    assert isinstance(told.exception, BadConfig) and "leave --account out" in str(told.exception)


@pytest.mark.parametrize("seconds", [-60, 60])
def test_a_machine_whose_clock_is_wrong_does_not_begin(fleet: Fleet, seconds: int) -> None:
    """Each machine holds its own clock against the end of a lease that another one wrote."""
    fleet.account("a")
    with fleet.desk() as desk:
        desk.clock = lambda: datetime.now(UTC) + timedelta(seconds=seconds)
        with pytest.raises(StoreTrouble, match=r"clock and the database's are \d+ s apart"):
            doorway.entered(desk, desk.settings.account, 1)
