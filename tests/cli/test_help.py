"""`--help` follows the machine's language: all of it, and its words are loaded by nothing else."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import typer

from connector.cli import app
from connector.cli.help_words import HELP, LABELS
from connector.cli.russian_help import in_russian, walked


def english() -> set[str]:
    """Whatever help says."""
    told = set()
    for one in walked(typer.main.get_command(app)):
        helps = [one.help, one.epilog, *(getattr(each, "help", None) for each in one.params)]
        told |= {text.strip() for text in helps if text}
    return told


def test_every_word_of_help_has_its_russian_and_none_is_left_over() -> None:
    assert english() == set(HELP)


def test_no_english_label_is_left_in_russian_help() -> None:
    command = in_russian(typer.main.get_command(app))
    for one in walked(command):
        text = one.get_help(typer.Context(one, info_name="kpi"))
        assert not [label for label in LABELS if label in text], text
        assert any("а" <= letter <= "я" for letter in text)


@pytest.mark.parametrize(
    ("language", "words", "usage"),
    [
        ("ru", ("report", "--help"), "Использование: kpi report"),
        ("ru", ("plan",), "Использование: kpi plan"),
        ("ru", (), "Использование: kpi"),
        ("en", ("report", "--help"), "Usage: kpi report"),
        ("en", (), "Usage: kpi"),
    ],
)
def test_help_speaks_the_machines_language(language: str, words: tuple[str, ...], usage: str) -> None:
    env = os.environ | {"KPI_LANGUAGE": language}
    call = [sys.executable, "-c", "from connector.cli import main; import sys; sys.argv[0] = 'kpi'; main()", *words]
    done = subprocess.run(call, capture_output=True, text=True, env=env, check=False, timeout=120)
    assert usage in done.stdout + done.stderr


def test_words_of_help_are_loaded_by_help_alone() -> None:
    code = "import sys, connector.cli; assert 'connector.cli.help_words' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
