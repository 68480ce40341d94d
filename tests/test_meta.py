"""What is written about the program is what the program is."""

from __future__ import annotations

import pkgutil
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import typer

import providers
from connector.app import read_settings
from connector.cli import app
from connector.cli.example import example
from connector.kpi.catalogue import ALL

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.ru.md")
CRMS = sorted(module.name for module in pkgutil.iter_modules(providers.__path__) if module.ispkg)


def commands() -> set[str]:
    top = typer.main.get_command(app)
    return set(top.commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("readme", READMES)
def test_the_readme_names_exactly_the_commands_there_are(readme: str) -> None:
    named = set(re.findall(r"^\| `kpi (\w+)` \|", (ROOT / readme).read_text("utf-8"), re.M))
    assert named == commands()


def test_every_command_and_option_says_what_it_does() -> None:
    top = typer.main.get_command(app)
    for name, command in top.commands.items():  # type: ignore[attr-defined]
        assert command.help, name
        for parameter in command.params:
            if parameter.name != "help" and parameter.param_type_name == "option":
                assert parameter.help, f"{name} {parameter.name}"


def test_the_example_configuration_is_accepted(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(example("ru"), "utf-8")
    settings = read_settings(config, {"AMO_TOKEN": "not-a-real-token"})
    assert [account.provider for account in settings.account] == ["amocrm"]


def test_the_example_with_both_accounts_is_accepted(tmp_path: Path) -> None:
    """The commented Bitrix24 block is a configuration too once its comment signs go."""
    text = example("en")
    start = text.index('# [[account]]\n# name = "portal"')
    block = re.sub(r"^# ?", "", text[start:], flags=re.M)
    block = block[: block.index("OAuth of a local application")]
    config = tmp_path / "config.toml"
    config.write_text(text[:start] + block, "utf-8")
    settings = read_settings(config, {"AMO_TOKEN": "not-a-real-token", "B24_WEBHOOK": "1/notarealsecret"})
    assert [account.provider for account in settings.account] == ["amocrm", "bitrix24"]


@pytest.mark.parametrize("crm", CRMS)
def test_every_provider_tells_what_it_reads_and_writes(crm: str) -> None:
    text = (ROOT / "providers" / crm / "README.md").read_text("utf-8").lower()
    for word in ("reads", "writes", "rights", "trap"):
        assert word in text, word


def test_kpi_keys_are_a_contract() -> None:
    assert {
        "revenue", "won_deals", "average_deal", "plan_attainment", "repeat_share", "new_clients", "outgoing_calls",
        "answered_incoming_calls", "calls", "successful_call_share", "calls_to_deals", "meetings", "win_rate",
        "lead_response_minutes", "lead_answered_in_norm", "csat", "refund_share",
    } <= set(ALL)  # fmt: skip


def test_the_wheel_holds_both_packages_and_the_migrations(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("kpi_connector-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for wanted in (
        "connector/py.typed", "providers/py.typed", "connector/config.example.toml", "connector/migrations/env.py",
        "providers/amocrm/__init__.py", "providers/bitrix24/sandbox/__init__.py",
    ):  # fmt: skip
        assert wanted in names
    for revision in (ROOT / "migrations" / "versions").glob("*.py"):
        assert f"connector/migrations/versions/{revision.name}" in names
    assert not any(name.startswith(("tests/", "docs/")) for name in names)


def test_locks_pin_everything_by_hash() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        text = (ROOT / lock).read_text("utf-8")
        pins = re.findall(r"^[a-zA-Z0-9_.\[\]-]+==", text, re.M)
        assert len(pins) > 20
        assert text.count("--hash=sha256:") >= len(pins)
        assert "://" not in text
