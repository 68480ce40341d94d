"""Recordings to turns: how pieces are joined, and, where a model is at hand, a real recogniser on a sound made here.

KPI_STT_MODEL names a folder with a CTranslate2 Whisper; KPI_STT_SOUND a speech file, else one is made with espeak-ng.
"""

from __future__ import annotations

import importlib.util
import math
import os
import shutil
import subprocess
import wave
from pathlib import Path

import pytest
from pydantic import ValidationError

from connector.config.quality import SpeechSettings
from connector.errors import BadConfig, Unfit
from connector.quality.speech import FasterWhisper, Heard, turns_of
from connector.quality.transcript import Turn

HOSTS = ("rec.example.ru",)


def test_pieces_of_two_channels_become_turns() -> None:
    seller = [
        Heard(0.0, 1.0, " Добрый день ", 0.0),
        Heard(2.5, 3.0, "меня зовут Анна", math.log(0.5)),
        Heard(9, 10, "Да", 0),
    ]
    client = [Heard(4.0, 5.0, "Слушаю", math.log(0.25)), Heard(5.5, 6.0, "  ", 0.0)]
    assert turns_of([("seller", seller), ("client", client)]) == (
        Turn("seller", "Добрый день меня зовут Анна", 0.0, 3.0, pytest.approx(0.7)),
        Turn("client", "Слушаю", 4.0, 5.0, pytest.approx(0.25)),
        Turn("seller", "Да", 9, 10, 1.0),
    )


def test_in_one_channel_nobody_is_guessed() -> None:
    told = turns_of([("unknown", [Heard(0, 1, "Алло", 0), Heard(1, 2, "Да", 0)])])
    assert [turn.speaker for turn in told] == ["unknown", "unknown"]


def test_the_setting_names_hosts_and_a_folder(tmp_path: Path) -> None:
    for hosts in ((), ("localhost",), ("https://a.ru",), ("*",)):
        with pytest.raises(ValidationError):
            SpeechSettings(model=tmp_path, hosts=hosts)
    engine = FasterWhisper(SpeechSettings(model=tmp_path, hosts=HOSTS))
    with pytest.raises(BadConfig, match=r"model\.bin"):
        engine._loaded()


def test_real_speech(tmp_path: Path) -> None:
    """espeak-ng says a sentence in each channel; words come back, ours from the left."""
    model = os.environ.get("KPI_STT_MODEL", "")
    lacking = [
        name
        for name, there in (
            ("faster-whisper (pip install kpi-connector[stt])", importlib.util.find_spec("faster_whisper")),
            ("a model (KPI_STT_MODEL)", model and (Path(model) / "model.bin").exists()),
            ("espeak-ng", shutil.which("espeak-ng")),
        )
        if not there
    ]
    if lacking:
        print(f"the real speech check is skipped: {', '.join(lacking)} not at hand")
        pytest.skip(f"not at hand: {', '.join(lacking)}")
    engine = FasterWhisper(SpeechSettings(model=Path(model), hosts=HOSTS))
    told = engine.transcribe("1", _stereo(tmp_path, "Добрый день, меня зовут Анна", "Это слишком дорого для нас"))
    assert {turn.speaker for turn in told.turns} <= {"seller", "client"}
    assert any("день" in turn.text.lower() for turn in told.turns if turn.speaker == "seller")
    silence = tmp_path / "silence.wav"
    _write(silence, b"\x00\x00" * 16_000, 1)
    with pytest.raises(Unfit):
        engine.transcribe("1", silence)


def _stereo(folder: Path, left: str, right: str) -> Path:
    sounds = []
    for name, text in (("l", left), ("r", right)):
        path = folder / f"{name}.wav"
        subprocess.run(["espeak-ng", "-v", "ru", "-s", "130", "-w", str(path), text], check=True)
        with wave.open(str(path)) as file:
            rate, frames = file.getframerate(), file.readframes(file.getnframes())
        sounds.append((rate, frames))
    (rate, one), (_, other) = sounds
    quiet = b"\x00\x00"
    a, b = one + quiet * (len(other) // 2), quiet * (len(one) // 2) + other
    frames = b"".join(a[n : n + 2] + b[n : n + 2] for n in range(0, min(len(a), len(b)), 2))
    path = folder / "call.wav"
    _write(path, frames, 2, rate)
    return path


def _write(path: Path, frames: bytes, channels: int, rate: int = 16_000) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(frames)
