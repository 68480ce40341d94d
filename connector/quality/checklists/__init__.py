"""Checklists of calls out of TOML: the Russian starter that ships, or the account's own file or folder of files."""

from connector.quality.checklists.reading import load

__all__ = ["load"]
