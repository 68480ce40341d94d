"""Every sentence that the sources raise or report, with its gaps numbered: what a catalogue of words must hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Set
from pathlib import Path

from connector import errors

ROOT = Path(__file__).resolve().parents[2]
ERRORS = {name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, errors.KpiError)}
CALLS = ERRORS | {"Verdict", "BadLine", "Bad", "Check", "complain", "bad", "_read"}
"""Whose arguments people read."""
KEYWORDS = {"done", "todo", "message", "reason", "what", "said", "limits"}
SETTINGS = ("connector/config/", "providers/amocrm/__init__.py", "providers/bitrix24/__init__.py")
"""Whose ValueErrors say what a key may be."""
LISTS = {"problems", "notes"}
"""Lists of what is amiss that sentences are appended to."""
ABOVE = {"derive", "pretend", "testing"}
"""Rooms that speak to nobody, or to whoever writes a provider."""
_NAMED = re.compile(r"\{[^{}]*\}")


def numbered(text: str) -> str:
    """`{period} is not closed` -> `{0} is not closed`."""
    count = iter(range(99))
    return _NAMED.sub(lambda _: f"{{{next(count)}}}", text)


def sentences() -> dict[str, str]:
    """Each with a file that says it; what holds no word is none."""
    found: dict[str, str] = {}
    for root in ("connector", "providers"):
        for path in sorted((ROOT / root).rglob("*.py")):
            if not {"sandbox", "widget", *ABOVE} & set(path.relative_to(ROOT).parts):
                where = str(path.relative_to(ROOT))
                calls = CALLS | {"ValueError"} if where.startswith(SETTINGS) else CALLS
                for text in _of(ast.parse(path.read_text("utf-8")), calls):
                    found.setdefault(text, where)
    return found


def _of(tree: ast.Module, calls: Set[str]) -> Iterator[str]:
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if isinstance(call.func, ast.Name) and call.func.id == "shaped":
            yield from _texts(call.args[1])
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        names: set[str] = set()
        for call in (node for node in ast.walk(function) if isinstance(node, ast.Call) and _told(node, calls)):
            given = [*call.args, *(word.value for word in call.keywords if word.arg in KEYWORDS)]
            for argument in given:
                yield from filter(_worded, _texts(argument))
                names |= {node.id for node in ast.walk(argument) if isinstance(node, ast.Name)}
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in names:
                yield from filter(_worded, _texts(node.value))


def _told(call: ast.Call, calls: Set[str]) -> bool:
    """Whether its arguments reach a person as they are."""
    at = call.func
    name = at.id if isinstance(at, ast.Name) else at.attr if isinstance(at, ast.Attribute) else ""
    into = ast.unparse(at.value).rpartition(".")[2] if isinstance(at, ast.Attribute) else ""
    return name in calls or (name == "append" and into in LISTS) or (name == "add" and into == "notices")


def _texts(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may come to."""
    match node:
        case ast.Constant(value=str(text)):
            yield text.replace("{", "{{").replace("}", "}}")
        case ast.JoinedStr(values=values):
            yield _gapped(values)
        case ast.IfExp(body=one, orelse=other):
            yield from (*_texts(one), *_texts(other))
        case ast.BoolOp(values=values) | ast.List(elts=values) | ast.Tuple(elts=values):
            for value in values:
                yield from _texts(value)
        case ast.BinOp(left=one, right=other):
            yield from (*_texts(one), *_texts(other))
        case ast.ListComp(elt=one) | ast.GeneratorExp(elt=one) | ast.Starred(value=one):
            yield from _texts(one)
        case _:
            return


def _gapped(values: list[ast.expr]) -> str:
    text, gaps = "", 0
    for value in values:
        if isinstance(value, ast.Constant):
            text += str(value.value).replace("{", "{{").replace("}", "}}")
        else:
            text, gaps = f"{text}{{{gaps}}}", gaps + 1
    return text


def _worded(text: str) -> bool:
    """Two words at least: single ones are codes, keys and the like; those that are words are asked for by name."""
    return " " in text and len(re.findall(r"[A-Za-z]{2,}", _NAMED.sub("", text))) > 1
