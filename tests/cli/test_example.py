"""The example that `kpi init` writes speaks the reader's language; what it configures is the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from connector.cli.example import example, in_russian, remark
from connector.cli.example_words import REMARKS
from tests.cli.test_commands import kpi


def test_every_remark_has_its_russian() -> None:
    told = {found["remark"] for line in example("en").splitlines() if (found := remark(line))}
    assert len(told) > 90
    assert told - set(REMARKS) == set()


def test_keys_and_values_are_the_same() -> None:
    russian, english = example("ru").splitlines(), example("en").splitlines()
    assert len(russian) == len(english)
    for one, other in zip(russian, english, strict=True):
        told, meant = remark(one), remark(other)
        assert (told and told["code"].replace('"ru"', '"en"')) == (meant and meant["code"]), one
        assert one == other or re.search("[а-яё]", one), one


def test_what_has_no_russian_stays_as_it_is() -> None:
    assert in_russian('name = "a"  # something new\n# url = "x"') == 'name = "a"  # something new\n# url = "x"'


@pytest.mark.parametrize(
    ("language", "told"), [("ru", "# любое имя; --account"), ("en", "# yours to choose; --account")]
)
def test_init_writes_it_in_the_machines_language(tmp_path: Path, language: str, told: str) -> None:
    path = tmp_path / "config.toml"
    assert kpi("init", config=path, env={"KPI_LANGUAGE": language}).returncode == 0
    text = path.read_text("utf-8")
    assert told in text and f'\nlanguage = "{language}" ' in text
