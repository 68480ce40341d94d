"""Recordings to turns: how pieces are joined, and, where a model is at hand, a real recogniser on a sound made here.

KPI_STT_MODEL names a folder with a CTranslate2 Whisper; the sound is made with espeak-ng.
"""

from __future__ import annotations

import importlib.util
import math
import os
import wave
from pathlib import Path

import pytest
from pydantic import ValidationError
from rapidfuzz import fuzz

from connector.config.quality import SpeechSettings
from connector.errors import BadConfig, Unfit
from connector.quality.speech import FasterWhisper, Heard, turns_of
from connector.quality.transcript import Turn

HOSTS = ("rec.example.ru",)
OURS = "Добрый день, меня зовут Анна, компания Северный склад"
THEIRS = "Здравствуйте, слушаю вас, это слишком дорого для нас"


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
    wanted = {
        "faster-whisper (pip install kpi-connector[stt])": importlib.util.find_spec("faster_whisper"),
        "a model (KPI_STT_MODEL)": model and (Path(model) / "model.bin").exists(),
        "a voice (pip install espeakng-loader)": importlib.util.find_spec("espeakng_loader"),
    }
    lacking = [name for name, there in wanted.items() if not there]
    if lacking:
        print(f"the real speech check is skipped: {', '.join(lacking)} not at hand")
        pytest.skip(f"not at hand: {', '.join(lacking)}")
    engine = FasterWhisper(SpeechSettings(model=Path(model), hosts=HOSTS, beam=5))
    left, rate = _said(OURS)
    right, _ = _said(THEIRS)
    quiet = bytes(2)
    one, other = left + quiet * (len(right) // 2), quiet * (len(left) // 2) + right
    path = tmp_path / "call.wav"
    _write(path, b"".join(one[n : n + 2] + other[n : n + 2] for n in range(0, len(one), 2)), 2, rate)
    told = engine.transcribe("1", path)
    for turn in told.turns:
        print(f"{turn.speaker} {turn.start:.1f}-{turn.end:.1f} {turn.heard:.2f}: {turn.text}")
    assert [turn.speaker for turn in told.turns] == ["seller", "client"]
    for turn, said in zip(told.turns, (OURS, THEIRS), strict=True):
        assert fuzz.ratio(turn.text.casefold(), said.casefold()) >= 50  # a robot's voice, the smallest useful model
    assert all(turn.heard is not None and 0 < turn.heard <= 1 for turn in told.turns)
    silence = tmp_path / "silence.wav"
    _write(silence, bytes(64_000), 1)
    with pytest.raises(Unfit, match="nothing was understood"):
        engine.transcribe("1", silence)
    noise = tmp_path / "noise.mp3"
    noise.write_bytes(b"no sound at all")
    with pytest.raises(Unfit, match="no sound"):
        engine.transcribe("1", noise)


def _said(text: str) -> tuple[bytes, int]:
    """Sixteen bits a sample, and how many samples a second."""
    import ctypes

    import espeakng_loader  # type: ignore[import-not-found]

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    sound = bytearray()

    @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
    def hear(samples: object, count: int, _: object) -> int:
        if samples and count > 0:
            sound.extend(ctypes.string_at(samples, count * 2))  # type: ignore[arg-type]
        return 0

    rate = library.espeak_Initialize(2, 0, espeakng_loader.get_data_path().encode(), 0)
    library.espeak_SetSynthCallback(hear)
    library.espeak_SetVoiceByName(b"ru")
    spoken = text.encode() + bytes(1)
    library.espeak_Synth(spoken, len(spoken), 0, 0, 0, 1, None, None)
    library.espeak_Synchronize()
    return bytes(sound), rate


def _write(path: Path, frames: bytes, channels: int, rate: int = 16_000) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(frames)
