"""What `kpi demo --keep` leaves beside the database: a configuration with which every command finds it again."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from connector.first_run.writing import literal, literal_key


def keep(folder: Path, raw: Mapping[str, Any]) -> Path:
    """`config.toml`, and a file only its owner reads for each secret; the pretend CRMs themselves are gone by then."""
    path = folder / "config.toml"
    secrets: dict[str, str] = {}
    text = "\n".join(_lines(raw, secrets)) + "\n"
    for name, secret in secrets.items():
        with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(secret)
    path.write_text(text, "utf-8")
    return path


def _lines(raw: Mapping[str, Any], secrets: dict[str, str]) -> Iterator[str]:
    yield from ("[store]", *_pairs(raw["store"], "", secrets))
    for account in raw["account"]:
        plain = {key: value for key, value in account.items() if not isinstance(value, Mapping | list)}
        yield from ("", "[[account]]", *_pairs(plain, "", secrets))
        for key, value in account.items():
            if isinstance(value, Mapping):
                yield from ("", f"[account.{key}]", *_pairs(value, account["name"], secrets))
            elif isinstance(value, list):
                for one in value:
                    yield from ("", f"[[account.{key}]]", *_pairs(one, "", secrets))


def _pairs(table: Mapping[str, Any], name: str, secrets: dict[str, str]) -> Iterator[str]:
    """`key = value`; a secret is named by the file that it goes into."""
    for key, value in table.items():
        if hasattr(value, "get_secret_value"):
            file = f"{name}.{key}"
            secrets[file] = value.get_secret_value()
            yield f"{literal_key(key)} = {literal({'file': file})}"
        elif value is not None:
            yield f"{literal_key(key)} = {literal(value)}"
