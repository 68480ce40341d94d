"""The files that a first run leaves, the configuration and the key beside it: what is there already stays as it is."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from connector.errors import BadConfig
from connector.kpi.text import Language
from connector.web.words import WORDS

OURS_ALONE = 0o600


@dataclass(frozen=True, slots=True)
class Leaf:
    """A file to be made. `mode`: who may read it, before the process's umask; `folder`: made where it is missing."""

    path: Path
    text: str
    mode: int = 0o666
    folder: bool = False


def key(path: Path, secret: str) -> Leaf:
    """For the owner of this process alone."""
    return Leaf(path, secret + "\n", OURS_ALONE, folder=True)


def free(path: Path, word: str, language: Language) -> None:
    """Raises BadConfig, in the words of `word`, where something is there already, be it a broken link."""
    if os.path.lexists(path):
        raise BadConfig([WORDS[word](language).format(path=path)])


def leave(leaves: Sequence[Leaf], language: Language) -> None:
    """All of them, or none: what this very call made goes again. Raises BadConfig, naming the one that cannot be."""
    made: list[Path] = []
    try:
        for leaf in leaves:
            _make(leaf, made)
    except OSError as error:
        for path in made:
            path.unlink(missing_ok=True)
        raise unwritten(error, language) from None


def unwritten(error: OSError, language: Language) -> BadConfig:
    """What the system refused, where, and what to do."""
    told = {"path": error.filename or "", "why": error.strerror or type(error).__name__}
    return BadConfig([WORDS["setup_unwritten"](language).format(**told)])


def _make(leaf: Leaf, made: list[Path]) -> None:
    if leaf.folder:
        leaf.path.parent.mkdir(mode=0o700, exist_ok=True)
    opened = os.open(leaf.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, leaf.mode)
    made.append(leaf.path)
    with os.fdopen(opened, "w", encoding="utf-8") as file:
        file.write(leaf.text)
