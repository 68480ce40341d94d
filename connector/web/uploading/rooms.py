"""GET and POST /calls/transcripts: files of transcripts, for admins of the CRM; each is taken or told why it is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import HTMLResponse

from connector.pipeline.talks.transcripts import Imported, import_files, quality_settings
from connector.quality.reading.files import LARGEST, Bad
from connector.said import in_language
from connector.web import forms
from connector.web.uploading.parts import Part, boundary_of, parts
from connector.web.visiting import Visit, Visiting
from connector.web.words import WORDS

room = APIRouter()
MOST_FILES = 50
MOST_BYTES = 20_000_000
"""Of one form, with what stands around its files."""
LONGEST_NAME = 200
_MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Upload:
    """The files of a form of ours; `problem`: the word for why there are none."""

    files: tuple[Part, ...] = ()
    problem: str = ""


@room.get("/calls/transcripts")
def transcripts(visit: Visiting) -> HTMLResponse:
    """The form."""
    visit.allow(visit.access.company)
    return _page(visit)


async def uploaded(visit: Visiting, request: Request) -> Upload:
    """What came, once it is known that he may. Raises 403 for a foreign form, 415 for another shape."""
    visit.allow(visit.access.company)
    forms.must_be_from_here(request)
    boundary = boundary_of(request.headers.get("content-type", ""))
    if boundary is None:
        raise HTTPException(415)
    body = await _body(request)
    if body is None:
        return Upload(problem="upload_large")
    try:
        found = await run_in_threadpool(parts, body, boundary)
    except ValueError:
        return Upload(problem="upload_broken")
    token = next((one.data.decode("ascii", "replace") for one in found if one.name == forms.FIELD), None)
    forms.must_be_ours(request, token)
    files = tuple(one for one in found if one.file)
    if len(files) > MOST_FILES:
        return Upload(problem="upload_many")
    return Upload(files, "" if files else "upload_none")


@room.post("/calls/transcripts")
async def taken(visit: Visiting, upload: Annotated[Upload, Depends(uploaded)]) -> Response:
    """Those that can be read are taken; the others are named with the reason."""
    return await run_in_threadpool(_taken, visit, upload)


def _taken(visit: Visit, upload: Upload) -> HTMLResponse:
    if upload.problem:
        return _page(visit, problem=_said(upload.problem, visit), status=400)
    named = [(one.file or "", one.data) for one in upload.files]
    done = import_files(visit.bench, [one for one in named if len(one[0]) <= LONGEST_NAME])
    long = [Bad(f"{name[:60]}…", _said("upload_name", visit)) for name, _ in named if len(name) > LONGEST_NAME]
    done.bad += long
    return _page(visit, done, status=200 if done.new or done.same else 400)


def _page(visit: Visit, done: Imported | None = None, *, problem: str = "", status: int = 200) -> HTMLResponse:
    told, bad = "", []
    if done is not None:
        told = WORDS["upload_done"](visit.language).format(new=done.new, same=done.same, bad=len(done.bad))
        bad = [(one.file, in_language(one.why, visit.language)) for one in done.bad]
    shown = {"told": told, "bad": bad, "limits": _said("upload_limits", visit), "problem": problem}
    return visit.page("transcripts.html", status=status, masked=quality_settings(visit.bench).mask, **shown)


def _said(key: str, visit: Visit) -> str:
    return WORDS[key](visit.language).format(count=MOST_FILES, each=LARGEST // _MB, all=MOST_BYTES // _MB)


async def _body(request: Request) -> bytes | None:
    """All that came, read to the end within reason so that the browser gets to read why; None for too much."""
    whole, size = bytearray(), 0
    async for part in request.stream():
        size += len(part)
        if size > 5 * MOST_BYTES:
            raise HTTPException(413)
        if size <= MOST_BYTES:
            whole += part
    return bytes(whole) if size <= MOST_BYTES else None
