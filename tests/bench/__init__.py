"""The numbers of docs/benchmarks.md. Not tests: machines are noisy, so compare within one run."""

from __future__ import annotations

from pathlib import Path


def peak_mb() -> float:
    """The most memory this program held; what `getrusage` tells may be of the process that started it."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024
