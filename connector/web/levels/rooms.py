"""POST /admin/levels/LEVEL: for admins of the CRM; switching on is confirmed."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, HTTPException, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import RedirectResponse

from connector.errors import BadConfig
from connector.pipeline.switching import LEVELS, SETTINGS, Level, Setting, switch
from connector.web.forms import Fields
from connector.web.pages.running import admin_shown
from connector.web.visiting import Visit, Visiting
from connector.web.words import WORDS

room = APIRouter()


@room.post("/admin/levels/{level}")
async def switched(level: str, visit: Visiting, fields: Fields) -> Response:
    """One level, to what the form says."""
    visit.allow(visit.access.company)
    known = next((one for one in LEVELS if one == level), None)
    setting = next((one for one in SETTINGS if one == fields.get("setting")), None)
    if known is None or setting is None:
        raise HTTPException(404)
    return await run_in_threadpool(_switched, visit, known, setting, fields)


def _switched(visit: Visit, level: Level, setting: Setting, fields: Mapping[str, str]) -> Response:
    if setting == "on" and fields.get("sure") != "yes":
        return admin_shown(visit, WORDS["level_unsure"](visit.language), 400)
    try:
        switch(visit.bench, level, setting, author=visit.access.signed)
    except BadConfig:
        return admin_shown(visit, WORDS["level_refused"](visit.language), 400)
    return RedirectResponse("/admin#writeback", 303)
