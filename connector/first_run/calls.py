"""From how many seconds on somebody was reached, and something was said: read off the lengths of talks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np

from connector.first_run.seen import Proposal, Seen
from connector.kpi.text import Text

ENOUGH = 200
"""Talks below which lengths say nothing."""
CONNECTED, SUCCESSFUL = 10, 60
"""What is usual."""
EDGES = (0, 5, 10, 20, 30, 45, 60, 90, 120, 180, 300, 600)
_WIDEST = 40


def calls(seen: Seen) -> Iterator[Proposal]:
    """Both thresholds with the histogram that they were read off."""
    talks = [call.seconds for call in seen.calls if call.answered and call.seconds > 0]
    if not seen.calls:
        return
    lines = histogram(talks)
    short, long = valley(talks, 3, 30), parted(talks, 20, 180)
    few = Text(f"разговоров мало: {len(talks)}; взято обычное", f"few talks: {len(talks)}; the usual value is used")
    dip = Text("провал между гудками и разговорами", "the dip between ringing and talks")
    two = Text(
        "делит разговоры на короткие и содержательные", "separates short talks from those with something in them"
    )
    usual = Text(
        "длины не делятся; взято обычное",
        "short and long talks cannot be told apart by length; the usual value is used",
    )
    for key, found, why, otherwise in (
        ("connected_call_seconds", short, dip, CONNECTED),
        ("successful_call_seconds", long, two, SUCCESSFUL),
    ):
        told = few if len(talks) < ENOUGH else usual if found is None else why
        yield Proposal(key, otherwise if found is None else found, told, sure=found is not None, lines=lines)
        lines = ()


def histogram(talks: Sequence[int]) -> tuple[Text, ...]:
    """How many talks lasted how long, as bars of text."""
    counts = Counter(max(edge for edge in EDGES if edge <= length) for length in talks)
    most = max(counts.values(), default=1)
    lines = []
    for edge, end in zip(EDGES, (*EDGES[1:], None), strict=True):
        count = counts[edge]
        span = f"{edge:>4}–{end}" if end is not None else f"{edge:>4}+"
        bar = "█" * round(_WIDEST * count / most)
        lines.append(Text(f"{span:<9} с  {bar} {count}", f"{span:<9} s  {bar} {count}"))
    return tuple(lines)


def valley(talks: Sequence[int], low: int, high: int) -> int | None:
    """The rarest length between two hills; None where nothing lies lower than half of the lower hill."""
    if len(talks) < ENOUGH:
        return None
    counts = np.bincount(np.clip(talks, 0, high * 3), minlength=high * 3 + 1).astype(float)[: high * 3]
    smooth = np.convolve(counts, np.ones(3) / 3, mode="same")
    lowest = int(np.argmin(smooth[low : high + 1])) + low
    before, after = float(smooth[1:lowest].max(initial=0.0)), float(smooth[lowest + 1 :].max(initial=0.0))
    return lowest if float(smooth[lowest]) < min(before, after) / 2 else None


def parted(talks: Sequence[int], low: int, high: int) -> int | None:
    """Where two groups of lengths part best (Otsu's threshold on their logarithms); None where there are not two.

    Lengths spread evenly part with 0.75 of their spread explained, so two groups must explain more.
    """
    if len(talks) < ENOUGH:
        return None
    logs = np.sort(np.log(np.asarray(talks, dtype=float)))
    best, share = None, 0.0
    spread = float(logs.var())
    for seconds in range(low, high + 1, 5):
        below = int(np.searchsorted(logs, np.log(seconds)))
        if min(below, len(logs) - below) < len(logs) * 0.1 or spread == 0:
            continue
        weight = below * (len(logs) - below) / len(logs) ** 2
        between = weight * float(logs[:below].mean() - logs[below:].mean()) ** 2 / spread
        if between > share:
            best, share = seconds, between
    return best if share >= 0.82 else None
