"""The local scorer on the kept calls, and on those its rules were written with: F1 by label, confusion, speed.

BENCH_EMBEDDINGS=1: with the `[embeddings]` extra; BENCH_CALLS=100: fewer calls for the speed.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from connector.quality.checklist import Checklist
from connector.quality.checklists import load
from connector.quality.local.meaning import by_meaning
from connector.quality.local.objections import Guesser, by_letters, raised, rules_of
from connector.quality.local.scorer import LocalScorer
from connector.quality.transcript import Transcript, Turn
from tests.quality.labelled import CLASSES, KEPT, SAID, STAGES, Labelled, development, every_kept, kept, phrases

TURNS, CALLS = 60, int(os.environ.get("BENCH_CALLS", "1000"))


@dataclass
class Counts:
    """A yes-or-no label against a yes-or-no answer."""

    hit: int = 0
    wrong: int = 0
    missed: int = 0
    right_no: int = 0

    def add(self, true: bool, said: bool) -> None:
        self.hit += true and said
        self.wrong += said and not true
        self.missed += true and not said
        self.right_no += not true and not said

    @property
    def precision(self) -> float:
        return self.hit / max(1, self.hit + self.wrong)

    @property
    def recall(self) -> float:
        return self.hit / max(1, self.hit + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.hit / max(1, 2 * self.hit + self.wrong + self.missed)

    @property
    def always_yes(self) -> float:
        """F1 of a scorer that says yes to every call."""
        true, false = self.hit + self.missed, self.wrong + self.right_no
        return 2 * true / max(1, 2 * true + false)

    @property
    def absences_seen(self) -> float:
        return self.right_no / max(1, self.right_no + self.wrong)


@dataclass
class Measured:
    """Everything one set of calls says of the scorer. Handling is measured where the objection was found."""

    stages: dict[str, Counts] = field(default_factory=lambda: {stage: Counts() for stage in STAGES})
    present: Counts = field(default_factory=Counts)
    in_kpi: Counts = field(default_factory=Counts)
    handled: Counts = field(default_factory=Counts)
    handled_of_all: Counts = field(default_factory=Counts)
    by_class: dict[str, Counts] = field(default_factory=lambda: {name: Counts() for name in CLASSES})
    confusion: Counter[tuple[str, str]] = field(default_factory=Counter)


def measured(some: Iterable[Labelled], checklist: Checklist, scorer: LocalScorer) -> Measured:
    result = Measured()
    stage_of = {one.key: one.stage for one in checklist.criteria}
    for one in some:
        score = scorer.score(one.transcript, checklist)
        answers = {found.criterion: found for found in score.found}
        met = {stage_of[key] for key, found in answers.items() if key in stage_of and found.answer == "yes"}
        for stage in STAGES:
            result.stages[stage].add(stage in one.stages, stage in met)
        said = {}
        for name in CLASSES:
            found = answers.get(f"objection:{name}")
            there = found is not None and found.answer != "not_applicable"
            result.present.add(name in one.raised, there)
            result.by_class[name].add(name in one.raised, there)
            result.in_kpi.add(name in one.raised, there and found.counts)
            handled = there and found.answer == "yes"
            if name in one.raised:
                result.handled_of_all.add(one.raised[name], handled)
            if there and name in one.raised:
                result.handled.add(one.raised[name], handled)
            if there:
                said[name] = found
        _confuse(result.confusion, set(one.raised), set(said))
    return result


def measured_phrases(some: Iterable[tuple[str, str]], checklist: Checklist, guess: Guesser) -> dict[str, Counts]:
    """Single phrases of clients: whether one objects at all, and with its own class, as shown and as counted."""
    rules, _ = rules_of(checklist)
    names = ("objects at all", "the same, in KPI mode", "objection present", "the same, in KPI mode ")
    anyhow, anyhow_kpi, present, in_kpi = (Counts() for _ in names)
    for label, said in some:
        met = raised(Transcript("1", (Turn("client", said),), "file"), rules, guess)
        shown, counted = {one.kind for one in met}, {one.kind for one in met if one.counts}
        anyhow.add(label in CLASSES, bool(shown))
        anyhow_kpi.add(label in CLASSES, bool(counted))
        for name in CLASSES:
            present.add(name == label, name in shown)
            in_kpi.add(name == label, name in counted)
    return dict(zip(names, (anyhow, anyhow_kpi, present, in_kpi), strict=True))


def _confuse(confusion: Counter[tuple[str, str]], true: set[str], said: set[str]) -> None:
    """Right ones on the diagonal; what is left is paired, or stands against "none"."""
    for name in true & said:
        confusion[name, name] += 1
    missed, wrong = sorted(true - said), sorted(said - true)
    for position in range(max(len(missed), len(wrong))):
        pair = (
            missed[position] if position < len(missed) else "none",
            wrong[position] if position < len(wrong) else "none",
        )
        confusion[pair] += 1


def length_baselines(fit_on: Iterable[Labelled], some: list[Labelled]) -> dict[str, Counts]:
    """What length alone would say: thresholds chosen on the open set, for the reply and for the whole call."""
    fit_on = list(fit_on)
    result = {}
    for name, samples in (("handled by length of the reply", _replies), ("handled by turns of the call", _turns)):
        bound = max(sorted({size for size, _ in samples(fit_on)}), key=lambda b: _counted(samples(fit_on), b).f1)
        result[f"{name} (from {bound})"] = _counted(samples(some), bound)
    return result


def _counted(samples: list[tuple[int, bool]], bound: int) -> Counts:
    counts = Counts()
    for size, true in samples:
        counts.add(true, size >= bound)
    return counts


def _replies(some: Iterable[Labelled]) -> list[tuple[int, bool]]:
    """Words of the seller's first reply to each objection, and whether the objection was handled."""
    return [
        (len(one.transcript.turns[at + 1].text.split()) if at + 1 < len(one.transcript.turns) else 0, one.raised[name])
        for one in some
        for at, name in one.marks.items()
    ]


