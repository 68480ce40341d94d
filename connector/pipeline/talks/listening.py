"""Recordings that the CRM names -> transcripts: fetched within bounds, heard, deleted unless the setting keeps them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path

from connector.config.quality import SpeechSettings
from connector.errors import Forbidden, KpiError, NotThere, TryLater, Unfit
from connector.pipeline.bench import Workbench
from connector.pipeline.talks import transcripts as taking
from connector.provider import Recording, TellsRecordings
from connector.quality.fetching import Bounds, fetched
from connector.quality.speech import Transcriber, transcriber
from connector.quality.transcript import Transcript
from connector.records import Call
from connector.store import leases
from connector.store.talk import transcripts

_NAMED = 5
"""Calls named in a problem."""


@dataclass(slots=True)
class Heard:
    """How many recordings became text, and what came of the others."""

    heard: int = 0
    problems: list[str] = field(default_factory=list)


def hear_recordings(
    bench: Workbench, fence: leases.Fence, settings: SpeechSettings, engine: Transcriber | None = None
) -> Heard:
    """The newest talks without a transcript, as many as the setting allows in a run."""
    done = Heard()
    if not isinstance(bench.provider, TellsRecordings):
        done.problems.append("this CRM tells no recordings")
        return done
    calls = {call.id: call for call in taking.wanted_calls(bench, fence, settings.most, absent_too=True)}
    try:
        recordings = list(bench.provider.recordings(list(calls.values())))
    except (Forbidden, NotThere) as refusal:
        done.problems.append(f"the CRM gives no recordings: {refusal}")
        return done
    hearing = engine or transcriber(settings)
    for one in recordings:
        _hear(bench, fence, settings, hearing, calls[one.call], one, done)
    with bench.store.read() as conn:
        given_up = transcripts.unheard(conn, bench.account)
    if given_up:
        told = ", ".join(given_up[:_NAMED])
        done.problems.append(
            f"let be, as hearing them ended the program each time: {len(given_up)} recordings ({told})"
        )
    return done


def _hear(
    bench: Workbench,
    fence: leases.Fence,
    settings: SpeechSettings,
    hearing: Transcriber,
    call: Call,
    recording: Recording,
    done: Heard,
) -> None:
    heard: Transcript | None = None
    try:
        with taking.at_risk(bench, fence, [call.id]), fetched(recording.url, bounds(settings)) as file:
            heard = hearing.transcribe(call.id, file)
            _kept(file, call, settings.keep)
    except TryLater as later:
        done.problems.append(f"call {call.id}: {later}")
        return
    except (Forbidden, NotThere, Unfit) as refusal:
        done.problems.append(f"call {call.id}: {refusal}")
    done.heard += taking.keep_heard(bench, fence, call, heard)


def bounds(settings: SpeechSettings) -> Bounds:
    """As the configuration says."""
    return Bounds(settings.hosts, settings.max_megabytes * 1_000_000, float(settings.fetch_seconds))


def _kept(file: Path, call: Call, folder: Path | None) -> None:
    if folder is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    name = "".join(sign if sign.isalnum() or sign in "-_" else "_" for sign in call.id)
    try:
        shutil.copyfile(file, folder / f"{name}{file.suffix}")
    except OSError as error:
        raise KpiError(f"{folder}: {error.strerror}", where="recording", todo="account.quality.speech.keep") from None
