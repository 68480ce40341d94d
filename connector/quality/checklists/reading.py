"""TOML -> checklists, with every mistake of a file told at once."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from connector.decoding import converted
from connector.errors import BadConfig
from connector.quality import stop_words
from connector.quality.checklist import Agreeing, Checklist, Criterion, Move, Objection

STARTER = "starter_ru.toml"
"""The file that ships, and that a new checklist is best copied from."""


def load(path: Path | str | None = None) -> tuple[Checklist, ...]:
    """Checklists of a file, or of all *.toml of a folder by name; without a path the starter that ships.

    Raises BadConfig with the file, the key and what is allowed there.
    """
    if path is None:
        text = resources.files(__package__).joinpath(STARTER).read_text("utf-8")
        return (parse(text, STARTER),)
    found = Path(path)
    files = sorted(found.glob("*.toml")) if found.is_dir() else [found]
    if not files:
        raise BadConfig([f"no *.toml in {found}: put a checklist there, or leave the setting out for the starter"])
    lists = tuple(parse(_text(file), str(file)) for file in files)
    _told_apart(lists, str(found))
    return lists


def parse(text: str, where: str) -> Checklist:
    """One checklist. Raises BadConfig naming `where`."""
    try:
        read = converted(_strict(tomllib.loads(text)), Checklist)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise BadConfig([f"{where}: {error}"]) from error
    problems = _problems(read)
    if problems:
        raise BadConfig([f"{where}: {problem}" for problem in problems])
    return read


def for_pipeline(lists: tuple[Checklist, ...], pipeline: str) -> Checklist | None:
    """The checklist naming the pipeline, else one that names none; the highest version of several."""
    named = [one for one in lists if pipeline in one.pipelines]
    open_to_all = [one for one in lists if not one.pipelines]
    return max(named or open_to_all, key=lambda one: one.version, default=None)


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadConfig([f"{file}: cannot be read as UTF-8: {error}"]) from error


def _strict(raw: dict[str, Any]) -> dict[str, Any]:
    """A misspelt key must not pass as one left out; msgspec ignores unknown keys of dataclasses."""
    _known(raw, Checklist, "the file")
    for key, kind in (("criteria", Criterion), ("objections", Objection), ("moves", Move)):
        for number, table in enumerate(raw.get(key, []), 1):
            _known(table, kind, f"[[{key}]] number {number}")
    _known(raw.get("agreeing", {}), Agreeing, "[agreeing]")
    return raw


def _known(table: dict[str, Any], kind: type, where: str) -> None:
    allowed = [field.name for field in fields(kind)]
    unknown = sorted(set(table) - set(allowed))
    if unknown:
        raise msgspec.ValidationError(f"{where}: unknown {', '.join(unknown)}; allowed: {', '.join(allowed)}")


def _problems(read: Checklist) -> list[str]:
    problems = [
        f"criterion {one.key}: weight is {one.weight}, must be over 0" for one in read.criteria if one.weight <= 0
    ]
    asked = [one for one in read.criteria if one.applies != "after_objection"]
    problems += [f"criterion {one.key}: no phrases to know it by" for one in asked if not one.phrases]
    moves = {move.key for move in read.moves}
    for objection in read.objections:
        missing = sorted(set(objection.handled_by) - moves)
        if missing:
            problems.append(f"objection {objection.key}: handled_by names {', '.join(missing)}, no such [[moves]]")
    keys = [*(one.key for one in read.criteria), *(one.key for one in read.objections), *moves]
    problems += [f"key {stop_words.KEY} is taken: by the stop_words of the file"] if stop_words.KEY in keys else []
    problems += [f"key {key} stands {keys.count(key)} times" for key in sorted(set(keys)) if keys.count(key) > 1]
    return problems


def _told_apart(lists: tuple[Checklist, ...], where: str) -> None:
    labels = [one.label for one in lists]
    twice = sorted({label for label in labels if labels.count(label) > 1})
    if twice:
        raise BadConfig([f"{where}: {', '.join(twice)} stands in several files: raise the version"])
