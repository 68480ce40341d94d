"""What is changed, and what is left alone because it decides nothing."""

from __future__ import annotations

import ast

import pytest

from tests.mutants.changes import changes, mutant


def changed(text: str) -> list[str]:
    return [mutant(text, number)[1] for number in range(len(changes(ast.parse(text))))]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("a < b", ["a <= b"]),
        ("a <= b < c", ["a < b < c", "a <= b <= c"]),
        ("a is b", ["a is not b"]),
        ("a in b", ["a not in b"]),
        ("a + b", ["a - b"]),
        ("a & b", ["a | b"]),
        ("a += 1", ["a -= 1", "a += 2"]),
        ("a and b", ["a or b"]),
        ("not a", ["a"]),
        ("a[0]", ["a[1]"]),
        ("x = True", ["x = False"]),
        ("a if b else c", ["a if not b else c"]),
        ("a if b == c else d", ["a if b != c else d"]),
        ("[a for a in b if a]", ["[a for a in b]"]),
        ("max(a, b)", ["min(a, b)"]),
        ("any(a)", ["all(a)"]),
        ("Measure(kinds, credit='actor')", ["Measure(kinds, credit='creator')"]),
        ("Measure(kinds, (Where(c),))", ["Measure(kinds, ())"]),
        ("Kpi(a, b, c, d, e, f)", ["Kpi(a, b, c, d, f, e)"]),
        ("Kpi(a, b, c, d, e)", []),
    ],
)
def test_one_decision_at_a_time(text: str, made: list[str]) -> None:
    assert [one.replace("not not ", "") for one in changed(text)] == made


@pytest.mark.parametrize(
    "text",
    [
        "'a text' + b",
        "f'{a}' + b",
        "Take = Literal['count', 'sum']",
        "x: dict[str, 'sum'] = y",
        "def f(a: int | None) -> int | None:\n    pass",
        "@dataclass(frozen=True, slots=True)\nclass A:\n    pass",
        "class A(Struct, frozen=True):\n    pass",
        "class A(Struct, gc=False):\n    pass",
        "hashlib.blake2b(a, digest_size=6)",
        "zip(a, b, strict=True)",
        "field(init=False, default=0)",
        "'words that mean nothing'",
    ],
)
def test_what_decides_nothing_is_left_alone(text: str) -> None:
    assert changed(text) == []
