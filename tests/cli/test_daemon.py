"""Where `kpi run` and `kpi serve` listen: what was asked for, else what is configured."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from connector.cli import app
from connector.jobs import clock
from connector.web import serving
from tests.cli.test_upkeep import CONFIG


@pytest.mark.parametrize(
    ("command", "configured", "asked", "told"),
    [
        ("run", None, (), None),
        ("run", "10.0.0.1:80", (), "10.0.0.1:80"),
        ("run", "10.0.0.1:80", ("--listen", "[::1]:9000"), "[::1]:9000"),
        ("serve", None, (), "127.0.0.1:8800"),
        ("serve", "10.0.0.1:80", (), "10.0.0.1:80"),
        ("serve", None, ("--listen", "0.0.0.0:9000"), "0.0.0.0:9000"),
    ],
)
def test_both_listen_where_they_are_told(
    command: str,
    configured: str | None,
    asked: tuple[str, ...],
    told: str | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    web = f'[web]\nlisten = "{configured}"\n' if configured else ""
    (tmp_path / "config.toml").write_text(CONFIG.format(folder=tmp_path) + web, "utf-8")
    monkeypatch.setenv("AMO_TOKEN", "not-a-real-token")
    heard: list[str | None] = []

    @contextmanager
    def deaf(listen: str | None, *_: Any) -> Iterator[str | None]:
        heard.append(listen)
        yield listen

    monkeypatch.setattr(serving, "serving", deaf)
    monkeypatch.setattr(serving, "until_stopped", lambda: None)
    monkeypatch.setattr(clock, "run_forever", lambda opened: None)
    done = CliRunner().invoke(app, [command, *asked, "--config", str(tmp_path / "config.toml")])
    assert (done.exit_code, heard) == (0, [told]), done.output
