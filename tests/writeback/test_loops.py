"""Who is written to again and again: three times a deal, a card only by what it has shown before."""

from __future__ import annotations

import pytest

from connector.store.sent.ledger import Wrote
from connector.writeback.loops import HOUR, MOST_ON_CARDS, held_until

DEAL, CARD = "deal:7001", "card:501:2026-09"


def wrote(at: int, **values: str) -> Wrote:
    return Wrote(at, frozenset(values.items()))


@pytest.mark.parametrize(
    ("target", "writes", "until"),
    [
        (DEAL, [wrote(1, A="1"), wrote(2, A="2")], None),
        (DEAL, [wrote(1, A="1"), wrote(2, A="2"), wrote(3, A="3")], 1 + HOUR),
        (DEAL, [wrote(1, A="1"), wrote(2, A="2"), wrote(3, A="3"), wrote(4, A="4")], 2 + HOUR),
        (CARD, [wrote(n, A=str(n)) for n in range(MOST_ON_CARDS - 1)], None),
        (CARD, [wrote(n, A=str(n)) for n in range(MOST_ON_CARDS)], HOUR),
        (CARD, [wrote(1, A="1"), wrote(2, A="1")], None),
        (CARD, [wrote(1, A="1"), wrote(2, A="1"), wrote(3, A="1")], 2 + HOUR),
        (CARD, [wrote(1, A="1"), wrote(2, A="2"), wrote(3, A="1"), wrote(4, A="2")], 3 + HOUR),
        (CARD, [wrote(1, A="1", B="5"), wrote(2, A="2", C="5"), wrote(3, A="3", C="6")], None),
        (CARD, [], None),
    ],
)
def test_until_when_the_next_write_waits(target: str, writes: list[Wrote], until: int | None) -> None:
    assert held_until(target, writes) == until
