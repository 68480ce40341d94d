"""How much of a count is chance: the 80 % interval of a Poisson count, by Wilson and Hilferty. Pure."""

from __future__ import annotations

import math

_Z = 1.2816
"""Ten percent on each side."""


def lower(n: int) -> float:
    """The least mean that would give such a count one time in ten or more."""
    return 0.0 if n == 0 else n * max(0.0, 1 - 1 / (9 * n) - _Z / (3 * math.sqrt(n))) ** 3


def upper(n: int) -> float:
    """The greatest mean that would give so low a count one time in ten."""
    m = n + 1
    return m * (1 - 1 / (9 * m) + _Z / (3 * math.sqrt(m))) ** 3
