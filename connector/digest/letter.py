"""A letter: a subject and lines, each with the page it is about; as plain text, as HTML, and as Telegram has it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Line:
    """One thing to know, and where to look at it."""

    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """`user`: whom it is for, by the CRM's id."""

    user: str
    subject: str
    lines: tuple[Line, ...]

    def plain(self) -> str:
        """As text."""
        return "\n".join(f"{one.text}\n  {one.href}" if one.href else one.text for one in self.lines) + "\n"

    def html(self) -> str:
        """As HTML: names out of the CRM are text."""
        body = "".join(f"<p>{_linked(one)}</p>" for one in self.lines)
        return f"<!doctype html><html><body>{body}</body></html>"

    def telegram(self) -> str:
        """Telegram's own HTML, within its 4096 signs."""
        told, room = [f"<b>{escape(self.subject)}</b>"], 4000 - len(self.subject)
        for one in self.lines:
            line = _linked(one)
            if room < len(line) + 1:
                break
            room -= len(line) + 1
            told.append(line)
        return "\n".join(told)


def _linked(one: Line) -> str:
    safe = one.href.startswith(("https://", "http://"))
    return f'<a href="{escape(one.href)}">{escape(one.text)}</a>' if safe else escape(one.text)
