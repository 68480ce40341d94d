"""Which environment variables the first form may read a key from: what it reads goes to an address typed beside it."""

from __future__ import annotations

from dataclasses import dataclass

OF_CRMS = ("AMO", "KOMMO", "B24", "BITRIX")
"""How variables begin that hold a CRM's key."""
_OURS = ("KPI_", "PG")
"""What the program itself, or its database's client, is let in by."""


@dataclass(frozen=True, slots=True)
class Readable:
    """`named`: on the command line; `usual`: those of CRMs as well, which is so on this machine alone."""

    named: frozenset[str] = frozenset()
    usual: bool = True

    def allows(self, name: str) -> bool:
        """Whether this one may be looked at, be it set or not."""
        return not ours(name) and (name in self.named or (self.usual and name.startswith(OF_CRMS)))


def ours(name: str) -> bool:
    """Never sent to a CRM, whoever names it."""
    return name.startswith(_OURS)
