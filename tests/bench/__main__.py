"""make bench: run the benchmarks named, or all; each prints its own table."""

from __future__ import annotations

import faulthandler
import os
import sys

from tests.bench import (
    advice,
    boards,
    chances,
    cycle,
    derive,
    feedback,
    fleet,
    hooks,
    memory,
    opinion,
    pages,
    quality,
    reading,
    start,
    upsert,
    working_time,
)  # fmt: skip

BENCHMARKS = {
    "advice": advice.main, "feedback": feedback.main, "boards": boards.main,
    "pages": pages.main, "working_time": working_time.main, "chances": chances.main,
    "quality": quality.main, "fleet": fleet.main, "reading": reading.main, "cycle": cycle.main,
    "derive": derive.main, "upsert": upsert.main, "start": start.main, "hooks": hooks.main, "memory": memory.main,
    "opinion": opinion.main,
}  # fmt: skip

if __name__ == "__main__":
    faulthandler.enable()  # and in every process that a benchmark starts
    os.environ["PYTHONFAULTHANDLER"] = "1"
    for name in sys.argv[1:] or BENCHMARKS:
        BENCHMARKS[name]()
