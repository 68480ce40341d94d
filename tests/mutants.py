"""How many wrong definitions the tests catch: `python -m tests.mutants [--sample N] [--files A B …]`; `make mutants`.

Every file of connector/kpi and connector/derive that decides something is changed in one place at a time (a boundary,
a sign, a side of a ratio, a kind, a condition, a constant), and the tests that stand for it are run on a copy of the
project. A mutant that no test fails on has survived and is listed. Sampled with a fixed seed, so two runs compare.
"""

from __future__ import annotations

import argparse
import ast
import copy
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).parent.parent
CATALOGUE = ("money", "trade", "calls", "leads", "deals", "tasks", "client", "quality")
_DEFINED = ("tests/kpi/telling/test_document.py", "tests/kpi/test_definition.py", "tests/kpi/test_engine.py")
_DERIVED = ("tests/derive",)
STAND_FOR: dict[str, tuple[str, ...]] = {
    **{f"connector/kpi/families/{name}.py": _DEFINED for name in CATALOGUE},
    "connector/kpi/definition.py": (
        "tests/kpi/test_definition.py",
        "tests/kpi/test_measure.py",
        "tests/kpi/diff/test_changes.py",
    ),
    "connector/kpi/evaluate.py": ("tests/kpi/test_evaluate.py", "tests/kpi/test_engine.py"),
    "connector/kpi/fold.py": ("tests/kpi/test_measure.py", "tests/kpi/test_explain.py", "tests/kpi/test_evaluate.py"),
    "connector/kpi/interval.py": ("tests/kpi/test_interval.py", "tests/kpi/test_evaluate.py"),
    "connector/kpi/survival.py": ("tests/kpi/test_survival.py",),
    "connector/kpi/chance.py": ("tests/kpi/test_chance.py",),
    "connector/kpi/look.py": ("tests/kpi/test_engine.py", "tests/kpi/test_measure.py"),
    "connector/kpi/frame.py": ("tests/kpi/test_engine.py", "tests/kpi/test_explain.py"),
    "connector/kpi/diff/changes.py": ("tests/kpi/diff/test_changes.py",),
    **{f"connector/derive/{path.name}": _DERIVED for path in sorted((ROOT / "connector/derive").glob("[a-z]*.py"))},
}
"""The files and the tests that are run for each; `_` files and pure words are left out."""
_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
_COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult,
}  # fmt: skip
_WORDS = {"ge": "gt", "gt": "ge", "le": "lt", "lt": "le", "eq": "ge", "sum": "count", "amount": "number"}
"""Words of conditions and measures."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed file: where, and what the line was and is."""

    file: str
    line: int
    what: str
    source: str


def mutants(file: str) -> Iterator[Mutant]:
    """Every single change of a file."""
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    _drop_annotations(tree)
    for place, node in enumerate(ast.walk(tree)):
        for number in range(len(list(_changes(node)))):
            changed = copy.deepcopy(tree)
            target = next(found for at, found in enumerate(ast.walk(changed)) if at == place)
            what = list(_changes(target))[number]()
            yield Mutant(file, getattr(node, "lineno", 0), what, ast.unparse(changed))


def _drop_annotations(tree: ast.Module) -> None:
    """Type annotations and docstrings decide nothing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
            for argument in (*node.args.args, *node.args.kwonlyargs):
                argument.annotation = None


def _changes(node: ast.AST):  # type: ignore[no-untyped-def]
    if isinstance(node, ast.Compare):
        for place, op in enumerate(node.ops):
            if type(op) in _COMPARED:
                yield lambda place=place: _swap(node.ops, place, _COMPARED[type(node.ops[place])])
    elif (
        isinstance(node, ast.BinOp)
        and type(node.op) in _COUNTED
        and not isinstance(node.left, ast.Constant | ast.JoinedStr)
    ):
        yield lambda: _operator(node)
    elif isinstance(node, ast.BoolOp):
        yield lambda: _boolean(node)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield lambda: _unnegate(node)
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, bool) or type(node.value) in (int, float) or node.value in _WORDS:
            yield lambda: _constant(node)
    elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Kpi" and len(node.args) > 5:
        yield lambda: _sides(node)


def _swap(ops: list[ast.cmpop], place: int, new: type[ast.cmpop]) -> str:
    old, ops[place] = ops[place], new()
    return f"{type(old).__name__} -> {new.__name__}"


def _operator(node: ast.BinOp) -> str:
    old, node.op = node.op, _COUNTED[type(node.op)]()
    return f"{type(old).__name__} -> {type(node.op).__name__}"


def _boolean(node: ast.BoolOp) -> str:
    node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    return f"-> {type(node.op).__name__}"


def _unnegate(node: ast.UnaryOp) -> str:
    node.operand = ast.UnaryOp(ast.Not(), node.operand)
    return "not x -> x"


def _constant(node: ast.Constant) -> str:
    old = node.value
    node.value = (not old) if isinstance(old, bool) else _WORDS[old] if isinstance(old, str) else old + 1
    return f"{old!r} -> {node.value!r}"


def _sides(node: ast.Call) -> str:
    node.args[4], node.args[5] = node.args[5], node.args[4]
    return "numerator <-> denominator"


def run(copies: Queue[Path], mutant: Mutant) -> bool:
    """Whether some test fails on it."""
    where = copies.get()
    target = where / mutant.file
    original = target.read_text("utf-8")
    try:
        target.write_text(mutant.source, "utf-8")
        return tested(where, STAND_FOR[mutant.file]) != 0
    finally:
        target.write_text(original, "utf-8")
        copies.put(where)


def tested(where: Path, tests: tuple[str, ...]) -> int:
    """The exit code of these tests on a copy; one that hangs has noticed too."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-k", "not postgresql", *tests]
    try:
        return subprocess.run(command, cwd=where, capture_output=True, timeout=240, check=False).returncode
    except subprocess.TimeoutExpired:
        return 1


def main() -> int:
    """Print how many of a sample were killed, file by file, and the survivors."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--files", nargs="*", default=sorted(STAND_FOR))
    asked = parser.parse_args()
    every = [mutant for file in asked.files for mutant in mutants(file)]
    chosen = random.Random(1).sample(every, min(asked.sample, len(every)))
    with tempfile.TemporaryDirectory() as folder:
        copies: Queue[Path] = Queue()
        for number in range(asked.workers):
            where = Path(folder) / str(number)
            shutil.copytree(ROOT, where, ignore=shutil.ignore_patterns(".venv", ".git", "*.db", "__pycache__"))
            copies.put(where)
        with ThreadPoolExecutor(asked.workers) as pool:
            killed = list(pool.map(lambda mutant: run(copies, mutant), chosen))
    survivors = [mutant for mutant, dead in zip(chosen, killed, strict=True) if not dead]
    for mutant in sorted(survivors, key=lambda one: (one.file, one.line)):
        sys.stdout.write(f"survived  {mutant.file}:{mutant.line}  {mutant.what}\n")
    for file in asked.files:
        of_file = [dead for mutant, dead in zip(chosen, killed, strict=True) if mutant.file == file]
        if of_file:
            sys.stdout.write(f"{file:<34} {sum(of_file)} of {len(of_file)} killed\n")
    share = sum(killed) / len(killed) if killed else 0.0
    sys.stdout.write(f"{sum(killed)} of {len(killed)} killed ({share:.0%}), out of {len(every)} possible mutants\n")
    return 0 if share >= 0.9 else 1


if __name__ == "__main__":
    sys.exit(main())
