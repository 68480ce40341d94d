"""Phrases of clients on the phone, written for this project: a file for each class of objection, one neutral."""

from __future__ import annotations

from importlib import resources

NEUTRAL = "neutral"
KINDS = ("competitor", "expensive", "no_time", "not_me", "send_email", "think_over", NEUTRAL)


def phrases() -> list[tuple[str, str]]:
    """(kind, phrase) of the whole bank, in the order of KINDS and of the files."""
    folder = resources.files(__package__)
    return [
        (kind, line.strip())
        for kind in KINDS
        for line in folder.joinpath(f"{kind}.txt").read_text("utf-8").splitlines()
        if line.strip()
    ]
