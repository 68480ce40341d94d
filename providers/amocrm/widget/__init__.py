"""The amoCRM widget: `build` makes the archive to upload, `flaws` says what is wrong with one."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from providers.amocrm.widget.rules import flaws

__all__ = ["build", "flaws"]

SOURCE = Path(__file__).parent / "source"
_STAMP = (2026, 1, 1, 0, 0, 0)
"""The same files make the same archive."""


def build(address: str, account: str, version: str) -> bytes:
    """widget.zip for one account. `address`: of our server as people reach it; `version`: another at every upload."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(SOURCE.rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                name = path.relative_to(SOURCE).as_posix()
                archive.writestr(
                    zipfile.ZipInfo(name, _STAMP), _filled(name, path.read_bytes(), address, account, version)
                )
    return packed.getvalue()


def _filled(name: str, data: bytes, address: str, account: str, version: str) -> bytes:
    if name == "script.js":
        told = {"__ADDRESS__": address.rstrip("/"), "__ACCOUNT__": account}
        text = data.decode("utf-8")
        for sign, value in told.items():
            text = text.replace(f'"{sign}"', _literal(value))
        return text.encode("utf-8")
    if name == "manifest.json":
        manifest = json.loads(data)
        manifest["widget"]["version"] = version
        manifest["widget"]["support"]["link"] = address
        return json.dumps(manifest, ensure_ascii=False, indent=2).encode("utf-8")
    return data


def _literal(value: str) -> str:
    """A JavaScript string that ends nowhere but at its end."""
    return json.dumps(value).replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
