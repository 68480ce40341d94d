"""How often a factor is called weak where nobody differs, and how often a planted one is found.

Teams are simulated (tests/advice/planted.py), so the truth is known. BENCH_TEAMS: how many (200). BENCH_SEED: another
number draws other teams; the thresholds were set with a look at 0.
"""

from __future__ import annotations

import os

from tests.advice.planted import accused, found


def main() -> None:
    """Print the tables of docs/benchmarks.md."""
    teams = int(os.environ.get("BENCH_TEAMS", "200"))
    first = 100_000 * int(os.environ.get("BENCH_SEED", "0"))
    flagged, likely, cells = accused(teams, first)
    print(f"{teams} teams of eight equal people, {cells} cells of person and factor:")
    print(f"confirmed {flagged / cells:.2%}, likely {likely / cells:.2%}\n")
    print(
        "| conversion | others' spread | ripe enquiries a person | enough data for it | found of these | found of all |"
    )
    print("|---|---|---|---|---|---|")
    for low in (0.65, 0.75):
        for spread in (0.0, 0.25):
            for leads in (1.5, 3.0, 6.0):
                hits, enough, planted, every = found(teams, low=low, spread=spread, leads=leads, first=first)
                rate = f"{hits / enough:.0%}" if enough else "-"
                row = (f"{low - 1:+.0%}", spread, round(leads * 19 * 12), f"{enough / planted:.0%}", rate)
                print("| " + " | ".join(map(str, (*row, f"{every / planted:.0%}"))) + " |")
