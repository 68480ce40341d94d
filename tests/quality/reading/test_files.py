"""Files of transcripts: every spelling that is read, everything that is refused, and no file that crashes it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.quality.reading import files
from connector.quality.reading.files import Bad, Taken
from connector.quality.transcript import Turn

SELLER, CLIENT = Turn("seller", "Добрый день"), Turn("client", "Дорого у вас")
SRT = """1
00:00:01,500 --> 00:00:03,000
Менеджер: Добрый день

2
00:00:04,000 --> 00:00:05,000
Клиент: Дорого

3
00:00:05,000 --> 00:00:06,000
Клиент: у вас
"""
VTT = """WEBVTT

00:01.000 --> 00:02.000
<v Manager>Добрый день</v>

00:02.000 --> 00:03.000
<v.loud Client>Дорого у вас
"""
SEGMENTS = json.dumps(
    {
        "transcription": {
            "segments": [
                {"channel": 0, "text": "Добрый день", "startTimeMs": 500},
                {"channel": 1, "text": "Дорого у вас", "confidence": 0.5},
            ]
        }
    }
)


def taken(name: str, text: str, ours: frozenset[str] = frozenset()) -> Taken:
    read = files.read(name, text.encode(), ours)
    assert isinstance(read, Taken), read
    return read


@pytest.mark.parametrize(
    ("name", "text", "turns"),
    [
        ("1.txt", "Менеджер: Добрый день\nКлиент: Дорого у вас", (SELLER, CLIENT)),
        ("1.txt", "Manager - Добрый день\nCustomer — Дорого\n  у вас", (SELLER, CLIENT)),
        ("1.txt", "[00:01] Оператор: Добрый день\n[01:02:03] Абонент: Дорого у вас",
         (Turn("seller", "Добрый день", 1.0), Turn("client", "Дорого у вас", 3723.0))),
        ("1.txt", "Спикер 1: Добрый день\nСпикер 2: Дорого у вас",
         (Turn("unknown", "Добрый день"), Turn("unknown", "Дорого у вас"))),
        ("1.txt", "Анна: Добрый день\nКлиент: Дорого у вас", (SELLER, CLIENT)),
        ("1.txt", "звонок: 77\n\nМенеджер:\nДобрый день\nКлиент: Дорого у вас", (SELLER, CLIENT)),
        ("1.txt", "Добрый день\nЕсть вопрос: сколько стоит?",
         (Turn("unknown", "Добрый день"), Turn("unknown", "Есть вопрос: сколько стоит?"))),
        ("1.srt", SRT,
         (Turn("seller", "Добрый день", 1.5, 3.0), Turn("client", "Дорого у вас", 4.0, 6.0))),
        ("1.vtt", VTT,
         (Turn("seller", "Добрый день", 1.0, 2.0), Turn("client", "Дорого у вас", 2.0, 3.0))),
        ("1.json", json.dumps([{"role": "agent", "text": "Добрый день"}, {"role": "client", "text": "Дорого у вас"}]),
         (SELLER, CLIENT)),
        ("1.json", json.dumps({"MESSAGES": [{"SIDE": "User", "MESSAGE": "Добрый день", "START_TIME": 0, "STOP_TIME": 2},
                                            {"SIDE": "Client", "MESSAGE": "Дорого у вас", "START_TIME": 2}]}),
         (Turn("seller", "Добрый день", 0.0, 2.0), Turn("client", "Дорого у вас", 2.0))),
        ("1.json", SEGMENTS,
         (Turn("seller", "Добрый день", 0.5), Turn("client", "Дорого у вас", heard=0.5))),
    ],
)  # fmt: skip
def test_spellings(name: str, text: str, turns: tuple[Turn, ...]) -> None:
    assert taken(name, text, frozenset({"анна"})).turns == turns


@pytest.mark.parametrize(
    ("name", "text", "calls"),
    [
        ("call-90001.txt", "Менеджер: Да", ("call-90001", "90001")),
        ("2026/2026-09-01_90001_in.txt", "Менеджер: Да", ("2026-09-01_90001_in", "2026-09-01", "90001", "in")),
        ("звонок 12.txt", "Менеджер: Да", ("звонок 12", "12")),
        ("x.txt", "call: 90001\nМенеджер: Да", ("90001",)),
        ("x.json", '{"call_id": 7, "turns": [{"speaker": "manager", "text": "Да"}]}', ("7",)),
    ],
)
def test_which_call_it_is_of(name: str, text: str, calls: tuple[str, ...]) -> None:
    assert taken(name, text).calls == calls


def test_other_encodings() -> None:
    for encoding in ("cp1251", "utf-16", "utf-8-sig"):
        read = files.read("1.txt", "Менеджер: Добрый день".encode(encoding))
        assert isinstance(read, Taken)
        assert read.turns == (SELLER,)


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("1.srt", b"x", "no cue"),
        ("1.srt", b"1\n00:00:05,000 --> 00:00:01,000\nx", "ends before"),
        ("1.json", b"{", "no JSON"),
        ("1.json", b"{}", "no list of turns"),
        ("1.json", b'[{"speaker": "manager"}]', "no text"),
        ("1.json", b"[1]", "no object"),
        ("1.json", b'[{"text": "a", "start": -1}]', "start is -1"),
        ("1.txt", b"", "nothing is said"),
        ("1.txt", b"ID3\x03\x00\x00\x00", "neither UTF-8"),
        ("1.txt", b"a" * (files.LARGEST + 1), "larger"),
        ("1.txt", "Менеджер: да\nКлиент: да\n".encode() * 3000, "more than"),
    ],
)
def test_what_is_refused(name: str, data: bytes, why: str) -> None:
    read = files.read(name, data)
    assert isinstance(read, Bad)
    assert why in read.why


@given(st.sampled_from(["a.txt", "a.json", "a.srt", "a.vtt", ""]), st.binary(max_size=300) | st.text(max_size=300))
@settings(max_examples=150)
def test_nothing_crashes_it(name: str, data: bytes | str) -> None:
    raw = data if isinstance(data, bytes) else data.encode("utf-8", "surrogatepass")
    read = files.read(name, raw)
    assert isinstance(read, Taken | Bad)
    files.said(raw.decode("utf-8", "replace"))
