"""show: what is known of one deal or enquiry, for its card in the CRM. Read from the store alone."""

from __future__ import annotations

from dataclasses import dataclass

from connector.fact import Fact
from connector.pipeline.bench import Workbench
from connector.records import Deal, Lead, Record
from connector.store.asked import standing
from connector.store.crm import records


@dataclass(frozen=True, slots=True)
class CardFacts:
    """`owner`: whose it is now. `facts`: what is known of it now, the newest first, what counts nowhere included."""

    ref: str
    owner: str | None
    facts: tuple[Fact, ...]


def card_facts(bench: Workbench, ref: str) -> CardFacts:
    """Of `deal:7001` or `lead:61`; of one that nobody has heard of there are none."""
    kind, _, id = ref.partition(":")
    of: type[Record] = Deal if kind == "deal" else Lead
    with bench.store.read() as conn:
        found = records.get(conn, bench.account, of, [id]).get(id)
        known = standing.facts_of(conn, bench.account, ref)
    owner = found.owner_id if isinstance(found, Deal | Lead) else None
    return CardFacts(ref, owner, tuple(known))
