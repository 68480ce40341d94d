"""Every rule of amoCRM for a widget's archive that can be checked without amoCRM. Source: fact sheet 6.1-6.5. Pure."""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping

from providers.amocrm.widget.drawing import SIZES
from providers.amocrm.widget.manifest import Json, manifest_flaws

LARGEST_PICTURE = 300 * 1024
_TOUR = (1188, 616)
_DP = (174, 109)
_PICTURES = (".png", ".jpg", ".jpeg", ".gif")
_CALLBACKS = ("render", "init", "bind_actions")


def flaws(packed: bytes) -> list[str]:
    """What is wrong, a line each; empty: amoCRM has no reason that we know of to refuse it."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(packed))
        files = {entry.filename: archive.read(entry) for entry in archive.infolist() if not entry.is_dir()}
    except zipfile.BadZipFile:
        return ["it is no zip archive"]
    found = list(_layout(files))
    told = {name: _json(name, data) for name, data in files.items() if name.endswith(".json")}
    found += [parsed for parsed in told.values() if isinstance(parsed, str)]
    manifest = told.get("manifest.json")
    if isinstance(manifest, dict):
        languages = {
            name[5:-5]: one for name, one in told.items() if name.startswith("i18n/") and isinstance(one, dict)
        }
        found += manifest_flaws(manifest, languages)
        found += _pictures(files, manifest)
    return found + list(_script(files.get("script.js", b"")))


def _layout(files: Mapping[str, bytes]) -> Iterator[str]:
    for name in ("manifest.json", "script.js"):
        if name not in files:
            yield f"{name} is not at the archive's root"
    for name, data in files.items():
        if name.startswith("/") or ".." in name.split("/") or "\\" in name:
            yield f"{name}: not a plain path"
        if name.endswith((".json", ".js", ".css", ".twig")):
            if data.startswith(b"\xef\xbb\xbf"):
                yield f"{name}: begins with a byte order mark"
            try:
                data.decode("utf-8")
            except UnicodeDecodeError:
                yield f"{name}: is not UTF-8"


def _json(name: str, data: bytes) -> Json | str:
    try:
        told = json.loads(data)
    except ValueError as error:
        return f"{name}: is no JSON ({error})"
    return told if isinstance(told, dict) else f"{name}: is no object"


def _pictures(files: Mapping[str, bytes], manifest: Json) -> Iterator[str]:
    wanted = dict(SIZES)
    if "digital_pipeline" in (manifest.get("locations") or ()):
        wanted["logo_dp"] = _DP
    for name, size in wanted.items():
        path = next((f"images/{name}{end}" for end in _PICTURES if f"images/{name}{end}" in files), None)
        yield from (f"images/{name}.png is missing",) if path is None else _sized(path, files[path], size)
    for some in ((manifest.get("tour") or {}).get("tour_images") or {}).values():
        for path in (one.lstrip("/") for one in some):
            yield from _sized(path, files[path], _TOUR) if path in files else (f"{path} is missing",)
    for path, data in files.items():
        if path.startswith("images/") and len(data) > LARGEST_PICTURE:
            yield f"{path}: larger than 300 KB"


def _sized(path: str, data: bytes, size: tuple[int, int]) -> Iterator[str]:
    if path.endswith(".png") and (found := _size(data)) != size:
        yield f"{path}: is {found}, not {size[0]}x{size[1]}"


def _size(data: bytes) -> tuple[int, int] | None:
    if data[:8] != b"\x89PNG\r\n\x1a\n" or data[12:16] != b"IHDR":
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


def _script(data: bytes) -> Iterator[str]:
    text = data.decode("utf-8", "replace")
    if not re.match(r"\s*define\s*\(\s*\[", text):
        yield "script.js: is no AMD module"
    for name in _CALLBACKS:
        if not re.search(rf"\b{name}\s*:\s*function", text):
            yield f"script.js: the callback {name} is missing"
    if re.search(r"\beval\s*\(|new\s+Function\s*\(", text):
        yield "script.js: eval is not allowed"
    if "__ADDRESS__" in text or "__ACCOUNT__" in text:
        yield "script.js: was not filled in"