def _turns(some: Iterable[Labelled]) -> list[tuple[int, bool]]:
    return [(len(one.transcript.turns), handled) for one in some for handled in one.raised.values()]


def speed(checklist: Checklist, scorer: LocalScorer) -> tuple[float, float]:
    """Wall and CPU seconds for CALLS transcripts of 60 turns, no two turns alike so that no cache answers for them."""
    lines = [turn for one in [*development(), *every_kept()] for turn in one.transcript.turns]
    calls = []
    for number in range(CALLS):
        turns = (lines[(number * 7 + position) % len(lines)] for position in range(TURNS))
        said = tuple(Turn(turn.speaker, f"{turn.text} {number} {place}") for place, turn in enumerate(turns))
        calls.append(Transcript(str(number), said, "file"))
    scorer.score(calls[0], checklist)
    wall, cpu = time.perf_counter(), time.process_time()
    for call in calls:
        scorer.score(call, checklist)
    return time.perf_counter() - wall, time.process_time() - cpu


def main() -> None:
    checklist = load()[0]
    opened = development()
    guess = by_meaning() if os.environ.get("BENCH_EMBEDDINGS") else by_letters
    scorer = LocalScorer(None if guess is by_letters else guess)
    print(f"Scorer {scorer.name}")
    for name in KEPT:
        aside = kept(name)
        _print_measured(f"Kept calls, {name}", measured(aside, checklist, scorer), len(aside))
        print("\nLength alone, on these:")
        for baseline, counts in length_baselines(opened, aside).items():
            print(f"  {baseline}: F1 {counts.f1:.2f}, precision {counts.precision:.2f}")
    for name in SAID:
        _print_phrases(f"Phrases of clients, {name}", measured_phrases(phrases(name), checklist, guess))
    _print_measured("Calls the rules were written with", measured(opened, checklist, scorer), len(opened))
    wall, cpu = speed(checklist, scorer)
    load_now = os.getloadavg()[0]
    print(f"\n{CALLS} transcripts of {TURNS} turns: {wall:.1f} s wall, {cpu:.1f} s CPU (load {load_now:.1f})")


def _print_phrases(title: str, found: dict[str, Counts]) -> None:
    print(f"\n{title}\n\n| label | n | precision | recall | F1 |\n|---|---|---|---|---|")
    for name, row in found.items():
        print(f"| {name} | {row.hit + row.missed} | {row.precision:.2f} | {row.recall:.2f} | {row.f1:.2f} |")


def _print_measured(title: str, found: Measured, calls: int) -> None:
    print(f"\n{title}: {calls}\n")
    print("| label | n | precision | recall | F1 | F1 of always yes | absences seen |\n|---|---|---|---|---|---|---|")
    rows = {
        "objection present": found.present,
        "the same, in KPI mode": found.in_kpi,
        "handled, of those found": found.handled,
        "handled, of all": found.handled_of_all,
        **{f"stage {stage}": counts for stage, counts in found.stages.items()},
        **{f"objection {name}": counts for name, counts in found.by_class.items()},
    }
    for name, row in rows.items():
        print(
            f"| {name} | {row.hit + row.missed} | {row.precision:.2f} | {row.recall:.2f} | {row.f1:.2f} "
            f"| {row.always_yes:.2f} | {row.absences_seen:.2f} |"
        )
    names = [*CLASSES, "none"]
    print(
        "\nConfusion (rows: label, columns: answer)\n\n| | " + " | ".join(names) + " |\n|" + "---|" * (len(names) + 1)
    )
    for true in names:
        print(f"| {true} | " + " | ".join(str(found.confusion[true, said]) for said in names) + " |")


if __name__ == "__main__":
    main()
