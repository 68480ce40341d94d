"""What stands in the card of a deal or an enquiry."""

from __future__ import annotations

import re

from fastapi import APIRouter, HTTPException
from fastapi.responses import HTMLResponse

from connector.pipeline.deal_card import card_facts
from connector.web.headers import FRAMED_BY
from connector.web.views.card import card_page
from connector.web.visiting import Visit, Visiting

room = APIRouter()
_REF = re.compile(r"^(deal|lead):[0-9A-Za-z_-]{1,40}$")


@room.get("/card/{ref}")
def card(ref: str, visit: Visiting) -> HTMLResponse:
    """`deal:7001` or `lead:61`. Of a stranger's deal nothing is shown, and nothing says whether there is one."""
    return shown_card(visit, ref)


def shown_card(visit: Visit, ref: str) -> HTMLResponse:
    """The page, for whoever is inside already."""
    if not _REF.match(ref):
        raise HTTPException(404)
    bench = visit.bench
    norm = bench.settings.rules.lead_norm_minutes
    page = card_page(visit.seen, card_facts(bench, ref), visit.access, norm, visit.language)
    return visit.page(
        "card.html", page=page, here=f"/card/{ref}", frame_host=getattr(visit.request.state, FRAMED_BY, None) or ""
    )
