"""`python -m tests.mutants [--sample N] [--seed N] [FILE[:LINE] ...]`: how many wrong definitions the tests catch."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from tests.mutants.changes import mutant
from tests.mutants.patching import ROOT, patch
from tests.mutants.sampling import Place, places, sample
from tests.mutants.stand_for import STAND_FOR
from tests.mutants.trying import Migrated, Trial, Trouble, Verdict, tried, warm

ENOUGH = 0.9
Tried = tuple[Place, str, Verdict]
"""A change, what it did, and how it went."""


def main() -> int:
    """Each mutant as it is tried, then file by file; 0 where at least nine in ten were killed, 2 where nothing ran."""
    asked = _asked()
    texts = {file: (ROOT / file).read_text("utf-8") for file in sorted(STAND_FOR)}
    every = _narrowed(places(texts), asked.where)
    chosen = sample(every, asked.sample or sum(map(len, every.values())), asked.seed)
    began = time.monotonic()
    known: dict[Place, bool] = {}
    with tempfile.TemporaryDirectory(prefix="kpi-mutants-") as folder:
        migrated = warm(Path(folder))
        try:
            if not asked.green:
                _sound(sorted({place.file for place in chosen}), Path(folder), migrated)
            for file, some in _by_file(chosen).items():
                for place, told, verdict in _try(some, texts[file], asked.workers, Path(folder), migrated):
                    known[place] = bool(verdict.killed)
                    word = "killed  " if verdict.killed else "SURVIVED"
                    where = f"{place.file}:{place.line}  {told}"
                    say(f"{len(known):>4}/{len(chosen)}  {word}  {where}  ({verdict.seconds:.1f} s)")
        except Trouble as trouble:
            say(str(trouble))
            return 2
        except KeyboardInterrupt:
            say("interrupted: what follows is of those that were tried")
    return _told(known, every, asked.seed, time.monotonic() - began)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=400, help="how many of all; 0: every one")
    parser.add_argument("--seed", type=int, default=1, help="of the sample: the same seed tries the same mutants")
    parser.add_argument("--workers", type=int, default=1, help="how many at once")
    parser.add_argument("--green", action="store_true", help="the tests are known to pass: do not run them as they are")
    parser.add_argument("where", nargs="*", metavar="FILE[:LINE]", help="only these; all by default")
    return parser.parse_args()


def _narrowed(every: Mapping[str, list[Place]], where: Sequence[str]) -> dict[str, list[Place]]:
    if not where:
        return dict(every)
    wanted = {one if ":" in one else f"{one}:" for one in where}
    return {
        file: kept
        for file, some in every.items()
        if (kept := [place for place in some if {f"{file}:", f"{file}:{place.line}"} & wanted])
    }


def _by_file(chosen: Sequence[Place]) -> Mapping[str, list[Place]]:
    """In the order of the sample."""
    found: dict[str, list[Place]] = {}
    for place in chosen:
        found.setdefault(place.file, []).append(place)
    return found


def _sound(files: Sequence[str], folder: Path, migrated: Migrated) -> None:
    """Raise Trouble where the tests fail without any mutant: each would count as killed."""
    tests = tuple(dict.fromkeys(test for file in files for test in STAND_FOR[file]))
    for _, verdict in tried({0: Trial("", None, tests)}, 1, folder, migrated):
        say(f"the tests alone, without a mutant: {'they fail' if verdict.killed else 'green'}, {verdict.seconds:.0f} s")
        if verdict.killed:
            raise Trouble("what fails by itself says nothing of a mutant")


def _try(chosen: Sequence[Place], text: str, workers: int, folder: Path, migrated: Migrated) -> Iterator[Tried]:
    """How each change of one file went, as they end."""
    made = [mutant(text, place.number) for place in chosen]
    trials = {
        at: Trial(one.file, changed, STAND_FOR[one.file], patch(one.file, text, changed))
        for at, (one, (_, changed)) in enumerate(zip(chosen, made, strict=True))
    }
    for at, verdict in tried(trials, workers, folder, migrated):
        yield chosen[at], made[at][0], verdict


def _told(known: Mapping[Place, bool], every: Mapping[str, list[Place]], seed: int, seconds: float) -> int:
    """The table of files, the survivors, and the share; the exit code."""
    say("\n| file | killed | of | possible |\n|---|---|---|---|")
    tried_of, killed_of = Counter(place.file for place in known), Counter(p.file for p, dead in known.items() if dead)
    for file in every:
        if tried_of[file]:
            say(f"| {file.removeprefix('connector/')} | {killed_of[file]} | {tried_of[file]} | {len(every[file])} |")
    total = sum(map(len, every.values()))
    say(f"| **all** | {killed_of.total()} | {tried_of.total()} | {total} |")
    _by_package(known, every)
    _survivors(place for place, dead in known.items() if not dead)
    share = killed_of.total() / tried_of.total() if known else 0.0
    say(f"{share:.1%} killed; seed {seed}, {seconds / 60:.0f} minutes")
    return 0 if share >= ENOUGH else 1


def _by_package(known: Mapping[Place, bool], every: Mapping[str, list[Place]]) -> None:
    """The same by package, which is shorter."""
    tried_of = Counter(_package(place) for place in known)
    killed_of = Counter(_package(place) for place, dead in known.items() if dead)
    possible = Counter(_package(place) for some in every.values() for place in some)
    say("\n| where | killed | of | share | possible |\n|---|---|---|---|---|")
    for where, tried_here in sorted(tried_of.items()):
        killed = killed_of[where]
        say(f"| {where} | {killed} | {tried_here} | {killed / tried_here:.0%} | {possible[where]} |")
    say("")


def _package(place: Place) -> str:
    return str(Path(place.file).parent)


def _survivors(some: Iterable[Place]) -> None:
    for place in sorted(some):
        told, _ = mutant((ROOT / place.file).read_text("utf-8"), place.number)
        say(f"survived  {place.file}:{place.line}  {told}")


def say(line: str) -> None:
    """At once, so that who stops a run has read what it knew."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
