"""Where things stand in a TOML file."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.config import lines

FILE = '''\
[[account]]
name = "a" # [[account.kpi]]
note = """
[[account.kpi]]
key = "no"
"""
[[account.kpi]]
key = "x"
where = [
  "b = ]", # ]
  'c = [',
]
title.ru = "x"
[account.kpi.ratio.top]
count = "win"
[[account]]
[[account."kpi"]]
key = "z"
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("account", 0), 1),
        (("account", 0, "name"), 2),
        (("account", 0, "kpi", 0), 7),
        (("account", 0, "kpi", 0, "key"), 8),
        (("account", 0, "kpi", 0, "where"), 9),
        (("account", 0, "kpi", 0, "where", 1), 9),
        (("account", 0, "kpi", 0, "title", "ru"), 13),
        (("account", 0, "kpi", 0, "ratio", "top", "count"), 15),
        (("account", 1, "kpi", 0, "key"), 18),
        (("account", 1, "kpi", 0, "unit"), 17),
        (("store", "url"), None),
    ],
)
def test_each_key_has_its_line_and_what_is_missing_that_of_its_section(
    path: tuple[str | int, ...], line: int | None
) -> None:
    assert lines(FILE).of(path) == line


_VALUES = st.sampled_from(['"a [ b"', "'''\n[[account.kpi]]\nkey = 1\n'''", '["a", # ]\n"]"]', "{ a = [1, 2] }", "1"])


@given(st.lists(st.lists(_VALUES, max_size=3), min_size=1, max_size=4))
def test_whatever_stands_before_a_section_its_line_is_found(sections: list[list[str]]) -> None:
    text = ""
    starts = []
    for number, values in enumerate(sections):
        starts.append(text.count("\n") + 1)
        text += f'[[account]]\nname = "n{number}"\n' + "".join(f"k{n} = {value}\n" for n, value in enumerate(values))
    assert len(tomllib.loads(text)["account"]) == len(sections)
    found = lines(text)
    assert [found.of(("account", number)) for number in range(len(sections))] == starts
    for number, values in enumerate(sections):
        for n in range(len(values)):
            line = found.of(("account", number, f"k{n}"))
            assert line is not None
            assert text.splitlines()[line - 1].startswith(f"k{n} = ")
