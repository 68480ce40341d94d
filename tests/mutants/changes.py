"""Source -> every source that differs from it in one decision: a boundary, a sign, a side, a kind, a condition. Pure.

What says nothing of what a program does is left alone: annotations, `Literal`s, what only the type checker reads, and
the settings of `SILENT`, whose change nothing but the speed or the repr of a value could show.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass

COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
}  # fmt: skip
COUNTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Div,
    ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip
WORDS = {
    "ge": "gt", "gt": "ge", "le": "lt", "lt": "le", "eq": "ge", "unknown": "known", "known": "unknown",
    "count": "sum", "sum": "count", "quantile": "sum", "clients": "count", "survival": "quantile",
    "age": "quantile", "expected": "sum",
    "amount": "number", "number": "other", "other": "number", "as_of": "hour_ago", "hour_ago": "as_of",
    "event": "now", "now": "event", "actor": "creator", "creator": "actor", "split": "now",
    "more": "less", "less": "more", "neither": "more",
}  # fmt: skip
"""Words of conditions, of what is taken of facts, of whom they are credited to, and of which way is better."""
CHOSEN = {"min": "max", "max": "min", "any": "all", "all": "any"}
SILENT = {
    "dataclass": {"frozen", "slots", "kw_only", "repr", "gc"},
    "field": {"repr"},
    "zip": {"strict"},
    "lru_cache": {"maxsize"},
    "blake2b": {"digest_size"},
}
"""Settings of calls that check or speed up, and decide nothing; how long a digest is only chance could show."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that may be changed in a parsed file: on which line, and what does it and says what was done."""

    line: int
    make: Callable[[], str]


def changes(tree: ast.Module) -> list[Change]:
    """All that may be changed, in an order that is the same for the same text."""
    silent = {id(node) for top in ast.walk(tree) for part in _silent(top) for node in ast.walk(part)}
    spoken = (node for node in ast.walk(tree) if id(node) not in silent)
    return [Change(_line(node), make) for node in spoken for make in _of(node)]


def mutant(text: str, number: int) -> tuple[str, str]:
    """What the change of this number did, and the text after it."""
    tree = ast.parse(text)
    told = changes(tree)[number].make()
    return told, ast.unparse(ast.fix_missing_locations(tree))


def _line(node: ast.AST) -> int:
    """Where it stands; a filter has no line of its own."""
    return node.target.lineno if isinstance(node, ast.comprehension) else getattr(node, "lineno", 0)


def _silent(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of a node that decide nothing."""
    match node:
        case ast.arg(annotation=said) | ast.FunctionDef(returns=said) | ast.AnnAssign(annotation=said) if said:
            yield said
        case ast.Subscript(value=ast.Name("Literal")):
            yield node
        case ast.If(test=ast.Name("TYPE_CHECKING")):
            yield node
        case ast.ClassDef(keywords=given):
            yield from (one for one in given if one.arg in SILENT["dataclass"])
        case ast.Call(func=ast.Name(name) | ast.Attribute(attr=name), keywords=given) if name in SILENT:
            yield from (one for one in given if one.arg in SILENT[name])
            if any(one.arg == "init" for one in given):  # made by __post_init__, whatever stood there before
                yield from given


def _of(node: ast.AST) -> Iterator[Callable[[], str]]:
    match node:
        case ast.Compare():
            yield from (_swapped(node, place) for place, op in enumerate(node.ops) if type(op) in COMPARED)
        case ast.BinOp(left, op, right) if type(op) in COUNTED and not _text(left) and not _text(right):
            yield lambda: _operator(node)
        case ast.AugAssign(op=op, value=value) if type(op) in COUNTED and not _text(value):
            yield lambda: _operator(node)
        case ast.BoolOp():
            yield lambda: _boolean(node)
        case ast.UnaryOp(op=ast.Not()):
            yield lambda: _unnegated(node)
        case ast.Constant(value=value) if isinstance(value, bool | int | float) or value in WORDS:
            yield lambda: _constant(node)
        case ast.If() | ast.IfExp() | ast.While():
            if not isinstance(node.test, ast.Compare | ast.BoolOp | ast.UnaryOp):
                yield lambda: _negated(node)
        case ast.comprehension():
            yield from (_dropped(node.ifs, place, "the filter goes") for place in range(len(node.ifs)))
        case ast.Tuple(elts=some):
            wheres = (place for place, one in enumerate(some) if _called(one, "Where"))
            yield from (_dropped(some, place, "a condition goes") for place in wheres)
        case ast.Call(func=ast.Name(name)) if name in CHOSEN:
            yield lambda: _chosen(node)
        case ast.Call() if _called(node, "Kpi") and len(node.args) > 5:
            yield lambda: _sides(node)


def _text(node: ast.AST) -> bool:
    """Whether it is a text or None: what is put together there is no number, nor any set."""
    return isinstance(node, ast.JoinedStr) or (
        isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, str))
    )


def _called(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def _swapped(node: ast.Compare, place: int) -> Callable[[], str]:
    def make() -> str:
        old = type(node.ops[place])
        node.ops[place] = COMPARED[old]()
        return f"{old.__name__} -> {COMPARED[old].__name__}"

    return make


def _dropped(some: list[ast.expr], place: int, told: str) -> Callable[[], str]:
    def make() -> str:
        return f"{told}: {ast.unparse(some.pop(place))}"

    return make


def _operator(node: ast.BinOp | ast.AugAssign) -> str:
    old, node.op = node.op, COUNTED[type(node.op)]()
    return f"{type(old).__name__} -> {type(node.op).__name__}"


def _boolean(node: ast.BoolOp) -> str:
    node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    return f"-> {type(node.op).__name__}"


def _unnegated(node: ast.UnaryOp) -> str:
    node.operand = ast.UnaryOp(ast.Not(), node.operand)
    return f"the not goes: {ast.unparse(node.operand.operand)}"


def _negated(node: ast.If | ast.IfExp | ast.While) -> str:
    told = f"turned: {ast.unparse(node.test)}"
    node.test = ast.UnaryOp(ast.Not(), node.test)
    return told


def _constant(node: ast.Constant) -> str:
    old = node.value
    if isinstance(old, str):
        node.value = WORDS[old]
    elif isinstance(old, bool):
        node.value = not old
    elif isinstance(old, int | float):
        node.value = old + 1
    return f"{old!r} -> {node.value!r}"


def _chosen(node: ast.Call) -> str:
    assert isinstance(node.func, ast.Name)
    old, node.func.id = node.func.id, CHOSEN[node.func.id]
    return f"{old} -> {node.func.id}"


def _sides(node: ast.Call) -> str:
    node.args[4], node.args[5] = node.args[5], node.args[4]
    return "numerator <-> denominator"
