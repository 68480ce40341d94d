"""The archive: fit for amoCRM by every rule of the fact sheet, and the checker notices whatever breaks one."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import pytest

from providers.amocrm import build_widget
from providers.amocrm.widget import SOURCE, build, flaws
from providers.amocrm.widget.drawing import SIZES, png

Files = dict[str, bytes]


def unpacked(data: bytes) -> Files:
    archive = zipfile.ZipFile(io.BytesIO(data))
    return {name: archive.read(name) for name in archive.namelist()}


def packed(files: Files) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def made() -> Files:
    return unpacked(build("https://kpi.example", "moscow", "1.4.2"))


def test_it_breaks_no_rule_and_is_the_same_every_time() -> None:
    first = build_widget("https://kpi.example", "moscow", "1.4.2")
    assert flaws(first) == []
    assert first == build_widget("https://kpi.example", "moscow", "1.4.2")


def test_address_and_account_are_strings_whatever_they_are() -> None:
    script = unpacked(build('https://kpi.example/"</script>', "mos'cow", "1.0.0"))["script.js"].decode()
    assert 'ADDRESS = "https://kpi.example/\\"\\u003c/script>"' in script


def test_the_version_is_the_one_asked_for() -> None:
    assert json.loads(made()["manifest.json"])["widget"]["version"] == "1.4.2"
    with pytest.raises(ValueError, match="version"):
        build_widget("https://kpi.example", "moscow", "next")


@pytest.mark.parametrize("name", sorted(SIZES))
def test_pictures_are_as_drawn(name: str) -> None:
    assert (SOURCE / "images" / f"{name}.png").read_bytes() == png(*SIZES[name])


def change(path: str, value: Any) -> Callable[[Files], None]:
    def do(files: Files) -> None:
        manifest = json.loads(files["manifest.json"])
        *way, last = path.split(".")
        inside = manifest
        for key in way:
            inside = inside[key]
        if value is None:
            del inside[last]
        else:
            inside[last] = value
        files["manifest.json"] = json.dumps(manifest).encode()

    return do


def put(name: str, data: bytes | None) -> Callable[[Files], None]:
    def do(files: Files) -> None:
        if data is None:
            del files[name]
        else:
            files[name] = data

    return do


BREAKS = {
    "manifest.json is not at": put("manifest.json", None),
    "script.js is not at": put("script.js", None),
    "byte order mark": put("i18n/ru.json", b"\xef\xbb\xbf{}"),
    "is not UTF-8": put("style.css", b"\xff\xfe"),
    "is no JSON": put("i18n/en.json", b"{"),
    "i18n/en.json is missing": put("i18n/en.json", None),
    "userLang.caption is missing": put("i18n/en.json", b'{"widget": {"name": "x"}}'),
    "is empty": put("i18n/en.json", b'{"widget": {"name": ""}}'),
    "there is no widget block": change("widget", None),
    "widget.version": change("widget.version", "1"),
    "interface_version": change("widget.interface_version", 1),
    "needs a link": change("widget.support", {}),
    "there is no location": change("locations", ["settings", "advanced_settings", "dashboard"]),
    "for public integrations": change("locations", ["settings", "advanced_settings", "widget_page"]),
    "needs the location settings": change("locations", ["advanced_settings", "lcard-1"]),
    "go together": change("locations", ["settings", "lcard-1"]),
    "card_sdk needs": change("locations", ["settings", "advanced_settings", "card_sdk"]),
    "needs settings": change("settings", {}),
    "is none of": change("settings.backend.type", "number"),
    "neither true nor false": change("settings.backend.required", "yes"),
    "which the manifest names": change("settings.backend.name", "settings.nowhere"),
    "images/logo_main.png is missing": put("images/logo_main.png", None),
    "not 84x84": put("images/logo_min.png", png(85, 84)),
    "larger than 300 KB": put("images/extra.png", b"x" * 310_000),
    "callback render": put("script.js", b"define(['jquery'], function ($) { return {init: function () {}}; });"),
    "eval": put("script.js", b"define(['jquery'], function ($) { eval('1'); });"),
    "no AMD module": put("script.js", b"alert(1)"),
    "not filled in": put("script.js", (SOURCE / "script.js").read_bytes()),
    "not a plain path": put("../evil.js", b"x"),
}


@pytest.mark.parametrize("what", sorted(BREAKS))
def test_the_checker_notices(what: str) -> None:
    files = made()
    BREAKS[what](files)
    assert any(what in flaw for flaw in flaws(packed(files)))


def test_rubbish_is_no_archive() -> None:
    assert flaws(b"PK no") == ["it is no zip archive"]
