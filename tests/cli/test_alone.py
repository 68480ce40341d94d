from __future__ import annotations

import typer
from typer.testing import CliRunner

from connector.cli import app
from connector.cli.alone import alone


def made(name: str) -> typer.Typer:
    return alone(app, name)


def test_every_command_alone_says_of_itself_what_it_says_among_the_others() -> None:
    ask = CliRunner().invoke
    for name in ("sync", "plan", "report"):
        told = ask(made(name), [name, "--help"], prog_name="kpi")
        assert told.exit_code == 0
        assert told.output == ask(app, [name, "--help"], prog_name="kpi").output


def test_only_the_command_asked_for_is_made() -> None:
    for name in ("sync", "plan"):
        assert set(typer.main.get_command(made(name)).commands) == {name}  # type: ignore[attr-defined]


def test_a_wrong_option_is_refused_in_the_same_words() -> None:
    ask = CliRunner().invoke
    for call in (["sync", "--never"], ["plan"], ["plan", "never"]):
        told, usual = (ask(one, call, prog_name="kpi") for one in (made(call[0]), app))
        assert told.exit_code == usual.exit_code == 2
        assert told.output == usual.output


def test_without_such_a_command_there_are_all_of_them() -> None:
    assert made("--help") is app
    assert made("") is app
    assert made("never") is app
