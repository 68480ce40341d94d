"""What a sandbox prints goes into a configuration as it is."""

from __future__ import annotations

import socket
import stat
import tomllib
from pathlib import Path

import pytest
from pydantic import SecretStr

from connector.app import provider_options, read_settings
from connector.cli import demo, demo_kept
from connector.cli.demo import as_toml, pasted
from connector.config import Settings
from connector.errors import BadConfig
from connector.pretend import company
from connector.pretend.happenings import Enquired, Reassigned
from connector.pretend.people import moscow


def test_options_are_printed_as_toml() -> None:
    """They were printed as Python: `{'700': ('511',)}` is refused by every parser of TOML."""
    options = {"base_url": "http://127.0.0.1:8080", "heads": {"700": ("511",), "701": ["512", "513"]}}
    told = "\n".join(f"{key} = {as_toml(value)}" for key, value in options.items())
    assert tomllib.loads(told) == options | {"heads": {"700": ["511"], "701": ["512", "513"]}}


def test_secrets_are_pasted_into_the_shell_and_named_in_the_file() -> None:
    """Printed in clear they were refused by the configuration they were meant for."""
    shell, *file = pasted("amocrm", {"token": SecretStr("s3cret"), "base_url": "http://127.0.0.1:1"})
    assert shell == "export AMO_TOKEN='s3cret'"
    told = tomllib.loads("\n".join(file))["account"]["options"]
    assert told == {"token": {"env": "AMO_TOKEN"}, "base_url": "http://127.0.0.1:1"}


@pytest.mark.parametrize("provider", ["amocrm", "bitrix24"])
def test_a_sandbox_prints_on_stdout_what_is_pasted_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], provider: str
) -> None:
    def stopped(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(demo.time, "sleep", stopped)
    with pytest.raises(KeyboardInterrupt):
        demo.serve_sandbox(provider, "en", port=0, now=None, paced=False, deals=5, months=6)
    out, err = capsys.readouterr()
    shell, *file = out.splitlines()
    assert shell.startswith("export ") and shell.partition("=")[0][7:] in "".join(file)
    assert tomllib.loads("\n".join(file))["account"]["options"]["base_url"].startswith("http://127.0.0.1:")
    assert "answers at" in err and "export" not in err


@pytest.mark.parametrize("provider", ["amocrm", "bitrix24"])
def test_a_port_that_is_taken_is_told_as_such(provider: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(BadConfig, match=f"nobody can listen on {port}.*name another one"):
            demo.serve_sandbox(provider, "en", port=port, now=None, paced=False, deals=5, months=6)


def test_what_is_kept_is_found_again_by_every_command(tmp_path: Path) -> None:
    plan = company.build()
    with demo.sandbox_module("amocrm").Sandbox(plan) as box:
        raw = demo.demo_raw(tmp_path, plan, {"amocrm": box}, "ru")
        path = demo_kept.keep(tmp_path, raw)
        token = box.options["token"].get_secret_value()
    assert token not in path.read_text("utf-8")
    assert stat.S_IMODE((tmp_path / "demo-amocrm.token").stat().st_mode) == 0o600
    [found], [given] = read_settings(path, {}).account, Settings.model_validate(raw).account
    assert provider_options(found) == provider_options(given)
    assert found.model_copy(update={"options": {}}) == given.model_copy(update={"options": {}})
    with pytest.raises(BadConfig, match="exists already"):
        demo.run_demo(tmp_path, "ru")


def test_a_longer_past_changes_nothing_of_the_last_half_year() -> None:
    """Chances are told from the ninth month on; the usual company is half a year old."""
    usual, longer = company.build(), company.build(months=13)
    assert (usual.start, longer.start, usual.end) == (moscow(2026, 4, 1), moscow(2025, 9, 1), longer.end)
    happened = [h for h in usual.happenings if h.at >= usual.start]
    since = [h for h in longer.happenings if h.at >= usual.start]
    assert set(happened) < set(since) and [h for h in since if h in set(happened)] == happened
    named = [h.deal for h in longer.happenings if isinstance(h, Enquired)]
    assert len(set(named)) == len(named) > 1.9 * sum(isinstance(h, Enquired) for h in happened)
    before = {h.deal for h in longer.happenings if isinstance(h, Enquired) and h.at < usual.start}
    assert {h.deal for h in longer.happenings if isinstance(h, Reassigned)} & before, "of who left, heirs take it all"


def test_the_demo_says_what_it_made_in_the_readers_words(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(FileExistsError):
        demo.run_demo(Path(__file__), "ru")
    first = capsys.readouterr().err.splitlines()[0]
    assert "сделки 1 664" in first.replace("\xa0", " ") and first.endswith("месяцев 13")
