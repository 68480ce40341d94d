"""A configuration in one file, or in a folder of them: with hundreds of accounts one file each is what people can keep.

Every `*.toml` of the folder is read by itself, by the order of names, but for hidden ones, which editors leave;
`[store]` and `[web]` stand in one of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from connector.config.reading import load_file
from connector.config.settings import Settings
from connector.errors import BadConfig


class Part(NamedTuple):
    """One file and what it says."""

    file: Path
    settings: Settings


def load(path: Path, environ: Mapping[str, str]) -> Settings:
    """Read and check the file or the folder; raises BadConfig with every problem at once."""
    return whole(path, parts(path, environ))


def parts(path: Path, environ: Mapping[str, str]) -> list[Part]:
    """The files, each read and checked. Raises BadConfig with the problems of all of them."""
    files = sorted(file for file in path.glob("*.toml") if file.name[0] != ".") if path.is_dir() else [path]
    if not files:
        raise BadConfig([f"{path}: there is no *.toml file in this folder"])
    found: list[Part] = []
    problems: list[str] = []
    for file in files:
        try:
            found.append(Part(file, load_file(file, environ)))
        except BadConfig as error:
            problems += error.problems
    if problems:
        raise BadConfig(problems)
    return found


def whole(path: Path, read: Sequence[Part]) -> Settings:
    """All accounts under one store. Raises BadConfig where two files say the same thing."""
    if problems := [f"{path}: {problem}" for problem in _twice(read)]:
        raise BadConfig(problems)
    once = {name: getattr(part.settings, name) for name in ("store", "web") for part in read if _says(part, name)}
    return Settings(**once, account=tuple(account for part in read for account in part.settings.account))


def _twice(read: Sequence[Part]) -> Iterator[str]:
    for section in ("store", "web"):
        files = [part.file.name for part in read if _says(part, section)]
        if len(files) > 1:
            yield f"[{section}] stands in {', '.join(files)}: keep one"
    first: dict[str, str] = {}
    for part in read:
        for account in part.settings.account:
            where = first.setdefault(account.name, part.file.name)
            if where != part.file.name:
                yield f"account.name: {account.name!r} stands in {where} and in {part.file.name}"


def _says(part: Part, section: str) -> bool:
    return section in part.settings.model_fields_set
