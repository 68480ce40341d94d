"""A changed module in place: where one function differs, its code is exchanged, whoever has imported it already."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any

ROOT = Path(__file__).parents[2]
AT_IMPORT = "connector/kpi/families/"
"""What functions there make is made as they are imported: another body changes nothing of it afterwards."""


@dataclass(frozen=True, slots=True)
class Patch:
    """New code for the function of this path in a module: `("Where", "holds")`."""

    module: str
    path: tuple[str, ...]
    code: CodeType

    def apply(self) -> bool:
        """Whether the function was there to be changed."""
        found: Any = sys.modules.get(self.module)
        for name in self.path:
            found = vars(found).get(name) if found is not None else None
        function = _bare(found)
        if function is None or function.__code__.co_freevars != self.code.co_freevars:
            return False
        function.__code__ = self.code
        return True


def patch(file: str, text: str, changed: str) -> Patch | None:
    """What makes the file's module the changed one; None where more than the body of one function differs, or where it
    was called already.
    """
    if file.startswith(AT_IMPORT):
        return None
    plain = compile(ast.unparse(ast.parse(text)), file, "exec", dont_inherit=True)
    found = list(_different(plain, compile(changed, file, "exec", dont_inherit=True), ()))
    if len(found) != 1 or found[0] is None:
        return None
    path, code = found[0]
    return Patch(module_of(file), path, code)


Found = tuple[tuple[str, ...], CodeType]


def _different(old: CodeType, new: CodeType, path: tuple[str, ...]) -> Iterator[Found | None]:
    """Paths of functions that differ, through the bodies of classes; None for a difference outside of them."""
    if old == new:
        return
    olds, news = _inner(old), _inner(new)
    if _outer(old) != _outer(new) or len(olds) != len(news):
        yield None
        return
    for one, other in zip(olds, news, strict=True):
        if one.co_flags & 2:  # CO_NEWLOCALS: a function's, where a class's body has none of its own
            if one != other:
                yield (*path, one.co_name), other
        else:
            yield from _different(one, other, (*path, one.co_name))


def _inner(code: CodeType) -> list[CodeType]:
    return [const for const in code.co_consts if isinstance(const, CodeType)]


def _outer(code: CodeType) -> tuple[object, ...]:
    """What a body does by itself, its functions and classes aside."""
    return code.co_code, code.co_names, tuple(repr(one) for one in code.co_consts if not isinstance(one, CodeType))


def _bare(found: object) -> FunctionType | None:
    """The function under properties, class methods and caches."""
    while found is not None and not isinstance(found, FunctionType):
        found = getattr(found, "fget", None) or getattr(found, "__func__", None) or getattr(found, "__wrapped__", None)
    while found is not None and hasattr(found, "__wrapped__"):
        found = found.__wrapped__
    return found


def module_of(file: str) -> str:
    """The dotted name of a file."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


class Changed(SourceFileLoader):
    """Finds one module, and gives it another text than its file's."""

    def __init__(self, file: str, text: str) -> None:
        super().__init__(module_of(file), str(ROOT / file))
        self._code = compile(text, self.path, "exec", dont_inherit=True)
        self._folder = [str(Path(self.path).parent)] if file.endswith("__init__.py") else None

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: object = None) -> ModuleSpec | None:
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(
            name, self.path, loader=self, submodule_search_locations=self._folder
        )

    def get_code(self, fullname: str) -> CodeType:
        return self._code
