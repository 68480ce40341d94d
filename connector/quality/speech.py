"""Recordings to turns, behind one door. Roles come from channels: ours on the left, the client on the right.

`faster-whisper` is an extra ([stt]); its model is a folder named in the configuration and is never downloaded.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from connector.config.quality import SpeechSettings
from connector.errors import BadConfig, Unfit
from connector.quality.transcript import Speaker, Transcript, Turn

RATE = 16_000
PAUSE = 2.0
"""Seconds of one's own silence that do not end a turn (methods 1.2)."""
TEMPERATURES = (0.0, 0.2)
"""No long ladder of fall-backs: on noise it takes a minute and finds nothing (methods, section 2)."""


class Transcriber(Protocol):
    """Makes turns of a sound file. Raises Unfit where it is no sound, too long, or nothing was understood."""

    name: str

    def transcribe(self, call: str, file: Path) -> Transcript: ...


@dataclass(frozen=True, slots=True)
class Heard:
    """A piece as a recogniser tells it; `logprob`: the mean of its words'."""

    start: float
    end: float
    text: str
    logprob: float


def turns_of(channels: Sequence[tuple[Speaker, Iterable[Heard]]]) -> tuple[Turn, ...]:
    """Pieces of all channels in the order of time; one speaker's over short pauses are one turn."""
    pieces = sorted(
        ((one.start, speaker, one) for speaker, heard in channels for one in heard if one.text.strip()),
        key=lambda piece: (piece[0], piece[1]),
    )
    made: list[Turn] = []
    for _, speaker, one in pieces:
        last = made[-1] if made else None
        if (
            last is not None
            and last.speaker == speaker
            and one.start - (last.end or 0) <= PAUSE
            and speaker != "unknown"
        ):
            made[-1] = _joined(last, one)
        else:
            made.append(Turn(speaker, one.text.strip(), one.start, one.end, _sure(one.logprob)))
    return tuple(made)


def _joined(last: Turn, one: Heard) -> Turn:
    before, now = len(last.text.split()), len(one.text.split())
    sure = ((last.heard or 0) * before + _sure(one.logprob) * now) / max(before + now, 1)
    return Turn(last.speaker, f"{last.text} {one.text.strip()}", last.start, one.end, sure)


def _sure(logprob: float) -> float:
    return min(1.0, max(0.0, math.exp(logprob)))


class FasterWhisper:
    """CTranslate2's Whisper on the processor, int8. The model is loaded at the first recording."""

    def __init__(self, settings: SpeechSettings) -> None:
        self.name = f"faster-whisper:{settings.model.name}"
        self._settings = settings
        self._model: Any = None

    def transcribe(self, call: str, file: Path) -> Transcript:
        channels = self._decoded(file)
        seconds = max(len(one) for one in channels) / RATE
        if seconds > self._settings.max_minutes * 60:
            raise Unfit(f"{seconds / 60:.0f} minutes, more than account.quality.speech.max_minutes", where="recording")
        roles: tuple[Speaker, ...] = ("seller", "client") if len(channels) == 2 else ("unknown",)
        turns = turns_of([(role, self._heard(sound)) for role, sound in zip(roles, channels, strict=True)])
        if not turns:
            raise Unfit("nothing was understood", where="recording")
        return Transcript(call, turns, self.name)

    def _decoded(self, file: Path) -> list[Any]:
        """The channels; two that are alike are one: a mono call in a stereo file."""
        try:
            from faster_whisper.audio import decode_audio
        except ImportError:
            raise BadConfig(["account.quality.speech: pip install kpi-connector[stt]"]) from None
        try:
            left, right = decode_audio(str(file), sampling_rate=RATE, split_stereo=True)
        except Exception as error:  # whatever its decoder raises for what is no sound
            raise Unfit(f"no sound that can be decoded ({type(error).__name__})", where="recording") from None
        if not len(left):
            raise Unfit("an empty recording", where="recording")
        alike = len(left) == len(right) and float(abs(left - right).max()) < 1e-3
        return [left] if alike else [left, right]

    def _heard(self, sound: Any) -> list[Heard]:
        segments, _ = self._loaded().transcribe(
            sound,
            language="ru",
            beam_size=self._settings.beam,
            temperature=list(TEMPERATURES),
            condition_on_previous_text=False,
            vad_filter=True,
        )
        return [Heard(one.start, one.end, one.text, one.avg_logprob) for one in segments]

    def _loaded(self) -> Any:
        if self._model is None:
            folder = self._settings.model
            if not (folder / "model.bin").exists():
                raise BadConfig([f"account.quality.speech.model: {folder} holds no model.bin"])
            from faster_whisper import WhisperModel

            self._model = WhisperModel(
                str(folder),
                device="cpu",
                compute_type="int8",
                cpu_threads=self._settings.threads,
                local_files_only=True,
            )
        return self._model


def transcriber(settings: SpeechSettings) -> Transcriber:
    """By the setting."""
    return FasterWhisper(settings)
