"""The rules for manifest.json and the languages it promises. Source: fact sheet 6.1-6.3. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_LOCATIONS = frozenset({
    "lcard", "ccard", "comcard", "cucard", "llist", "clist", "tlist", "culist", "tline", "tcalendar", "settings",
    "advanced_settings", "card_sdk", "digital_pipeline", "lead_sources", "whatsapp_modal", "catalogs", "everywhere",
    "sms", "mobile_card", "amoforms", "salesbot_designer", "widget_page",
})  # fmt: skip
_PUBLIC_ONLY = frozenset({"widget_page"})
"""What a private integration must not ask for."""
_SETTINGS = frozenset({"text", "pass", "users", "users_lp", "custom"})
_VERSION = re.compile(r"^\d+\.\d+\.\d+$")
Json = Mapping[str, Any]


def manifest_flaws(manifest: Json, languages: Mapping[str, Json]) -> list[str]:
    """What is wrong, a line each. `languages`: the files of i18n by language."""
    widget = manifest.get("widget")
    if not isinstance(widget, dict):
        return ["manifest.json: there is no widget block"]
    found = [*_widget(widget), *_support(widget), *_locations(manifest), *_settings(manifest)]
    return found + list(_words(manifest, languages))


def _widget(widget: Json) -> Iterator[str]:
    for key in ("name", "description", "short_description", "version", "interface_version", "locale", "installation"):
        if key not in widget:
            yield f"manifest.json: widget.{key} is missing"
    if not _VERSION.match(str(widget.get("version", ""))):
        yield "manifest.json: widget.version is not of the shape 1.0.0"
    if widget.get("interface_version") != 2:
        yield "manifest.json: widget.interface_version is not 2"
    for key in ("init_once", "installation"):
        if not isinstance(widget.get(key, False), bool):
            yield f"manifest.json: widget.{key} is neither true nor false"
    if widget.get("is_showcase") and widget.get("installation"):
        yield "manifest.json: is_showcase goes only with installation: false"


def _support(widget: Json) -> Iterator[str]:
    support = widget.get("support") or {}
    if not (str(support.get("link", "")).startswith(("https://", "http://")) or "@" in str(support.get("email", ""))):
        yield "manifest.json: widget.support needs a link, or an e-mail where there is none"


def _locations(manifest: Json) -> Iterator[str]:
    named = manifest.get("locations")
    if not isinstance(named, list) or not named:
        yield "manifest.json: locations names none"
        return
    plain = {str(one).removesuffix("-1").removesuffix("-0") for one in named}
    for one in sorted(plain - _LOCATIONS):
        yield f"manifest.json: there is no location {one!r}"
    for one in sorted(plain & _PUBLIC_ONLY):
        yield f"manifest.json: the location {one!r} is for public integrations"
    if "settings" in manifest and "settings" not in plain:
        yield "manifest.json: a settings block needs the location settings"
    if ("advanced_settings" in plain) != ("advanced" in manifest):
        yield "manifest.json: the location advanced_settings and the block advanced go together"
    if "card_sdk" in plain and not plain & {"lcard", "ccard", "comcard", "cucard"}:
        yield "manifest.json: card_sdk needs a card's location too"


def _settings(manifest: Json) -> Iterator[str]:
    fields = manifest.get("settings", {})
    widget = manifest.get("widget") or {}
    if widget.get("installation") and not fields:
        yield "manifest.json: installation: true needs settings"
    if not isinstance(fields, dict):
        yield "manifest.json: settings is no object"
        return
    for code, field in fields.items():
        if field.get("type") not in _SETTINGS:
            yield f"manifest.json: settings.{code}.type is none of {', '.join(sorted(_SETTINGS))}"
        if not isinstance(field.get("required"), bool):
            yield f"manifest.json: settings.{code}.required is neither true nor false"
    if sum(field.get("type") == "custom" for field in fields.values()) > 1:
        yield "manifest.json: more than one setting of the type custom"


def _words(manifest: Json, languages: Mapping[str, Json]) -> Iterator[str]:
    """Every language that is promised, all of one structure, and every key of the manifest in each."""
    widget = manifest.get("widget") or {}
    for language in widget.get("locale") or ():
        if language not in languages:
            yield f"i18n/{language}.json is missing"
    shapes = {language: frozenset(_keys(told)) for language, told in languages.items()}
    every = frozenset[str]().union(*shapes.values())
    for language, shape in shapes.items():
        yield from (f"i18n/{language}.json: {key} is missing" for key in sorted(every - shape))
        for key in sorted({*_named(manifest)} - shape):
            yield f"i18n/{language}.json: {key}, which the manifest names, is missing"
        yield from (f"i18n/{language}.json: {key} is empty" for key, text in _texts(languages[language]) if not text)


def _named(manifest: Json) -> Iterator[str]:
    widget = manifest.get("widget") or {}
    yield from (str(widget[key]) for key in ("name", "description", "short_description") if key in widget)
    yield from (str(field["name"]) for field in (manifest.get("settings") or {}).values() if "name" in field)
    if "title" in (manifest.get("advanced") or {}):
        yield str(manifest["advanced"]["title"])
    if (manifest.get("tour") or {}).get("tour_description"):
        yield str(manifest["tour"]["tour_description"])


def _keys(told: Json) -> Iterator[str]:
    yield from (key for key, _ in _texts(told))


def _texts(told: Json, inside: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in told.items():
        if isinstance(value, dict):
            yield from _texts(value, f"{inside}{key}.")
        else:
            yield f"{inside}{key}", value
