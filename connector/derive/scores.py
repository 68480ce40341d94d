"""What somebody wrote on a deal about how its conversations went (K-10, K-11)."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec.structs import replace

from connector.derive.deals import deal_fact
from connector.derive.fields import dated, share
from connector.derive.history import History, worst
from connector.derive.lives import Life
from connector.derive.rules import Sales
from connector.fact import Fact
from connector.records import filled


def score_facts(known: Iterable[Life], history: History, sales: Sales) -> list[Fact]:
    """`objection`, a share of 1; `script_passed`, likewise, of one `script_items`: at the close, while the deal is open
    assumed to be when it was last changed; of its owner then.
    """
    fields = (("objection", sales.rules.objection_field), ("script_passed", sales.rules.script_field))
    wanted = [(kind, field) for kind, field in fields if field is not None]
    facts = []
    for life in known if wanted else ():
        for kind, field in wanted:
            if filled(life.deal.fields.get(field)):
                facts += _scores(kind, field, life, history, sales)
    return facts


def _scores(kind: str, field: str, life: Life, history: History, sales: Sales) -> list[Fact]:
    deal, close = life.deal, life.close
    at, how = (close.entered.at, close.entered.confidence) if close else dated(deal, None, sales)
    owner = close.owner if close else history.owner(deal, at)
    number = share(deal.fields.get(field))
    fact = deal_fact(
        kind, life, at, owner.user, day=sales.day(at), number=number, confidence=worst(how, owner.confidence)
    )
    if number is None and fact.omitted is None:
        fact = replace(fact, omitted="unreadable")
    if kind == "objection":
        return [fact]
    return [fact, replace(fact, key=f"script_items|{deal.ref}", kind="script_items", number=1)]
