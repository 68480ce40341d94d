"""The widget's pictures, drawn: three bars and a line of plan, without any library. Run as a module it writes them."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

SIZES = {
    "logo_main": (400, 272), "logo_small": (108, 108), "logo": (130, 100), "logo_medium": (240, 84),
    "logo_min": (84, 84),
}  # fmt: skip
"""Name and width, height in pixels, as amoCRM wants them (fact sheet 6.2)."""
Color = tuple[int, int, int]
_GROUND: Color = (11, 92, 173)
_BAR: Color = (255, 255, 255)
_LINE: Color = (255, 196, 61)
_BARS = ((0.0, 0.45), (0.36, 0.68), (0.72, 1.0))
"""Where each bar begins and how high it is, in parts of the drawing's side."""
_PLAN = 0.80


def png(width: int, height: int) -> bytes:
    """One picture."""
    rows = b"".join(b"\0" + b"".join(bytes(_at(x, y, width, height)) for x in range(width)) for y in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in parts)


def _at(x: int, y: int, width: int, height: int) -> Color:
    side = min(width, height) * 0.6
    across, up = (x - (width - side) / 2) / side, ((height + side) / 2 - y) / side
    if -0.08 <= across <= 1.08 and abs(up - _PLAN) <= 0.025:
        return _LINE
    inside = any(left <= across <= left + 0.28 and 0 <= up <= high for left, high in _BARS)
    return _BAR if inside else _GROUND


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def draw(folder: Path) -> None:
    """Write all of them."""
    for name, (width, height) in SIZES.items():
        (folder / f"{name}.png").write_bytes(png(width, height))


if __name__ == "__main__":
    draw(Path(__file__).parent / "source" / "images")
