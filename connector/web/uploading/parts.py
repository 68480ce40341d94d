"""The body of a form with files -> its fields and files (RFC 7578). Pure.

Only what browsers send: they name every part, write names in UTF-8, and escape a quotation mark in a name as %22.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_BOUNDARY = re.compile(r"multipart/form-data\s*;\s*boundary=\"?([A-Za-z0-9'()+_,./:=?-]{1,70})\"?\s*", re.I)
_NAME = re.compile(r"content-disposition:[^\r\n]*?;\s*name=\"([^\"\r\n]*)\"", re.I)
_FILE = re.compile(r"content-disposition:[^\r\n]*?;\s*filename=\"([^\"\r\n]*)\"", re.I)
_LINE = b"\r\n"
_HEAD = 4096
"""Bytes that the lines before a part's content may take."""


@dataclass(frozen=True, slots=True)
class Part:
    """One field, or one file of it. `file`: the name it has where it comes from; None for a field."""

    name: str
    data: bytes
    file: str | None = None


def boundary_of(content_type: str) -> str | None:
    """What stands between the parts; None where this is no form with files."""
    found = _BOUNDARY.fullmatch(content_type.strip())
    return None if found is None else found[1]


def parts(body: bytes, boundary: str) -> list[Part]:
    """In their order. Raises ValueError for a body that ends in the middle or has a part without a name."""
    begins = _LINE + b"--" + boundary.encode("ascii")
    _, *some = (_LINE + body).split(begins)
    if not some or not some[-1].startswith(b"--"):
        raise ValueError("the form ends in the middle")
    return [_part(one) for one in some[:-1]]


def _part(raw: bytes) -> Part:
    head, found, data = raw.partition(_LINE + _LINE)
    told = head[:_HEAD].decode("utf-8", "replace")  # no more is looked through, whatever was sent
    name, file = _NAME.search(told), _FILE.search(told)
    if not found or name is None or len(head) > _HEAD:
        raise ValueError("a part of the form has no name")
    return Part(name[1], data, None if file is None else file[1].replace("%22", '"'))
